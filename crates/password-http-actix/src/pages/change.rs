//! The page that changes a password for somebody who is not signed in: login, current and new password in one form.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::context;
use password_domain::password::Password;
use password_domain::use_cases::CredentialsError;

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

/// Takes the form. What it lacks is told at once, because that says nothing about any account.
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
    let [username, current, new, confirmation] =
        ["username", "current_password", "new_password", "confirm_password"]
            .map(|name| submission.text(name));
    let problems = Problems::typed()
        .and_required("username", username, "page-missing-login")
        .and_required("current_password", current, "page-missing-current")
        .and_required("new_password", new, "page-missing-new");
    let [current, new, confirmation] = [current, new, confirmation].map(Password::new);
    let problems = problems.and_match(new.same_as(&confirmation));
    if !problems.is_empty() {
        return form(&place, username, &problems);
    }
    let source = source(&request, &api.config.trusted_proxies);
    let change = &api.use_cases.change_password;
    match change.with_credentials(&place.realm, username, &current, &new, &source).await {
        Ok(()) => place.see_other("change", "/done"),
        Err(error) => form(&place, username, &error.into()),
    }
}

/// Says that the password is changed.
pub(super) async fn done(
    request: HttpRequest,
    realm: web::Path<String>,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    render::message(
        &place,
        StatusCode::OK,
        &Message { name: "done", link: Some(("change", "page-done-again")) },
    )
}

impl From<CredentialsError> for Problems {
    fn from(error: CredentialsError) -> Self {
        match error {
            CredentialsError::Rejected => Self::whole(StatusCode::BAD_REQUEST, "page-problem-rejected"),
            CredentialsError::NotActivated => {
                Self::whole(StatusCode::FORBIDDEN, "page-problem-not-activated")
            }
            CredentialsError::Blocked => Self::whole(StatusCode::FORBIDDEN, "page-problem-blocked"),
            CredentialsError::Demo => Self::whole(StatusCode::FORBIDDEN, "page-demo-text"),
            CredentialsError::Unchanged => Self::field("new_password", "page-problem-unchanged"),
            CredentialsError::Policy(violations) => Self::policy(&violations),
            CredentialsError::RecentlyUsed => Self::recently_used(),
            CredentialsError::TooManyAttempts { retry_after } => Self::throttled(retry_after),
            CredentialsError::Port(error) => error.into(),
        }
    }
}

fn form(place: &Place<'_>, username: &str, problems: &Problems) -> HttpResponse {
    render::form(place, "change", problems, &[], context! { username })
}
