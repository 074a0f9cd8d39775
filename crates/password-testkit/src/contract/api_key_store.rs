//! The contract of [`ApiKeyStore`](password_domain::ports::ApiKeyStore).

use std::collections::HashSet;

use password_domain::account::AccountId;
use password_domain::ports::{ApiKey, Applied};

use super::support::{NOW, RACERS, add, change_of, later, nobody, race};
use crate::Storage;
use crate::builders::{digest, new_account};

async fn create(storage: &Storage, account: &AccountId, number: u64) -> Option<i64> {
    storage.api_keys.create(account, &digest("key", number), later(number)).await.unwrap()
}

async fn find(storage: &Storage, number: u64) -> Option<ApiKey> {
    storage.api_keys.find(&[digest("key", number)]).await.unwrap()
}

pub async fn a_key_is_found_by_any_of_its_digests(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let id = create(&storage, &alice.id, 1).await.expect("the account is there");
    let key = ApiKey { id, account: alice.id, created_at: later(1) };

    assert_eq!(find(&storage, 1).await, Some(key.clone()));
    let digests = [digest("other", 1), digest("key", 1), digest("other", 2)];
    assert_eq!(storage.api_keys.find(&digests).await.unwrap(), Some(key));
    assert_eq!(find(&storage, 2).await, None);
    assert_eq!(storage.api_keys.find(&[]).await.unwrap(), None);
}

pub async fn nobody_gets_a_key(storage: Storage) {
    for id in [nobody(&storage).await, AccountId::new("x").unwrap()] {
        assert_eq!(create(&storage, &id, 1).await, None);
        assert_eq!(storage.api_keys.list(&id).await.unwrap(), []);
        assert_eq!(storage.api_keys.revoke(&id, None).await.unwrap(), 0);
    }
    assert_eq!(find(&storage, 1).await, None);
}

pub async fn keys_are_listed_oldest_first(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let bob = add(&storage, new_account("user", "bob")).await;
    let mut expected = Vec::new();
    for number in 1..=12 {
        expected.extend(create(&storage, &alice.id, number).await);
        assert!(create(&storage, &bob.id, 100 + number).await.is_some());
    }
    let listed = storage.api_keys.list(&alice.id).await.unwrap();
    assert_eq!(listed.iter().map(|key| key.id).collect::<Vec<_>>(), expected);
    assert!(listed.iter().all(|key| key.account == alice.id));
}

pub async fn one_key_is_revoked(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let first = create(&storage, &alice.id, 1).await;
    create(&storage, &alice.id, 2).await;
    assert_eq!(storage.api_keys.revoke(&alice.id, first).await.unwrap(), 1);
    assert_eq!(storage.api_keys.revoke(&alice.id, first).await.unwrap(), 0);
    assert_eq!(find(&storage, 1).await, None);
    assert!(find(&storage, 2).await.is_some());
}

pub async fn all_keys_of_an_account_are_revoked_together(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let bob = add(&storage, new_account("user", "bob")).await;
    for number in 1..=3 {
        assert!(create(&storage, &alice.id, number).await.is_some());
    }
    assert!(create(&storage, &bob.id, 4).await.is_some());
    assert_eq!(storage.api_keys.revoke(&alice.id, None).await.unwrap(), 3);
    assert_eq!(storage.api_keys.list(&alice.id).await.unwrap(), []);
    assert!(find(&storage, 4).await.is_some());
}

pub async fn nobody_revokes_the_key_of_another_account(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let bob = add(&storage, new_account("user", "bob")).await;
    let bobs = create(&storage, &bob.id, 1).await;
    assert_eq!(storage.api_keys.revoke(&alice.id, bobs).await.unwrap(), 0);
    assert!(find(&storage, 1).await.is_some());
}

pub async fn a_password_change_leaves_keys_alone(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    create(&storage, &alice.id, 1).await;
    assert_eq!(storage.credentials.apply(&change_of(&alice, 1, "h")).await.unwrap(), Applied::Done);
    assert!(find(&storage, 1).await.is_some());
}

pub async fn racing_keys_have_identities_of_their_own(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let ids =
        race(RACERS, |n| {
            let (keys, account) = (storage.api_keys.clone(), alice.id.clone());
            async move {
                keys.create(&account, &digest("key", n as u64), NOW).await.unwrap().expect("an identity")
            }
        })
        .await;
    assert_eq!(ids.into_iter().collect::<HashSet<_>>().len(), RACERS);
}

cases! {
    ($) api_key_store:
    /// Expands to the tests of [`ApiKeyStore`](password_domain::ports::ApiKeyStore); takes the path of a factory of
    /// `Storage`.
    api_key_store_contract as api_key_store {
        a_key_is_found_by_any_of_its_digests,
        nobody_gets_a_key,
        keys_are_listed_oldest_first,
        one_key_is_revoked,
        all_keys_of_an_account_are_revoked_together,
        nobody_revokes_the_key_of_another_account,
        a_password_change_leaves_keys_alone,
        racing_keys_have_identities_of_their_own,
    }
}
