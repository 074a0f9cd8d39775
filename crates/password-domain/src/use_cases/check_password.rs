use std::time::Duration;

use super::House;
use crate::account::{MAX_IDENTIFIER_CHARACTERS, Realm};
use crate::policy::{self, Attributes, Facts, Policy, Violation};
use crate::ports::PortError;
use crate::source::Source;

/// Twice what an account's attribute can have, and more than can be similar to any password that a policy accepts.
const MAX_ATTRIBUTE_CHARACTERS: usize = 2 * MAX_IDENTIFIER_CHARACTERS;

/// Checks a password against a policy, without an account.
#[derive(Clone)]
pub struct CheckPassword(pub(super) House);

/// What a policy says of a password.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedPassword {
    /// Every rule that it breaks; empty for a good password.
    pub violations: Vec<Violation>,
    /// How hard it is to guess, 0 to 4 (zxcvbn).
    pub score: u8,
    /// The codes of what makes it easy to guess and of what would help, as [`policy::Strength::hints`] has them.
    pub hints: Vec<&'static str>,
}

impl CheckPassword {
    /// Returns every policy by name.
    pub fn policies(&self) -> impl Iterator<Item = (&str, &Policy)> {
        self.0.settings.policies.iter().map(|(name, policy)| (name.as_str(), policy))
    }

    /// Returns the policy of a realm; `None` where the realm is not configured.
    pub fn policy_of(&self, realm: &Realm) -> Option<&Policy> {
        self.0.settings.realm(realm).map(|settings| &settings.policy)
    }

    /// Counts one check against the address. Returns how long to wait where its budget is spent.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn limited(&self, source: &Source) -> Result<Option<Duration>, PortError> {
        self.0.check_is_refused(source).await
    }

    /// Checks a password; `None` where there is no policy of this name. Pure computing, less than a millisecond, so it
    /// needs no port and no waiting. Of an attribute only the first 508 characters are looked at.
    pub fn check(&self, policy: &str, password: &str, attributes: &Attributes) -> Option<CheckedPassword> {
        let settings = &self.0.settings;
        let rules = settings.policies.get(policy)?;
        let attributes = &Attributes {
            login: beginning(&attributes.login),
            email: beginning(&attributes.email),
            first_name: beginning(&attributes.first_name),
            last_name: beginning(&attributes.last_name),
        };
        let facts = Facts { attributes, common: settings.common.as_ref(), reused: false };
        let violations = rules.check(password, &facts);
        let strength = policy::estimate(password, attributes);
        Some(CheckedPassword { violations, score: strength.score(), hints: strength.hints().collect() })
    }
}

/// No account has such long attributes, but a stranger may send them.
fn beginning(text: &str) -> String {
    text.chars().take(MAX_ATTRIBUTE_CHARACTERS).collect()
}
