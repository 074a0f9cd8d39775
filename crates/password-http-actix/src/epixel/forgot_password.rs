//! `user/forgot-password/`

use actix_web::{HttpRequest, HttpResponse, web};
use password_domain::account::Realm;
use password_domain::use_cases::{RequestResetError, Requested, Telling};

use super::envelope::{Refusal, success};
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
    let [email] = fields::required(&body, ["email"])?;
    let source = source(&request, &api.config.trusted_proxies);
    let reset = &api.use_cases.request_reset;
    match reset.request(&Realm::member(), email, Telling::UnknownAccounts, &source).await? {
        Requested::Accepted => Ok(success()),
        Requested::Unknown => {
            Err(Refusal::unauthorized("This username or email does not exist in the system."))
        }
        Requested::Ambiguous => Err(Refusal::unauthorized(
            "There is multiple users are registered with the specified E-Mail address.Please enter the username",
        )),
    }
}

impl From<RequestResetError> for Refusal {
    fn from(error: RequestResetError) -> Self {
        match error {
            RequestResetError::TooManyRequests { retry_after } => Self::throttled(retry_after),
            RequestResetError::Port(error) => error.into(),
        }
    }
}
