use std::collections::BTreeSet;

use async_trait::async_trait;

use super::StoreError;
use crate::account::{Account, AccountId, AccountStatus, LoginKey, Permission, Realm};
use crate::audit::{Actor, AuditEvent};
use crate::notice::Notice;
use crate::password::{HistoryTag, PasswordHash};
use crate::time::Timestamp;

/// An account that is to be created, with its first credential.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Namespace.
    pub realm: Realm,
    /// Login, unique in the realm under its key.
    pub login: String,
    /// The address that mail goes to.
    pub email: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// Language of mails.
    pub locale: Option<String>,
    /// Whether the account may be used.
    pub status: AccountStatus,
    /// Whether the account is for demonstration.
    pub demo: bool,
    /// What the account may do.
    pub permissions: BTreeSet<Permission>,
    /// The first password's hash; `None` for an account that can only be recovered.
    pub hash: Option<PasswordHash>,
    /// The first password's entry of the history; `None` where the realm keeps none.
    pub history: Option<HistoryTag>,
    /// When the account is created; its password counts as changed then.
    pub at: Timestamp,
    /// Who creates it, for the audit log.
    pub actor: Actor,
}

/// What became of a new account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Added {
    /// It was created under this identity.
    Created(AccountId),
    /// Its login is another account's; nothing was written.
    LoginTaken,
}

/// What is to be changed of an account; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountUpdate {
    /// The new address.
    pub email: Option<String>,
    /// All that the account may do from now on.
    pub permissions: Option<BTreeSet<Permission>>,
}

/// Whether an account was there to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Found {
    /// It was, and all was written.
    Yes,
    /// There is no such account; nothing was written.
    No,
}

/// Creates and changes accounts, for operators.
///
/// Every method that changes something MUST append its audit event in the same transaction. A change of the address or
/// the status MUST raise the credential version in the same transaction, which ends every session, token and reset
/// grant of the account.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AccountAdmin: Send + Sync {
    /// Creates accounts, each with credential version 1 and its first history entry, in one transaction. A taken login
    /// leaves the other accounts alone, also where two of them share it: the first one gets it. Answers in order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then none was created.
    async fn add(&self, accounts: &[NewAccount]) -> Result<Vec<Added>, StoreError>;

    /// Returns the accounts with these logins, in order; `None` where there is none. Compares as
    /// [`Accounts::find_by_login`](super::Accounts::find_by_login) does. For imports, so thousands at once are usual.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn find_many(&self, logins: &[(Realm, LoginKey)]) -> Result<Vec<Option<Account>>, StoreError>;

    /// Changes an account and queues `notices`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn update(
        &self,
        id: &AccountId,
        update: &AccountUpdate,
        notices: &[Notice],
        audit: &AuditEvent,
    ) -> Result<Found, StoreError>;

    /// Gives an account another status. Where it has that status already, nothing is written and nothing ends.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn set_status(
        &self,
        id: &AccountId,
        status: AccountStatus,
        audit: &AuditEvent,
    ) -> Result<Found, StoreError>;

    /// Deletes an account with its credential, history, sessions, grants, API keys and pending notices. The audit log
    /// stays.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was deleted.
    async fn delete(&self, id: &AccountId, audit: &AuditEvent) -> Result<Found, StoreError>;

    /// Returns a page of the realm's accounts in the order of their identities: those after `after`, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn list(
        &self,
        realm: &Realm,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError>;
}
