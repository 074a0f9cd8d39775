//! `GET /health/live` and `GET /health/ready`: whether the process runs, and whether it can serve.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::answer::json;
use crate::Api;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

/// Answers as long as the process can answer anything.
pub(super) async fn live() -> HttpResponse {
    json(StatusCode::OK, &Health { status: "live" })
}

/// Asks whether requests can be served; the reason why not is for the log alone.
pub(super) async fn ready(api: web::Data<Api>) -> HttpResponse {
    match api.readiness.check().await {
        Ok(()) => json(StatusCode::OK, &Health { status: "ready" }),
        Err(reason) => {
            tracing::warn!(reason, "not ready");
            json(StatusCode::SERVICE_UNAVAILABLE, &Health { status: "not ready" })
        }
    }
}
