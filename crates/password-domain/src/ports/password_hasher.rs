use std::time::Duration;

use async_trait::async_trait;

use crate::password::{HistoryTag, Password, PasswordHash};

/// Which share of the hashing queue a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Somebody who has proved nothing yet.
    Stranger,
    /// Somebody with a live session or reset token, or an operator: a share of the queue is kept for them.
    Proved,
}

/// What became of a verification. A wrong password is an outcome, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verification {
    /// The password is right.
    Match {
        /// The hash has other parameters than new hashes have: it should be replaced.
        outdated: bool,
    },
    /// The password is wrong.
    Mismatch,
}

impl Verification {
    /// Tells whether the password is right.
    pub fn is_match(self) -> bool {
        matches!(self, Self::Match { .. })
    }
}

/// What a comparison with a history found.
#[derive(Clone, Debug)]
#[must_use]
pub struct HistoryComparison {
    /// The candidate is one of the remembered passwords.
    pub reused: bool,
    /// The candidate's own entry.
    pub tag: HistoryTag,
}

/// The reason why the hasher could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The queue is full.
    #[error("the hashing queue is full")]
    Overloaded {
        /// How long to wait before the next try.
        retry_after: Duration,
    },
    /// A stored hash or tag cannot be read, or asks for more than the bounds allow.
    #[error("a stored hash is unusable")]
    Unusable,
    /// Hashing failed in an unforeseen way.
    #[error("hashing failed")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Hashes and verifies passwords, on a bounded number of workers with a bounded queue in front.
///
/// An implementation MUST hash [`Password::normalized`], MUST skip work whose caller has gone away, and MUST answer
/// [`HashError::Overloaded`] at once where its queue is full. One evaluation is one run of the slow function.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password under a fresh salt: one evaluation.
    ///
    /// # Errors
    ///
    /// [`HashError`] where it cannot.
    async fn hash(&self, password: &Password, lane: Lane) -> Result<PasswordHash, HashError>;

    /// Verifies a password: one evaluation, also where `hash` is `None` (an unknown account, or one without a
    /// password), which costs what the current parameters cost and never matches. A hash of foreign origin may cost a
    /// second one, where the typed form differs from the normalised one and only the typed one matches.
    ///
    /// # Errors
    ///
    /// [`HashError`] where it cannot.
    async fn verify(
        &self,
        password: &Password,
        hash: Option<PasswordHash>,
        lane: Lane,
    ) -> Result<Verification, HashError>;

    /// Compares a password with remembered ones (newest first) and makes its own entry: one evaluation for each group
    /// of entries that share algorithm, parameters and salt. The new entry joins the newest one's group where that has
    /// current parameters; else it gets a fresh salt, for one evaluation more.
    ///
    /// # Errors
    ///
    /// [`HashError`] where it cannot.
    async fn compare_history(
        &self,
        password: &Password,
        remembered: &[HistoryTag],
        lane: Lane,
    ) -> Result<HistoryComparison, HashError>;

    /// Returns the history entry of a hash whose password is not at hand, without an evaluation: the same keyed digest,
    /// under the hash's own salt and parameters.
    ///
    /// # Errors
    ///
    /// [`HashError::Unusable`] where the hash cannot be read.
    fn tag_of(&self, hash: &PasswordHash) -> Result<HistoryTag, HashError>;

    /// Takes a hash of foreign origin: checks that its format can be verified and that its costs are within bounds.
    ///
    /// # Errors
    ///
    /// [`HashError::Unusable`] where it is not.
    fn accept_foreign(&self, encoded: &str) -> Result<PasswordHash, HashError>;
}
