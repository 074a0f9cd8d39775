//! What a good password is, and what happens when one changes.
//!
//! This crate is the quiet room in the middle of the house: policies and use cases, and the ports through which they
//! reach the world. It knows nothing of HTTP, SQL, SMTP, clocks or threads, and depends on no runtime, framework or
//! database crate.
//!
//! - [`policy`]: what a good password is. Data; pure and synchronous; can be unit-tested alone.
//! - [`use_cases`]: what happens. Each one decides and calls ports; none writes by itself.
//! - [`ports`]: the doors. Async, object-safe traits, each with a written contract that `password-testkit` checks.
//! - [`change`]: the value that says everything one password change does, and the proof without which it cannot exist.
//!
//! What never belongs here: a transport, a query, a rendered text of one protocol, a call to the clock or to the
//! operating system's random bytes.
//!
//! To add a rule, add a variant to [`policy::Rule`]; to add something the house can do, add a file to
//! `use_cases/`; to reach something new, add a port and its contract suite.

pub mod account;
pub mod audit;
pub mod change;
pub mod credential;
pub mod notice;
pub mod password;
pub mod policy;
pub mod ports;
pub mod reset;
pub mod session;
pub mod settings;
pub mod source;
pub mod time;
pub mod token;
pub mod use_cases;
