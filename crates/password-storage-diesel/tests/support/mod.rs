//! What the tests of both databases share.

use password_domain::account::Account;
use password_domain::ports::{Added, NewAccount};
use password_storage_diesel::{DatabaseUrl, Storage, StorageConfig, open};

pub(crate) const NAMES: [&str; 2] = ["0001_initial", "0002_used_grants"];

/// Opens a database as it is.
pub(crate) async fn opened(url: &str) -> Storage {
    open(&StorageConfig::new(DatabaseUrl::parse(url).unwrap())).await.unwrap()
}

/// Returns storage as the contract suites take it.
pub(crate) fn ports(storage: &Storage) -> password_testkit::Storage {
    let storage = storage.clone();
    password_testkit::Storage {
        accounts: storage.accounts,
        account_admin: storage.account_admin,
        credentials: storage.credentials,
        holders: storage.holders,
        resets: storage.resets,
        sessions: storage.sessions,
        outbox: storage.outbox,
        attempts: storage.attempts,
        api_keys: storage.api_keys,
        clients: storage.clients,
        housekeeping: storage.housekeeping,
    }
}

/// Adds an account and reads it back.
pub(crate) async fn add(storage: &Storage, account: impl Into<NewAccount>) -> Account {
    let account = account.into();
    let realm = account.realm.clone();
    let added = storage.account_admin.add(&[account]).await.unwrap();
    let [Added::Created(id)] = &added[..] else { panic!("not created: {added:?}") };
    storage.accounts.find_by_id(&realm, id).await.unwrap().unwrap()
}

/// Opens four stores, migrates all of them at once, and returns how many migrations were applied in all.
pub(crate) async fn migrate_by_four(url: &str) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let storage = opened(url).await;
        tasks.spawn(async move { storage.migrate().await.unwrap().len() });
    }
    tasks.join_all().await.into_iter().sum()
}
