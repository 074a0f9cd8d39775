//! What lets somebody in: sessions, reset grants, API keys. Of each token only the digest is kept.

use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::ports::{ApiKey, ApiKeyStore, Issued, Opened, ResetStore, SessionStore, StoreError};
use password_domain::reset::ResetGrant;
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use crate::{Notebook, Pages};

pub(crate) struct Grant {
    pub(crate) is: ResetGrant,
    /// Spent or voided.
    pub(crate) closed: bool,
}

impl Grant {
    pub(crate) fn lives_at(&self, now: Timestamp) -> bool {
        !self.closed && now < self.is.expires_at
    }
}

impl Pages {
    pub(crate) fn close_grant(&mut self, digest: &TokenDigest) {
        for grant in self.grants.iter_mut().filter(|grant| grant.is.digest == *digest) {
            grant.closed = true;
        }
    }
}

/// Removes what is over. Returns how many there were.
fn remove<T>(all: &mut Vec<T>, is_over: impl Fn(&T) -> bool) -> usize {
    let before = all.len();
    all.retain(|one| !is_over(one));
    before - all.len()
}

#[async_trait]
impl SessionStore for Notebook {
    async fn issue(&self, session: &Session) -> Result<Issued, StoreError> {
        let mut pages = self.pages();
        if !pages.is_current(&session.realm, &session.account, session.version) {
            return Ok(Issued::Stale);
        }
        pages.sessions.push(session.clone());
        Ok(Issued::Yes)
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let pages = self.pages();
        let mut live = pages.sessions.iter().filter(|session| now < session.expires_at);
        Ok(live.find(|session| digests.contains(&session.digest)).cloned())
    }

    async fn renew(
        &self,
        digest: &TokenDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut pages = self.pages();
        let mut live = pages.sessions.iter_mut().filter(|session| now < session.expires_at);
        Ok(live
            .find(|session| session.digest == *digest)
            .map(|session| session.expires_at = expires_at)
            .is_some())
    }

    async fn revoke(&self, digest: &TokenDigest) -> Result<bool, StoreError> {
        Ok(remove(&mut self.pages().sessions, |session| session.digest == *digest) > 0)
    }

    async fn revoke_all(&self, account: &AccountId) -> Result<usize, StoreError> {
        Ok(remove(&mut self.pages().sessions, |session| session.account == *account))
    }

    async fn list(&self, account: &AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let mut sessions = self.pages().sessions.clone();
        sessions.retain(|session| session.account == *account && now < session.expires_at);
        sessions.sort_by_key(|session| session.issued_at);
        Ok(sessions)
    }
}

#[async_trait]
impl ResetStore for Notebook {
    async fn open(&self, grant: &ResetGrant, max_live: usize) -> Result<Opened, StoreError> {
        let mut pages = self.pages();
        if !pages.is_current(&grant.realm, &grant.account, grant.version) {
            return Ok(Opened::Stale);
        }
        pages.grants.push(Grant { is: grant.clone(), closed: false });
        let mut live: Vec<&mut Grant> = pages
            .grants
            .iter_mut()
            .filter(|other| other.is.account == grant.account && other.lives_at(grant.opened_at))
            .collect();
        live.sort_by_key(|other| other.is.opened_at);
        let too_many = live.len().saturating_sub(max_live);
        live.into_iter().take(too_many).for_each(|oldest| oldest.closed = true);
        Ok(Opened::Yes)
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<ResetGrant>, StoreError> {
        let pages = self.pages();
        let mut live = pages.grants.iter().filter(|grant| grant.lives_at(now));
        Ok(live.find(|grant| digests.contains(&grant.is.digest)).map(|grant| grant.is.clone()))
    }

    async fn void(&self, digest: &TokenDigest) -> Result<(), StoreError> {
        self.pages().close_grant(digest);
        Ok(())
    }
}

#[async_trait]
impl ApiKeyStore for Notebook {
    async fn create(
        &self,
        account: &AccountId,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut pages = self.pages();
        if pages.person(account).is_none() {
            return Ok(None);
        }
        let id = pages.next_number();
        pages.api_keys.push((*digest, ApiKey { id, account: account.clone(), created_at: now }));
        Ok(Some(id))
    }

    async fn list(&self, account: &AccountId) -> Result<Vec<ApiKey>, StoreError> {
        let pages = self.pages();
        let keys = pages.api_keys.iter().map(|(_, key)| key).filter(|key| key.account == *account);
        Ok(keys.cloned().collect())
    }

    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<ApiKey>, StoreError> {
        let pages = self.pages();
        Ok(pages.api_keys.iter().find(|(digest, _)| digests.contains(digest)).map(|(_, key)| key.clone()))
    }

    async fn revoke(&self, account: &AccountId, id: Option<i64>) -> Result<usize, StoreError> {
        Ok(remove(&mut self.pages().api_keys, |(_, key)| {
            key.account == *account && id.is_none_or(|id| key.id == id)
        }))
    }
}
