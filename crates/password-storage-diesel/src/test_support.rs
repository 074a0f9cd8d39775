//! A fresh PostgreSQL database for one test.
//!
//! The server is the one of `TEST_POSTGRES_URL`, or the one that answers on the loopback address. Where none does, a
//! test is skipped aloud, unless `REQUIRE_SERVICES=1` says that it must not be.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

const DEFAULT_SERVER: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// An empty database that lives as long as this value.
#[derive(Debug)]
pub struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    /// Creates a database; `None` where there is no server to create it on.
    ///
    /// # Panics
    ///
    /// Where the server of `TEST_POSTGRES_URL` cannot be used, or `REQUIRE_SERVICES=1` and there is none.
    #[allow(
        clippy::print_stderr,
        clippy::panic,
        reason = "a skipped test must be seen, a broken one must fail"
    )]
    pub async fn create() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let given = std::env::var("TEST_POSTGRES_URL").ok();
        let required = given.is_some() || std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1");
        let server = given.unwrap_or_else(|| DEFAULT_SERVER.to_owned());
        let admin = match connect(&server).await {
            Ok(admin) => admin,
            Err(error) if required => panic!("PostgreSQL is required and does not answer: {error}"),
            Err(_) => {
                eprintln!("skipped: no PostgreSQL");
                return None;
            }
        };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("password_test_{}_{}_{count}", std::process::id(), now.as_nanos());
        // template0: nobody is ever connected to it, so any number of tests can copy it at once.
        let created =
            admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
        if let Err(error) = created {
            panic!("no test database could be created: {error}");
        }
        Some(Self { server, name })
    }

    /// Returns the URL of the database, without TLS.
    pub fn url(&self) -> String {
        let (base, _) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
        format!("{base}/{}?sslmode=disable", self.name)
    }

    /// Runs statements in the database, as somebody beside the store under test.
    ///
    /// # Panics
    ///
    /// Where they fail.
    #[allow(clippy::panic, reason = "a broken test must fail")]
    pub async fn execute(&self, statements: &str) {
        let outcome = match connect(&self.url()).await {
            Ok(client) => client.batch_execute(statements).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            panic!("{statements}: {error}");
        }
    }

    /// Tells whether the server offers TLS; `false` where it cannot be asked.
    pub async fn offers_tls(&self) -> bool {
        let Ok(client) = connect(&self.url()).await else { return false };
        let answer = client.query_one("SHOW ssl", &[]).await;
        answer.and_then(|row| row.try_get::<_, String>(0)).is_ok_and(|value| value == "on")
    }

    /// Ends every other connection to the database, as a restart of the server would.
    pub async fn cut_connections(&self) {
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own: the test's runtime cannot be waited for from here. FORCE ends what is still connected.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let admin = connect(&server).await.ok()?;
                admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.ok()
            })
        });
        // What cannot be dropped now is litter, not a failure.
        let _ = dropping.join();
    }
}

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config: tokio_postgres::Config = url.parse()?;
    config.connect_timeout(std::time::Duration::from_secs(5));
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
