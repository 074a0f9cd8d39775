//! How fast the real server is: each operation under load, against what the machine can hash.
//!
//! Starts the release build on SQLite and on PostgreSQL with the default cost of Argon2, real sessions, mails and
//! commits, and drives each operation with 1, 8 and 64 clients. Argon2 is meant to cost; everything else should cost nothing, so
//! the figure to look at is the ratio: evaluations a second that the server answered with, against hashes a second that
//! the same machine makes at the same moment doing nothing else. `--help` lists what can be chosen.
//!
//! | file | what |
//! | --- | --- |
//! | `client` | one connection |
//! | `drive` | many clients, and what became of their requests |
//! | `operation`, `supply`, `site` | what is sent, and what must be prepared for it |
//! | `measure`, `scenario` | what is measured |
//! | `machine` | raw hashing, and the system's books |
//! | `report` | the tables |
//! | `interrupt` | stopping early, with nothing left behind |

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers: what is missing ends it"
)]

mod client;
mod drive;
mod interrupt;
mod machine;
mod measure;
mod operation;
mod options;
mod report;
mod scenario;
mod server;
mod site;
mod supply;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde_json::json;

use crate::machine::{RawHashing, processors};
use crate::measure::Effort;
use crate::operation::Operation;
use crate::options::{Database, Options};
use crate::report::{Evaluations, Findings};
use crate::site::Site;
use crate::supply::Supply;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("load: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything. Returns whether every answer and every count was right.
fn run(options: &Options) -> Result<bool, String> {
    let (operations, databases) = (options.operations()?, options.databases()?);
    let server = server::options(options)?;
    interrupt::listen().map_err(|error| error.to_string())?;
    let selected =
        argon2_engine::select(options.engine.unwrap_or_default()).map_err(|error| error.to_string())?;
    let effort = Effort {
        time: Duration::from_secs(options.seconds),
        requests: usize::try_from(options.requests).map_err(|error| error.to_string())?,
    };
    let mut raw = RawHashing::new(selected.engine, effort.burst());
    println!(
        "{0} processors, engine {1}, {2:.1} raw hashes a second (Argon2id, 19 MiB, 2 passes). CPU: processors kept busy. \
         p99/p50 and ratio: medians of rounds. Ratio: evaluations a second against raw hashes a second of all processors; one client keeps one of {0} busy.\n",
        processors(),
        raw.engine(),
        raw.latest()
    );
    let (mut right, mut all) = (true, Vec::new());
    for database in databases {
        let findings = measure(database, &operations, options, &server, effort, &mut raw)?;
        println!("{}", findings.markdown());
        for error in findings.complaints() {
            eprintln!("load: {error}");
        }
        right &= findings.complaints().is_empty();
        all.push(findings.json());
    }
    if let Some(path) = &options.json {
        let text = json!({"processors": processors(), "engine": raw.engine(), "databases": all});
        std::fs::write(path, format!("{text:#}\n"))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(right)
}

fn measure(
    database: Database,
    operations: &[Operation],
    options: &Options,
    server: &acceptance::Options,
    effort: Effort,
    raw: &mut RawHashing,
) -> Result<Findings, String> {
    let mut site = Site::start(database, server, raw);
    let most = options.clients.iter().max().map_or(1, |&clients| clients as usize);
    let (mut cells, mut light) = (Vec::new(), None);
    for &operation in operations {
        if operation == Operation::FirstAnswer {
            continue;
        }
        eprintln!("load: {}: {}", database.label(), operation.label());
        if operation == Operation::LightRequests {
            light = Some(scenario::light_requests(effort, &mut site, raw)?);
            continue;
        }
        let mut supply = Supply::new(operation, &mut site, most)?;
        for &clients in &options.clients {
            cells.push(measure::cell(operation, &mut supply, clients as usize, effort, &mut site, raw)?);
        }
    }
    if !site.server.terminate() {
        return Err(format!("the server did not end well: {}", site.server.log()));
    }
    let counted = server::evaluations(&site.server.log());
    let evaluations = Evaluations { expected: site.evaluations, counted };
    let first = operations.contains(&Operation::FirstAnswer).then(|| {
        eprintln!("load: {}: {}", database.label(), Operation::FirstAnswer.label());
        scenario::first_answer(&mut site.server)
    });
    Ok(Findings { database: site.describe(database), cells, light, first: first.transpose()?, evaluations })
}
