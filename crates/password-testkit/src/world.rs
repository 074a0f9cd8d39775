//! All fakes together.

use std::collections::BTreeMap;
use std::sync::Arc;

use password_domain::account::{Account, Realm};
use password_domain::policy::CommonList;
use password_domain::ports::{AccountAdmin, Accounts, Added, NewAccount, PasswordHasher, Ports};
use password_domain::settings::{RealmSettings, Settings};

use crate::fakes::{
    FakeAccessTokens, FakeHasher, FakeTokens, ManualClock, MemoryStore, RecordingEventLog, RecordingMailer,
};
use crate::storage::Storage;

/// Everything that use cases stand on, faked, with a handle to each fake.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each field is the fake that its type names")]
pub struct World {
    pub store: Arc<MemoryStore>,
    pub hasher: Arc<FakeHasher>,
    pub mailer: Arc<RecordingMailer>,
    pub clock: Arc<ManualClock>,
    pub tokens: Arc<FakeTokens>,
    pub access_tokens: Arc<FakeAccessTokens>,
    pub events: Arc<RecordingEventLog>,
}

impl World {
    /// Returns an empty world at [`START`](crate::START).
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the ports for a use case, all of them fakes of this world.
    pub fn ports(&self) -> Ports {
        Ports {
            accounts: self.store.clone(),
            account_admin: self.store.clone(),
            credentials: self.store.clone(),
            holders: self.storage().holders,
            resets: self.store.clone(),
            sessions: self.store.clone(),
            outbox: self.store.clone(),
            attempts: self.store.clone(),
            housekeeping: self.store.clone(),
            hasher: self.hasher.clone(),
            mailer: self.mailer.clone(),
            access_tokens: self.access_tokens.clone(),
            tokens: self.tokens.clone(),
            clock: self.clock.clone(),
            events: self.events.clone(),
        }
    }

    /// Returns the storage ports alone.
    pub fn storage(&self) -> Storage {
        Storage::of(self.store.clone())
    }

    /// Returns settings with the three built-in realms and policies, no limits, and `Passw0rd!` as the only common
    /// password.
    pub fn settings() -> Settings {
        let realms = BTreeMap::from([
            (Realm::user(), RealmSettings::user()),
            (Realm::dealer(), RealmSettings::dealer()),
            (Realm::member(), RealmSettings::member()),
        ]);
        let policies =
            realms.iter().map(|(realm, set)| (realm.as_str().to_owned(), set.policy.clone())).collect();
        Settings {
            policies,
            realms,
            common: Arc::new(CommonList::from_lines(["Passw0rd!"])),
            limits: None,
            reveal_unknown_accounts: true,
        }
    }

    /// Adds an account as it is.
    ///
    /// # Panics
    ///
    /// Where its login is taken or the store is down.
    pub async fn add(&self, account: impl Into<NewAccount>) -> Account {
        let account = account.into();
        let realm = account.realm.clone();
        match self.store.add(&[account]).await.as_deref() {
            Ok([Added::Created(id)]) => match self.store.find_by_id(&realm, id).await {
                Ok(Some(account)) => account,
                other => panic!("the new account is not found: {other:?}"),
            },
            other => panic!("the account was not added: {other:?}"),
        }
    }

    /// Adds an account with a password and, in a realm whose policy has a history, with its history entry. Counts no
    /// evaluation.
    ///
    /// # Panics
    ///
    /// Where its login is taken or the store is down.
    pub async fn add_with_password(&self, account: impl Into<NewAccount>, password: &str) -> Account {
        let mut account = account.into();
        let hash = self.hasher.hash_now(password);
        if Self::settings().realm(&account.realm).is_some_and(|realm| realm.policy.history_depth() > 0) {
            account.history = self.hasher.tag_of(&hash).ok();
        }
        account.hash = Some(hash);
        self.add(account).await
    }
}
