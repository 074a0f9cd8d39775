//! What a policy may know of the world.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::{CommonPasswords, NoCommonPasswords};

/// The account's attributes that a password must not resemble. Empty ones are not compared; in JSON they may
/// also be absent or null.
///
/// They are personal data, so `Debug` shows none of them.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// The login name.
    #[serde(deserialize_with = "text_or_null")]
    pub login: String,
    /// The first name.
    #[serde(deserialize_with = "text_or_null")]
    pub first_name: String,
    /// The last name.
    #[serde(deserialize_with = "text_or_null")]
    pub last_name: String,
    /// The e-mail address.
    #[serde(deserialize_with = "text_or_null")]
    pub email: String,
}

impl Attributes {
    /// Returns no attributes.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            login: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
        }
    }

    /// Iterates over the attributes that are not empty: login, first name, last name, e-mail.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        [&self.login, &self.first_name, &self.last_name, &self.email]
            .into_iter()
            .map(String::as_str)
            .filter(|attribute| !attribute.is_empty())
    }
}

fn text_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attributes").finish_non_exhaustive()
    }
}

/// The facts that rules look at beside the password.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The account's attributes.
    pub attributes: &'a Attributes,
    /// The lists of commonly used passwords.
    pub common: &'a dyn CommonPasswords,
    /// Whether the account's history, to the policy's depth, has the password.
    pub reused: bool,
}

static NO_ATTRIBUTES: Attributes = Attributes::none();

impl<'a> Facts<'a> {
    /// Returns facts about a password that the history does not have.
    #[must_use]
    pub fn new(attributes: &'a Attributes, common: &'a dyn CommonPasswords) -> Self {
        Self { attributes, common, reused: false }
    }

    /// Returns these facts with another word about the history.
    #[must_use]
    pub fn with_reused(self, reused: bool) -> Self {
        Self { reused, ..self }
    }
}

impl Facts<'static> {
    /// Returns the facts of nobody in particular: no attributes, no lists, no history.
    #[must_use]
    pub fn none() -> Self {
        Self { attributes: &NO_ATTRIBUTES, common: &NoCommonPasswords, reused: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_whether_absent_null_or_empty() {
        let attributes: Attributes =
            serde_json::from_str(r#"{"login":"a","email":null,"last_name":""}"#).unwrap();
        assert_eq!(attributes, Attributes { login: "a".into(), ..Attributes::none() });
        assert_eq!(attributes.iter().collect::<Vec<_>>(), ["a"]);
        assert!(serde_json::from_str::<Attributes>(r#"{"login":["a"]}"#).is_err());
    }

    #[test]
    fn attributes_are_not_printed() {
        let attributes = Attributes { login: "beatrice".into(), ..Attributes::none() };
        assert_eq!(format!("{attributes:?}"), "Attributes { .. }");
    }
}
