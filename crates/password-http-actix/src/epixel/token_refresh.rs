//! `user/token/refresh/`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use password_domain::account::Realm;
use serde::Serialize;

use super::envelope::{Refusal, json};
use super::{client, fields};
use crate::Api;

/// The answer, without the envelope.
#[derive(Serialize)]
struct Refreshed<'a> {
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
    let [refresh] = fields::required(&body, ["refresh"])?;
    match api.use_cases.sessions.refresh(&Realm::member(), refresh).await? {
        Some(refreshed) => Ok(json(StatusCode::OK, &Refreshed { access: refreshed.access.expose() })),
        None => Err(Refusal::unauthorized("Token is invalid or expired")),
    }
}
