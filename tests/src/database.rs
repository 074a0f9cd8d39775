use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a temporary folder.
    Sqlite,
    /// A database of its own on a running server.
    Postgresql,
}

impl Backend {
    /// Tells whether there is a PostgreSQL server to test with, and says so where there is none.
    ///
    /// # Panics
    ///
    /// Where there is none and `REQUIRE_SERVICES` is `1`.
    pub fn postgresql_is_there() -> bool {
        let there = psql("select 1").is_ok();
        let required = std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1");
        assert!(there || !required, "no PostgreSQL, and REQUIRE_SERVICES=1");
        if !there {
            eprintln!("skipped: no PostgreSQL at {}", admin_url());
        }
        there
    }

    /// Makes a new, empty database. `folder` is where an embedded one lies.
    ///
    /// # Panics
    ///
    /// Where it cannot.
    pub fn create(self, folder: &Path) -> Database {
        match self {
            Self::Sqlite => {
                Database { url: format!("sqlite://{}", folder.join("password.db").display()), drop: None }
            }
            Self::Postgresql => {
                static COUNT: AtomicU32 = AtomicU32::new(0);
                let name =
                    format!("acceptance_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
                psql(&format!("drop database if exists {name}")).expect("no leftover is in the way");
                psql(&format!("create database {name}")).expect("a database is created");
                let (server, _) = admin_url_parts();
                Database { url: format!("{server}/{name}"), drop: Some(name) }
            }
        }
    }
}

/// A database that goes away with its test.
#[derive(Debug)]
pub struct Database {
    /// How the server reaches it.
    pub url: String,
    drop: Option<String>,
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.drop
            && let Err(error) = psql(&format!("drop database if exists {name} with (force)"))
        {
            eprintln!("the database {name} is left behind: {error}");
        }
    }
}

fn admin_url() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

fn admin_url_parts() -> (String, String) {
    let url = admin_url();
    let (server, name) = url.rsplit_once('/').expect("the URL names a database");
    (server.to_owned(), name.to_owned())
}

/// Runs one statement on the server's administrative database.
fn psql(statement: &str) -> Result<String, String> {
    run_psql(&admin_url(), statement)
}

/// Runs one statement on a PostgreSQL database and returns the rows, without headings.
///
/// # Errors
///
/// What `psql` says where the statement fails, or that there is no `psql`.
pub fn run_psql(url: &str, statement: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1"])
        .args(["--dbname", url, "--command", statement])
        .env("PGCONNECT_TIMEOUT", "5")
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

impl Database {
    /// Returns another handle to a database that somebody else drops.
    pub fn shared(other: &Self) -> Self {
        Self { url: other.url.clone(), drop: None }
    }

    /// Returns everything that the database stores, as one heap of bytes, for searching.
    ///
    /// # Panics
    ///
    /// Where it cannot be read.
    pub fn dump(&self) -> Vec<u8> {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut all = Vec::new();
                for suffix in ["", "-wal", "-shm"] {
                    all.extend(std::fs::read(format!("{path}{suffix}")).unwrap_or_default());
                }
                assert!(!all.is_empty(), "the database file is there");
                all
            }
            None => {
                let output =
                    Command::new("pg_dump").args(["--inserts", &self.url]).output().expect("pg_dump runs");
                assert!(output.status.success(), "pg_dump succeeds");
                output.stdout
            }
        }
    }
}
