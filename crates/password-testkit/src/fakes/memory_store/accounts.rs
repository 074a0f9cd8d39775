use async_trait::async_trait;
use password_domain::account::{Account, AccountId, EmailKey, LoginKey, Realm};
use password_domain::ports::{Accounts, StoreError};

use super::{MemoryStore, State};

impl State {
    fn accounts_of(&self, realm: &Realm) -> impl Iterator<Item = &Account> {
        self.accounts.values().map(|record| &record.account).filter(|account| account.realm == *realm)
    }

    pub(super) fn account_by_login(&self, realm: &Realm, login: &LoginKey) -> Option<&Account> {
        self.accounts_of(realm).find(|account| LoginKey::of(&account.login) == *login)
    }
}

#[async_trait]
impl Accounts for MemoryStore {
    async fn find_by_id(&self, realm: &Realm, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let state = self.enter().await?;
        Ok(state.record(id).map(|record| record.account.clone()).filter(|account| account.realm == *realm))
    }

    async fn find_by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Account>, StoreError> {
        Ok(self.enter().await?.account_by_login(realm, login).cloned())
    }

    async fn find_by_email(
        &self,
        realm: &Realm,
        email: &EmailKey,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let state = self.enter().await?;
        let found = state.accounts_of(realm).filter(|account| EmailKey::of(&account.email) == *email);
        Ok(found.take(limit).cloned().collect())
    }
}
