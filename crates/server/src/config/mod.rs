//! What an operator sets: one TOML file, with the environment over it.
//!
//! Each section has a file of its own, its validation beside it. To add a key: a field with its default in the section's
//! struct, a line in `default.toml` (a test compares the two), a line in `env::KEYS`, and whatever can be wrong with it
//! in the section's `check`. Everything that is wrong is told at once, and no message holds a secret.

mod brand;
mod common;
mod env;
mod hashing;
mod http;
mod limits;
mod log;
mod mail;
mod pages;
mod problem;
mod realms;
mod secret;
mod units;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use password_storage_diesel::{DatabaseUrl, OpenError};
use serde::Deserialize;
use toml::Table;
use url::Url;

pub use brand::Brand;
pub use common::CommonPasswords;
pub use hashing::Hashing;
pub use http::Http;
pub use limits::Limits;
pub use log::{Format, Level, Log};
pub use mail::{Mail, Transport};
pub use pages::Pages;
pub use problem::{ConfigError, Problem};
pub use realms::{Policies, Realm, Realms};
pub use secret::Secret;
pub(crate) use secret::without_newline;
pub use units::{Size, Span};

use problem::Problems;

/// The file that is read where none is named and this one exists.
const DEFAULT_FILE: &str = "server.toml";

/// Every key with its default and what it means, as a configuration file.
pub const DEFAULT_TOML: &str = include_str!("default.toml");

/// Fewer bytes could be guessed.
const LEAST_SECRET: usize = 32;

/// Everything that an operator sets.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach the service; links are built from it alone.
    pub public_url: Url,
    /// The database: `sqlite://PATH` or `postgres://…`.
    pub database_url: Secret,
    /// A file with `database_url`.
    pub database_url_file: Option<PathBuf>,
    /// What every key is derived from.
    pub secret: Option<Secret>,
    /// A file with `secret`.
    pub secret_file: Option<PathBuf>,
    /// Earlier secrets, which still verify.
    #[serde(deserialize_with = "secret::secrets")]
    pub previous_secrets: Vec<Secret>,
    /// A file with `previous_secrets`, one a line.
    pub previous_secrets_file: Option<PathBuf>,
    /// How the service is reached.
    pub http: Http,
    /// How the service shows itself.
    pub brand: Brand,
    /// What the hosted pages are made of.
    pub pages: Pages,
    /// How mails leave.
    pub mail: Mail,
    /// What hashing costs.
    pub hashing: Hashing,
    /// The kinds of account.
    pub realms: Realms,
    /// Policies beside and over the built-in ones.
    pub policies: Policies,
    /// What strangers may learn.
    pub privacy: Privacy,
    /// How often somebody may guess.
    pub limits: Limits,
    /// What everybody would try first.
    pub common_passwords: CommonPasswords,
    /// What is logged.
    pub log: Log,
}

/// `[privacy]`: what strangers may learn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// Whether a dialect that can tell an unknown account may do so.
    pub reveal_unknown_accounts: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { reveal_unknown_accounts: true }
    }
}

impl Default for Config {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            listen,
            public_url: local_url(listen),
            database_url: Secret::new("sqlite://data/password.db"),
            database_url_file: None,
            secret: None,
            secret_file: None,
            previous_secrets: Vec::new(),
            previous_secrets_file: None,
            http: Http::default(),
            brand: Brand::default(),
            pages: Pages::default(),
            mail: Mail::default(),
            hashing: Hashing::default(),
            realms: Realms::default(),
            policies: Policies::default(),
            privacy: Privacy::default(),
            limits: Limits::default(),
            common_passwords: CommonPasswords::default(),
            log: Log::default(),
        }
    }
}

/// Returns the URL under which an address answers on the same machine.
#[allow(clippy::expect_used, reason = "a socket address always makes a URL")]
pub(crate) fn local_url(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}")).expect("a socket address makes a URL")
}

/// A configuration and what its operator should know about it.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// What is odd but no error.
    pub warnings: Vec<String>,
}

impl Config {
    /// Reads the named file, or `server.toml` where none is named and it exists, and the environment over it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming file and line, variable or key.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Loaded, ConfigError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && file.is_none() => String::new(),
            Err(source) => return Err(ConfigError::Read { path: path.display().to_string(), source }),
        };
        Self::read(&path.display().to_string(), &text, environment)
    }

    fn read(
        name: &str,
        text: &str,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Loaded, ConfigError> {
        let in_file = |error: toml::de::Error| {
            let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
            let place = line.map_or_else(|| name.to_owned(), |line| format!("{name}, line {line}"));
            // Not the error's own text, which quotes the line and with it perhaps a secret.
            ConfigError::Syntax { place, message: error.message().to_owned() }
        };
        // The file alone first: only then is it known which line is wrong.
        let alone: Self = toml::from_str(text).map_err(in_file)?;
        alone.check_pairs()?;
        let (overrides, warnings) =
            env::overrides(environment).map_err(|(place, message)| ConfigError::Syntax { place, message })?;
        let mut table: Table = toml::from_str(text).map_err(in_file)?;
        let mut config = alone;
        for found in overrides {
            let place = found.name.clone();
            let in_variable = |message| ConfigError::Syntax { place, message };
            let applied = found.apply(&mut table);
            match applied.and_then(|()| Self::deserialize(table.clone()).map_err(|e| e.message().to_owned()))
            {
                Ok(read) => config = read,
                Err(message) => return Err(in_variable(message)),
            }
        }
        config.check_pairs()?;
        config.read_files()?;
        config.check()?;
        Ok(Loaded { config, warnings })
    }

    /// Refuses a value that is given both directly and by a file.
    fn check_pairs(&self) -> Result<(), ConfigError> {
        let mut problems = Problems::default();
        for (key, direct, file) in [
            ("secret", self.secret.is_some(), &self.secret_file),
            ("previous_secrets", !self.previous_secrets.is_empty(), &self.previous_secrets_file),
            ("database_url", self.database_url != Self::default().database_url, &self.database_url_file),
            ("mail.smtp_url", self.mail.smtp_url.is_some(), &self.mail.smtp_url_file),
        ] {
            problems.require(
                !direct || file.is_none(),
                key,
                &format!("{key} and {key}_file exclude each other"),
            );
        }
        finish(problems)
    }

    /// Replaces every `…_file` by what the file holds.
    fn read_files(&mut self) -> Result<(), ConfigError> {
        let read = |file: Option<PathBuf>| {
            file.map(|path| {
                Secret::from_file(&path)
                    .map_err(|source| ConfigError::Read { path: path.display().to_string(), source })
            })
            .transpose()
        };
        if let Some(secret) = read(self.secret_file.take())? {
            self.secret = Some(secret);
        }
        if let Some(secrets) = read(self.previous_secrets_file.take())? {
            self.previous_secrets = secrets.expose().lines().map(Secret::new).collect();
        }
        if let Some(url) = read(self.database_url_file.take())? {
            self.database_url = url;
        }
        if let Some(url) = read(self.mail.smtp_url_file.take())? {
            self.mail.smtp_url = Some(url);
        }
        Ok(())
    }

    /// Checks what every command stands on.
    fn check(&self) -> Result<(), ConfigError> {
        let mut problems = Problems::default();
        let url = &self.public_url;
        problems.require(
            matches!(url.scheme(), "http" | "https")
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none(),
            "public_url",
            "it must be an http:// or https:// URL without query, fragment, user and password",
        );
        let database = self.database();
        if let Err(error) = &database {
            problems.add("database_url", error.to_string());
        }
        let long = |secret: &Secret| secret.expose().len() >= LEAST_SECRET;
        problems.require(self.secret.as_ref().is_none_or(long), "secret", "it must have at least 32 bytes");
        problems.require(
            self.previous_secrets.iter().all(long),
            "previous_secrets",
            "each must have at least 32 bytes",
        );
        problems.require(
            self.secret.is_some() || database.is_err() || database.is_ok_and(|url| url.is_sqlite()),
            "secret",
            "with PostgreSQL it must be given: at least 32 random bytes, the same for every server",
        );
        self.http.check(&mut problems);
        self.brand.check(&mut problems);
        self.hashing.check(&mut problems);
        self.policies.check(&mut problems);
        self.realms.check(&self.policies, &mut problems);
        self.limits.check(&mut problems);
        finish(problems)
    }

    /// Checks what only `serve` needs. Returns what is odd but no error.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] with all that is missing.
    pub fn check_for_serve(&self) -> Result<Vec<String>, ConfigError> {
        let (mut problems, mut warnings) = (Problems::default(), Vec::new());
        self.mail.check_for_serve(&self.public_url, &self.brand, &mut problems, &mut warnings);
        if !self.listen.ip().is_loopback() && self.public_url.scheme() == "http" {
            warnings.push("public_url is http://: passwords and reset links travel in clear".to_owned());
        }
        if !self.limits.enabled {
            warnings.push("limits.enabled is false: anybody may guess as often as they like".to_owned());
        }
        if self.hashing.allow_weak {
            warnings.push("hashing.allow_weak is true, which is for tests only".to_owned());
        }
        finish(problems)?;
        Ok(warnings)
    }

    /// Reads the database's URL.
    ///
    /// # Errors
    ///
    /// [`OpenError::Url`] where it is none.
    pub fn database(&self) -> Result<DatabaseUrl, OpenError> {
        DatabaseUrl::parse(self.database_url.expose())
    }
}

fn finish(problems: Problems) -> Result<(), ConfigError> {
    if problems.0.is_empty() { Ok(()) } else { Err(ConfigError::Invalid(problems.0)) }
}

#[cfg(test)]
mod tests;
