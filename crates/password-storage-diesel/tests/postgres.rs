//! Every contract on PostgreSQL, and what only a server can do.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::future::Future;
use std::time::{Duration, Instant};

use password_domain::account::AccountStatus;
use password_domain::audit::AuditAction;
use password_domain::ports::{Budget, Charge, Found, Spent, StoreError};
use password_storage_diesel::test_support::PostgresDatabase;
use password_storage_diesel::{DatabaseUrl, Storage, StorageConfig, open};
use password_testkit::START;
use password_testkit::builders::{audit, digest, new_account, reset_request};
use support::{NAMES, add, migrate_by_four, opened, ports};

async fn fresh() -> Option<(Storage, PostgresDatabase)> {
    let database = PostgresDatabase::create().await?;
    let storage = opened(&database.url()).await;
    storage.migrate().await.unwrap();
    Some((storage, database))
}

async fn contract() -> Option<(password_testkit::Storage, (Storage, PostgresDatabase))> {
    let (storage, database) = fresh().await?;
    Some((ports(&storage), (storage, database)))
}

password_testkit::storage_contract!(contract);

/// Where there is one connection only, whoever asks at the same moment is answered together.
mod with_one_connection {
    use super::*;

    async fn contract() -> Option<(password_testkit::Storage, (Storage, PostgresDatabase))> {
        let database = PostgresDatabase::create().await?;
        let mut config = StorageConfig::new(DatabaseUrl::parse(&database.url()).unwrap());
        config.connections = 1;
        let storage = open(&config).await.unwrap();
        storage.migrate().await.unwrap();
        Some((ports(&storage), (storage, database)))
    }

    password_testkit::credential_store_contract!(contract);
    password_testkit::holders_contract!(contract);
    password_testkit::session_store_contract!(contract);
    password_testkit::session_store_shared_contract!(contract);
    password_testkit::attempt_store_contract!(contract);
}

/// Asks again until the answer is yes, for ten seconds.
async fn eventually<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !ask().await {
        assert!(Instant::now() < deadline, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn an_unmigrated_database_says_what_it_lacks_and_is_left_as_it_is() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let storage = opened(&database.url()).await;
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
    let Some(database) = PostgresDatabase::create().await else { return };
    assert_eq!(migrate_by_four(&database.url()).await, NAMES.len());
}

#[tokio::test]
async fn idle_connections_that_are_cut_cost_no_call() {
    let Some((storage, database)) = fresh().await else { return };
    // Fill the pool.
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let storage = storage.clone();
        tasks.spawn(async move { storage.clients.list().await.map(drop) });
    }
    for outcome in tasks.join_all().await {
        outcome.unwrap();
    }
    database.cut_connections().await;
    // The driver needs a moment to hear of it; from then on nothing fails.
    eventually("a call succeeds", || async { storage.ping().await.is_ok() }).await;
    for _ in 0..20 {
        storage.ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_goes_away_under_load_comes_back_by_itself() {
    let Some((storage, database)) = fresh().await else { return };
    let load = tokio::spawn({
        let storage = storage.clone();
        async move {
            let mut failures = 0;
            for n in 0..400 {
                let request = reset_request("member", &format!("name {}", n % 7), START);
                match storage.outbox.request_reset(&request).await {
                    Ok(()) => {}
                    Err(StoreError::Unavailable(_)) => failures += 1,
                    Err(error) => panic!("{error:?}"),
                }
            }
            failures
        }
    });
    for _ in 0..3 {
        database.cut_connections().await;
        eventually("a call succeeds", || async { storage.ping().await.is_ok() }).await;
    }
    let failures = load.await.unwrap();
    assert!(failures < 100, "{failures} of 400 calls failed");
    storage.ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_at_once() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let storage = opened(&format!("postgres://user:hunter2@127.0.0.1:{port}/name?sslmode=disable")).await;
    let begun = Instant::now();
    let error = storage.ping().await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(4));
    let told = format!("{error} {error:?}");
    assert!(matches!(error, StoreError::Unavailable(_)) && !told.contains("hunter2"), "{told}");
}

#[tokio::test]
async fn a_lock_that_is_not_given_is_waited_for_a_while() {
    let Some((storage, database)) = fresh().await else { return };
    let alice = add(&storage, new_account("member", "alice")).await;
    let mut config = StorageConfig::new(DatabaseUrl::parse(&database.url()).unwrap());
    config.lock_timeout = Duration::from_millis(50);
    let hasty = open(&config).await.unwrap();

    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("BEGIN; SELECT * FROM accounts FOR UPDATE").await.unwrap();
    let event = audit(&alice, AuditAction::AccountBlocked, START);
    let block = || hasty.account_admin.set_status(&alice.id, AccountStatus::Blocked, &event);
    let error = block().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    client.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(block().await.unwrap(), Found::Yes);
}

#[tokio::test]
async fn a_pool_that_is_used_up_is_unavailable_in_time() {
    let Some((_storage, database)) = fresh().await else { return };
    let mut config = StorageConfig::new(DatabaseUrl::parse(&database.url()).unwrap());
    (config.connections, config.patience) = (1, Duration::from_millis(200));
    let narrow = open(&config).await.unwrap();
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("BEGIN; LOCK TABLE clients IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let waiting = tokio::spawn({
        let narrow = narrow.clone();
        async move { narrow.clients.list().await }
    });
    eventually("the pool is used up", || async {
        matches!(narrow.ping().await, Err(StoreError::Unavailable(_)))
    })
    .await;
    client.batch_execute("ROLLBACK").await.unwrap();
    waiting.await.unwrap().unwrap();
    narrow.ping().await.unwrap();
}

#[tokio::test]
async fn an_unreadable_row_is_named_without_its_value() {
    let Some((storage, database)) = fresh().await else { return };
    let alice = add(&storage, new_account("member", "alice")).await;
    database.execute("UPDATE accounts SET permissions = 'hunter2'").await;
    let error = storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(matches!(error, StoreError::Corrupt(_)), "{told}");
    assert!(
        told.contains(&format!("accounts.permissions of row {}", alice.id)) && !told.contains("hunter2"),
        "{told}"
    );
}

#[tokio::test]
async fn keys_that_are_counted_in_any_order_never_deadlock() {
    let Some((storage, _database)) = fresh().await else { return };
    let budget = Budget { capacity: 1_000_000, window: Duration::from_secs(1_000_000) };
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_u64 {
        let storage = storage.clone();
        tasks.spawn(async move {
            for _ in 0..20 {
                let mut charges: Vec<Charge> =
                    (0..4).map(|n| Charge { key: digest("key", n), budget }).collect();
                charges.rotate_left(usize::try_from(task % 4).unwrap());
                assert!(matches!(storage.attempts.spend(&charges, START).await.unwrap(), Spent::Yes { .. }));
            }
        });
    }
    tasks.join_all().await;
    let charge = Charge { key: digest("key", 0), budget };
    assert_eq!(
        storage.attempts.spend(&[charge], START).await.unwrap(),
        Spent::Yes { remaining: 1_000_000 - 161, scarcest: 0 }
    );
}

#[tokio::test]
async fn tls_is_used_where_it_is_offered_and_trusted_only_where_it_can_be() {
    let Some(database) = PostgresDatabase::create().await else { return };
    let with = |mode: &str| database.url().replace("sslmode=disable", mode);
    let ciphered = |expected: bool| {
        format!(
            "DO $$ BEGIN ASSERT (SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
             WHERE datname = current_database() AND application_name = 'password') = {expected}; END $$"
        )
    };
    let offered = database.offers_tls().await;
    let opportunistic = opened(&with("sslmode=prefer")).await;
    opportunistic.ping().await.unwrap();
    database.execute(&ciphered(offered)).await;
    opportunistic.close().await;
    drop(opportunistic);

    let plain = opened(&database.url()).await;
    plain.ping().await.unwrap();
    plain.close().await;

    // Either there is no TLS, or nobody whom the operating system trusts has vouched for a test server.
    for mode in ["sslmode=require", "sslmode=verify-full"] {
        let error = opened(&with(mode)).await.ping().await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    }
}

/// Answers as a server whose rules for clients know no connection without TLS: it refuses one, and to whoever asks for
/// TLS it says that it has none. Returns what each of two clients began with.
fn insistent_server() -> (u16, std::thread::JoinHandle<[bool; 2]>) {
    use std::io::{Read, Write};
    const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        [(); 2].map(|()| {
            let (mut client, _) = listener.accept().unwrap();
            let mut begin = [0; 8];
            client.read_exact(&mut begin).unwrap();
            let asks_for_tls = begin == SSL_REQUEST;
            let fields = b"SFATAL\0C28000\0Mno pg_hba.conf entry for host, no encryption\0\0";
            let mut refusal = vec![b'E'];
            refusal.extend(u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
            refusal.extend(fields);
            client.write_all(if asks_for_tls { b"N" } else { &refusal }).unwrap();
            asks_for_tls
        })
    });
    (port, server)
}

#[tokio::test]
async fn on_this_machine_tls_is_used_where_the_server_insists_on_it() {
    let (port, server) = insistent_server();
    let storage = opened(&format!("postgres://user@127.0.0.1:{port}/name")).await;
    assert!(matches!(storage.ping().await, Err(StoreError::Unavailable(_))));
    assert_eq!(server.join().unwrap(), [false, true]);
}

#[tokio::test]
async fn plans_from_the_time_of_empty_tables_are_given_up_after_an_import() {
    let Some((storage, database)) = fresh().await else { return };
    storage.account_admin.add(&[new_account("member", "alice").build()]).await.unwrap();
    storage.note_growth().await.unwrap();
    let looked_at =
        "DO $$ BEGIN ASSERT (SELECT reltuples = 1 FROM pg_class WHERE oid = 'accounts'::regclass); END $$";
    database.execute(looked_at).await;
}
