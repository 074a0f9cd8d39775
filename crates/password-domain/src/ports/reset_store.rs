use async_trait::async_trait;

use super::StoreError;
use crate::reset::ResetGrant;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// What became of an attempt to open a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Opened {
    /// The grant lives.
    Yes,
    /// The account is gone or not active, or its credential version has moved on; nothing was written.
    Stale,
}

/// Keeps reset grants. Of a token only its digest is ever seen here.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ResetStore: Send + Sync {
    /// Opens a grant and voids the account's oldest ones beyond `max_live`, in one transaction.
    ///
    /// An implementation that shares a database with the credentials MUST answer [`Opened::Stale`] unless the account
    /// is active and its credential version is the grant's.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn open(&self, grant: &ResetGrant, max_live: usize) -> Result<Opened, StoreError>;

    /// Returns the grant with one of these digests that is neither spent nor voided nor expired at `now`. Whether its
    /// version is current is the caller's question.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<ResetGrant>, StoreError>;

    /// Voids a grant whose mail did not leave. A grant that is gone is no error.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn void(&self, digest: &TokenDigest) -> Result<(), StoreError>;
}
