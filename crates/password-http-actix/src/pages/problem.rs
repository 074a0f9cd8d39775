//! What is wrong with a form.

use std::time::Duration;

use actix_web::http::StatusCode;
use password_domain::policy::Violation;
use password_domain::ports::{PortError, StoreError};
use password_locales::{Locale, Value};
use serde::Serialize;

/// One thing that is wrong.
pub(super) struct Problem {
    /// The field's name, which is also its id; `None` for the form as a whole.
    field: Option<&'static str>,
    text: Text,
}

enum Text {
    /// A text of the pages.
    Key(&'static str),
    /// Too many attempts, for so many minutes.
    TooMany(i64),
    /// A rule of the policy.
    Rule(Violation),
}

/// One thing that is wrong, in words.
#[derive(Serialize)]
pub(super) struct Told {
    field: Option<&'static str>,
    text: String,
}

/// Everything that is wrong with a form, and the status that says so.
pub(super) struct Problems {
    pub(super) status: StatusCode,
    list: Vec<Problem>,
    pub(super) retry_after: Option<Duration>,
    /// The codes of what was wrong with a new password; `None` where the policy was not asked.
    pub(super) refused: Option<Vec<&'static str>>,
}

impl Problems {
    /// Nothing is wrong.
    pub(super) const fn none() -> Self {
        Self { status: StatusCode::OK, list: Vec::new(), retry_after: None, refused: None }
    }

    /// Begins a list for what was typed.
    pub(super) fn typed() -> Self {
        Self { status: StatusCode::BAD_REQUEST, ..Self::none() }
    }

    /// The form as a whole is refused, in the words of a key.
    pub(super) fn whole(status: StatusCode, key: &'static str) -> Self {
        Self { status, list: vec![Problem { field: None, text: Text::Key(key) }], ..Self::none() }
    }

    /// Too many attempts.
    pub(super) fn throttled(retry_after: Duration) -> Self {
        let minutes = crate::retry_after_seconds(retry_after).div_ceil(60);
        let text = Text::TooMany(i64::try_from(minutes).unwrap_or(i64::MAX));
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            list: vec![Problem { field: None, text }],
            retry_after: Some(retry_after),
            refused: None,
        }
    }

    /// One field is wrong, in the words of a key.
    pub(super) fn field(field: &'static str, key: &'static str) -> Self {
        Self::typed().and(field, key)
    }

    /// The new password breaks the policy.
    pub(super) fn policy(violations: &[Violation]) -> Self {
        let problem = |violation: &Violation| Problem {
            field: Some("new_password"),
            text: Text::Rule(violation.clone()),
        };
        Self {
            list: violations.iter().map(problem).collect(),
            refused: Some(violations.iter().map(Violation::code).collect()),
            ..Self::typed()
        }
    }

    /// The history knows the new password.
    pub(super) fn recently_used() -> Self {
        Self::policy(&[Violation::Reused])
    }

    /// Adds something about a field, in the words of a key.
    pub(super) fn and(mut self, field: &'static str, key: &'static str) -> Self {
        self.list.push(Problem { field: Some(field), text: Text::Key(key) });
        self
    }

    /// Adds that a field is empty, where it is.
    pub(super) fn and_required(self, field: &'static str, value: &str, key: &'static str) -> Self {
        if value.is_empty() { self.and(field, key) } else { self }
    }

    /// Adds that the new password was typed in two ways, where it was.
    pub(super) fn and_match(self, same: bool) -> Self {
        if same { self } else { self.and("confirm_password", "page-problem-mismatch") }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Puts everything into words.
    pub(super) fn told(&self, locale: Locale) -> Vec<Told> {
        let text = |text: &Text| match text {
            Text::Key(key) => locale.text(key, &[]),
            Text::TooMany(minutes) => {
                locale.text("page-problem-too-many-minutes", &[("count", Value::Number(*minutes))])
            }
            Text::Rule(violation) => locale.rule_sentence(violation),
        };
        self.list.iter().map(|problem| Told { field: problem.field, text: text(&problem.text) }).collect()
    }
}

impl From<PortError> for Problems {
    fn from(error: PortError) -> Self {
        crate::report(&error);
        let busy = Self::whole(StatusCode::SERVICE_UNAVAILABLE, "page-problem-busy");
        match error {
            PortError::Overloaded { retry_after } => Self { retry_after: Some(retry_after), ..busy },
            PortError::Store(StoreError::Unavailable(_)) => busy,
            PortError::Store(_) | PortError::Unexpected(_) => {
                Self::whole(StatusCode::INTERNAL_SERVER_ERROR, "page-problem-unexpected")
            }
        }
    }
}
