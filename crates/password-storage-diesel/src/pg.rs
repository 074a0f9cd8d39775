//! What PostgreSQL does in its own way: connecting, its pool, and row locks.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use password_domain::account::AccountStatus;
use password_domain::ports::StoreError;
use tokio::sync::oneshot;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::{Server, StorageConfig, Tls};
use crate::error::{Failure, translate};
use crate::guarded::insert_guarded_session;
use crate::open::OpenError;
use crate::prepared::Prepared;
use crate::rows::{AccountRow, SessionRow};
use crate::schema::{accounts, sessions};
use crate::tls;
use crate::work::{Connects, Engine, Lane};

mod budgets;
mod bulk;
mod change;
mod driver;

// Compiled once for each backend, on purpose: see the crate's documentation.
#[allow(clippy::duplicate_mod, reason = "each backend has its own types")]
#[path = "ops/mod.rs"]
pub(crate) mod ops;

pub(crate) use self::budgets::{debts, lock_debts, settle_debts, spend_at_once, store_debts};
pub(crate) use self::bulk::{insert_accounts, insert_audit, insert_history};
pub(crate) use self::change::apply;
pub(crate) use self::driver::Conn;
use self::driver::Link;

pub(crate) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The lock that migrations run under: any number that nobody else uses in this database.
const MIGRATION_LOCK: i64 = 0x7061_7373_776f_7264;

/// A PostgreSQL database.
pub(crate) struct Store {
    // The lane before the engine, whose threads its work runs on.
    lane: Lane<Connector>,
    _engine: Engine,
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
        Ok(Self { lane, _engine: engine, requests_first: AtomicBool::new(false) })
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

/// Inserts a session, where its account is active and of its version. Returns whether that was so. The lock keeps
/// changes out: a change waits for this statement, or this one waits for the change and looks at what it left.
pub(crate) fn insert_session(c: &mut Conn, row: &SessionRow) -> QueryResult<bool> {
    Ok(insert_guarded_session!(row, for_share).touch(c)? > 0)
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

/// Reads the accounts with these realms and folded logins, in any order.
pub(crate) fn accounts_by_login(
    c: &mut Conn,
    logins: &[(String, String)],
) -> QueryResult<Vec<(String, AccountRow)>> {
    let mut realms: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (realm, login) in logins {
        realms.entry(realm).or_default().push(login);
    }
    c.transaction(|c| {
        // A kept plan is one for the sizes of its day: one made while the table was empty read every account of a realm
        // for each login, until the table was next analysed. An import fills it faster than that.
        SimpleConnection::batch_execute(c, "SET LOCAL plan_cache_mode = force_custom_plan")?;
        let mut found = Vec::new();
        for (realm, logins) in realms {
            found.extend(
                accounts::table
                    .filter(accounts::realm.eq(realm))
                    .filter(accounts::login_key.eq_any(logins))
                    .select((accounts::login_key, AccountRow::as_select()))
                    .load::<(String, AccountRow)>(c)?,
            );
        }
        Ok(found)
    })
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
/// setting per transaction costs a round trip. Every statement finds its rows by an index whatever its values, but an
/// array of unknown length looks so dear to the planner that it would make a plan for each call.
fn session_defaults(statement: Duration, lock: Duration) -> String {
    format!(
        "SET default_transaction_isolation = 'read committed'; SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; SET client_min_messages = 'warning'; \
         SET plan_cache_mode = force_generic_plan",
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
