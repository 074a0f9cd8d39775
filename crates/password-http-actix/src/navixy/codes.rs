//! The table of everything that can be refused: code, HTTP status, description (contract, section 2).

use std::fmt;

use actix_web::http::StatusCode;

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    WrongHash,
    SessionEnded,
    WrongFormat,
    Unexpected,
    InvalidParameters,
    QueueFull,
    TooLarge,
    AccessDenied,
    DealerNotFound,
    NotPermitted,
    DatabaseUnavailable,
    TooManyRequests,
    DemoMode,
    WrongCredentials,
    NotActivated,
    TooManyAttempts,
    WrongHandler,
    WrongMethod,
    NotDifferent,
    WrongPassword,
    RecentlyUsed,
}

impl Code {
    /// Returns number, HTTP status and description.
    const fn line(self) -> (u16, u16, &'static str) {
        match self {
            Self::WrongHash => (3, 400, "Wrong hash"),
            Self::SessionEnded => (4, 400, "User or API key not found or session ended"),
            Self::WrongFormat => (5, 400, "Wrong request format"),
            Self::Unexpected => (6, 500, "Unexpected error"),
            Self::InvalidParameters => (7, 400, "Invalid parameters"),
            Self::QueueFull => (8, 503, "Queue service error, try again later"),
            Self::TooLarge => (9, 412, "Too large request"),
            Self::AccessDenied => (11, 403, "Access denied"),
            Self::DealerNotFound => (12, 400, "Dealer not found"),
            Self::NotPermitted => (13, 403, "Operation not permitted"),
            Self::DatabaseUnavailable => (14, 503, "Database unavailable"),
            Self::TooManyRequests => (15, 429, "Too many requests (rate limit exceeded)"),
            Self::DemoMode => (101, 403, "In demo mode this function is disabled"),
            Self::WrongCredentials => (102, 400, "Wrong login or password"),
            Self::NotActivated => (103, 400, "User not activated"),
            Self::TooManyAttempts => (105, 400, "Login attempts limit exceeded, try again later"),
            Self::WrongHandler => (111, 400, "Wrong handler"),
            Self::WrongMethod => (112, 400, "Wrong method"),
            Self::NotDifferent => (245, 400, "New password must be different"),
            Self::WrongPassword => (248, 400, "Wrong password"),
            Self::RecentlyUsed => (294, 400, "Password was recently used."),
        }
    }

    /// Returns the number that clients rely on.
    pub(super) const fn number(self) -> u16 {
        self.line().0
    }

    /// Returns the HTTP status.
    pub(super) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.line().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the description.
    pub(super) const fn description(self) -> &'static str {
        self.line().2
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description())
    }
}
