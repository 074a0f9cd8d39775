//! Every storage port, on SQLite (embedded) and on PostgreSQL.
//!
//! [`open`] takes a URL and returns a [`Storage`]: one implementation of each port, and migration, sign of life and
//! closing beside them.
//!
//! ```no_run
//! use password_storage_diesel::{DatabaseUrl, StorageConfig, open};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let config = StorageConfig::new(DatabaseUrl::parse("sqlite://data/password.db")?);
//! let storage = open(&config).await?;
//! storage.migrate().await?;
//! let clients = storage.clients.list().await?; // each field is a port
//! # drop(clients); Ok(())
//! # }
//! ```
//!
//! # What belongs here
//!
//! Tables, queries, transactions, connections, and the way from rows to the domain's values. A port's file here has
//! the port's name: `ports/reset_store.rs` is implemented in `ops/reset_store.rs`. What never belongs here: a rule of
//! the domain, a clock (every port is told the time), a secret in clear (ports see digests only).
//!
//! # Why there are twin modules
//!
//! diesel's queries are typed by their backend, and upserts or batches cannot be named generically. So the files under
//! `ops/` are compiled twice, by `#[path]`, once inside `sqlite` and once inside `pg`; they say `Conn` and mean the one
//! or the other. Every query is checked against both backends, errors name concrete types, and nothing is dispatched
//! at run time. What the databases do differently (row locks, how a transaction begins, opening) lies in `sqlite.rs`
//! and `pg.rs` and the folders beside them, under the same names.
//!
//! # How to add a query
//!
//! Add the method to the port and its contract suite, the query to the port's file in `ops/`: a pure read with
//! `Store::read`, one statement that writes with `Store::write_one`, everything else with `Store::write`, as one closure
//! that may run more than once. Guard every write in its own WHERE clause. What diesel would prepare for each call
//! (UPDATEs, upserts, short lists) goes through `Prepared`. What comes by the thousand is a kind of question that takes
//! any number at once (`ops::Kinds`): PostgreSQL answers those that are asked at the same moment by one statement
//! (`work/together.rs`). A new column also needs `schema.rs`, `rows.rs` and both trees of `migrations/`.
//!
//! # How transactions are isolated
//!
//! SQLite has one writer, and every write is an immediate transaction; those that wait for it are committed together
//! (`sqlite/writer.rs`). PostgreSQL runs read committed: every write is guarded by the statement that makes it, or stands
//! behind a row lock of the account, so a stronger level would add retries and no safety. Deadlocks and busy databases
//! are tried again, with jitter.

pub mod config;
mod error;
mod open;
mod pg;
mod prepared;
mod rows;
mod schema;
mod sqlite;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod test_support;
mod tls;
mod work;

pub use config::{DatabaseUrl, StorageConfig};
pub use open::{OpenError, Storage, open};
