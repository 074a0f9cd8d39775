use async_trait::async_trait;

use super::StoreError;
use crate::account::{Account, AccountId, EmailKey, LoginKey, Realm};

/// Finds accounts. All that an embedder with users of their own must give about them.
///
/// An implementation MUST compare keys byte by byte as the domain folded them, and MUST find a login or an address
/// under the key of what was stored (`LoginKey::of(&account.login)`, `EmailKey::of(&account.email)`).
///
/// Whoever keeps a user table of their own and changes an address or a status there MUST raise the account's credential
/// version in the same transaction, as [`AccountAdmin`](super::AccountAdmin) does: it is what ends links and sessions.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns the account with this identity in this realm; `None` where there is none, also for another realm's.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find_by_id(&self, realm: &Realm, id: &AccountId) -> Result<Option<Account>, StoreError>;

    /// Returns the account with this login in this realm; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find_by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Account>, StoreError>;

    /// Returns every account with this address in this realm, in the order of their identities; at most `limit`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find_by_email(
        &self,
        realm: &Realm,
        email: &EmailKey,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError>;
}
