//! `user/login/`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use password_domain::account::Realm;
use password_domain::password::Password;
use password_domain::use_cases::SignInError;
use serde::Serialize;

use super::envelope::{Refusal, json};
use super::{client, fields};
use crate::{Api, source};

/// The answer, without the envelope.
#[derive(Serialize)]
struct Tokens<'a> {
    refresh: &'a str,
    access: &'a str,
}

pub(super) async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Refusal> {
    let body = fields::read(&request, payload, &api).await;
    client::recognise(&request, &api).await?;
    let body = body?;
    let [username, password] = fields::required(&body, ["username", "password"])?;
    let source = source(&request, &api.config.trusted_proxies);
    let sign_in = &api.use_cases.sign_in;
    let pair =
        sign_in.sign_in_for_tokens(&Realm::member(), username, &Password::new(password), &source).await?;
    Ok(json(StatusCode::OK, &Tokens { refresh: pair.refresh.expose(), access: pair.access.expose() }))
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Rejected => {
                Self::unauthorized("The supplied authentication credentials are invalid.")
            }
            SignInError::NotActivated | SignInError::Blocked => {
                Self::unauthorized("No active account found with the given credentials")
            }
            SignInError::TooManyAttempts { retry_after } => Self::throttled(retry_after),
            SignInError::Port(error) => error.into(),
        }
    }
}
