use async_trait::async_trait;
use password_domain::ports::{Opened, ResetStore, StoreError};
use password_domain::reset::ResetGrant;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{MemoryStore, StoredGrant};

#[async_trait]
impl ResetStore for MemoryStore {
    async fn open(&self, grant: &ResetGrant, max_live: usize) -> Result<Opened, StoreError> {
        let mut state = self.enter().await?;
        if !state.is_current(&grant.realm, &grant.account, grant.version) {
            return Ok(Opened::Stale);
        }
        state.grants.push(StoredGrant { grant: grant.clone(), over: false });
        let mut live: Vec<&mut StoredGrant> = state
            .grants
            .iter_mut()
            .filter(|stored| stored.grant.account == grant.account && stored.is_live(grant.opened_at))
            .collect();
        live.sort_by_key(|stored| stored.grant.opened_at);
        let surplus = live.len().saturating_sub(max_live);
        for stored in &mut live[..surplus] {
            stored.over = true;
        }
        Ok(Opened::Yes)
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<ResetGrant>, StoreError> {
        let state = self.enter().await?;
        let mut live = state.grants.iter().filter(|stored| stored.is_live(now));
        Ok(live.find(|stored| digests.contains(&stored.grant.digest)).map(|stored| stored.grant.clone()))
    }

    async fn void(&self, digest: &TokenDigest) -> Result<(), StoreError> {
        for stored in &mut self.enter().await?.grants {
            stored.over |= stored.grant.digest == *digest;
        }
        Ok(())
    }
}
