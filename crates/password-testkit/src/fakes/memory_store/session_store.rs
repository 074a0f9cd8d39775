use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::ports::{Issued, SessionStore, StoreError};
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{MemoryStore, State};

impl State {
    /// Keeps the sessions that are wanted. Returns how many there were of the others.
    fn keep_sessions(&mut self, wanted: impl Fn(&Session) -> bool) -> usize {
        let before = self.sessions.len();
        self.sessions.retain(wanted);
        before - self.sessions.len()
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn issue(&self, session: &Session) -> Result<Issued, StoreError> {
        let mut state = self.enter().await?;
        if !state.is_current(&session.realm, &session.account, session.version) {
            return Ok(Issued::Stale);
        }
        state.sessions.push(session.clone());
        Ok(Issued::Yes)
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let state = self.enter().await?;
        let mut live = state.sessions.iter().filter(|session| now < session.expires_at);
        Ok(live.find(|session| digests.contains(&session.digest)).cloned())
    }

    async fn renew(
        &self,
        digest: &TokenDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut state = self.enter().await?;
        let mut live = state.sessions.iter_mut().filter(|session| now < session.expires_at);
        let found = live.find(|session| session.digest == *digest);
        Ok(found.map(|session| session.expires_at = expires_at).is_some())
    }

    async fn revoke(&self, digest: &TokenDigest) -> Result<bool, StoreError> {
        Ok(self.enter().await?.keep_sessions(|session| session.digest != *digest) > 0)
    }

    async fn revoke_all(&self, account: &AccountId) -> Result<usize, StoreError> {
        Ok(self.enter().await?.keep_sessions(|session| session.account != *account))
    }

    async fn list(&self, account: &AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let state = self.enter().await?;
        let live =
            state.sessions.iter().filter(|session| session.account == *account && now < session.expires_at);
        let mut live: Vec<Session> = live.cloned().collect();
        live.sort_by_key(|session| session.issued_at);
        Ok(live)
    }
}
