//! One line for each request, without anything that a client wrote.

use std::time::Instant;

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use password_domain::source::Source;

use crate::{HttpConfig, source};

/// A line that begins with the request and is written with its answer.
///
/// Paths, queries, the Referer and other headers can hold tokens, so the line names the route that matched and never the
/// path.
pub(super) struct Entry {
    method: &'static str,
    source: Source,
    began: Instant,
}

impl Entry {
    pub(super) fn begin(request: &ServiceRequest, config: &HttpConfig) -> Self {
        Self {
            method: known(request.method()),
            source: source(request.request(), &config.trusted_proxies),
            began: Instant::now(),
        }
    }

    pub(super) fn end(self, status: StatusCode, route: Option<&str>) {
        let duration_us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "password_http_actix::access",
            method = self.method,
            route = route.unwrap_or("-"),
            status = status.as_u16(),
            duration_us,
            source = self.source.address().map(tracing::field::display),
        );
    }
}

/// Returns the name of a method; one that a client made up is not repeated.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "other",
    }
}
