//! Renders notices and delivers them: the [`Mailer`](password_domain::ports::Mailer) of the house.
//!
//! A [`Message`](password_domain::ports::Message) says what to tell whom. This crate turns it into a mail with
//! a text and an HTML part, and hands it to a mail server, writes it into a folder, or drops it. [`mailer`] is the only
//! way in.
//!
//! What belongs here: the texts (`templates/`), the links in them, the headers, and how a mail leaves.
//!
//! What never will: deciding who is told what and when, queues and further tries, minting tokens, and anything about
//! the request that gave the reason. A link is built from [`MailConfig::public_url`] alone.
//!
//! - To add a notice, add a variant to `Content` in the domain, a folder `templates/en/<notice>/` with `subject.txt`,
//!   `body.txt` and `body.html`, and the two places in `render.rs` that the compiler then names. A subject has no
//!   variables: it is rendered without any, so that no name can get there.
//! - To add a language, add a folder beside `templates/en/` with the same files and a line to `LANGUAGES` in
//!   `render.rs`; durations and dates are worded in `words.rs`.
//! - To add a transport, add a variant to [`Transport`] and a file beside `file.rs` that implements the port on top of
//!   `Composer`, which does everything but the sending.
//!
//! Everything that people typed passes through `clean.rs` before it reaches a text and through `address.rs` before it
//! reaches a header or an SMTP command, whatever the library below would do with it.

mod address;
mod clean;
mod compose;
mod config;
mod file;
mod link;
mod none;
mod render;
mod smtp;
mod words;

pub use address::AddressError;
pub use config::{ConfigError, MailConfig, SmtpConfig, Transport, mailer};
