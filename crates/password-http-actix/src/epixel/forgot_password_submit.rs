//! `user/forgot-password-submit/`

use actix_web::{HttpRequest, HttpResponse, web};
use password_domain::account::Realm;
use password_domain::password::Password;
use password_domain::use_cases::{RecoveryError, ResetError};

use super::envelope::{FieldErrors, Refusal, success};
use super::{client, fields};
use crate::{Api, source};

pub(super) async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Refusal> {
    let body = fields::read(&request, payload, &api).await;
    client::recognise(&request, &api).await?;
    let body = body?;
    let [user, token, new] = fields::required(&body, ["user", "token", "new_password"])?;
    let source = source(&request, &api.config.trusted_proxies);
    let reset = &api.use_cases.complete_reset;
    let recovery = reset.recognise(&Realm::member(), Some(user), token, &source).await?;
    recovery.set(&Password::new(new), &source).await?;
    Ok(success())
}

fn invalid_token() -> Refusal {
    let sentence = "The token is invalid. Enter the correct token that send to your email.";
    Refusal::fields(vec![FieldErrors::one("token", sentence)])
}

impl From<RecoveryError> for Refusal {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::InvalidToken => invalid_token(),
            RecoveryError::Demo => Self::demo(),
            RecoveryError::TooManyAttempts { retry_after } => Self::throttled(retry_after),
            RecoveryError::Port(error) => error.into(),
        }
    }
}

impl From<ResetError> for Refusal {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::Policy(violations) => Self::policy(&violations),
            ResetError::RecentlyUsed => Self::recently_used(),
            ResetError::InvalidToken => invalid_token(),
            ResetError::Port(error) => error.into(),
        }
    }
}
