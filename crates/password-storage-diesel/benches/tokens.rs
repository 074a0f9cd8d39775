//! What finding a token costs: its digest and the look-up, among 100,000 rows of a SQLite file.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::fmt::Write as _;
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use divan::{Bencher, black_box};
use password_domain::account::{AccountId, Realm};
use password_domain::ports::{Added, TokenSource as _};
use password_domain::token::TokenPurpose;
use password_session_jwt::KeyedTokens;
use password_storage_diesel::{DatabaseUrl, Storage, StorageConfig, open};
use password_testkit::START;
use password_testkit::builders::new_account;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const ROWS: usize = 100_000;
/// Rows of one statement: SQLite's parser likes short ones.
const BATCH: usize = 500;

static HOUSE: OnceLock<House> = OnceLock::new();

struct House {
    runtime: Runtime,
    storage: Storage,
    tokens: KeyedTokens,
    folder: TempDir,
}

fn main() {
    divan::main();
    // Nothing drops a static.
    if let Some(house) = HOUSE.get() {
        house.runtime.block_on(house.storage.close());
        std::fs::remove_dir_all(house.folder.path()).unwrap();
    }
}

fn house() -> &'static House {
    HOUSE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password.db");
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let tokens = KeyedTokens::new([1; 32], vec![]);
        let storage = runtime.block_on(async {
            let url = DatabaseUrl::parse(&format!("sqlite://{}", path.display())).unwrap();
            let storage = open(&StorageConfig::new(url)).await.unwrap();
            storage.migrate().await.unwrap();
            let added = storage.account_admin.add(&[new_account("user", "alice").build()]).await.unwrap();
            assert_eq!(added, [Added::Created(AccountId::from(1))]);
            storage
        });
        fill(&mut SqliteConnection::establish(path.to_str().unwrap()).unwrap(), &tokens);
        House { runtime, storage, tokens, folder }
    })
}

/// The nth token; its row is anywhere in the index, because digests are.
fn token(number: usize) -> String {
    format!("{number:032x}")
}

/// Writes the rows in batches: one transaction for each, as the ports have it, would take minutes.
fn fill(connection: &mut SqliteConnection, tokens: &KeyedTokens) {
    let begun = START.as_micros();
    let ends = begun + 3_600_000_000;
    for (purpose, columns, rest) in [
        (
            TokenPurpose::Session,
            "sessions (digest, kind, account_id, realm, version, permissions, issued_at, expires_at)",
            format!("'standard', 1, 'user', 1, '', {begun}, {ends}"),
        ),
        (
            TokenPurpose::Reset,
            "reset_grants (digest, realm, account_id, version, opened_at, expires_at)",
            format!("'user', 1, 1, {begun}, {ends}"),
        ),
        (TokenPurpose::ApiKey, "api_keys (digest, account_id, created_at)", format!("1, {begun}")),
    ] {
        connection.batch_execute("BEGIN").unwrap();
        for first in (0..ROWS).step_by(BATCH) {
            let mut statement = format!("INSERT INTO {columns} VALUES ");
            for number in first..first + BATCH {
                statement.push_str(if number == first { "(x'" } else { ", (x'" });
                for byte in tokens.digest(purpose, &token(number)).as_bytes() {
                    write!(statement, "{byte:02x}").unwrap();
                }
                write!(statement, "', {rest})").unwrap();
            }
            connection.batch_execute(&statement).unwrap();
        }
        connection.batch_execute("COMMIT").unwrap();
    }
    connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

/// Walks through the rows without order.
fn walk() -> impl FnMut() -> String {
    let mut number = 0;
    move || {
        // 61,803 shares no factor with 100,000, so every row has its turn.
        number = (number + 61_803) % ROWS;
        token(number)
    }
}

#[divan::bench]
fn reset_token(bencher: Bencher<'_, '_>) {
    let House { runtime, storage, tokens, .. } = house();
    bencher.with_inputs(walk()).bench_local_values(|token| {
        let digests = tokens.digests(TokenPurpose::Reset, black_box(&token));
        runtime.block_on(storage.holders.by_grant(&Realm::user(), &digests, START)).unwrap().unwrap()
    });
}

#[divan::bench]
fn session_hash(bencher: Bencher<'_, '_>) {
    let House { runtime, storage, tokens, .. } = house();
    bencher.with_inputs(walk()).bench_local_values(|token| {
        let digests = tokens.digests(TokenPurpose::Session, black_box(&token));
        runtime.block_on(storage.holders.by_session(&Realm::user(), &digests, START)).unwrap().unwrap()
    });
}

#[divan::bench]
fn api_key(bencher: Bencher<'_, '_>) {
    let House { runtime, storage, tokens, .. } = house();
    bencher.with_inputs(walk()).bench_local_values(|token| {
        let digests = tokens.digests(TokenPurpose::ApiKey, black_box(&token));
        runtime.block_on(storage.api_keys.find(&digests)).unwrap().unwrap()
    });
}

/// A hash that nobody has.
#[divan::bench]
fn unknown_session_hash(bencher: Bencher<'_, '_>) {
    let House { runtime, storage, tokens, .. } = house();
    bencher.bench_local(|| {
        let digests = tokens.digests(TokenPurpose::Session, black_box(&token(ROWS)));
        assert!(
            runtime.block_on(storage.holders.by_session(&Realm::user(), &digests, START)).unwrap().is_none()
        );
    });
}

/// What of each look-up is not the store.
#[divan::bench]
fn digest_alone(bencher: Bencher<'_, '_>) {
    let tokens = &house().tokens;
    bencher.with_inputs(walk()).bench_local_values(|token| tokens.digests(TokenPurpose::Session, &token));
}
