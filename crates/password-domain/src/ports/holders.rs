use std::sync::Arc;

use async_trait::async_trait;

use super::{Accounts, CredentialStore, ResetStore, SessionStore, StoreError};
use crate::account::{Account, AccountId, LoginKey, Realm};
use crate::credential::Credential;
use crate::reset::ResetGrant;
use crate::session::Session;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// An account with its credential.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The account.
    pub account: Account,
    /// The credential that it had when it was read.
    pub credential: Credential,
}

/// Finds an account together with its credential, by what a request shows. Who keeps both in one place answers with one
/// look; who does not takes [`SeparateHolders`].
///
/// An implementation MUST do the same work for what it finds and for a login that is nobody's, so that time tells nobody
/// who has an account. Whether a version is current and an account active is the caller's question.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Holders: Send + Sync {
    /// Returns the holder with this login in this realm; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Holder>, StoreError>;

    /// Returns the session of this realm that [`SessionStore::find`] finds, with its holder; `None` where there is none,
    /// or its account is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn by_session(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(Session, Holder)>, StoreError>;

    /// Returns the grant of this realm that [`ResetStore::find`] finds, with its holder; `None` where there is none, or
    /// its account is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn by_grant(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(ResetGrant, Holder)>, StoreError>;
}

/// Holders whose parts are kept by different stores: asks one after the other.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is the port that its type names")]
pub struct SeparateHolders {
    pub accounts: Arc<dyn Accounts>,
    pub credentials: Arc<dyn CredentialStore>,
    pub sessions: Arc<dyn SessionStore>,
    pub resets: Arc<dyn ResetStore>,
}

impl SeparateHolders {
    /// Returns the holders of one store that implements each of these ports.
    pub fn of<S>(store: Arc<S>) -> Self
    where
        S: Accounts + CredentialStore + SessionStore + ResetStore + 'static,
    {
        Self { accounts: store.clone(), credentials: store.clone(), sessions: store.clone(), resets: store }
    }

    async fn by_id(&self, realm: &Realm, id: &AccountId) -> Result<Option<Holder>, StoreError> {
        let Some(account) = self.accounts.find_by_id(realm, id).await? else { return Ok(None) };
        let credential = self.credentials.read(id).await?;
        Ok(credential.map(|credential| Holder { account, credential }))
    }
}

#[async_trait]
impl Holders for SeparateHolders {
    async fn by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Holder>, StoreError> {
        let account = self.accounts.find_by_login(realm, login).await?;
        let id = account.as_ref().map_or_else(AccountId::nobody, |account| account.id.clone());
        let credential = self.credentials.read(&id).await?;
        Ok(account.zip(credential).map(|(account, credential)| Holder { account, credential }))
    }

    async fn by_session(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(Session, Holder)>, StoreError> {
        let found = self.sessions.find(digests, now).await?;
        let Some(session) = found.filter(|session| session.realm == *realm) else { return Ok(None) };
        let holder = self.by_id(realm, &session.account).await?;
        Ok(holder.map(|holder| (session, holder)))
    }

    async fn by_grant(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(ResetGrant, Holder)>, StoreError> {
        let found = self.resets.find(digests, now).await?;
        let Some(grant) = found.filter(|grant| grant.realm == *realm) else { return Ok(None) };
        let holder = self.by_id(realm, &grant.account).await?;
        Ok(holder.map(|holder| (grant, holder)))
    }
}
