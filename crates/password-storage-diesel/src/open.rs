//! Opening a database, and what an open one is.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use password_domain::ports::{
    AccountAdmin, Accounts, ApiKeyStore, AttemptStore, ClientStore, CredentialStore, Holders, Housekeeping,
    Outbox, ResetStore, SessionStore, StoreError,
};

use crate::config::{Place, StorageConfig};
use crate::{pg, sqlite};

/// The reason why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database URL cannot be used.
    #[error("the database URL is not right: {0}")]
    Url(&'static str),
    /// The SQLite file or its folder cannot be created or read.
    #[error("the database file {0:?} cannot be opened")]
    File(PathBuf, #[source] std::io::Error),
    /// The SQLite library is one that can lose data.
    #[error("SQLite {found} is too old; {needed} is the first without the WAL-reset defect")]
    OldSqlite {
        /// The version that was found.
        found: String,
        /// The first version that will do.
        needed: &'static str,
    },
    /// TLS cannot be set up.
    #[error("TLS to the database cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The threads of the store could not be started.
    #[error("the store could not be started: {0}")]
    Start(String),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a database offers beside its ports.
#[async_trait]
pub(crate) trait Maintenance: Send + Sync {
    async fn migrate(&self) -> Result<Vec<String>, StoreError>;
    async fn pending_migrations(&self) -> Result<Vec<String>, StoreError>;
    async fn note_growth(&self) -> Result<(), StoreError>;
    async fn ping(&self) -> Result<(), StoreError>;
    async fn close(&self);
}

/// An open database: an implementation of every storage port. Clones share it.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is the port that its type names")]
pub struct Storage {
    pub accounts: Arc<dyn Accounts>,
    pub account_admin: Arc<dyn AccountAdmin>,
    pub credentials: Arc<dyn CredentialStore>,
    pub holders: Arc<dyn Holders>,
    pub resets: Arc<dyn ResetStore>,
    pub sessions: Arc<dyn SessionStore>,
    pub outbox: Arc<dyn Outbox>,
    pub attempts: Arc<dyn AttemptStore>,
    pub api_keys: Arc<dyn ApiKeyStore>,
    pub clients: Arc<dyn ClientStore>,
    pub housekeeping: Arc<dyn Housekeeping>,
    maintenance: Arc<dyn Maintenance>,
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage").finish_non_exhaustive()
    }
}

impl Storage {
    fn of<S>(store: Arc<S>) -> Self
    where
        S: Accounts
            + AccountAdmin
            + CredentialStore
            + Holders
            + ResetStore
            + SessionStore
            + Outbox
            + AttemptStore
            + ApiKeyStore
            + ClientStore
            + Housekeeping
            + Maintenance
            + 'static,
    {
        Self {
            accounts: store.clone(),
            account_admin: store.clone(),
            credentials: store.clone(),
            holders: store.clone(),
            resets: store.clone(),
            sessions: store.clone(),
            outbox: store.clone(),
            attempts: store.clone(),
            api_keys: store.clone(),
            clients: store.clone(),
            housekeeping: store.clone(),
            maintenance: store,
        }
    }

    /// Applies what is pending of the migrations, all of it or nothing; any number of servers may do so at once.
    /// Returns the names of those that were applied, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the database refuses; then nothing was applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.maintenance.migrate().await
    }

    /// Returns the names of the migrations that are not applied yet, in order. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the database cannot answer.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.maintenance.pending_migrations().await
    }

    /// Tells the database that much was added, so that nobody goes on looking for rows as one would in small tables.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the database refuses; in time it notices by itself.
    pub async fn note_growth(&self) -> Result<(), StoreError> {
        self.maintenance.note_growth().await
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it gives none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.maintenance.ping().await
    }

    /// Closes the database, after a while for work that was begun. Every later call is answered with
    /// [`StoreError::Unavailable`].
    pub async fn close(&self) {
        self.maintenance.close().await;
    }
}

/// Opens a database. It need not be migrated, and PostgreSQL need not be there yet: a call that cannot reach it is
/// answered with [`StoreError::Unavailable`], and the next one tries again.
///
/// A SQLite file that does not exist is created with mode 0600, and its folder with it.
///
/// # Errors
///
/// [`OpenError`] where the configuration cannot be right or the file cannot be opened.
pub async fn open(config: &StorageConfig) -> Result<Storage, OpenError> {
    match &config.url.0 {
        Place::Sqlite(path) => {
            sqlite::Store::open(path, config).await.map(|store| Storage::of(Arc::new(store)))
        }
        Place::Postgres(server) => pg::Store::open(server, config).map(|store| Storage::of(Arc::new(store))),
    }
}
