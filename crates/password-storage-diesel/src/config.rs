//! Where the data lies and how much of the machine the store may use.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::config::{Host, SslMode};

use crate::open::OpenError;

/// Where the data lies. Its `Debug` form shows no password.
///
/// | text | meaning |
/// | --- | --- |
/// | `sqlite://data/password.db` | a file; everything after `sqlite://` is its path, as it stands |
/// | `postgres://user:password@host:5432/name` | a PostgreSQL database; `postgresql://` is the same |
///
/// PostgreSQL takes the parameters of `tokio_postgres::Config` and these values of `sslmode`:
///
/// | `sslmode` | meaning |
/// | --- | --- |
/// | `disable` | no TLS |
/// | `allow` (default on this machine's own addresses and sockets) | TLS where the server insists; nobody listens in between but who owns the machine |
/// | `prefer` (default elsewhere) | TLS where the server offers it, without a look at its certificate: keeps out who listens, not who pretends |
/// | `require`, `verify-full` | TLS, with a certificate for this host that the operating system trusts |
///
/// A pooler between the two must pool sessions, not transactions: session settings and prepared statements last.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Place);

#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<Server>),
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) tls: Tls,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    Never,
    Insisted,
    Opportunistic,
    Verified,
}

impl DatabaseUrl {
    /// Reads a database URL.
    ///
    /// # Errors
    ///
    /// [`OpenError::Url`] where the text is none; it says what is wrong and repeats nothing.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            sqlite(path).map(Self)
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            postgres(text).map(Self)
        } else {
            Err(OpenError::Url("it must begin with sqlite:// or postgres://"))
        }
    }

    /// Tells whether the data lies in a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.0, Place::Sqlite(_))
    }

    /// Returns the SQLite file; `None` for PostgreSQL.
    pub fn sqlite_path(&self) -> Option<&std::path::Path> {
        match &self.0 {
            Place::Sqlite(path) => Some(path),
            Place::Postgres(_) => None,
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Place::Postgres(server) => {
                write!(f, "postgres://***/{}", server.config.get_dbname().unwrap_or_default())
            }
        }
    }
}

fn sqlite(path: &str) -> Result<Place, OpenError> {
    match path {
        "" => Err(OpenError::Url("a path must follow sqlite://")),
        // Every connection would have a database of its own.
        ":memory:" => {
            Err(OpenError::Url("a database in memory cannot be shared by connections; name a file"))
        }
        _ if path.contains('\0') => Err(OpenError::Url("a path holds no NUL")),
        _ => Ok(Place::Sqlite(PathBuf::from(path))),
    }
}

fn postgres(text: &str) -> Result<Place, OpenError> {
    let (base, query) = text.split_once('?').unwrap_or((text, ""));
    let mut tls = None;
    let mut others = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.strip_prefix("sslmode=") {
            Some("disable") => tls = Some(Tls::Never),
            Some("allow") => tls = Some(Tls::Insisted),
            Some("prefer") => tls = Some(Tls::Opportunistic),
            Some("require" | "verify-full") => tls = Some(Tls::Verified),
            Some(_) => {
                return Err(OpenError::Url("sslmode is disable, allow, prefer, require or verify-full"));
            }
            None => others.push(pair),
        }
    }
    let url = if others.is_empty() { base.to_owned() } else { format!("{base}?{}", others.join("&")) };
    // The parser's own error may repeat a part of the URL.
    let mut config: tokio_postgres::Config = url
        .parse()
        .map_err(|_| OpenError::Url("it cannot be read as postgres://user:password@host:port/name"))?;
    if config.get_hosts().is_empty() {
        return Err(OpenError::Url("it names no host"));
    }
    let tls = tls.unwrap_or(if is_local(&config) { Tls::Insisted } else { Tls::Opportunistic });
    config.ssl_mode(match tls {
        Tls::Never | Tls::Insisted => SslMode::Disable,
        Tls::Opportunistic => SslMode::Prefer,
        Tls::Verified => SslMode::Require,
    });
    if config.get_application_name().is_none() {
        config.application_name("password");
    }
    // There is no deadline on this side of a query: a peer that vanished is noticed by TCP alone.
    if !query.contains("keepalives") {
        config.keepalives_idle(Duration::from_secs(30));
        config.keepalives_interval(Duration::from_secs(10));
        config.keepalives_retries(3);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(30));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    Ok(Place::Postgres(Box::new(Server { config, tls })))
}

/// Tells whether nothing of the way to the server leaves this machine.
fn is_local(config: &tokio_postgres::Config) -> bool {
    // Where addresses are given, names are not looked up.
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// What a store is opened with.
#[derive(Clone, Debug)]
pub struct StorageConfig {
    /// Where the data lies.
    pub url: DatabaseUrl,
    /// How many connections to PostgreSQL there are at most; at least 1.
    pub connections: usize,
    /// How many connections read from SQLite at most; at least 1. There is always exactly one that writes, because
    /// SQLite has one writer at a time and is not fair among those who wait.
    pub readers: usize,
    /// How long a call waits for a connection before it answers that the store is unavailable.
    pub patience: Duration,
    /// How long PostgreSQL may work on one statement.
    pub statement_timeout: Duration,
    /// How long a statement may wait for another one's lock, and SQLite's writer for another process.
    pub lock_timeout: Duration,
}

impl StorageConfig {
    /// Returns a configuration that suits one server with few cores: hashing is its limit, not the database.
    pub fn new(url: DatabaseUrl) -> Self {
        Self {
            url,
            connections: 10,
            readers: 4,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(15),
            lock_timeout: Duration::from_secs(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(url: &str) -> Tls {
        match DatabaseUrl::parse(url).unwrap().0 {
            Place::Postgres(server) => server.tls,
            Place::Sqlite(_) => panic!("not PostgreSQL"),
        }
    }

    #[test]
    fn everything_after_the_scheme_is_the_path() {
        for (url, path) in [
            ("sqlite://data/password.db", "data/password.db"),
            ("sqlite:///var/lib/a b?c#d%20e.db", "/var/lib/a b?c#d%20e.db"),
        ] {
            assert_eq!(DatabaseUrl::parse(url).unwrap().sqlite_path(), Some(std::path::Path::new(path)));
        }
    }

    #[test]
    fn a_text_that_is_no_url_is_refused_without_being_repeated() {
        for bad in [
            "",
            "mysql://root:hunter2@host/db",
            "sqlite://",
            "sqlite://:memory:",
            "postgres://",
            "postgres://user:hunter2@host:port/db",
            "postgres://user:hunter2@host/db?sslmode=hunter2",
            "postgres://user:hunter2@host/db?hunter2=1",
        ] {
            let error = DatabaseUrl::parse(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{bad}: {error}");
        }
    }

    #[test]
    fn tls_is_taken_where_it_is_offered_unless_the_url_says_otherwise() {
        assert_eq!(tls("postgres://u@h/d"), Tls::Opportunistic);
        assert_eq!(tls("postgresql://u@h/d?sslmode=disable"), Tls::Never);
        assert_eq!(tls("postgres://u@h/d?connect_timeout=3&sslmode=verify-full"), Tls::Verified);
        assert_eq!(tls("postgres://u@h/d?sslmode=require"), Tls::Verified);
        assert_eq!(tls("postgres://u@h/d?sslmode=allow"), Tls::Insisted);
    }

    #[test]
    fn on_this_machine_tls_is_taken_where_the_server_insists() {
        for local in [
            "postgres://u@localhost/d",
            "postgres://u@127.0.0.1:5433/d",
            "postgres://u@127.9.9.9,localhost/d",
            "postgres://u@[::1]/d",
            "postgres://u@%2Fvar%2Frun%2Fpostgresql/d",
            "postgres://u@db.example/d?hostaddr=127.0.0.1",
        ] {
            assert_eq!(tls(local), Tls::Insisted, "{local}");
        }
        for remote in [
            "postgres://u@localhost.example/d",
            "postgres://u@192.0.2.1/d",
            "postgres://u@localhost,db.example/d",
            "postgres://u@localhost/d?hostaddr=192.0.2.1",
        ] {
            assert_eq!(tls(remote), Tls::Opportunistic, "{remote}");
        }
        assert_eq!(tls("postgres://u@localhost/d?sslmode=prefer"), Tls::Opportunistic);
        assert_eq!(tls("postgres://u@localhost/d?sslmode=require"), Tls::Verified);
    }

    #[test]
    fn a_password_is_not_printed() {
        let url = DatabaseUrl::parse("postgres://u:hunter2@h/d").unwrap();
        assert!(!format!("{url:?} {:?}", StorageConfig::new(url.clone())).contains("hunter2"));
    }
}
