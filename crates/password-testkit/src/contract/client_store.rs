//! The contract of [`ClientStore`](password_domain::ports::ClientStore).

use password_domain::ports::Client;

use super::support::{NOW, RACERS, hostile_texts, later, race};
use crate::Storage;
use crate::builders::digest;

async fn create(storage: &Storage, name: &str, number: u64) -> bool {
    storage.clients.create(name, &digest("client", number), later(number)).await.unwrap()
}

async fn find(storage: &Storage, number: u64) -> Option<Client> {
    storage.clients.find(&[digest("client", number)]).await.unwrap()
}

pub async fn a_client_is_found_by_any_of_its_digests(storage: Storage) {
    assert!(create(&storage, "Mobile App", 1).await);
    let client = Client { name: "Mobile App".to_owned(), created_at: later(1) };

    assert_eq!(find(&storage, 1).await, Some(client.clone()));
    let digests = [digest("other", 1), digest("client", 1), digest("other", 2)];
    assert_eq!(storage.clients.find(&digests).await.unwrap(), Some(client));
    assert_eq!(find(&storage, 2).await, None);
    assert_eq!(storage.clients.find(&[]).await.unwrap(), None);
}

pub async fn a_name_is_taken_once(storage: Storage) {
    assert!(create(&storage, "app", 1).await);
    assert!(!create(&storage, "app", 2).await);
    assert!(find(&storage, 1).await.is_some());
    assert_eq!(find(&storage, 2).await, None, "nothing was written");
    assert!(create(&storage, "App", 3).await, "names are compared as they are");
}

pub async fn clients_are_listed_by_name(storage: Storage) {
    assert_eq!(storage.clients.list().await.unwrap(), []);
    for (number, name) in (1..).zip(["mobile", "alpha", "zulu"]) {
        assert!(create(&storage, name, number).await);
    }
    let names: Vec<String> =
        storage.clients.list().await.unwrap().into_iter().map(|client| client.name).collect();
    assert_eq!(names, ["alpha", "mobile", "zulu"]);
}

pub async fn a_revoked_client_is_gone(storage: Storage) {
    assert!(create(&storage, "app", 1).await);
    assert!(create(&storage, "other", 2).await);
    assert!(storage.clients.revoke("app").await.unwrap());
    assert!(!storage.clients.revoke("app").await.unwrap());
    assert_eq!(find(&storage, 1).await, None);
    assert!(find(&storage, 2).await.is_some());
    assert!(create(&storage, "app", 3).await, "its name is free again");
    assert_eq!(find(&storage, 1).await, None);
}

pub async fn hostile_and_long_names_survive(storage: Storage) {
    for (number, text) in (1..).zip(hostile_texts()) {
        assert!(create(&storage, &text, number).await);
        assert_eq!(find(&storage, number).await.map(|client| client.name), Some(text.clone()));
        assert!(storage.clients.revoke(&text).await.unwrap());
    }
    assert_eq!(storage.clients.list().await.unwrap(), []);
}

pub async fn of_racing_clients_with_one_name_one_is_created(storage: Storage) {
    let created = race(RACERS, |n| {
        let clients = storage.clients.clone();
        async move { clients.create("app", &digest("client", n as u64), NOW).await.unwrap() }
    })
    .await;
    assert_eq!(created.iter().filter(|created| **created).count(), 1);
    for (number, created) in (0..).zip(created) {
        assert_eq!(find(&storage, number).await.is_some(), created);
    }
}

cases! {
    ($) client_store:
    /// Expands to the tests of [`ClientStore`](password_domain::ports::ClientStore); takes the path of a factory of
    /// `Storage`.
    client_store_contract as client_store {
        a_client_is_found_by_any_of_its_digests,
        a_name_is_taken_once,
        clients_are_listed_by_name,
        a_revoked_client_is_gone,
        hostile_and_long_names_survive,
        of_racing_clients_with_one_name_one_is_created,
    }
}
