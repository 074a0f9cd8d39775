use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::ports::{ApiKey, ApiKeyStore, StoreError};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::MemoryStore;

#[async_trait]
impl ApiKeyStore for MemoryStore {
    async fn create(
        &self,
        account: &AccountId,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut state = self.enter().await?;
        if state.record(account).is_none() {
            return Ok(None);
        }
        let id = state.next_id();
        state.api_keys.push((*digest, ApiKey { id, account: account.clone(), created_at: now }));
        Ok(Some(id))
    }

    async fn list(&self, account: &AccountId) -> Result<Vec<ApiKey>, StoreError> {
        let state = self.enter().await?;
        let mut keys: Vec<ApiKey> = state
            .api_keys
            .iter()
            .map(|(_, key)| key)
            .filter(|key| key.account == *account)
            .cloned()
            .collect();
        keys.sort_by_key(|key| (key.created_at, key.id));
        Ok(keys)
    }

    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<ApiKey>, StoreError> {
        let state = self.enter().await?;
        Ok(state.api_keys.iter().find(|(digest, _)| digests.contains(digest)).map(|(_, key)| key.clone()))
    }

    async fn revoke(&self, account: &AccountId, id: Option<i64>) -> Result<usize, StoreError> {
        let mut state = self.enter().await?;
        let before = state.api_keys.len();
        state.api_keys.retain(|(_, key)| key.account != *account || id.is_some_and(|id| key.id != id));
        Ok(before - state.api_keys.len())
    }
}
