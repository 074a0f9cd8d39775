use std::collections::btree_map;

use async_trait::async_trait;
use password_domain::ports::{Client, ClientStore, StoreError};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::MemoryStore;

#[async_trait]
impl ClientStore for MemoryStore {
    async fn create(&self, name: &str, digest: &TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        let mut state = self.enter().await?;
        match state.clients.entry(name.to_owned()) {
            btree_map::Entry::Occupied(_) => Ok(false),
            btree_map::Entry::Vacant(free) => {
                free.insert((*digest, Client { name: name.to_owned(), created_at: now }));
                Ok(true)
            }
        }
    }

    async fn list(&self) -> Result<Vec<Client>, StoreError> {
        Ok(self.enter().await?.clients.values().map(|(_, client)| client.clone()).collect())
    }

    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<Client>, StoreError> {
        let state = self.enter().await?;
        let mut clients = state.clients.values();
        Ok(clients.find(|(digest, _)| digests.contains(digest)).map(|(_, client)| client.clone()))
    }

    async fn revoke(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.enter().await?.clients.remove(name).is_some())
    }
}
