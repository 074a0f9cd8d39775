//! The password server: configuration, command line and wiring.
//!
//! The only crate that knows all others. It reads what an operator sets, puts the adapters behind the domain's ports, and
//! either serves or does one thing and ends.
//!
//! | module | what |
//! | --- | --- |
//! | `cli` | the command line, as it is typed |
//! | `config` | what an operator sets, and what is wrong with it |
//! | `secret_file` | the secret that is created beside a SQLite database |
//! | `house` | the wiring: every adapter behind its port |
//! | `commands` | what an operator does: accounts, sessions, keys, clients, migrations |
//! | `serve` | the server: HTTP, the outbox's workers, housekeeping, and how all of it ends |
//! | `demo` | everything embedded in a temporary folder, with a local inbox |
//! | `out`, `failure`, `log` | what is printed, and where |
//!
//! # What never belongs here
//!
//! A rule of the business, a query, a route of an API. A command calls use cases, like any dialect.
//!
//! # How to add a command
//!
//! A variant in `cli`, a function in `commands` that takes the wired [`House`](house::House), a case in
//! `commands::run`, and a test in `tests/`. Standard output gets only the value that was asked for.

pub mod cli;
pub mod commands;
pub mod config;
pub mod demo;
pub mod failure;
pub mod house;
pub mod log;
pub mod out;
pub mod secret_file;
pub mod serve;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// Runs one command. Exits with 0, with 1 where it was refused or something was not found, with 2 where the command
/// line is none.
pub fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.text().is_empty() {
                out::note(format_args!("server: {}", failure.text()));
            }
            ExitCode::FAILURE
        }
    }
}
