//! A database of any size, filled by statements that both databases understand.

use std::fs::File;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use password_domain::token::TokenDigest;
use password_storage_diesel::test_support::PostgresDatabase;
use password_storage_diesel::{DatabaseUrl, Storage, StorageConfig, open};
use password_testkit::START;

/// The credential version that seeded accounts have: as many changes as the longest history.
pub(crate) const VERSION: i64 = 10;

/// A seeded database, which goes away with this value.
pub(crate) struct Database {
    pub(crate) name: &'static str,
    pub(crate) storage: Storage,
    place: Place,
}

enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(PostgresDatabase),
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let storage = migrated(&format!("sqlite://{}", folder.path().join("growth.db").display())).await;
        Self { name: "SQLite", storage, place: Place::Sqlite(folder) }
    }

    /// `None` where there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let database = PostgresDatabase::create().await?;
        let storage = migrated(&database.url()).await;
        Some(Self { name: "PostgreSQL", storage, place: Place::Postgres(database) })
    }

    /// Adds so many accounts: each with 3 sessions among 2 of them, 10 entries of history, a budget and 2 audit lines,
    /// a tenth of them with a live grant, a hundredth with a notice that is not due.
    pub(crate) async fn fill(&self, accounts: i64) {
        let (start, end) = (START.as_micros(), START.plus(Duration::from_secs(86_400)).as_micros());
        let n = numbers(accounts);
        let (token, other) = (self.digest("n.i"), self.digest("n.i + 500000000"));
        self.run(&format!(
            "INSERT INTO accounts (realm, login, login_key, email, email_key, first_name, last_name, locale, status, demo, \
             permissions, password_hash, credential_version, password_changed_at, created_at) \
             {n} SELECT 'user', 'user' || n.i, 'user' || n.i, 'user' || n.i || '@example.org', \
             'user' || n.i || '@example.org', 'Ann', 'Example', 'en', 'active', FALSE, 'password:update', \
             '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g', \
             {VERSION}, {start}, {start} FROM n;
             INSERT INTO password_history (account_id, version, tag) \
             SELECT a.id, v.i, 'tag$v1$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo' \
             FROM accounts a, (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 \
             UNION SELECT 7 UNION SELECT 8 UNION SELECT 9 UNION SELECT 10) v ORDER BY a.id, v.i;
             INSERT INTO sessions (digest, kind, account_id, realm, version, permissions, issued_at, expires_at) \
             {n} SELECT {token}, 'standard', n.i, 'user', {VERSION}, '', {start}, {end} + n.i FROM n;
             INSERT INTO sessions (digest, kind, account_id, realm, version, permissions, issued_at, expires_at) \
             {n} SELECT {other}, 'standard', n.i, 'user', {VERSION}, '', {start}, {end} + n.i FROM n WHERE n.i % 2 = 0;
             INSERT INTO audit (at, realm, account_id, action, actor) \
             {n} SELECT {start} + n.i, 'user', (n.i + 1) / 2, 'password_changed', 'owner' FROM n; \
             INSERT INTO audit (at, realm, account_id, action, actor) \
             {n} SELECT {start} + n.i, 'user', n.i, 'account_added', 'operator' FROM n; \
             INSERT INTO attempts (digest, debt_until) {n} SELECT {token}, {end} FROM n;
             INSERT INTO reset_grants (digest, realm, account_id, version, opened_at, expires_at) \
             {n} SELECT {token}, 'user', n.i, {VERSION}, {start}, {end} FROM n WHERE n.i % 10 = 0;
             INSERT INTO outbox (kind, is_request, realm, account_id, at, generation, attempt, due_at, lease_until, queued_at) \
             {n} SELECT 'password_changed', FALSE, 'user', n.i, {start}, 0, 0, {end}, 0, {start} FROM n WHERE n.i % 100 = 0;",
        ))
        .await;
    }

    /// Adds so many rows of each kind that a purge deletes, all of accounts that are there.
    pub(crate) async fn litter(&self, rows: i64, accounts: i64) {
        let past = START.minus(Duration::from_secs(86_400)).as_micros();
        let (n, account) = (numbers(rows), format!("(n.i % {accounts}) + 1"));
        let token = self.digest("n.i + 900000000");
        self.run(&format!(
            "INSERT INTO sessions (digest, kind, account_id, realm, version, permissions, issued_at, expires_at) \
             {n} SELECT {token}, 'standard', {account}, 'user', {VERSION}, '', {past}, {past} + n.i FROM n;
             INSERT INTO reset_grants (digest, realm, account_id, version, opened_at, expires_at, spent_at) \
             {n} SELECT {token}, 'user', {account}, {VERSION}, {past}, {past} + n.i, {past} FROM n;
             INSERT INTO attempts (digest, debt_until) {n} SELECT {token}, {past} + n.i FROM n;
             INSERT INTO remembered (digest, remembered_until) {n} SELECT {token}, {past} + n.i FROM n;
             INSERT INTO audit (at, realm, account_id, action, actor) \
             {n} SELECT {past} + n.i / 1000, 'user', {account}, 'signed_in', 'owner' FROM n;",
        ))
        .await;
    }

    /// The digest of a number as SQL: 32 bytes in no order, as real ones have none.
    fn digest(&self, number: &str) -> String {
        let text = format!(
            "CAST(10000000000 + ({number}) * 2654435761 % 4294967296 AS TEXT) || \
             CAST(1000000000000000000 + ({number}) AS TEXT) || 'ab'"
        );
        match self.place {
            Place::Sqlite(_) => format!("CAST({text} AS BLOB)"),
            Place::Postgres(_) => format!("convert_to({text}, 'UTF8')"),
        }
    }

    async fn run(&self, statements: &str) {
        match &self.place {
            Place::Sqlite(folder) => {
                let path = folder.path().join("growth.db");
                let mut c = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("a connection");
                let fast = "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;";
                c.batch_execute(&format!(
                    "{fast} BEGIN; {statements} COMMIT; PRAGMA wal_checkpoint(TRUNCATE);"
                ))
                .expect("the seed");
                // Or the first commits that are measured wait for all of it.
                File::open(path).and_then(|file| file.sync_all()).expect("the seed on the disk");
            }
            // Then what the server does by itself a minute later.
            Place::Postgres(database) => {
                database.execute(statements).await;
                database.execute("VACUUM ANALYZE").await;
            }
        }
    }
}

/// The digest that [`Database::digest`] gives a number.
pub(crate) fn token(number: i64) -> TokenDigest {
    let text = format!(
        "{}{}ab",
        10_000_000_000 + number * 2_654_435_761 % 4_294_967_296,
        1_000_000_000_000_000_000 + number
    );
    TokenDigest::from_bytes(text.into_bytes().try_into().expect("32 bytes"))
}

fn numbers(to: i64) -> String {
    format!("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {to})")
}

async fn migrated(url: &str) -> Storage {
    let config = StorageConfig::new(DatabaseUrl::parse(url).expect("a URL"));
    let storage = open(&config).await.expect("a database");
    storage.migrate().await.expect("migrations");
    storage
}
