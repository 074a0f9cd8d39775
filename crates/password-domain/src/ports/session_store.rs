use async_trait::async_trait;

use super::StoreError;
use crate::account::AccountId;
use crate::session::Session;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// What became of an attempt to issue a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Issued {
    /// The session lives.
    Yes,
    /// The account is gone or not active, or its credential version has moved on; nothing was written.
    Stale,
}

/// Keeps sessions. Of a session's token only its digest is ever seen here.
///
/// A store need not share a database with the credentials: the domain compares versions whenever a session is used.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Issues a session. An implementation that shares a database with the credentials MUST answer
    /// [`Issued::Stale`] unless the account is active and its credential version is the session's, so that a sign-in
    /// that verified the old password does not outlive the change.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn issue(&self, session: &Session) -> Result<Issued, StoreError>;

    /// Returns the session with one of these digests that has not expired at `now`. Whether its version is current is
    /// the caller's question.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<Session>, StoreError>;

    /// Moves the end of a session that has not expired at `now`. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn renew(
        &self,
        digest: &TokenDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Ends a session at once. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn revoke(&self, digest: &TokenDigest) -> Result<bool, StoreError>;

    /// Ends all sessions of an account at once. Returns how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn revoke_all(&self, account: &AccountId) -> Result<usize, StoreError>;

    /// Returns the account's sessions that have not expired at `now`, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn list(&self, account: &AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError>;
}
