//! Answers of the service routes.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use password_domain::policy::Violation;
use password_domain::ports::{PortError, StoreError};
use serde::Serialize;

use crate::body::BodyError;

/// Answers with a JSON text.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(body) {
        Ok(body) => HttpResponse::build(status).content_type("application/json").body(body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// A violation with its code and the policy's sentence.
#[derive(Serialize)]
pub(super) struct Sentence {
    code: &'static str,
    message: String,
}

impl Sentence {
    /// Writes out violations, in their order.
    pub(super) fn of_all(violations: &[Violation]) -> Vec<Self> {
        violations
            .iter()
            .map(|violation| Self { code: violation.code(), message: violation.sentence() })
            .collect()
    }
}

/// Why a request was not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    retry_after: Option<Duration>,
}

#[derive(Serialize)]
struct Error<'a> {
    error: Inner<'a>,
}

#[derive(Serialize)]
struct Inner<'a> {
    code: &'static str,
    message: &'a str,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    /// 400: the request is not of the documented shape.
    pub(super) fn invalid(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    /// 400: there is no policy of the name.
    pub(super) fn unknown_policy() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unknown_policy", "There is no policy of this name.")
    }

    /// 405: the path takes another method.
    pub(super) fn wrong_method(method: &Method) -> Self {
        let message = format!("The method {method} is not allowed here.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
    }

    /// 429: come back after this time.
    pub(super) fn throttled(retry_after: Duration) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests.");
        Self { retry_after: Some(retry_after), ..refusal }
    }

    /// 500: anything unforeseen.
    pub(super) fn unexpected() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "unexpected", "The request failed.")
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The request is too large.")
            }
            BodyError::Malformed => Self::invalid("The request is not the JSON that is documented."),
            BodyError::UnsupportedType => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Only application/json is accepted.",
            ),
        }
    }
}

impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        crate::report(&error);
        let unavailable = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again later.");
        match error {
            PortError::Overloaded { retry_after } => Self { retry_after: Some(retry_after), ..unavailable },
            PortError::Store(StoreError::Unavailable(_)) => unavailable,
            PortError::Store(_) | PortError::Unexpected(_) => Self::unexpected(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request was refused: {}", self.code)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let body = Error { error: Inner { code: self.code, message: &self.message } };
        let mut response = json(self.status, &body);
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, crate::retry_after_seconds(wait).into());
        }
        response
    }
}
