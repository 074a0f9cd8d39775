//! The kinds of rules and their limits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{PolicyError, Violation, unicode};

/// The most characters that any policy allows in a new password. More says nothing about strength and costs hashing.
pub const MAX_LENGTH: usize = 128;

/// The deepest history that a policy may ask for; an imported history costs one hash evaluation for each entry.
pub const MAX_HISTORY_DEPTH: usize = 100;

/// The similarity from which Django's user-attribute validator refuses.
pub(super) const DEFAULT_SIMILARITY: f64 = 0.7;

/// One rule of a policy. In TOML and JSON a table with the rule's name in `rule`: `{ rule = "history", depth = 10 }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Rule {
    /// Not too similar to the account's login, names and e-mail address, or to a word in them.
    Similar {
        /// The similarity from which a password is refused, 0.1 to 1.0; Django's default is 0.7.
        max_similarity: f64,
    },
    /// Length in Unicode scalar values.
    Length {
        /// The fewest characters, 1 to `max`.
        min: usize,
        /// The most characters as typed, at most [`MAX_LENGTH`], which is also the default.
        #[serde(default = "default_max")]
        max: usize,
        /// What the minimum counts.
        #[serde(default)]
        count: LengthCount,
    },
    /// Not in a list of commonly used passwords, compared lower-cased and stripped.
    Common,
    /// Not digits only, in the sense of Python's `str.isdigit`.
    Numeric,
    /// At least one character of each of several classes.
    Classes(Classes),
    /// Printable in full: also no line or paragraph separators and no private-use characters. Control and unassigned
    /// characters are refused without this rule too.
    Printable,
    /// None of the account's last passwords.
    History {
        /// How many, the current one counted, 1 to [`MAX_HISTORY_DEPTH`].
        depth: usize,
    },
    /// A minimum score of the strength estimate.
    Strength {
        /// The lowest score that is accepted, 1 to 4.
        min_score: u8,
    },
}

/// What the minimum of a length rule counts. The maximum always counts what was typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthCount {
    /// The characters that were typed.
    #[default]
    Input,
    /// The characters of the NFC form, so that a letter with a combining accent counts once.
    Nfc,
}

/// The character classes that a password must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// Asks for a character with the Unicode property Uppercase.
    #[serde(default)]
    pub uppercase: bool,
    /// Asks for a character with the Unicode property Lowercase.
    #[serde(default)]
    pub lowercase: bool,
    /// Asks for a decimal digit of any script (Nd).
    #[serde(default)]
    pub digit: bool,
    /// Asks for a special character.
    #[serde(default)]
    pub special: Special,
}

/// Which special character a password must have. As text `"none"`, `"any"`, or the characters of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Special {
    /// None is asked for.
    #[default]
    None,
    /// Any character that is not a letter or a number.
    NotAlphanumeric,
    /// One of these distinct ASCII punctuation characters.
    OneOf(String),
}

impl Special {
    /// Reads the text form. A set that is no set is refused where the rule is validated.
    pub(super) fn from_text(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "any" => Self::NotAlphanumeric,
            set => Self::OneOf(set.to_owned()),
        }
    }
}

impl Serialize for Special {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::None => "none",
            Self::NotAlphanumeric => "any",
            Self::OneOf(set) => set,
        })
    }
}

impl<'de> Deserialize<'de> for Special {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from_text(&text))
    }
}

impl Classes {
    /// Returns all four classes with this kind of special character.
    #[must_use]
    pub fn all(special: Special) -> Self {
        Self { uppercase: true, lowercase: true, digit: true, special }
    }

    /// Tells whether the password has a character of each class that is asked for.
    pub(super) fn are_in(&self, password: &str) -> bool {
        let has = |wanted: bool, class: fn(char) -> bool| !wanted || password.chars().any(class);
        has(self.uppercase, char::is_uppercase)
            && has(self.lowercase, char::is_lowercase)
            && has(self.digit, unicode::is_decimal)
            && match &self.special {
                Special::None => true,
                Special::NotAlphanumeric => password.chars().any(|c| !unicode::is_python_alphanumeric(c)),
                // The set is ASCII, and no byte of another character is.
                Special::OneOf(set) => password.bytes().any(|byte| set.as_bytes().contains(&byte)),
            }
    }

    fn validate(&self) -> Result<(), PolicyError> {
        if let Special::OneOf(set) = &self.special {
            let distinct = set.bytes().enumerate().all(|(at, byte)| !set.as_bytes()[..at].contains(&byte));
            // ASCII has 32 punctuation characters, so the quadratic look is short.
            if set.is_empty() || set.len() > 32 || !distinct || !set.bytes().all(|b| b.is_ascii_punctuation())
            {
                return Err(PolicyError::SpecialSet);
            }
        }
        if *self == Self::default() { Err(PolicyError::NoClasses) } else { Ok(()) }
    }
}

impl Rule {
    /// Returns a length rule that counts what was typed.
    #[must_use]
    pub fn length(min: usize, max: usize) -> Self {
        Self::Length { min, max, count: LengthCount::Input }
    }

    /// Returns the rule's name as it stands in configuration and JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Similar { .. } => "similar",
            Self::Length { .. } => "length",
            Self::Common => "common",
            Self::Numeric => "numeric",
            Self::Classes(_) => "classes",
            Self::Printable => "printable",
            Self::History { .. } => "history",
            Self::Strength { .. } => "strength",
        }
    }

    /// Returns the violation that this rule finds, `None` for the length rule, which finds two.
    pub(super) fn violation(&self) -> Option<Violation> {
        match self {
            Self::Length { .. } => None,
            Self::Similar { .. } => Some(Violation::Similar),
            Self::Common => Some(Violation::Common),
            Self::Numeric => Some(Violation::Numeric),
            Self::Classes(classes) => Some(Violation::Classes { needed: classes.clone() }),
            // Every policy can find it, so `possible_violations` must not list it a second time.
            Self::Printable => None,
            Self::History { .. } => Some(Violation::Reused),
            Self::Strength { .. } => Some(Violation::TooWeak),
        }
    }

    /// Returns the rule's place in a policy.
    pub(super) fn position(&self) -> u8 {
        match self {
            Self::Similar { .. } => 0,
            Self::Length { .. } => 1,
            Self::Common => 2,
            Self::Numeric => 3,
            Self::Classes(_) => 4,
            Self::Printable => 5,
            Self::History { .. } => 6,
            Self::Strength { .. } => 7,
        }
    }

    pub(super) fn validate(&self) -> Result<(), PolicyError> {
        let within = |inside: bool, field, least, most| {
            if inside {
                Ok(())
            } else {
                Err(PolicyError::OutOfRange { rule: self.name(), field, least, most })
            }
        };
        match self {
            Self::Similar { max_similarity } => {
                within((0.1..=1.0).contains(max_similarity), "max_similarity", "0.1", "1.0")
            }
            Self::Length { min, max, .. } => {
                within((1..=MAX_LENGTH).contains(min), "min", "1", "128")?;
                within((1..=MAX_LENGTH).contains(max), "max", "1", "128")?;
                if min > max { Err(PolicyError::MinAboveMax { min: *min, max: *max }) } else { Ok(()) }
            }
            Self::Classes(classes) => classes.validate(),
            Self::History { depth } => within((1..=MAX_HISTORY_DEPTH).contains(depth), "depth", "1", "100"),
            Self::Strength { min_score } => within((1..=4).contains(min_score), "min_score", "1", "4"),
            Self::Common | Self::Numeric | Self::Printable => Ok(()),
        }
    }
}

fn default_max() -> usize {
    MAX_LENGTH
}
