use std::error::Error;
use std::time::Duration;

use super::HashError;

type Cause = Box<dyn Error + Send + Sync>;

/// The reason why a store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be reached now; the same call may succeed later. Where the connection was lost while a change
    /// was being committed, the outcome is unknown.
    #[error("the store is unavailable")]
    Unavailable(#[source] Cause),
    /// The store holds data that cannot be read; the text names table, column and row, never the value.
    #[error("the store holds unreadable data: {0}")]
    Corrupt(String),
    /// The store failed in an unforeseen way.
    #[error("the store failed")]
    Unexpected(#[source] Cause),
}

/// The reason why a use case could not finish. Nothing was decided about the request.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// The hashing queue is full; come back after this time.
    #[error("the hashing queue is full")]
    Overloaded {
        /// How long to wait before the next try.
        retry_after: Duration,
    },
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hasher or another port failed in an unforeseen way.
    #[error("a port failed")]
    Unexpected(#[source] Cause),
}

impl PortError {
    /// Wraps an unforeseen failure.
    pub fn unexpected(cause: impl Into<Cause>) -> Self {
        Self::Unexpected(cause.into())
    }
}

impl From<HashError> for PortError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Overloaded { retry_after } => Self::Overloaded { retry_after },
            other => Self::unexpected(other),
        }
    }
}

impl From<super::TokenError> for PortError {
    fn from(error: super::TokenError) -> Self {
        Self::unexpected(error)
    }
}
