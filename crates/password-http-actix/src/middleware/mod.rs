//! What every request passes: headers, the access log, and the place where a panic ends.

mod access_log;
mod cors;
mod headers;

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};
use futures_util::FutureExt;

use crate::pages::Language;
use crate::{Api, HttpConfig, epixel, navixy, pages};
use access_log::Entry;
pub(crate) use cors::cors;

/// The tongue that a path is answered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The user and panel API.
    Navixy,
    /// The members' API.
    Epixel,
    /// Everything else: pages and service routes.
    Pages,
}

impl Dialect {
    /// Returns the dialect that a path belongs to; where one prefix begins with the other, the longer one decides.
    pub fn of(path: &str, config: &HttpConfig) -> Self {
        let below = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match (below(&config.navixy_prefix), below(&config.epixel_prefix)) {
            (true, true) if config.navixy_prefix.len() > config.epixel_prefix.len() => Self::Navixy,
            (_, true) => Self::Epixel,
            (true, false) => Self::Navixy,
            (false, false) => Self::Pages,
        }
    }

    /// Tells whether programs are answered, and not people.
    pub fn is_api(self) -> bool {
        self != Self::Pages
    }

    /// Returns the dialect's answer to what went wrong outside of its handlers.
    pub(crate) fn failure(self, api: &Api, language: Language, status: StatusCode) -> HttpResponse {
        match self {
            Self::Navixy => navixy::failure(status),
            Self::Epixel => epixel::failure(status),
            Self::Pages => pages::failure(api, language, status),
        }
    }
}

/// Surrounds a request: contains panics, gives every failure its dialect's envelope and every response its headers, and
/// writes one line of access log. For [`from_fn`](actix_web::middleware::from_fn); needs `web::Data<Api>`.
///
/// # Errors
///
/// An error that carries a whole response, where there is no request left to answer to.
pub async fn around<B>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<BoxBody>, Error>
where
    B: MessageBody + 'static,
{
    let Some(api) = request.app_data::<web::Data<Api>>().cloned() else {
        return Err(actix_web::error::ErrorInternalServerError("the application has no Api"));
    };
    let config = &api.config;
    // Decoded, as the router sees it.
    let dialect = Dialect::of(request.match_info().as_str(), config);
    // The request is gone where an answer is needed.
    let language = Language::of(request.headers(), request.query_string());
    let failure = |status| dialect.failure(&api, language, status);
    let entry = Entry::begin(&request, config);
    // The state behind a handler is shared with others anyway, and kept whole by locks and transactions.
    let result = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let mut answered = match result {
        Ok(Ok(response)) => Ok(response.map_into_boxed_body()),
        Ok(Err(error)) => Err(error.error_response()),
        Err(_panic) => {
            // The panic's text may hold anything; the hook decides about it.
            tracing::error!("a handler panicked");
            Err(failure(StatusCode::INTERNAL_SERVER_ERROR))
        }
    };
    if dialect.is_api() {
        answered = match answered {
            Ok(response) => Ok(translated(response, failure)),
            Err(response) if is_foreign(&response) => Err(failure(response.status())),
            Err(response) => Err(response),
        };
    }
    match answered {
        Ok(mut response) => {
            headers::apply(response.headers_mut(), dialect, config);
            entry.end(response.status(), response.request().match_pattern().as_deref());
            Ok(response)
        }
        Err(mut response) => {
            headers::apply(response.headers_mut(), dialect, config);
            entry.end(response.status(), None);
            Err(InternalError::from_response("answered outside of a handler", response).into())
        }
    }
}

/// Puts a failure that no handler of the dialect made into its envelope; what its headers say stays.
fn translated(
    response: ServiceResponse<BoxBody>,
    failure: impl Fn(StatusCode) -> HttpResponse,
) -> ServiceResponse<BoxBody> {
    if !is_foreign(response.response()) {
        return response;
    }
    let (request, foreign) = response.into_parts();
    let mut own = failure(foreign.status());
    for (name, value) in foreign.headers() {
        if !own.headers().contains_key(name) {
            own.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, own)
}

/// Tells whether a failure was made by the framework and not by a dialect, all of whose answers are JSON.
fn is_foreign(response: &HttpResponse<BoxBody>) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    failed && response.headers().get(CONTENT_TYPE).is_none_or(|value| value != "application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_longest_prefix_that_it_begins_with() {
        let config = HttpConfig::default();
        for (path, dialect) in [
            ("/v2", Dialect::Navixy),
            ("/v2/user/auth", Dialect::Navixy),
            ("/v22/user/auth", Dialect::Pages),
            ("/api/v1/user/login/", Dialect::Epixel),
            ("/api", Dialect::Pages),
            ("/", Dialect::Pages),
        ] {
            assert_eq!(Dialect::of(path, &config), dialect, "{path}");
        }
        let nested = HttpConfig { navixy_prefix: "/api".to_owned(), ..config };
        assert_eq!(Dialect::of("/api/v1/user/login/", &nested), Dialect::Epixel);
        assert_eq!(Dialect::of("/api/user/auth", &nested), Dialect::Navixy);
    }
}
