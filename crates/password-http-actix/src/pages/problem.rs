//! What is wrong with a form.

use std::borrow::Cow;
use std::time::Duration;

use actix_web::http::StatusCode;
use password_domain::policy::Violation;
use password_domain::ports::{PortError, StoreError};
use serde::Serialize;

/// One thing that is wrong, in words.
#[derive(Serialize)]
pub(super) struct Problem {
    /// The field's name, which is also its id; `None` for the form as a whole.
    field: Option<&'static str>,
    text: Cow<'static, str>,
}

/// Everything that is wrong with a form, and the status that says so.
pub(super) struct Problems {
    pub(super) status: StatusCode,
    pub(super) list: Vec<Problem>,
    pub(super) retry_after: Option<Duration>,
}

impl Problems {
    /// Nothing is wrong.
    pub(super) const fn none() -> Self {
        Self { status: StatusCode::OK, list: Vec::new(), retry_after: None }
    }

    /// Begins a list for what was typed.
    pub(super) const fn typed() -> Self {
        Self { status: StatusCode::BAD_REQUEST, list: Vec::new(), retry_after: None }
    }

    /// The form as a whole is refused.
    pub(super) fn whole(status: StatusCode, text: &'static str) -> Self {
        let list = vec![Problem { field: None, text: text.into() }];
        Self { status, list, retry_after: None }
    }

    /// Too many attempts.
    pub(super) fn throttled(retry_after: Duration) -> Self {
        let whole =
            Self::whole(StatusCode::TOO_MANY_REQUESTS, "Too many attempts. Wait a while, then try again.");
        Self { retry_after: Some(retry_after), ..whole }
    }

    /// One field is wrong.
    pub(super) fn field(field: &'static str, text: &'static str) -> Self {
        Self::typed().and(field, text)
    }

    /// The new password breaks the policy.
    pub(super) fn policy(violations: &[Violation]) -> Self {
        Self::typed().and_policy(violations)
    }

    /// The history knows the new password.
    pub(super) fn recently_used() -> Self {
        Self::policy(&[Violation::Reused])
    }

    /// Adds something about a field.
    pub(super) fn and(mut self, field: &'static str, text: &'static str) -> Self {
        self.list.push(Problem { field: Some(field), text: text.into() });
        self
    }

    /// Adds what the new password violates.
    pub(super) fn and_policy(mut self, violations: &[Violation]) -> Self {
        let problem = |violation: &Violation| Problem {
            field: Some("new_password"),
            text: violation.sentence().into(),
        };
        self.list.extend(violations.iter().map(problem));
        self
    }

    /// Adds that a field is empty, where it is.
    pub(super) fn and_required(self, field: &'static str, value: &str, text: &'static str) -> Self {
        if value.is_empty() { self.and(field, text) } else { self }
    }

    /// Adds that the new password was typed in two ways, where it was.
    pub(super) fn and_match(self, same: bool) -> Self {
        if same { self } else { self.and("confirm_password", "The two password fields didn't match.") }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl From<PortError> for Problems {
    fn from(error: PortError) -> Self {
        crate::report(&error);
        let busy = Self::whole(
            StatusCode::SERVICE_UNAVAILABLE,
            "The service is busy. Wait a moment, then try again.",
        );
        match error {
            PortError::Overloaded { retry_after } => Self { retry_after: Some(retry_after), ..busy },
            PortError::Store(StoreError::Unavailable(_)) => busy,
            PortError::Store(_) | PortError::Unexpected(_) => {
                Self::whole(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. Try again later.")
            }
        }
    }
}
