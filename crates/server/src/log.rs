//! What is written to standard error while serving.

use std::io::{self, IsTerminal};
use std::panic;
use std::time::{SystemTime, UNIX_EPOCH};

use password_domain::ports::{Clock, Event, EventLog};
use password_domain::time::Timestamp;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use crate::config::{Format, Level, Log};
use crate::failure::Failure;

/// Libraries below this level of importance stay silent: what they tell in detail may hold what people typed.
const LIBRARIES: &str = "warn";

/// The crates whose own lines are written at the configured level.
const OURS: [&str; 8] = [
    "server",
    "event",
    "access",
    "password_http_actix",
    "password_hasher_argon2",
    "password_mailer_smtp",
    "password_session_jwt",
    "password_storage_diesel",
];

/// Starts writing, and keeps the texts of panics out of what is written.
///
/// # Errors
///
/// [`Failure`] where something else writes already.
pub fn start(log: &Log) -> Result<(), Failure> {
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    let libraries = if level < LevelFilter::WARN { "error" } else { LIBRARIES };
    let filter = OURS.iter().fold(libraries.to_owned(), |filter, name| format!("{filter},{name}={level}"));
    let builder =
        tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(EnvFilter::try_new(filter)?);
    let json = match log.format {
        Format::Auto => !io::stderr().is_terminal(),
        Format::Json => true,
        Format::Text => false,
    };
    let started = if json {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        builder.with_ansi(io::stderr().is_terminal()).try_init()
    };
    started.map_err(|error| Failure::new(error.to_string()))?;
    // The usual hook would print the panic's text, which may hold what somebody typed.
    panic::set_hook(Box::new(|panic| {
        tracing::error!(place = panic.location().map(tracing::field::display), "a thread panicked");
    }));
    Ok(())
}

/// Writes the house's events into the log: names and identities, never what somebody typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct TracingEvents;

impl EventLog for TracingEvents {
    fn record(&self, event: &Event) {
        tracing::info!(
            target: "event",
            kind = event.kind.as_str(),
            realm = event.realm.as_str(),
            account = event.account.as_ref().map(|account| account.as_str()),
            from = event.from.map(tracing::field::display),
        );
    }
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}
