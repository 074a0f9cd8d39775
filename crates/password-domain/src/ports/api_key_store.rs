use async_trait::async_trait;

use super::StoreError;
use crate::account::AccountId;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// An API key as it is stored. It is no session: it changes no password, and a password change leaves it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Identity for listing and revoking; not a secret.
    pub id: i64,
    /// The owner.
    pub account: AccountId,
    /// When the key was created.
    pub created_at: Timestamp,
}

/// Keeps API keys, by digest alone.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Stores a new key of an account. Returns its identity; `None` where there is no such account.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn create(
        &self,
        account: &AccountId,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError>;

    /// Returns the account's keys, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn list(&self, account: &AccountId) -> Result<Vec<ApiKey>, StoreError>;

    /// Returns the key with one of these digests.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<ApiKey>, StoreError>;

    /// Deletes one of the account's keys, or all of them where `id` is `None`. Returns how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn revoke(&self, account: &AccountId, id: Option<i64>) -> Result<usize, StoreError>;
}
