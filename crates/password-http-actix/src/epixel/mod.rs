//! The Epixel dialect: five paths below one prefix, one envelope for every answer but the tokens.
//!
//! - `envelope`: the envelope, and everything that a request can be refused with, beginning with its sentence;
//! - `client`, `bearer`: who is calling, from the headers `apikey` and `Authorization`;
//! - `fields`: the body, and which of its fields are missing, all at once;
//! - one file for each path: it parses, calls one use case, and maps the outcome.
//!
//! The order of the checks is the same everywhere: client, access token, body, fields. The body is read before any of
//! them all the same, so that a client that is still sending gets its answer.
//!
//! What never belongs here: a rule about passwords or accounts, or access to storage beyond the look-up of a client.

mod bearer;
mod change_password;
mod client;
mod envelope;
mod fields;
mod forgot_password;
mod forgot_password_submit;
mod login;
mod token_refresh;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError, Route, web};

use self::envelope::Refusal;
use crate::{Api, HttpConfig, body, middleware};

/// Mounts the dialect below the configured prefix.
pub fn configure(cfg: &mut web::ServiceConfig, config: &HttpConfig) {
    let scope = web::scope(&config.epixel_prefix)
        .wrap(middleware::cors(config))
        .service(path("/user/profile/change-password", web::post().to(change_password::handle)))
        .service(path("/user/forgot-password", web::post().to(forgot_password::handle)))
        .service(path("/user/forgot-password-submit", web::post().to(forgot_password_submit::handle)))
        .service(path("/user/login", web::post().to(login::handle)))
        .service(path("/user/token/refresh", web::post().to(token_refresh::handle)))
        .default_service(web::to(not_found));
    cfg.service(scope);
}

/// Returns the dialect's answer to what goes wrong outside of its handlers.
pub(crate) fn failure(status: StatusCode) -> HttpResponse {
    Refusal::of(status).error_response()
}

/// Serves a path with its slash at the end and without it.
fn path(path: &str, post: Route) -> Resource {
    web::resource([path.to_owned(), format!("{path}/")]).route(post).default_service(web::to(wrong_method))
}

async fn not_found(payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    body::discard(payload, api.config.max_body).await;
    failure(StatusCode::NOT_FOUND)
}

async fn wrong_method(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    body::discard(payload, api.config.max_body).await;
    let mut response = Refusal::wrong_method(request.method()).error_response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}
