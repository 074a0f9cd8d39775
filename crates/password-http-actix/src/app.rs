//! The whole application.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, HttpResponse, web};

use crate::pages::Language;
use crate::{Api, body, epixel, middleware, navixy, pages, service};

/// Returns the application of one worker: every dialect, the pages, the service routes and what `extra` adds, under the
/// middleware that every response passes.
pub fn app(
    api: Arc<Api>,
    extra: impl FnOnce(&mut web::ServiceConfig),
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let config = api.config.clone();
    App::new()
        .app_data(web::Data::from(api))
        .configure(|cfg| {
            // The first prefix that matches takes the request, so the longer one comes first.
            if config.navixy_prefix.len() > config.epixel_prefix.len() {
                navixy::configure(cfg, &config);
                epixel::configure(cfg, &config);
            } else {
                epixel::configure(cfg, &config);
                navixy::configure(cfg, &config);
            }
            pages::configure(cfg, &config);
            service::configure(cfg, &config);
        })
        .configure(extra)
        .default_service(web::to(not_found))
        .wrap(from_fn(middleware::around))
}

async fn not_found(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    body::discard(payload, api.config.max_body).await;
    pages::failure(&api, Language::of(request.headers(), request.query_string()), StatusCode::NOT_FOUND)
}
