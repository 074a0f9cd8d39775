use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// A registered client application, which names itself with its key on every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Unique name; not a secret.
    pub name: String,
    /// When the client was registered.
    pub created_at: Timestamp,
}

/// Keeps client applications, by digest of their keys alone.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// Registers a client. Returns `false` where the name is taken.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn create(&self, name: &str, digest: &TokenDigest, now: Timestamp) -> Result<bool, StoreError>;

    /// Returns every client, by name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn list(&self) -> Result<Vec<Client>, StoreError>;

    /// Returns the client whose key has one of these digests.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<Client>, StoreError>;

    /// Deletes a client. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn revoke(&self, name: &str) -> Result<bool, StoreError>;
}
