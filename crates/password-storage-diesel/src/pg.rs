//! What PostgreSQL does in its own way: connecting, its pool, and row locks.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use password_domain::change::Change;
use password_domain::ports::{Applied, Spent, StoreError};
use tokio::sync::oneshot;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::{Server, StorageConfig, Tls};
use crate::error::{Failure, translate};
use crate::open::OpenError;
use crate::schema::accounts;
use crate::tls;
use crate::work::{self, Connects, Engine, Lane};

mod budgets;
mod bulk;
mod change;
mod driver;
mod holders;
mod sessions;

// Compiled once for each backend, on purpose: see the crate's documentation.
#[allow(clippy::duplicate_mod, reason = "each backend has its own types")]
#[path = "ops/mod.rs"]
pub(crate) mod ops;

use self::budgets::{Settling, Spending};
pub(crate) use self::budgets::{debts, lock_debts, settle_debts, spend_at_once, store_debts};
pub(crate) use self::bulk::{insert_accounts, insert_audit, insert_history};
pub(crate) use self::change::apply;
pub(crate) use self::driver::Conn;
use self::driver::Link;
pub(crate) use self::holders::{holders_by_login, many_holders_by_login};
pub(crate) use self::sessions::insert_sessions;

pub(crate) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The lock that migrations run under: any number that nobody else uses in this database.
const MIGRATION_LOCK: i64 = 0x7061_7373_776f_7264;

/// Questions of one kind.
pub(crate) type Together<Q, A> = work::Together<Link, Q, A>;

pub(crate) fn together<Q, A>(
    answers: impl Fn(&mut Conn, &[Q]) -> Result<Vec<A>, Failure> + Send + Sync + 'static,
) -> Together<Q, A> {
    Together::new(move |link: &mut Link, questions: &[Q]| answers(&mut link.conn, questions))
}

/// A PostgreSQL database.
pub(crate) struct Store {
    // The lane before the engine, whose threads its work runs on.
    lane: Lane<Connector>,
    _engine: Engine,
    pub(crate) kinds: ops::Kinds,
    changes: Together<(i64, Change), Applied>,
    spending: Together<Spending, Option<Spent>>,
    settling: Together<Settling, ()>,
    pub(crate) requests_first: AtomicBool,
}

impl Store {
    pub(crate) fn open(server: &Server, config: &StorageConfig) -> Result<Self, OpenError> {
        let engine = Engine::start("postgres").map_err(|error| OpenError::Start(error.to_string()))?;
        let handle = engine.handle().ok_or_else(|| OpenError::Start("no runtime".to_owned()))?;
        let connector = Connector {
            server: server.config.clone(),
            tls: tls::connector(server.tls).map_err(OpenError::Tls)?,
            insisted: server.tls == Tls::Insisted,
            defaults: session_defaults(config.statement_timeout, config.lock_timeout),
            patience: config.patience,
        };
        let lane =
            Lane::new(connector, config.connections, config.patience, config.statement_timeout, handle)
                .map_err(OpenError::Start)?;
        Ok(Self {
            lane,
            _engine: engine,
            kinds: ops::Kinds::default(),
            changes: together(change::carry_out),
            spending: together(budgets::spend),
            settling: together(budgets::settle),
            requests_first: AtomicBool::new(false),
        })
    }

    /// Runs a pure read: no transaction, so that one statement costs one round trip. Each statement sees its own
    /// state.
    pub(crate) async fn read<T, F>(&self, mut work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.lane.run(move |link| work(&mut link.conn)).await.map_err(translate)
    }

    /// Runs a transaction that writes.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.attempt(work).await.map_err(translate)
    }

    /// Runs one statement that writes, which is a transaction by itself and costs one round trip.
    pub(crate) async fn write_one<T, F>(&self, mut work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.lane.run(move |link| work(&mut link.conn)).await.map_err(translate)
    }

    /// Answers a question by one statement that reads, together with those of its kind that are asked at the same moment.
    pub(crate) async fn read_together<Q, A>(
        &self,
        kind: &Together<Q, A>,
        question: Q,
    ) -> Result<A, StoreError>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        self.lane.ask(kind, question).await.map_err(translate)
    }

    /// Answers a question by one statement that writes, a transaction by itself, together with those of its kind that are
    /// asked at the same moment.
    pub(crate) async fn write_together<Q, A>(
        &self,
        kind: &Together<Q, A>,
        question: Q,
    ) -> Result<A, StoreError>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        self.lane.ask(kind, question).await.map_err(translate)
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

    async fn attempt<T, F>(&self, mut work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        self.lane.run(move |link| link.conn.transaction(|c| work(c))).await
    }

    pub(crate) async fn shut(&self) {
        self.lane.close().await;
    }
}

/// Returns one value of each row, as it is bound.
fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Returns what stands at this place, counted from 1, as the database counts.
fn nth<T>(all: &mut [T], place: i64) -> Result<&mut T, Failure> {
    let index = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
    let found = index.and_then(|index| all.get_mut(index));
    found.ok_or_else(|| Failure::Unforeseen("an answer to nothing that was asked".to_owned()))
}

/// A row that says which part of what was asked it belongs to, counted from 1.
#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = BigInt)]
    place: i64,
}

/// Reads an account under a lock of one's own, which sessions and keys that name the account do not wait for.
pub(crate) fn hold_alone(c: &mut Conn, id: i64) -> QueryResult<Option<ops::Standing>> {
    ops::standing(id).for_no_key_update().get_result(c).optional()
}

/// Returns which of these accounts exist, and keeps them from being deleted.
pub(crate) fn hold_existing(c: &mut Conn, ids: &[i64]) -> QueryResult<Vec<i64>> {
    accounts::table
        .filter(accounts::id.eq_any(ids))
        .select(accounts::id)
        .order(accounts::id)
        .for_key_share()
        .load(c)
}

/// Returns entries of the outbox that nobody else can claim meanwhile.
pub(crate) fn claimable(
    c: &mut Conn,
    requests: bool,
    now: i64,
    taken: &[i64],
    limit: i64,
) -> QueryResult<Vec<i64>> {
    ops::outbox::due(requests, now, taken, limit).for_update().skip_locked().load(c)
}

/// Waits for whoever else migrates; the lock ends with the transaction.
pub(crate) fn enter_migration(c: &mut Conn) -> QueryResult<()> {
    SimpleConnection::batch_execute(
        c,
        &format!(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
        ),
    )
}

/// Looks at what an import fills: a plan that a server has kept since the tables were empty is made anew.
pub(crate) fn note_growth(c: &mut Conn) -> Result<(), Failure> {
    Ok(SimpleConnection::batch_execute(c, "ANALYZE accounts, password_history, audit")?)
}

/// Tells whether the table exists that says which migrations were applied.
pub(crate) fn has_ledger(c: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
        "to_regclass('__diesel_schema_migrations') IS NOT NULL",
    ))
    .get_result(c)
}

/// What every session begins with: there is no deadline on this side, so the server keeps it. Set once, because a
/// setting per transaction costs a round trip.
///
/// Every statement finds its rows by an index whatever its values, but an array of unknown length looks so dear to the
/// planner that it would make a plan for each call. A kept plan is one for the sizes of its day, so it must not be one
/// that reads a small table whole.
fn session_defaults(statement: Duration, lock: Duration) -> String {
    format!(
        "SET default_transaction_isolation = 'read committed'; SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; SET client_min_messages = 'warning'; \
         SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
         SET enable_mergejoin = off; SET jit = off",
        statement.as_millis(),
        lock.as_millis(),
        statement.as_millis()
    )
}

/// Makes connections to one server.
#[derive(Clone)]
pub(crate) struct Connector {
    server: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
    /// Whether TLS is taken only where the server insists.
    insisted: bool,
    defaults: String,
    patience: Duration,
}

impl Connector {
    async fn connect(&self) -> Result<AsyncPgConnection, Failure> {
        let mut connection = match (&self.tls, self.insisted) {
            (Some(tls), false) => established(self.server.connect(tls.clone()).await).await?,
            (None, _) => established(self.server.connect(NoTls).await).await?,
            (Some(tls), true) => match self.server.connect(NoTls).await {
                // Its rules for clients know no such connection without TLS.
                Err(error) if error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
                    let mut server = self.server.clone();
                    server.ssl_mode(SslMode::Require);
                    established(server.connect(tls.clone()).await).await?
                }
                connected => established(connected).await?,
            },
        };
        SimpleAsyncConnection::batch_execute(&mut connection, &self.defaults).await?;
        Ok(connection)
    }
}

async fn established<S>(
    connected: Result<(tokio_postgres::Client, tokio_postgres::Connection<Socket, S>), tokio_postgres::Error>,
) -> Result<AsyncPgConnection, Failure>
where
    S: TlsStream + Unpin + Send + 'static,
{
    let (client, connection) = connected.map_err(|error| Failure::Unreachable(error.into()))?;
    let established = AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    established.map_err(|error| Failure::Unreachable(error.into()))
}

impl Manager for Connector {
    type Type = Link;
    type Error = Failure;

    async fn create(&self) -> Result<Link, Failure> {
        let this = self.clone();
        // Dropped with this future: a thread must not go on connecting for nobody.
        let (_waiting, gone) = oneshot::channel::<()>();
        let connecting = async move {
            let fail = |why: &'static str| Err(Failure::Unreachable(why.into()));
            tokio::select! {
                connected = tokio::time::timeout(this.patience, this.connect()) => {
                    connected.unwrap_or_else(|_| fail("the server does not answer"))
                }
                _ = gone => fail("nobody waits for the connection any more"),
            }
        };
        let established = tokio::task::spawn_blocking(move || Link::establish(connecting));
        established.await.map_err(|_| Failure::Unforeseen("connecting panicked".to_owned()))?
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<Failure> {
        if link.is_broken() { Err(RecycleError::message("the connection was lost")) } else { Ok(()) }
    }
}

impl Connects for Connector {
    // Without a round trip: a closed connection says so to whoever listens.
    fn is_alive(link: &mut Link) -> bool {
        link.is_alive()
    }
}
