use async_trait::async_trait;

use super::StoreError;
use crate::account::AccountId;
use crate::change::Change;
use crate::credential::{Credential, HistoryEntry};
use crate::password::PasswordHash;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    /// All of it was carried out.
    Done,
    /// What its proof says is no longer so; nothing was written.
    Conflict,
}

/// Keeps credentials and their history, and carries out changes.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// Returns the account's current credential; `None` where there is no such account.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn read(&self, account: &AccountId) -> Result<Option<Credential>, StoreError>;

    /// Returns the account's newest history entries, newest first, at most `depth`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn history(&self, account: &AccountId, depth: usize) -> Result<Vec<HistoryEntry>, StoreError>;

    /// Carries out a change in one transaction: all of it or nothing.
    ///
    /// An implementation MUST answer [`Applied::Conflict`] and write nothing unless the account exists in the proof's
    /// realm, its credential version is the proof's, it is active where the proof requires that, and the grant the
    /// proof spends (where it spends one) is this account's, of this version, neither spent nor voided, and not
    /// expired at [`Change::at`]. It MUST then, atomically: mark that grant as spent, store the new hash, raise the
    /// version by one, set the time of the change, add the history entries and keep only the newest
    /// [`Change::history_depth`] of them, queue the notices, and append the audit event. Of any number of racing
    /// changes with one proof exactly one MUST be answered with [`Applied::Done`].
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails. After [`StoreError::Unavailable`] the outcome may be unknown.
    async fn apply(&self, change: &Change) -> Result<Applied, StoreError>;

    /// Replaces `old` by `new`, a hash of the same password under current parameters, where `old` is still the
    /// account's hash; leaves the version and everything else as it is. Returns whether it was replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn upgrade_hash(
        &self,
        account: &AccountId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError>;
}
