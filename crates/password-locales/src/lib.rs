//! The words of pages, mails and rules in every language.
//!
//! The texts are Fluent files that a translator can edit, `locales/<language>/{mails,rules,pages}.ftl`, compiled in. A
//! [`Locale`] is a language that there are texts in; it is chosen from what an account or a browser says, and it never
//! fails: a key that a language does not have is told in English, and one that nobody has is told as it is.
//!
//! ```
//! use password_locales::{Locale, Value};
//!
//! let locale = Locale::for_tag(Some("de-AT"));
//! assert_eq!(locale.tag(), "de");
//! assert_eq!(locale.text("mail-hours", &[("count", Value::Number(2))]), "2 Stunden");
//! assert_eq!(Locale::negotiate("tlh, fr;q=0.8, en;q=0.5").tag(), "fr");
//! ```
//!
//! What belongs here: every text that a person reads on a page or in a mail, how its numbers and lists are worded, and which
//! language somebody gets.
//!
//! What never will: markup, addresses, colours, and who is told what. A text has no `<`, `>` or `&`, so whoever puts it into
//! HTML escapes the values and nothing else. Where a value may run against the direction of the sentence (a login, an
//! address), the right-to-left languages have Unicode isolates around it; in HTML the template adds `<bdi>`.
//!
//! - To change a text, edit it in its file; the glossary is at the top.
//! - To add a text, add its key to the same file of every language: a test names each one that lacks it.
//! - To add a language, add its folder, a line to `LANGUAGES` in `language.rs`, and one to `PLURALS` in `tests.rs`.

mod catalogue;
mod language;
mod negotiate;
mod rules;

pub use catalogue::Value;
pub use language::Locale;

#[cfg(test)]
mod tests;
