//! The real binary, a real database, real mail: the contract, tested from outside.
//!
//! The cast: a [`Server`] is one process of the binary with a database and a mail folder of its own, gone when it is
//! dropped; a [`Reply`] is what came back; [`Mail`] is what lies in the mail folder; a [`Browser`] is Chromium, looking at
//! the pages. [`on_each_database!`] runs a test on SQLite and on PostgreSQL. Tests need the binary in the target folder,
//! where `cargo test --workspace` puts it.
//!
//! A test that needs PostgreSQL looks for it at `TEST_POSTGRES_URL`, else on the loopback address. Where there is none it
//! says that it was skipped; with `REQUIRE_SERVICES=1` that is a failure.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "all of this package is a test"
)]

mod browser;
mod client;
mod database;
mod mail;
mod server;

pub use browser::{Axe, Browser, Look, compress};
pub use client::{Reply, bytes, form, json, multipart, raw};
pub use database::{Backend, Database, run_psql};
pub use mail::Mail;
pub use server::{Options, Server};

/// Defines a module with the same test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$attribute:meta])* fn $name:ident($backend:ident) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "a short test may need little")]
                use super::*;
                fn body($backend: $crate::Backend) $body
                $(#[$attribute])*
                #[test]
                fn on_sqlite() {
                    body($crate::Backend::Sqlite);
                }
                $(#[$attribute])*
                #[test]
                fn on_postgresql() {
                    if $crate::Backend::postgresql_is_there() {
                        body($crate::Backend::Postgresql);
                    }
                }
            }
        )*
    };
}

/// Asks again and again until there is an answer, for 20 seconds at most.
///
/// # Panics
///
/// Where there is none by then.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(std::time::Instant::now() < end, "not within 20 seconds: {what}");
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
}
