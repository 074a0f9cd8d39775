//! What an operator does at the command line. Every command walks the same way as a request does, with an operator's
//! proof.

mod account;
mod api_key;
pub(crate) mod client;
mod config;
mod import;
mod mail;
mod password;
pub(crate) mod session;

use std::future::Future;
use std::io::{self, Read};

use password_domain::account::Account;
use password_domain::password::Password;
use password_domain::time::Timestamp;
use zeroize::Zeroizing;

use crate::cli::{Cli, Command, Demo, Who};
use crate::config::{Config, without_newline};
use crate::failure::Failure;
use crate::house::{House, Purpose, open_storage};
use crate::{demo, out, serve};

/// No password is longer, in bytes; reading stops here.
const MOST_PASSWORD_BYTES: u64 = 1 << 20;

/// Runs one command.
///
/// # Errors
///
/// [`Failure`] with the sentence for standard error; an empty one where all is said already.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let load = || -> Result<Config, Failure> {
        let loaded = Config::load(cli.config.as_deref(), std::env::vars_os())?;
        for warning in &loaded.warnings {
            out::note(format_args!("server: warning: {warning}"));
        }
        Ok(loaded.config)
    };
    match cli.command.unwrap_or_else(|| Command::Demo(Demo::default())) {
        Command::Demo(args) => {
            if cli.config.is_some() {
                out::note(
                    "server: the demo has a configuration of its own; --config is for the other commands",
                );
            }
            block_on(demo::run(&args))
        }
        Command::Serve => block_on(serve::run(&load()?)),
        Command::Migrate => block_on(migrate(&load()?)),
        Command::Account(command) => {
            block_on(with_house(&load()?, async |house| account::run(command, house).await))
        }
        Command::Session(command) => {
            block_on(with_house(&load()?, async |house| session::run(command, house).await))
        }
        Command::ApiKey(command) => {
            block_on(with_house(&load()?, async |house| api_key::run(command, house).await))
        }
        Command::Client(command) => {
            block_on(with_house(&load()?, async |house| client::run(command, house).await))
        }
        Command::Password(command) => password::run(command, &load()?),
        Command::Mail(crate::cli::Mail::Preview(args)) => mail::preview(&args, &load()?),
        Command::Config(crate::cli::Config::Check) => config::check(&load()?),
        Command::Config(crate::cli::Config::PrintDefault) => config::print_default(),
    }
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Opens the house for one command and closes it again, whatever came of the command.
async fn with_house(
    config: &Config,
    work: impl AsyncFnOnce(&House) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let house = House::open(config, Purpose::Command).await?;
    let result = work(&house).await;
    house.storage.close().await;
    result
}

async fn migrate(config: &Config) -> Result<(), Failure> {
    let storage = open_storage(&config.database()?).await?;
    let applied = storage.migrate().await;
    storage.close().await;
    for name in applied? {
        out::note(format_args!("server: applied {name}"));
    }
    Ok(())
}

/// Returns the account, or says that there is none.
async fn find(house: &House, who: &Who) -> Result<Account, Failure> {
    let found = house.use_cases.manage_accounts.find(&who.realm, &who.login).await?;
    found.ok_or_else(|| Failure::new(format!("there is no {} {:?}", who.realm, who.login)))
}

/// Reads a password from standard input; one newline at its end does not count.
fn read_password() -> Result<Password, Failure> {
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(MOST_PASSWORD_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_PASSWORD_BYTES {
        return Err(Failure::new("the password has over 1 MiB"));
    }
    Ok(Password::new(without_newline(&text)))
}

/// Returns a time as RFC 3339 text, in UTC.
fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.as_micros()).map_or_else(|_| String::new(), |at| at.to_string())
}

/// Returns the codes of violations, for a line of a report.
fn codes(violations: &[password_domain::policy::Violation]) -> String {
    violations.iter().map(|violation| violation.code()).collect::<Vec<_>>().join(", ")
}
