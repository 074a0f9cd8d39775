//! The wiring: every adapter behind its port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use password_domain::ports::{DeliveryError, Mailer, Message, Ports, StoreError, TokenSource};
use password_domain::settings::Settings;
use password_domain::use_cases::UseCases;
use password_hasher_argon2::{Argon2Hasher, HistoryKeys};
use password_session_jwt::{JwtAccessTokens, JwtConfig, KeyedTokens, derive};
use password_storage_diesel::{DatabaseUrl, Storage, StorageConfig, open};
use zeroize::Zeroizing;

use crate::config::{Config, Secret};
use crate::failure::Failure;
use crate::log::{SystemClock, TracingEvents};
use crate::{out, secret_file};

/// Who issues access tokens. Never changes: tokens of another issuer are refused.
const ISSUER: &str = "password-server";

/// Labels of the keys that are derived from the secret. Never change: what was made under them would be lost.
const HISTORY_KEY: &str = "history";
const TOKEN_KEY: &str = "tokens";
const ACCESS_TOKEN_KEY: &str = "access-tokens";

/// How long `serve` waits for a database that does not answer yet: in a set of containers it often starts last.
const PATIENCE: u32 = 30;

/// What the house is wired for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// One command: a single hashing worker, and mails are left to the server.
    Command,
    /// Serving.
    Serve,
}

/// Every use case, and the few things that are used without one.
pub struct House {
    /// Everything that can be done.
    pub use_cases: UseCases,
    /// The database.
    pub storage: Storage,
    /// Mints and digests tokens.
    pub tokens: Arc<dyn TokenSource>,
    /// Hashes; here to be counted.
    pub hasher: Arc<Argon2Hasher>,
}

impl House {
    /// Opens the database, which must be migrated, and puts every adapter behind its port.
    ///
    /// # Errors
    ///
    /// [`Failure`] saying what is missing.
    pub async fn open(config: &Config, purpose: Purpose) -> Result<Self, Failure> {
        let url = config.database()?;
        let storage = open_storage(&url).await?;
        require_migrated(&storage, purpose).await?;
        let secret = secret(config, &url)?;
        let keys = Keys { current: &secret, previous: &config.previous_secrets };

        let mut hashing = config.hashing.clone();
        if purpose == Purpose::Command {
            // Commands hash one password after the other; memory for more workers would lie idle.
            hashing.workers = Some(1);
        }
        let (current, previous) = keys.labelled(HISTORY_KEY);
        let hasher = Arc::new(Argon2Hasher::new(hashing.hasher(HistoryKeys::new(current, previous)))?);
        let (current, previous) = keys.labelled(TOKEN_KEY);
        let tokens: Arc<dyn TokenSource> = Arc::new(KeyedTokens::new(current, previous));
        let (current, previous) = keys.labelled(ACCESS_TOKEN_KEY);
        let access_tokens = JwtAccessTokens::new(JwtConfig { current, previous, issuer: ISSUER.to_owned() });
        let mailer: Arc<dyn Mailer> = match (purpose, config.mail.mailer(&config.public_url, &config.brand)) {
            (Purpose::Serve, Some(mail)) => password_mailer_smtp::mailer(mail)?,
            _ => Arc::new(LeftToTheServer),
        };

        let ports = Ports {
            accounts: storage.accounts.clone(),
            account_admin: storage.account_admin.clone(),
            credentials: storage.credentials.clone(),
            holders: storage.holders.clone(),
            resets: storage.resets.clone(),
            sessions: storage.sessions.clone(),
            outbox: storage.outbox.clone(),
            attempts: storage.attempts.clone(),
            housekeeping: storage.housekeeping.clone(),
            hasher: hasher.clone(),
            mailer,
            access_tokens: Arc::new(access_tokens),
            tokens: tokens.clone(),
            clock: Arc::new(SystemClock),
            events: Arc::new(TracingEvents),
        };
        Ok(Self { use_cases: UseCases::new(ports, settings(config)?), storage, tokens, hasher })
    }
}

/// Opens the database, migrated or not.
///
/// # Errors
///
/// [`Failure`] where it cannot be opened.
pub async fn open_storage(url: &DatabaseUrl) -> Result<Storage, Failure> {
    Ok(open(&StorageConfig::new(url.clone())).await?)
}

async fn require_migrated(storage: &Storage, purpose: Purpose) -> Result<(), Failure> {
    let mut tries = if purpose == Purpose::Serve { PATIENCE } else { 1 };
    let pending = loop {
        tries -= 1;
        match storage.pending_migrations().await {
            Err(error @ StoreError::Unavailable(_)) if tries > 0 => {
                tracing::warn!(error = %crate::failure::with_causes(&error), "waiting for the database");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            result => break result?,
        }
    };
    if pending.is_empty() {
        Ok(())
    } else {
        Err(Failure::new("the database is not migrated; run `server migrate` first"))
    }
}

/// Returns what the use cases need to know.
///
/// # Errors
///
/// [`Failure`] where a list of common passwords cannot be read.
fn settings(config: &Config) -> Result<Settings, Failure> {
    let policies = config.policies.resolved();
    let common = config
        .common_passwords
        .load()
        .map_err(|(path, error)| Failure::new(format!("{} can't be read: {error}", path.display())))?;
    Ok(Settings {
        realms: config.realms.settings(&policies),
        policies,
        common,
        limits: config.limits.settings(),
        reveal_unknown_accounts: config.privacy.reveal_unknown_accounts,
    })
}

/// Returns the configured secret, or the one beside a SQLite database, which is created where there is none.
fn secret(config: &Config, url: &DatabaseUrl) -> Result<Secret, Failure> {
    if let Some(secret) = &config.secret {
        return Ok(secret.clone());
    }
    let database = url.sqlite_path().ok_or_else(|| Failure::new("with PostgreSQL a secret must be given"))?;
    let path = secret_file::beside(database);
    let found = secret_file::read_or_create(database)
        .map_err(|error| Failure::new(format!("the secret {}: {error}", path.display())))?;
    if found.created {
        out::note(format_args!(
            "server: created the secret {}; keep a copy of it, apart from copies of the database",
            path.display()
        ));
    }
    Ok(found.secret)
}

type Key = Zeroizing<[u8; 32]>;

struct Keys<'a> {
    current: &'a Secret,
    previous: &'a [Secret],
}

impl Keys<'_> {
    fn labelled(&self, label: &str) -> (Key, Vec<Key>) {
        let key = |secret: &Secret| derive(secret.expose().as_bytes(), label);
        (key(self.current), self.previous.iter().map(key).collect())
    }
}

/// The mailer of a command: what it queues is delivered by the server.
struct LeftToTheServer;

#[async_trait]
impl Mailer for LeftToTheServer {
    async fn deliver(&self, _message: &Message) -> Result<(), DeliveryError> {
        Err(DeliveryError::Postponed("a command delivers no mail".into()))
    }
}
