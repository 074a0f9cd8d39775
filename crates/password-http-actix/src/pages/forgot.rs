//! The page that asks for a mail with a link. It never tells who has an account.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::context;
use password_domain::use_cases::{RequestResetError, Telling};

use super::problem::Problems;
use super::render::{self, Message};
use super::site::{Place, Site};
use super::submission::Submission;
use crate::{Api, source};

/// Shows the form.
pub(super) async fn show(
    request: HttpRequest,
    realm: web::Path<String>,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    form(&place, "", &Problems::none())
}

/// Takes the form.
pub(super) async fn submit(
    request: HttpRequest,
    realm: web::Path<String>,
    payload: web::Payload,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let submission = match Submission::read(&request, payload, &api).await {
        Ok(submission) => submission,
        Err(status) => return site.failure(status),
    };
    let site = site.or_chosen(submission.text("lang"));
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    let username = submission.text("username");
    if username.is_empty() {
        return form(&place, "", &Problems::field("username", "page-missing-login-or-email"));
    }
    let source = source(&request, &api.config.trusted_proxies);
    match api.use_cases.request_reset.request(&place.realm, username, Telling::Nothing, &source).await {
        // The same page, whatever came of it.
        Ok(_) => place.see_other("forgot", "/sent"),
        Err(RequestResetError::TooManyRequests { retry_after }) => {
            form(&place, username, &Problems::throttled(retry_after))
        }
        Err(RequestResetError::Port(error)) => form(&place, username, &error.into()),
    }
}

/// Says what happens next, if there is an account.
pub(super) async fn sent(
    request: HttpRequest,
    realm: web::Path<String>,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    render::message(
        &place,
        StatusCode::OK,
        &Message { name: "sent", link: Some(("forgot", "page-sent-again")) },
    )
}

fn form(place: &Place<'_>, username: &str, problems: &Problems) -> HttpResponse {
    render::form(place, "forgot", problems, &[], context! { username })
}
