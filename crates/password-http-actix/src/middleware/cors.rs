//! Which scripts of other sites may use the APIs.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use actix_web::middleware::Condition;

use crate::HttpConfig;

/// Returns the middleware of an API's scope: nothing at all where no origin is configured. No cookie is ever involved,
/// so credentials in the sense of CORS are not allowed.
pub(crate) fn cors(config: &HttpConfig) -> Condition<Cors> {
    let headers = [ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static("apikey")];
    let mut cors = Cors::default()
        .allowed_methods([Method::POST])
        .allowed_headers(headers)
        .expose_headers([RETRY_AFTER])
        .max_age(3600);
    for origin in &config.cors_origins {
        cors = cors.allowed_origin(origin);
    }
    Condition::new(!config.cors_origins.is_empty(), cors)
}
