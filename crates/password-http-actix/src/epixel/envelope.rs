//! The envelope of every answer, and everything that a request can be refused with.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use password_domain::policy::Violation;
use password_domain::ports::{PortError, StoreError};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::body::BodyError;

/// A demo account wants to change its password.
pub(super) const DEMO: &str = "In demo mode this function is disabled";
/// The history knows the new password.
const RECENTLY_USED: &str = "Your password was recently used.";

/// Answers a request that succeeded and has nothing to tell.
pub(super) fn success() -> HttpResponse {
    json(StatusCode::OK, &Envelope::new(StatusCode::OK, &Errors::none()))
}

/// Answers with a JSON text as it is, without the envelope.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(body) {
        Ok(body) => HttpResponse::build(status).content_type("application/json").body(body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// The envelope; the order of its fields is the order on the wire.
#[derive(Serialize)]
struct Envelope<'a> {
    status_code: u16,
    errors: &'a Errors,
    data: Nothing,
}

#[derive(Serialize)]
struct Nothing {}

impl<'a> Envelope<'a> {
    fn new(status: StatusCode, errors: &'a Errors) -> Self {
        Self { status_code: status.as_u16(), errors, data: Nothing {} }
    }
}

/// What is wrong: one sentence about the request, or sentences about fields.
#[derive(Debug)]
enum Errors {
    Detail(Cow<'static, str>),
    Fields(Vec<FieldErrors>),
}

impl Errors {
    const fn none() -> Self {
        Self::Fields(Vec::new())
    }
}

impl Serialize for Errors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Detail(sentence) => map.serialize_entry("detail", sentence)?,
            Self::Fields(fields) => {
                for field in fields {
                    map.serialize_entry(field.name, &field.sentences)?;
                }
            }
        }
        map.end()
    }
}

/// What is wrong with one field.
#[derive(Debug)]
pub(super) struct FieldErrors {
    name: &'static str,
    sentences: Vec<Cow<'static, str>>,
}

impl FieldErrors {
    /// One sentence about a field.
    pub(super) fn one(name: &'static str, sentence: &'static str) -> Self {
        Self { name, sentences: vec![sentence.into()] }
    }

    /// What a new password violates, in the policy's order.
    pub(super) fn policy(violations: &[Violation]) -> Self {
        let sentences = violations.iter().map(|violation| violation.sentence().into()).collect();
        Self { name: "password", sentences }
    }
}

/// Why a request was not carried out: a status and what is wrong.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    errors: Errors,
    retry_after: Option<Duration>,
}

impl Refusal {
    fn new(status: StatusCode, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { status, errors: Errors::Detail(sentence.into()), retry_after: None }
    }

    /// 401 with one sentence.
    pub(super) fn unauthorized(sentence: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, sentence)
    }

    /// 401: the access token is none, or no longer.
    pub(super) fn invalid_access_token() -> Self {
        Self::unauthorized("Given token not valid for any token type")
    }

    /// 403: the account is for demonstration.
    pub(super) fn demo() -> Self {
        Self::new(StatusCode::FORBIDDEN, DEMO)
    }

    /// 400 with sentences about fields.
    pub(super) fn fields(fields: Vec<FieldErrors>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, errors: Errors::Fields(fields), retry_after: None }
    }

    /// 400: the new password breaks the policy.
    pub(super) fn policy(violations: &[Violation]) -> Self {
        Self::fields(vec![FieldErrors::policy(violations)])
    }

    /// 400: the history knows the new password.
    pub(super) fn recently_used() -> Self {
        Self::fields(vec![FieldErrors::one("password", RECENTLY_USED)])
    }

    /// 429: come back after this time.
    pub(super) fn throttled(retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::of(StatusCode::TOO_MANY_REQUESTS) }
    }

    /// 405: the path takes another method.
    pub(super) fn wrong_method(method: &Method) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("Method \"{method}\" not allowed."))
    }

    /// A status with its usual sentence.
    pub(super) fn of(status: StatusCode) -> Self {
        let sentence = match status {
            StatusCode::NOT_FOUND => "Not found.",
            StatusCode::PRECONDITION_FAILED => "Too large request.",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "Unsupported media type in request.",
            StatusCode::TOO_MANY_REQUESTS => "Request was throttled. Try again later.",
            StatusCode::SERVICE_UNAVAILABLE => "Service temporarily unavailable, try again later.",
            status if status.is_server_error() => "A server error occurred.",
            _ => "Malformed request.",
        };
        Self::new(status, sentence)
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        Self::of(match error {
            BodyError::TooLarge => StatusCode::PRECONDITION_FAILED,
            BodyError::Malformed => StatusCode::BAD_REQUEST,
            BodyError::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        })
    }
}

impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        crate::report(&error);
        match error {
            PortError::Overloaded { retry_after } => {
                Self { retry_after: Some(retry_after), ..Self::of(StatusCode::SERVICE_UNAVAILABLE) }
            }
            PortError::Store(StoreError::Unavailable(_)) => Self::of(StatusCode::SERVICE_UNAVAILABLE),
            PortError::Store(_) | PortError::Unexpected(_) => Self::of(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request was refused with {}", self.status)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = json(self.status, &Envelope::new(self.status, &self.errors));
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, crate::retry_after_seconds(wait).into());
        }
        response
    }
}
