//! What a password can violate: stable codes and the sentences of every dialect.

use serde::Serialize;

use super::{Classes, Special};

/// One rule that a password violates. Variants stand in the order in which they are reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Violation {
    /// Too similar to an attribute of the account.
    Similar,
    /// Fewer characters than the minimum.
    TooShort {
        /// The policy's minimum.
        minimum: usize,
    },
    /// In a list of commonly used passwords.
    Common,
    /// Digits only.
    Numeric,
    /// A character class is missing.
    Classes {
        /// All classes that the policy asks for, the present ones included.
        needed: Classes,
    },
    /// More characters than the maximum.
    TooLong {
        /// The policy's maximum.
        maximum: usize,
    },
    /// Has a control, unassigned or otherwise unprintable character.
    Unprintable,
    /// Nothing but white space.
    Blank,
    /// One of the account's last passwords.
    Reused,
    /// Its strength estimate is below the policy's minimum.
    TooWeak,
}

impl Violation {
    /// Returns the stable code that clients rely on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Similar => "similar",
            Self::TooShort { .. } => "too_short",
            Self::Common => "common",
            Self::Numeric => "numeric",
            Self::Classes { .. } => "classes",
            Self::TooLong { .. } => "too_long",
            Self::Unprintable => "unprintable",
            Self::Blank => "blank",
            Self::Reused => "reused",
            Self::TooWeak => "too_weak",
        }
    }

    /// Returns the sentence for people, with the policy's own numbers.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Similar => {
                "Your password can't be too similar to your other personal information.".to_owned()
            }
            Self::TooShort { minimum } => {
                format!("Your password must contain at least {minimum} {}.", characters(*minimum))
            }
            Self::Common => "Your password can't be a commonly used password.".to_owned(),
            Self::Numeric => "Your password can't be entirely numeric.".to_owned(),
            Self::Classes { needed } => {
                format!("Your password must contain at least one {}.", class_list(needed))
            }
            Self::TooLong { maximum } => {
                format!("Your password must contain at most {maximum} {}.", characters(*maximum))
            }
            Self::Unprintable => "Your password contains characters that can't be used.".to_owned(),
            Self::Blank => "Your password can't be blank.".to_owned(),
            Self::Reused => "Your password was recently used.".to_owned(),
            Self::TooWeak => "Your password is too easy to guess.".to_owned(),
        }
    }

    /// Returns the violation's place in a report.
    pub(super) fn position(&self) -> u8 {
        match self {
            Self::Similar => 0,
            Self::TooShort { .. } => 1,
            Self::Common => 2,
            Self::Numeric => 3,
            Self::Classes { .. } => 4,
            Self::TooLong { .. } => 5,
            Self::Unprintable => 6,
            Self::Blank => 7,
            Self::Reused => 8,
            Self::TooWeak => 9,
        }
    }
}

/// Returns the noun for so many characters.
pub(super) fn characters(count: usize) -> &'static str {
    if count == 1 { "character" } else { "characters" }
}

/// Names the classes: with a set of special characters in the words and the comma of the panel's text, else in those of
/// the published Epixel sentence.
pub(super) fn class_list(classes: &Classes) -> String {
    let (uppercase, lowercase, digit, last_comma) = match classes.special {
        Special::OneOf(_) => ("uppercase letter", "lowercase letter", "digit", ","),
        Special::None | Special::NotAlphanumeric => ("capital letter", "small letter", "number", ""),
    };
    let mut names = Vec::with_capacity(4);
    names.extend(classes.uppercase.then(|| uppercase.to_owned()));
    names.extend(classes.lowercase.then(|| lowercase.to_owned()));
    names.extend(classes.digit.then(|| digit.to_owned()));
    match &classes.special {
        Special::None => {}
        Special::NotAlphanumeric => names.push("special character".to_owned()),
        Special::OneOf(set) => names.push(format!("special character ({set})")),
    }
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [rest @ .., last] => format!("{}{last_comma} and {last}", rest.join(", ")),
    }
}
