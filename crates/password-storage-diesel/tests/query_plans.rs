//! Every statement of every port's everyday work finds its rows by an index, however many there are.
//!
//! The store is watched while it works, and each database is then asked how it would carry each statement out. Not
//! watched is what lists everything by design: clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

#[allow(dead_code, reason = "each test uses what it needs")]
mod support;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use password_domain::account::{Account, AccountStatus, EmailKey, LoginKey};
use password_domain::audit::AuditAction;
use password_domain::change::testing;
use password_domain::credential::{CredentialVersion, HistoryEntry};
use password_domain::notice::NoticeKind;
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::{
    AccountUpdate, Applied, Budget, Charge, Found, Issued, Opened, Settlement, Spent, Vouched,
};
use password_storage_diesel::Storage;
use password_storage_diesel::test_support::PostgresDatabase;
use password_testkit::START;
use password_testkit::builders::{audit, digest, grant, new_account, notice, reset_request, session};
use support::{add, opened};

/// Statements since the last time that somebody began to listen.
static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Held by the one test that listens: what connections say is heard by all.
static LISTENING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn listen(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let text = query.to_string();
        let statement = text.split(" -- binds:").next().unwrap().trim().to_owned();
        if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| statement.starts_with(word)) {
            HEARD.lock().unwrap().insert(statement);
        }
    }
}

fn listener() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(listen))
}

/// Migrates the store, lets it work, and returns what it asked its database.
async fn statements(url: &str) -> BTreeSet<String> {
    set_default_instrumentation(listener).unwrap();
    let storage = opened(url).await;
    storage.migrate().await.unwrap();
    HEARD.lock().unwrap().clear();
    work(&storage).await;
    storage.close().await;
    let heard = std::mem::take(&mut *HEARD.lock().unwrap());
    assert!(heard.len() > 30, "the test listens in the wrong place: {heard:#?}");
    heard
}

/// A day of the store: each method of each port once.
async fn work(storage: &Storage) {
    let later = START.plus(Duration::from_secs(60));
    let history = HistoryTag::from_encoded("t");
    let alice =
        add(storage, new_account("dealer", "alice").hash(PasswordHash::from_encoded("h")).history(history))
            .await;
    let bob = add(storage, new_account("dealer", "bob")).await;
    find(storage, &alice).await;

    assert_eq!(storage.sessions.issue(&session(&alice, 1).build()).await.unwrap(), Issued::Yes);
    assert!(storage.sessions.find(&[digest("session", 1)], START).await.unwrap().is_some());
    assert!(storage.sessions.renew(&digest("session", 1), START, later).await.unwrap());
    storage.sessions.list(&alice.id, START).await.unwrap();
    assert!(storage.sessions.revoke(&digest("session", 1)).await.unwrap());
    storage.sessions.revoke_all(&alice.id).await.unwrap();

    let key = storage.api_keys.create(&alice.id, &digest("key", 1), START).await.unwrap();
    storage.api_keys.list(&alice.id).await.unwrap();
    storage.api_keys.find(&[digest("key", 1)]).await.unwrap();
    storage.api_keys.revoke(&alice.id, key).await.unwrap();
    storage.api_keys.revoke(&alice.id, None).await.unwrap();
    storage.clients.create("app", &digest("client", 1), START).await.unwrap();
    storage.clients.find(&[digest("client", 1)]).await.unwrap();
    storage.clients.revoke("app").await.unwrap();

    let budget = Budget { capacity: 5, window: Duration::from_secs(60) };
    let charges =
        [Charge { key: digest("attempt", 1), budget }, Charge { key: digest("attempt", 2), budget }];
    assert!(matches!(storage.attempts.spend(&charges, START).await.unwrap(), Spent::Yes { .. }));
    storage.attempts.refund(&charges, START).await.unwrap();
    let vouched = Vouched {
        known: vec![digest("known", 1)],
        until: later,
        refunded: charges.to_vec(),
        cleared: vec![digest("attempt", 1)],
    };
    storage.attempts.vouch(&vouched, START).await.unwrap();
    storage.attempts.is_remembered(&digest("known", 1), START).await.unwrap();

    deliver(storage, &bob).await;
    change(storage, &alice, &bob).await;
    storage.housekeeping.purge(later, Some(later), 10).await.unwrap();
}

async fn find(storage: &Storage, alice: &Account) {
    let (realm, login) = (&alice.realm, LoginKey::of(&alice.login));
    storage.accounts.find_by_id(realm, &alice.id).await.unwrap();
    storage.accounts.find_by_login(realm, &login).await.unwrap();
    storage.accounts.find_by_email(realm, &EmailKey::of(&alice.email), 2).await.unwrap();
    storage.account_admin.find_many(&[(realm.clone(), login)]).await.unwrap();
    storage.account_admin.list(realm, None, 10).await.unwrap();
    storage.credentials.read(&alice.id).await.unwrap();
    storage.holders.by_login(realm, &LoginKey::of(&alice.login)).await.unwrap();
    storage.holders.by_session(realm, &[digest("session", 1)], START).await.unwrap();
    storage.holders.by_grant(realm, &[digest("grant", 1)], START).await.unwrap();
    storage.credentials.history(&alice.id, 10).await.unwrap();
}

async fn deliver(storage: &Storage, bob: &Account) {
    storage.outbox.request_reset(&reset_request("dealer", "bob", START)).await.unwrap();
    storage.outbox.queue(&[notice(bob, NoticeKind::PasswordChanged, START)]).await.unwrap();
    let lease = START.plus(Duration::from_secs(60));
    let claims = storage.outbox.claim(START, lease, 9).await.unwrap();
    let reset = notice(bob, NoticeKind::ResetRequested, START);
    let ends = [Settlement::Replaced(vec![reset]), Settlement::Postponed(lease)];
    for (claim, end) in claims.iter().zip(ends) {
        storage.outbox.settle(&[(claim.clone(), end)], START).await.unwrap();
    }
    let claims = storage.outbox.claim(START, lease, 9).await.unwrap();
    storage.outbox.settle(&[(claims[0].clone(), Settlement::Done)], START).await.unwrap();
}

async fn change(storage: &Storage, alice: &Account, bob: &Account) {
    for number in [1, 2] {
        assert_eq!(storage.resets.open(&grant(alice, number).build(), 3).await.unwrap(), Opened::Yes);
    }
    storage.resets.find(&[digest("grant", 1)], START).await.unwrap();
    storage.resets.void(&digest("grant", 1)).await.unwrap();
    let (old, new) = (PasswordHash::from_encoded("h"), PasswordHash::from_encoded("i"));
    assert!(storage.credentials.upgrade_hash(&alice.id, &old, &new).await.unwrap());
    let proof = testing::proof_of_grant(alice, &grant(alice, 2).build());
    let version = CredentialVersion::FIRST.next();
    let entries = vec![HistoryEntry { version, tag: HistoryTag::from_encoded("u") }];
    let change = testing::change(proof, new, entries, 10, START);
    assert_eq!(storage.credentials.apply(&change).await.unwrap(), Applied::Done);

    let event = audit(bob, AuditAction::AccountUpdated, START);
    let update = AccountUpdate {
        email: Some("new@example.org".to_owned()),
        permissions: Some(bob.permissions.clone()),
    };
    assert_eq!(storage.account_admin.update(&bob.id, &update, &[], &event).await.unwrap(), Found::Yes);
    for status in [AccountStatus::Blocked, AccountStatus::Blocked] {
        assert_eq!(storage.account_admin.set_status(&bob.id, status, &event).await.unwrap(), Found::Yes);
    }
    assert_eq!(storage.account_admin.delete(&bob.id, &event).await.unwrap(), Found::Yes);
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

#[tokio::test]
async fn sqlite_scans_no_table() {
    let _listening = LISTENING.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password.db");
    let statements = statements(&format!("sqlite://{}", path.display())).await;
    let mut c = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    for statement in statements {
        let plan = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load::<Step>(&mut c).unwrap();
        for Step { detail } in plan {
            // Not scanned are tables: the statement's own values, and an index of nothing but what is looked for.
            let harmless = ["CONSTANT ROW", "VALUES CLAUSE", "INDEX reset_grants_used"];
            let scans = detail.starts_with("SCAN") && !harmless.iter().any(|end| detail.ends_with(end));
            assert!(!scans, "{statement}: {detail}");
        }
    }
}

#[tokio::test]
async fn postgresql_scans_no_table() {
    let _listening = LISTENING.lock().await;
    let Some(database) = PostgresDatabase::create().await else { return };
    let statements = statements(&database.url()).await;
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    // As the store's own sessions: small tables are scanned whatever indexes they have, unless that is forbidden.
    client
        .batch_execute(
            "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
             SET plan_cache_mode = force_generic_plan",
        )
        .await
        .unwrap();
    for statement in statements {
        let parameters = (1..).take_while(|n| statement.contains(&format!("${n}"))).count();
        let nulls = vec!["NULL"; parameters].join(", ");
        let arguments = if parameters == 0 { String::new() } else { format!("({nulls})") };
        client.batch_execute(&format!("PREPARE asked AS {statement}")).await.unwrap();
        let plan =
            client.simple_query(&format!("EXPLAIN (COSTS OFF) EXECUTE asked{arguments}")).await.unwrap();
        client.batch_execute("DEALLOCATE asked").await.unwrap();
        let plan: Vec<String> = plan
            .iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            })
            .collect();
        for (place, step) in plan.iter().enumerate() {
            let next = plan.get(place + 1).map_or("", |line| line.trim_start());
            let whole_index = (step.contains("Index Scan") || step.contains("Index Only Scan"))
                && !next.starts_with("Index Cond:")
                && !step.contains("reset_grants_used");
            assert!(!step.contains("Seq Scan") && !whole_index, "{statement}:\n{}", plan.join("\n"));
        }
    }
}
