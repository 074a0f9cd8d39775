use std::ops::Bound;

use async_trait::async_trait;
use password_domain::account::{Account, AccountId, AccountStatus, LoginKey, Realm};
use password_domain::audit::{AuditAction, AuditEvent};
use password_domain::credential::{Credential, CredentialVersion, HistoryEntry};
use password_domain::notice::Notice;
use password_domain::ports::{AccountAdmin, AccountUpdate, Added, Found, NewAccount, StoreError};

use super::{MemoryStore, Record, State, number};

impl State {
    fn add(&mut self, new: &NewAccount) -> Added {
        if self.account_by_login(&new.realm, &LoginKey::of(&new.login)).is_some() {
            return Added::LoginTaken;
        }
        let key = self.next_id();
        let id = AccountId::from(key);
        let account = Account {
            id: id.clone(),
            realm: new.realm.clone(),
            login: new.login.clone(),
            email: new.email.clone(),
            first_name: new.first_name.clone(),
            last_name: new.last_name.clone(),
            locale: new.locale.clone(),
            status: new.status,
            demo: new.demo,
            permissions: new.permissions.clone(),
        };
        let version = CredentialVersion::FIRST;
        let credential = Credential { hash: new.hash.clone(), version, changed_at: new.at };
        let history = new.history.iter().map(|tag| HistoryEntry { version, tag: tag.clone() }).collect();
        self.accounts.insert(key, Record { account, credential, history });
        self.audit.push(AuditEvent {
            at: new.at,
            realm: new.realm.clone(),
            account: Some(id.clone()),
            action: AuditAction::AccountAdded,
            actor: new.actor,
            from: None,
        });
        Added::Created(id)
    }
}

#[async_trait]
impl AccountAdmin for MemoryStore {
    async fn add(&self, accounts: &[NewAccount]) -> Result<Vec<Added>, StoreError> {
        let mut state = self.enter().await?;
        Ok(accounts.iter().map(|new| state.add(new)).collect())
    }

    async fn find_many(&self, logins: &[(Realm, LoginKey)]) -> Result<Vec<Option<Account>>, StoreError> {
        let state = self.enter().await?;
        Ok(logins.iter().map(|(realm, login)| state.account_by_login(realm, login).cloned()).collect())
    }

    async fn update(
        &self,
        id: &AccountId,
        update: &AccountUpdate,
        notices: &[Notice],
        audit: &AuditEvent,
    ) -> Result<Found, StoreError> {
        let mut state = self.enter().await?;
        let Some(record) = state.record_mut(id) else { return Ok(Found::No) };
        if let Some(email) = update.email.as_ref().filter(|email| **email != record.account.email) {
            record.account.email.clone_from(email);
            record.credential.version = record.credential.version.next();
        }
        if let Some(permissions) = &update.permissions {
            record.account.permissions.clone_from(permissions);
        }
        for notice in notices {
            state.queue(notice);
        }
        state.audit.push(audit.clone());
        Ok(Found::Yes)
    }

    async fn set_status(
        &self,
        id: &AccountId,
        status: AccountStatus,
        audit: &AuditEvent,
    ) -> Result<Found, StoreError> {
        let mut state = self.enter().await?;
        let Some(record) = state.record_mut(id) else { return Ok(Found::No) };
        if record.account.status != status {
            record.account.status = status;
            record.credential.version = record.credential.version.next();
            state.audit.push(audit.clone());
        }
        Ok(Found::Yes)
    }

    async fn delete(&self, id: &AccountId, audit: &AuditEvent) -> Result<Found, StoreError> {
        let mut state = self.enter().await?;
        let Some(key) = state.record(id).and_then(|record| number(&record.account.id)) else {
            return Ok(Found::No);
        };
        state.accounts.remove(&key);
        state.sessions.retain(|session| session.account != *id);
        state.grants.retain(|stored| stored.grant.account != *id);
        state.api_keys.retain(|(_, key)| key.account != *id);
        state.outbox.retain(|_, entry| entry.notice().is_none_or(|notice| notice.account != *id));
        state.audit.push(audit.clone());
        Ok(Found::Yes)
    }

    async fn list(
        &self,
        realm: &Realm,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let state = self.enter().await?;
        let after = after.as_ref().and_then(number).map_or(Bound::Unbounded, Bound::Excluded);
        let accounts = state.accounts.range((after, Bound::Unbounded)).map(|(_, record)| &record.account);
        Ok(accounts.filter(|account| account.realm == *realm).take(limit).cloned().collect())
    }
}
