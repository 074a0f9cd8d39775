//! Renders notices and delivers them: the [`Mailer`](password_domain::ports::Mailer) of the house.
//!
//! A [`Message`](password_domain::ports::Message) says what to tell whom. This crate turns it into a mail with
//! a text and an HTML part, and hands it to a mail server, writes it into a folder, or drops it. [`mailer`] is the only
//! way in; [`preview()`] shows a mail instead of sending it.
//!
//! What belongs here: the templates (`templates/`), the links in them, the headers, and how a mail leaves. The words are
//! those of `password-locales`, in the language of the message.
//!
//! What never will: deciding who is told what and when, queues and further tries, minting tokens, and anything about
//! the request that gave the reason. A link is built from [`MailConfig::public_url`] alone.
//!
//! - To add a notice, add a variant to `Content` in the domain, its words to `mails.ftl` of every language, a folder
//!   `templates/<notice>/` with `body.txt` and `body.html`, and the places in `render.rs` that the compiler then names. A
//!   subject has no variables, so that no name can get there.
//! - To add a language, add it to `password-locales`; there is nothing to do here but to look at the new snapshots.
//! - In a template, `t("key", name=value)` is the text of a key. In HTML it escapes each value and puts `<bdi>` around it; a
//!   text part passes its paragraphs through `wrap`.
//! - To add a transport, add a variant to [`Transport`] and a file beside `file.rs` that implements the port on top of
//!   `Composer`, which does everything but the sending.
//!
//! Everything that people typed passes through `clean.rs` before it reaches a text and through `address.rs` before it
//! reaches a header or an SMTP command, whatever the library below would do with it.

mod address;
mod brand;
mod clean;
mod compose;
mod config;
mod file;
mod link;
mod none;
mod preview;
mod render;
mod smtp;
mod words;
mod wrap;

pub use address::AddressError;
pub use brand::Brand;
pub use config::{ConfigError, MailConfig, SmtpConfig, Transport, mailer};
pub use preview::{Preview, PreviewError, preview};
