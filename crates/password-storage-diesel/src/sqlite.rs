//! What SQLite does in its own way: opening, the one writer, and locks that it does not need.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use password_domain::account::AccountStatus;
use password_domain::ports::{Holder, StoreError};

pub(crate) use self::budgets::{debts, lock_debts, settle_debts, spend_at_once, store_debts};
pub(crate) use self::change::apply;
use self::writer::{Frame, Writer};
use crate::config::StorageConfig;
use crate::error::{Failure, translate};
use crate::open::OpenError;
use crate::prepared::Prepared;
use crate::rows::{AccountRow, AuditRow, CredentialRow, HistoryRow, NewAccountRow, SessionRow};
use crate::schema::{accounts, audit, password_history, sessions};
use crate::work::{Connects, Engine, Lane, only, retrying};

mod budgets;
mod change;
mod writer;

#[path = "ops/mod.rs"]
pub(crate) mod ops;

pub(crate) type Conn = SqliteConnection;

pub(crate) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// The first version without the WAL-reset defect, which can lose data (<https://sqlite.org/wal.html>).
const OLDEST_SQLITE: &str = "3.51.3";

/// How many rows go into one INSERT. A number that never changes, so that the statement is prepared once.
const ROWS_AT_ONCE: usize = 32;

/// Questions of one kind. Here each is answered by itself: a look waits for nobody, and writes share a commit.
pub(crate) struct Together<Q, A>(Answers<Q, A>);

type Answers<Q, A> = fn(&mut Conn, &[Q]) -> Result<Vec<A>, Failure>;

pub(crate) fn together<Q, A>(answers: Answers<Q, A>) -> Together<Q, A> {
    Together(answers)
}

/// A SQLite file, open.
pub(crate) struct Store {
    // Connections before the engine: they close while its threads still run.
    writer: Writer,
    readers: Lane<Opener>,
    /// How long a thread that may wait does so for another process's lock.
    busy: Duration,
    _engine: Engine,
    pub(crate) kinds: ops::Kinds,
    pub(crate) requests_first: AtomicBool,
}

impl Store {
    pub(crate) async fn open(path: &Path, config: &StorageConfig) -> Result<Self, OpenError> {
        create(path).map_err(|error| OpenError::File(path.to_owned(), error))?;
        let engine = Engine::start("sqlite").map_err(|error| OpenError::Start(error.to_string()))?;
        let handle = engine.handle().ok_or_else(|| OpenError::Start("no runtime".to_owned()))?;
        let opener = |access| Opener { path: path.to_owned(), access, busy: config.lock_timeout };
        let (patience, deadline) = (config.patience, config.statement_timeout);
        let writer = opener(Access::Write);
        let store = Self {
            writer: Writer::start(Box::new(move || writer.open()), patience, deadline, handle.clone())
                .map_err(|error| OpenError::Start(error.to_string()))?,
            readers: Lane::new(opener(Access::Read), config.readers, patience, deadline, handle)
                .map_err(OpenError::Start)?,
            busy: config.lock_timeout,
            _engine: engine,
            kinds: ops::Kinds::default(),
            requests_first: AtomicBool::new(false),
        };
        let found: String = store
            .writer
            .run(Frame::Statement, |c| {
                Ok(diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("sqlite_version()"))
                    .get_result(c)?)
            })
            .await
            .map_err(translate)?;
        if version(&found) < version(OLDEST_SQLITE) {
            return Err(OpenError::OldSqlite { found, needed: OLDEST_SQLITE });
        }
        Ok(store)
    }

    /// Runs a pure read. Each statement sees its own state.
    pub(crate) async fn read<T, F>(&self, mut work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        // Readers wait for nobody in a write-ahead log, so the caller's thread does it; where somebody holds the whole file
        // nevertheless, a thread that may wait.
        let mut outcome = self.readers.run_here(&mut work).await;
        if outcome.as_ref().is_err_and(Failure::is_transient) {
            let busy = self.busy;
            outcome = self
                .readers
                .run(move |c| {
                    wait_for_locks(c, busy)?;
                    let outcome = work(c);
                    wait_for_locks(c, Duration::ZERO)?;
                    outcome
                })
                .await;
        }
        outcome.map_err(translate)
    }

    /// Runs a transaction that writes.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.attempt(work).await.map_err(translate)
    }

    /// Runs one statement that writes, which is a transaction by itself.
    pub(crate) async fn write_one<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.writer.run(Frame::Statement, work).await.map_err(translate)
    }

    /// Answers a question by a pure read.
    pub(crate) async fn read_together<Q, A>(
        &self,
        kind: &Together<Q, A>,
        question: Q,
    ) -> Result<A, StoreError>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        self.read(alone(kind, question)).await
    }

    /// Answers a question by statements that write.
    pub(crate) async fn write_together<Q, A>(
        &self,
        kind: &Together<Q, A>,
        question: Q,
    ) -> Result<A, StoreError>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        self.write_one(alone(kind, question)).await
    }

    /// Runs a transaction that writes, and answers `otherwise` where it gives up and is rolled back.
    pub(crate) async fn write_or<T, F>(&self, otherwise: T, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        match self.attempt(work).await {
            Err(Failure::Abandoned) => Ok(otherwise),
            outcome => outcome.map_err(translate),
        }
    }

    async fn attempt<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.writer.run(Frame::Transaction, work).await
    }

    pub(crate) async fn shut(&self) {
        self.readers.close().await;
        // The last connection to close folds the write-ahead log into the file.
        self.writer.close().await;
    }
}

fn alone<Q, A>(
    kind: &Together<Q, A>,
    question: Q,
) -> impl FnMut(&mut Conn) -> Result<A, Failure> + use<Q, A> {
    let answers = kind.0;
    move |c| only(answers(c, std::slice::from_ref(&question))?)
}

/// Reads the accounts with these realms and folded logins, with their credentials.
pub(crate) fn holders_by_login(
    c: &mut Conn,
    logins: &[(String, String)],
) -> Result<Vec<Option<Holder>>, Failure> {
    let one = |(realm, login): &(String, String)| {
        let row: Option<(AccountRow, CredentialRow)> = accounts::table
            .filter(accounts::realm.eq(realm))
            .filter(accounts::login_key.eq(login))
            .select((AccountRow::as_select(), CredentialRow::as_select()))
            .get_result(c)
            .optional()?;
        row.map(|(account, credential)| ops::holders::holder(account, credential)).transpose()
    };
    logins.iter().map(one).collect()
}

/// Reads thousands of them.
pub(crate) fn many_holders_by_login(
    c: &mut Conn,
    logins: &[(String, String)],
) -> Result<Vec<Option<Holder>>, Failure> {
    // In one transaction: beginning one for each costs more than the look.
    c.transaction(|c| holders_by_login(c, logins))
}

/// Inserts sessions, each where its account is active and of its version. Returns of each whether that was so.
pub(crate) fn insert_sessions(c: &mut Conn, rows: &[SessionRow]) -> Result<Vec<bool>, Failure> {
    rows.iter().map(|row| Ok(insert_session(c, row)?)).collect()
}

fn insert_session(c: &mut Conn, row: &SessionRow) -> QueryResult<bool> {
    let guarded = accounts::table
        .filter(accounts::id.eq(row.account_id))
        .filter(accounts::realm.eq(&row.realm))
        .filter(accounts::credential_version.eq(row.version))
        .filter(accounts::status.eq(AccountStatus::Active.as_str()))
        .select((
            row.digest.as_slice().into_sql::<Binary>(),
            row.kind.as_str().into_sql::<Text>(),
            accounts::id,
            accounts::realm,
            accounts::credential_version,
            row.permissions.as_str().into_sql::<Text>(),
            row.issued_at.into_sql::<BigInt>(),
            row.expires_at.into_sql::<BigInt>(),
        ));
    let inserted = guarded.insert_into(sessions::table).into_columns((
        sessions::digest,
        sessions::kind,
        sessions::account_id,
        sessions::realm,
        sessions::version,
        sessions::permissions,
        sessions::issued_at,
        sessions::expires_at,
    ));
    Ok(Prepared(inserted.returning(sessions::id)).touch(c)? > 0)
}

/// Reads an account under a lock of one's own.
pub(crate) fn hold_alone(c: &mut Conn, id: i64) -> QueryResult<Option<ops::Standing>> {
    ops::standing(id).get_result(c).optional()
}

/// Returns which of these accounts exist, and keeps them.
pub(crate) fn hold_existing(c: &mut Conn, ids: &[i64]) -> QueryResult<Vec<i64>> {
    accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id).load(c)
}

/// Returns entries of the outbox that nobody else can claim meanwhile.
pub(crate) fn claimable(
    c: &mut Conn,
    requests: bool,
    now: i64,
    taken: &[i64],
    limit: i64,
) -> QueryResult<Vec<i64>> {
    ops::outbox::due(requests, now, taken, limit).load(c)
}

/// Inserts accounts whose logins are free.
macro_rules! free_logins {
    ($rows:expr) => {
        diesel::insert_into(accounts::table)
            .values($rows)
            .on_conflict((accounts::realm, accounts::login_key))
            .do_nothing()
            .returning((accounts::realm, accounts::login_key, accounts::id))
    };
}

/// Inserts accounts; returns the identity of each whose login was free, in order.
pub(crate) fn insert_accounts(c: &mut Conn, rows: &[NewAccountRow]) -> QueryResult<Vec<Option<i64>>> {
    let mut created: Vec<(String, String, i64)> = Vec::with_capacity(rows.len());
    let (some, rest) = rows.as_chunks::<ROWS_AT_ONCE>();
    for some in some {
        created.extend(free_logins!(some).load::<(String, String, i64)>(c)?);
    }
    for row in rest {
        created.extend(free_logins!(row).load::<(String, String, i64)>(c)?);
    }
    Ok(ops::identities(rows, &created))
}

/// Inserts entries of histories.
pub(crate) fn insert_history(c: &mut Conn, rows: &[HistoryRow]) -> QueryResult<()> {
    let (some, rest) = rows.as_chunks::<ROWS_AT_ONCE>();
    for some in some {
        diesel::insert_into(password_history::table).values(some).execute(c)?;
    }
    for row in rest {
        diesel::insert_into(password_history::table).values(row).execute(c)?;
    }
    Ok(())
}

/// Appends lines to the audit log.
pub(crate) fn insert_audit(c: &mut Conn, rows: &[AuditRow]) -> QueryResult<()> {
    let (some, rest) = rows.as_chunks::<ROWS_AT_ONCE>();
    for some in some {
        diesel::insert_into(audit::table).values(some).execute(c)?;
    }
    for row in rest {
        diesel::insert_into(audit::table).values(row).execute(c)?;
    }
    Ok(())
}

/// Migrations need nothing of their own: the transaction that they run in is immediate.
pub(crate) fn enter_migration(_: &mut Conn) -> QueryResult<()> {
    Ok(())
}

/// Needs nothing: plans depend on indexes alone here.
pub(crate) fn note_growth(_: &mut Conn) -> Result<(), Failure> {
    Ok(())
}

/// Tells whether the table exists that says which migrations were applied.
pub(crate) fn has_ledger(c: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
        "EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations')",
    ))
    .get_result(c)
}

/// Creates the file and its folder where they are missing, for the owner alone. SQLite gives its log files the same
/// mode.
fn create(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// What a connection is for.
#[derive(Clone, Copy)]
enum Access {
    Read,
    Write,
}

/// Opens connections to one file.
#[derive(Clone)]
pub(crate) struct Opener {
    path: PathBuf,
    access: Access,
    busy: Duration,
}

impl Opener {
    /// Opens a connection. Blocks meanwhile.
    fn open(&self) -> Result<Conn, Failure> {
        // Two who turn a new file to write-ahead logging at once do not wait for each other by themselves.
        retrying(&mut (), self.busy, &mut |()| self.establish())
    }

    fn establish(&self) -> Result<Conn, Failure> {
        let path =
            self.path.to_str().ok_or_else(|| Failure::Unforeseen("the path is not UTF-8".to_owned()))?;
        // SQLite reads a name that begins with "file:" as a URL, and one that begins with ":" as a wish.
        let path = if path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
        let mut c = SqliteConnection::establish(&path).map_err(|error| Failure::Unreachable(error.into()))?;
        wait_for_locks(&mut c, self.busy)?;
        c.batch_execute(match self.access {
            // secure_delete: what people typed is gone from the file, not only from its tables.
            Access::Write => "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;",
            Access::Read => "PRAGMA query_only = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 0;",
        })?;
        Ok(c)
    }
}

/// Sets how long a statement waits for a lock of somebody else.
fn wait_for_locks(c: &mut Conn, most: Duration) -> QueryResult<()> {
    c.batch_execute(&format!("PRAGMA busy_timeout = {};", most.as_millis()))
}

impl Connects for Opener {}

impl Manager for Opener {
    type Type = Conn;
    type Error = Failure;

    async fn create(&self) -> Result<Conn, Failure> {
        let opener = self.clone();
        let opened = tokio::task::spawn_blocking(move || opener.open());
        opened.await.map_err(|_| Failure::Unforeseen("opening the file panicked".to_owned()))?
    }

    async fn recycle(&self, c: &mut Conn, _: &Metrics) -> RecycleResult<Failure> {
        if <Conn as Connection>::TransactionManager::is_broken_transaction_manager(c) {
            Err(RecycleError::message("a transaction was left open"))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(version("3.9.0") < version(OLDEST_SQLITE));
        assert!(version("3.51.2") < version(OLDEST_SQLITE));
        assert!(version("3.53.2") >= version(OLDEST_SQLITE));
    }
}
