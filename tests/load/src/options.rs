//! The command line.

use std::path::PathBuf;

use acceptance::Backend;
use argon2_engine::Choice;
use clap::{Parser, ValueEnum};

use crate::operation::Operation;

/// Drives the real server with many clients and compares it with what the machine can hash.
#[derive(Debug, Parser)]
#[command(name = "load", about)]
pub(crate) struct Options {
    /// How long each operation is driven with each number of clients, in seconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(crate) seconds: u64,
    /// How many requests end it earlier.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) requests: u64,
    /// How many clients there are at once.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64],
        value_parser = clap::value_parser!(u64).range(1..=1_024))]
    pub(crate) clients: Vec<u64>,
    /// These operations alone.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Operation>,
    /// This database alone.
    #[arg(long, value_enum)]
    pub(crate) database: Option<Database>,
    /// What computes Argon2: reference, fast or auto. Without it the server's own choice.
    #[arg(long)]
    pub(crate) engine: Option<Choice>,
    /// Leaves the limits of attempts on, and what they would refuse out.
    #[arg(long)]
    pub(crate) limits: bool,
    /// Drops the mails that changes cause (`transport = "none"`), and leaves out what needs one.
    #[arg(long)]
    pub(crate) no_mail: bool,
    /// Where all figures go, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// This server instead of one that is built first.
    #[arg(long, value_name = "PATH")]
    pub(crate) server: Option<PathBuf>,
    /// Where SQLite's file lies meanwhile; a real disk, so that commits are what they are (default: the target folder).
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    /// An embedded one.
    Sqlite,
    /// One on a server, on this machine.
    Postgresql,
}

impl Database {
    /// Returns how the acceptance tests name it.
    pub(crate) fn backend(self) -> Backend {
        match self {
            Self::Sqlite => Backend::Sqlite,
            Self::Postgresql => Backend::Postgresql,
        }
    }

    /// Returns the name that people read.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgresql => "PostgreSQL",
        }
    }
}

impl Options {
    /// Returns the databases to measure on; one that is not there is left out unless it was asked for.
    ///
    /// # Errors
    ///
    /// Where the one that was asked for is not there.
    pub(crate) fn databases(&self) -> Result<Vec<Database>, String> {
        let is_there = |database: &Database| *database == Database::Sqlite || Backend::postgresql_is_there();
        match self.database {
            Some(database) if is_there(&database) => Ok(vec![database]),
            Some(database) => Err(format!("there is no {}", database.label())),
            None => Ok([Database::Sqlite, Database::Postgresql].into_iter().filter(is_there).collect()),
        }
    }

    /// Returns the operations to measure.
    ///
    /// # Errors
    ///
    /// Where one was asked for that the limits would refuse, or that needs the mail that is dropped.
    pub(crate) fn operations(&self) -> Result<Vec<Operation>, String> {
        let refused = |operation: &&Operation| {
            (self.limits && !operation.fits_limits()) || (self.no_mail && operation.needs_mail())
        };
        if let Some(operation) = self.only.iter().find(refused) {
            return Err(format!("these options leave this out: {}", operation.label()));
        }
        let all = if self.only.is_empty() { Operation::value_variants() } else { &self.only };
        Ok(all.iter().filter(|operation| !refused(operation)).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Options, clap::Error> {
        Options::try_parse_from(std::iter::once("load").chain(line.split_whitespace()))
    }

    #[test]
    fn the_command_line_is_sound() {
        Options::command().debug_assert();
    }

    #[test]
    fn without_options_everything_is_measured() {
        let options = parse("").unwrap();
        assert_eq!((options.seconds, &options.clients[..]), (5, &[1, 8, 64][..]));
        assert_eq!(options.operations().unwrap(), Operation::value_variants());
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let options = parse("--clients 2,3 --only sign-in,health --engine fast --database sqlite").unwrap();
        assert_eq!(options.clients, [2, 3]);
        assert_eq!(options.operations().unwrap(), [Operation::SignIn, Operation::Health]);
        assert_eq!((options.engine, options.database), (Some(Choice::Fast), Some(Database::Sqlite)));
    }

    #[test]
    fn nobody_can_ask_for_an_endless_run() {
        for line in ["--seconds 61", "--seconds 0", "--clients 0", "--only nonsense", "--engine none"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn what_the_limits_would_refuse_is_left_out_with_them() {
        assert!(!parse("--limits").unwrap().operations().unwrap().contains(&Operation::UnknownLogin));
        assert!(parse("--limits --only unknown-login").unwrap().operations().is_err());
    }

    #[test]
    fn what_needs_a_mail_is_left_out_without_mail() {
        assert!(!parse("--no-mail").unwrap().operations().unwrap().contains(&Operation::ChangeByToken));
        assert!(parse("--no-mail --only change-by-token").unwrap().operations().is_err());
    }
}
