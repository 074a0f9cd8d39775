//! What makes a password acceptable: policies, their rules, and everything that is derived from them.
//!
//! A [`Policy`] is data, an ordered list of [`Rule`]s that serde reads and writes. The same value gives the verdict
//! ([`Policy::check`]), the codes and sentences ([`Violation`]), the checklist for pages ([`Policy::checklist`]), the
//! `passwordrules` text for password managers ([`Policy::password_rules`]) and the JSON for clients (its `Serialize`).
//!
//! Policies are pure and synchronous. What a rule needs to know of the world (the account's attributes, the lists of
//! common passwords, whether the history knows the password) is handed in as [`Facts`], so a policy is tested alone:
//!
//! ```
//! use password_domain::policy::{Attributes, CommonList, Facts, Policy, Rule};
//!
//! let policy = Policy::member();
//! let attributes = Attributes { login: "beatrice".into(), ..Attributes::default() };
//! let common = CommonList::from_lines(["Passw0rd!"]);
//! let facts = Facts::new(&attributes, &common);
//!
//! assert!(policy.check("correct Horse 7 battery", &facts).is_empty());
//!
//! let codes: Vec<_> = policy.check("beatrice1", &facts).iter().map(|violation| violation.code()).collect();
//! assert_eq!(codes, ["similar", "classes"]);
//! assert_eq!(policy.check("Passw0rd!", &facts)[0].sentence(), "Your password can't be a commonly used password.");
//!
//! // An operator's own policy: other numbers, the same engine.
//! let strict = Policy::new(vec![Rule::length(16, 64), Rule::Strength { min_score: 3 }])?;
//! assert_eq!(strict.check("aaaaaaaaaaaaaaaa", &Facts::none())[0].code(), "too_weak");
//! # Ok::<(), password_domain::policy::PolicyError>(())
//! ```
//!
//! To add a rule: a variant of [`Rule`] with its limits in `rule.rs`, a variant of [`Violation`] with its code and
//! sentence in `violation.rs`, its line in `checklist.rs`, its patch in `overlay.rs`, its check here. The cost of every
//! check MUST be linear in the password and in the attributes, because strangers choose both.

mod checklist;
mod common;
mod error;
mod facts;
mod overlay;
mod password_rules;
mod rule;
mod similarity;
mod strength;
mod unicode;
mod violation;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::password::MAX_VERIFIED_CHARACTERS;

pub use checklist::ChecklistItem;
#[cfg(feature = "builtin-common-passwords")]
pub use common::BuiltinCommonPasswords;
pub use common::{CombinedLists, CommonList, CommonPasswords, NoCommonPasswords, fold_common};
pub use error::PolicyError;
pub use facts::{Attributes, Facts};
pub use overlay::{
    ClassesPatch, HistoryPatch, LengthPatch, Patch, PlainPatch, PolicyOverlay, SimilarPatch, StrengthPatch,
};
pub use rule::{Classes, LengthCount, MAX_HISTORY_DEPTH, MAX_LENGTH, Rule, Special};
pub use strength::{Strength, estimate};
pub use violation::Violation;

/// An ordered list of rules that a new password must satisfy.
///
/// Rules stand in the order of their violations, whatever order they were given in, and there is at most one of each
/// kind. Beside its rules every policy refuses an empty password, more than [`MAX_LENGTH`] characters, NUL, control and
/// unassigned characters, and a password of nothing but white space.
///
/// Serialises as `{"rules":[{"rule":"length","min":8,…},…]}`; deserialising validates like [`Policy::new`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Policy {
    rules: Vec<Rule>,
}

/// What a policy looks like before its rules were validated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    rules: Vec<Rule>,
}

impl TryFrom<Unchecked> for Policy {
    type Error = PolicyError;

    fn try_from(unchecked: Unchecked) -> Result<Self, PolicyError> {
        Self::new(unchecked.rules)
    }
}

impl Policy {
    /// The names that [`Policy::built_in`] knows.
    pub const BUILT_IN: [&'static str; 3] = ["user", "dealer", "member"];

    /// Returns a policy of these rules, sorted into the order of their violations.
    ///
    /// # Errors
    ///
    /// [`PolicyError::OutOfRange`], [`PolicyError::MinAboveMax`], [`PolicyError::NoClasses`] and
    /// [`PolicyError::SpecialSet`] where a rule's numbers make no sense, [`PolicyError::Duplicate`] where two rules are of
    /// one kind.
    pub fn new(mut rules: Vec<Rule>) -> Result<Self, PolicyError> {
        for rule in &rules {
            rule.validate()?;
        }
        rules.sort_by_key(Rule::position);
        if let Some(pair) = rules.windows(2).find(|pair| pair[0].position() == pair[1].position()) {
            return Err(PolicyError::Duplicate { rule: pair[0].name() });
        }
        Ok(Self { rules })
    }

    /// Returns the policy of the realm `user`: 6 to 20 characters, all printable.
    #[must_use]
    pub fn user() -> Self {
        Self { rules: vec![Rule::Length { min: 6, max: 20, count: LengthCount::Nfc }, Rule::Printable] }
    }

    /// Returns the policy of the realm `dealer`: 12 to 20 characters of four classes, none of the last 10 passwords.
    #[must_use]
    pub fn dealer() -> Self {
        Self {
            rules: vec![
                Rule::Length { min: 12, max: 20, count: LengthCount::Nfc },
                Rule::Classes(Classes::all(Special::OneOf("!@#$%^&*".to_owned()))),
                Rule::History { depth: 10 },
            ],
        }
    }

    /// Returns the policy of the realm `member`: at least 8 characters of four classes, neither similar to the account's
    /// attributes nor commonly used nor entirely numeric.
    #[must_use]
    pub fn member() -> Self {
        Self {
            rules: vec![
                Rule::Similar { max_similarity: rule::DEFAULT_SIMILARITY },
                Rule::Length { min: 8, max: MAX_LENGTH, count: LengthCount::Input },
                Rule::Common,
                Rule::Numeric,
                Rule::Classes(Classes::all(Special::NotAlphanumeric)),
            ],
        }
    }

    /// Returns the built-in policy of this name, `None` where there is none.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::user()),
            "dealer" => Some(Self::dealer()),
            "member" => Some(Self::member()),
            _ => None,
        }
    }

    /// Returns the rules in the order of their violations.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns how many of the account's last passwords, the current one counted, can't be used again; 0 without a history
    /// rule.
    #[must_use]
    pub fn history_depth(&self) -> usize {
        self.rules
            .iter()
            .find_map(|rule| if let Rule::History { depth } = rule { Some(*depth) } else { None })
            .unwrap_or(0)
    }

    /// Returns every rule that the password violates, in the fixed order of [`Violation`]; empty where it is acceptable.
    ///
    /// The password is looked at as it was typed, code point by code point. An empty one is too short and lacks every
    /// class, but it is neither blank nor numeric. One of over [`MAX_VERIFIED_CHARACTERS`] is too long, and nothing
    /// else is looked at. The history rule looks at [`Facts::reused`] only.
    #[must_use]
    pub fn check(&self, password: &str, facts: &Facts<'_>) -> Vec<Violation> {
        let (min, max, count) = self.length();
        if password.chars().nth(MAX_VERIFIED_CHARACTERS).is_some() {
            return vec![Violation::TooLong { maximum: max }];
        }
        let mut violations: Vec<Violation> =
            self.rules.iter().filter_map(|rule| violation_of(rule, password, facts)).collect();

        let counted = match count {
            LengthCount::Input => password.chars().take(min).count(),
            LengthCount::Nfc => password.nfc().take(min).count(),
        };
        if counted < min {
            violations.push(Violation::TooShort { minimum: min });
        }
        if password.chars().nth(max).is_some() {
            violations.push(Violation::TooLong { maximum: max });
        }
        let printable_in_full = self.rules.contains(&Rule::Printable);
        if password
            .chars()
            .any(|c| unicode::is_forbidden(c) || (printable_in_full && unicode::is_unprintable(c)))
        {
            violations.push(Violation::Unprintable);
        }
        if !password.is_empty() && password.chars().all(char::is_whitespace) {
            violations.push(Violation::Blank);
        }
        violations.sort_by_key(Violation::position);
        violations
    }

    /// Returns each violation that this policy can find, in their order, with the policy's own numbers: the table of its
    /// codes and sentences.
    #[must_use]
    pub fn possible_violations(&self) -> Vec<Violation> {
        let (minimum, maximum, _) = self.length();
        let mut violations: Vec<Violation> = self.rules.iter().filter_map(Rule::violation).collect();
        violations.extend([
            Violation::TooShort { minimum },
            Violation::TooLong { maximum },
            Violation::Unprintable,
            Violation::Blank,
        ]);
        violations.sort_by_key(Violation::position);
        violations
    }

    /// Returns this policy with an operator's changes; the overlay's `base` is not looked at.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Missing`] where a rule is added without a number that has no default, else like [`Policy::new`].
    pub fn overlaid(&self, overlay: &PolicyOverlay) -> Result<Self, PolicyError> {
        overlay.apply_to(&self.rules)
    }

    /// Returns minimum, maximum and the way to count the minimum; without a length rule 1, [`MAX_LENGTH`] and as typed.
    fn length(&self) -> (usize, usize, LengthCount) {
        self.rules
            .iter()
            .find_map(|rule| {
                if let Rule::Length { min, max, count } = rule { Some((*min, *max, *count)) } else { None }
            })
            .unwrap_or((1, MAX_LENGTH, LengthCount::Input))
    }
}

/// Checks the rules that decide alone; length and printability also have a floor that holds without a rule.
fn violation_of(rule: &Rule, password: &str, facts: &Facts<'_>) -> Option<Violation> {
    let violated = match rule {
        Rule::Length { .. } | Rule::Printable => false,
        Rule::Similar { max_similarity } => {
            similarity::is_similar(password, facts.attributes, *max_similarity)
        }
        Rule::Common => facts.common.contains(&Zeroizing::new(fold_common(password))),
        Rule::Numeric => !password.is_empty() && password.chars().all(unicode::is_python_digit),
        Rule::Classes(classes) => !classes.are_in(password),
        Rule::History { .. } => facts.reused,
        Rule::Strength { min_score } => estimate(password, facts.attributes).score() < *min_score,
    };
    if violated { rule.violation() } else { None }
}

#[cfg(test)]
mod tests;
