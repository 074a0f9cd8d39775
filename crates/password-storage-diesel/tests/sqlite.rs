//! Every contract on SQLite, and what only a file can do.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::{Added, Issued, NewAccount, Pending, Settlement, StoreError};
use password_storage_diesel::{DatabaseUrl, OpenError, Storage, StorageConfig, open};
use password_testkit::START;
use password_testkit::builders::{new_account, reset_request, session};
use support::{NAMES, add, migrate_by_four, opened, ports};
use tempfile::TempDir;

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("data/password.db").display())
}

async fn fresh() -> (Storage, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let storage = opened(&url(&folder)).await;
    storage.migrate().await.unwrap();
    (storage, folder)
}

async fn contract() -> (password_testkit::Storage, (Storage, TempDir)) {
    let (storage, folder) = fresh().await;
    (ports(&storage), (storage, folder))
}

password_testkit::storage_contract!(contract);

/// Changes rows as somebody beside the store would.
fn meddle(folder: &TempDir, statements: &str) {
    let path = folder.path().join("data/password.db");
    SqliteConnection::establish(path.to_str().unwrap()).unwrap().batch_execute(statements).unwrap();
}

#[tokio::test]
async fn an_unmigrated_file_says_what_it_lacks_and_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let storage = opened(&url(&folder)).await;
    for _ in 0..2 {
        assert_eq!(storage.pending_migrations().await.unwrap(), NAMES);
    }
    storage.ping().await.unwrap();
    let error = storage.clients.list().await.unwrap_err();
    assert!(matches!(error, StoreError::Unexpected(_)), "{error:?}");

    assert_eq!(storage.migrate().await.unwrap(), NAMES);
    assert_eq!(storage.migrate().await.unwrap(), [""; 0]);
    assert_eq!(storage.pending_migrations().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn four_who_migrate_at_once_apply_each_migration_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(migrate_by_four(&url(&folder)).await, NAMES.len());
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_and_its_logs_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (storage, folder) = fresh().await;
    add(&storage, new_account("member", "alice")).await;
    let mut seen = 0;
    for file in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
        seen += 1;
    }
    assert_eq!(seen, 3, "the file, its write-ahead log and the index of that");
}

#[tokio::test]
async fn what_waits_in_the_outbox_outlives_the_process() {
    let (storage, folder) = fresh().await;
    storage.outbox.request_reset(&reset_request("member", "alice", START)).await.unwrap();
    storage.outbox.request_reset(&reset_request("member", "alice", START)).await.unwrap();
    let lease = START.plus(Duration::from_secs(60));
    let before = storage.outbox.claim(START, lease, 9).await.unwrap();
    storage.close().await;
    drop(storage);

    let again = opened(&url(&folder)).await;
    assert_eq!(again.outbox.claim(START, lease, 9).await.unwrap(), [], "the lease outlives the process too");
    let after = again.outbox.claim(lease, lease.plus(Duration::from_secs(60)), 9).await.unwrap();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!((before[0].attempt, after[0].attempt), (1, 2));
    assert_eq!((after[0].id, after[0].generation), (before[0].id, 1));
    assert_eq!(after[0].pending, Pending::Request(reset_request("member", "alice", START)));
}

#[tokio::test]
async fn a_closed_store_is_unavailable() {
    let (storage, _folder) = fresh().await;
    storage.close().await;
    assert!(matches!(storage.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(storage.clients.revoke("x").await, Err(StoreError::Unavailable(_))));
}

fn bytes_of(folder: &TempDir) -> Vec<u8> {
    let files = std::fs::read_dir(folder.path().join("data")).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn what_people_typed_is_gone_from_the_file_when_it_is_settled() {
    let (storage, folder) = fresh().await;
    add(&storage, new_account("member", "alice")).await;
    storage.outbox.request_reset(&reset_request("member", "correct-horse-battery", START)).await.unwrap();
    assert!(holds(&bytes_of(&folder), "correct-horse-battery"), "the test looks in the wrong place");

    let claims = storage.outbox.claim(START, START.plus(Duration::from_secs(60)), 9).await.unwrap();
    storage.outbox.settle(&[(claims[0].clone(), Settlement::Done)], START).await.unwrap();
    storage.close().await;
    drop(storage);

    let bytes = bytes_of(&folder);
    assert!(!holds(&bytes, "correct-horse-battery"));
    assert!(holds(&bytes, "alice"), "the test looks in the wrong place");
}

#[tokio::test]
async fn an_unreadable_row_is_named_without_its_value() {
    let (storage, folder) = fresh().await;
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(storage.sessions.issue(&session(&alice, 1).build()).await.unwrap(), Issued::Yes);
    meddle(&folder, "UPDATE accounts SET status = 'hunter2'; UPDATE sessions SET digest = x'00';");

    let error = storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(matches!(error, StoreError::Corrupt(_)), "{told}");
    assert!(
        told.contains(&format!("accounts.status of row {}", alice.id)) && !told.contains("hunter2"),
        "{told}"
    );

    let error = storage.sessions.list(&alice.id, START).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Corrupt(place) if place.starts_with("sessions.digest")),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_unreadable_entry_of_the_outbox_holds_up_no_other() {
    let (storage, folder) = fresh().await;
    for name in ["alice", "bob"] {
        storage.outbox.request_reset(&reset_request("member", name, START)).await.unwrap();
    }
    meddle(&folder, "UPDATE outbox SET kind = 'nonsense' WHERE login_key = 'alice'");
    let claims = storage.outbox.claim(START, START.plus(Duration::from_secs(60)), 9).await.unwrap();
    let pending: Vec<_> = claims.into_iter().map(|claim| claim.pending).collect();
    assert_eq!(pending, [Pending::Request(reset_request("member", "bob", START))]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(
        &path,
        "these are notes, and they are long enough to be no header of a database, are they not?\n".repeat(20),
    )
    .unwrap();
    let config = StorageConfig::new(DatabaseUrl::parse(&format!("sqlite://{}", path.display())).unwrap());
    let error = open(&config).await.unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Corrupt(_))), "{error:?}");

    let below = StorageConfig::new(DatabaseUrl::parse(&format!("sqlite://{}/x.db", path.display())).unwrap());
    assert!(matches!(open(&below).await, Err(OpenError::File(..))));
}

#[tokio::test]
async fn a_file_that_another_process_holds_is_unavailable_and_then_is_not() {
    let (storage, folder) = fresh().await;
    let mut config = StorageConfig::new(DatabaseUrl::parse(&url(&folder)).unwrap());
    config.lock_timeout = Duration::from_millis(50);
    config.patience = Duration::from_millis(100);
    let hasty = open(&config).await.unwrap();
    let path = folder.path().join("data/password.db");
    let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();

    let error = hasty.clients.revoke("x").await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    hasty.clients.list().await.unwrap();

    other.batch_execute("ROLLBACK").unwrap();
    assert!(!hasty.clients.revoke("x").await.unwrap());
    drop(storage);
}

#[tokio::test]
async fn relative_paths_and_strange_names_are_taken_as_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b?mode=memory#c%20d.db");
    let storage = opened(&format!("sqlite://{}", path.display())).await;
    storage.migrate().await.unwrap();
    assert!(Path::new(&path).exists());
}

#[tokio::test]
async fn an_import_of_many_keeps_their_order() {
    let (storage, _folder) = fresh().await;
    let accounts: Vec<NewAccount> = (0..3_000)
        .map(|n| {
            new_account("member", &format!("member{}", n % 2_500))
                .hash(PasswordHash::from_encoded("$h"))
                .history(HistoryTag::from_encoded("$t"))
                .build()
        })
        .collect();
    let added = storage.account_admin.add(&accounts).await.unwrap();
    assert_eq!(added.iter().filter(|added| matches!(added, Added::Created(_))).count(), 2_500);
    assert!(added[2_500..].iter().all(|added| *added == Added::LoginTaken));
    let Added::Created(last) = &added[2_499] else { panic!() };
    assert_eq!(storage.credentials.history(last, 9).await.unwrap().len(), 1);
}
