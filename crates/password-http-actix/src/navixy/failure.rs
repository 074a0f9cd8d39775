//! The envelope of a refusal, and which code each outcome has.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, ResponseError};
use password_domain::policy::Violation;
use password_domain::ports::{PortError, StoreError};
use password_domain::use_cases::{ChangeDenied, ChangeError, RecoveryError, RequestResetError, ResetError};
use serde::Serialize;

use super::codes::Code;
use crate::body::{BodyError, FieldError};

/// A refused request.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub(super) struct Failure {
    code: Code,
    errors: Vec<ParameterError>,
    retry_after: Option<Duration>,
}

/// What is wrong with one parameter.
#[derive(Debug, Serialize)]
pub(super) struct ParameterError {
    parameter: &'static str,
    error: String,
}

impl ParameterError {
    pub(super) fn new(parameter: &'static str, error: FieldError) -> Self {
        let error = match error {
            FieldError::Missing => "This parameter is required.",
            FieldError::WrongType => "This parameter must be a string.",
        };
        Self { parameter, error: error.to_owned() }
    }
}

impl Failure {
    /// Code 7: what is wrong with each parameter.
    pub(super) fn parameters(errors: Vec<ParameterError>) -> Self {
        Self { errors, ..Code::InvalidParameters.into() }
    }

    /// Code 7: every rule that the password in `parameter` violates.
    pub(super) fn policy(parameter: &'static str, violations: &[Violation]) -> Self {
        Self::parameters(
            violations
                .iter()
                .map(|violation| ParameterError { parameter, error: violation.sentence() })
                .collect(),
        )
    }

    /// A refusal that ends by itself.
    pub(super) fn later(code: Code, retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..code.into() }
    }

    /// Maps what became of a change; `parameter` is the one that holds the new password.
    pub(super) fn change(error: ChangeError, parameter: &'static str) -> Self {
        match error {
            ChangeError::Unchanged => Code::NotDifferent.into(),
            ChangeError::Policy(violations) => Self::policy(parameter, &violations),
            ChangeError::WrongPassword => Code::WrongPassword.into(),
            ChangeError::RecentlyUsed => Code::RecentlyUsed.into(),
            ChangeError::SessionEnded => Code::SessionEnded.into(),
            ChangeError::TooManyAttempts { retry_after } => Self::later(Code::TooManyRequests, retry_after),
            ChangeError::Port(error) => error.into(),
        }
    }

    /// Maps what became of a reset; `parameter` is the one that holds the new password.
    pub(super) fn reset(error: ResetError, parameter: &'static str) -> Self {
        match error {
            ResetError::Policy(violations) => Self::policy(parameter, &violations),
            ResetError::RecentlyUsed => Code::RecentlyUsed.into(),
            ResetError::InvalidToken => Code::SessionEnded.into(),
            ResetError::Port(error) => error.into(),
        }
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self { code, errors: Vec::new(), retry_after: None }
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Code::TooLarge.into(),
            BodyError::Malformed | BodyError::UnsupportedType => Code::WrongFormat.into(),
        }
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        crate::report(&error);
        match error {
            PortError::Overloaded { retry_after } => Self::later(Code::QueueFull, retry_after),
            PortError::Store(StoreError::Unavailable(_)) => Code::DatabaseUnavailable.into(),
            PortError::Store(_) | PortError::Unexpected(_) => Code::Unexpected.into(),
        }
    }
}

impl From<ChangeDenied> for Failure {
    fn from(denied: ChangeDenied) -> Self {
        match denied {
            ChangeDenied::NotPermitted => Code::NotPermitted.into(),
            ChangeDenied::Demo => Code::DemoMode.into(),
        }
    }
}

impl From<RecoveryError> for Failure {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::InvalidToken => Code::SessionEnded.into(),
            RecoveryError::Demo => Code::DemoMode.into(),
            RecoveryError::TooManyAttempts { retry_after } => Self::later(Code::TooManyRequests, retry_after),
            RecoveryError::Port(error) => error.into(),
        }
    }
}

impl From<RequestResetError> for Failure {
    fn from(error: RequestResetError) -> Self {
        match error {
            RequestResetError::TooManyRequests { retry_after } => {
                Self::later(Code::TooManyRequests, retry_after)
            }
            RequestResetError::Port(error) => error.into(),
        }
    }
}

/// The envelope; the order of its fields is the order on the wire.
#[derive(Serialize)]
struct Envelope<'a> {
    success: bool,
    status: Status,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ParameterError],
}

#[derive(Serialize)]
struct Status {
    code: u16,
    description: &'static str,
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.code.status());
        if let Some(wait) = self.retry_after {
            response.insert_header((RETRY_AFTER, crate::retry_after_seconds(wait)));
        }
        let status = Status { code: self.code.number(), description: self.code.description() };
        response.json(Envelope { success: false, status, errors: &self.errors })
    }
}
