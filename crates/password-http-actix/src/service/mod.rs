//! Routes for clients of every dialect and for the orchestrator: password checks, the policies, health.
//!
//! Answers are JSON without an envelope; what fails is `{"error":{"code":"…","message":"…"}}`.

mod answer;
mod check;
mod health;
mod policies;

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError, Route, web};

use self::answer::Refusal;
use crate::{Api, HttpConfig, body};

/// Mounts the routes below `/password` and `/health`.
pub fn configure(cfg: &mut web::ServiceConfig, _: &HttpConfig) {
    cfg.service(resource("/password/check", "POST", [web::post().to(check::handle)]))
        .service(read_only("/password/policies", policies::handle))
        .service(read_only("/health/live", health::live))
        .service(read_only("/health/ready", health::ready));
}

fn read_only<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    resource(path, "GET, HEAD", [web::get().to(handler.clone()), web::head().to(handler)])
}

fn resource<const N: usize>(path: &str, allow: &'static str, routes: [Route; N]) -> Resource {
    let wrong_method = move |request: HttpRequest, payload: web::Payload, api: web::Data<Api>| async move {
        body::discard(payload, api.config.max_body).await;
        let mut response: HttpResponse = Refusal::wrong_method(request.method()).error_response();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        response
    };
    let resource = web::resource(path).default_service(web::to(wrong_method));
    routes.into_iter().fold(resource, Resource::route)
}
