//! Accounts: who they are, how they are looked up, what they may do.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::policy::Attributes;

/// The most characters of a login or an e-mail address (RFC 5321, section 4.5.3.1: a path has at most 256 octets
/// with its brackets).
pub const MAX_IDENTIFIER_CHARACTERS: usize = 254;

/// The reason why a text is no name of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text has no characters.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The text has more characters than the second field allows.
    #[error("{0} is longer than {1} characters")]
    TooLong(&'static str, usize),
    /// The text has a character that does not belong there.
    #[error("{0} contains a character that is not allowed")]
    Character(&'static str),
    /// The text is no e-mail address.
    #[error("{0} is not an e-mail address")]
    Address(&'static str),
}

/// An account's identity: opaque to the domain, 1 to 64 bytes, given by storage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

impl AccountId {
    /// Takes an identity.
    ///
    /// # Errors
    ///
    /// [`NameError`] where the text is empty, has over 64 bytes, or has other characters than printable ASCII.
    pub fn new(id: impl Into<String>) -> Result<Self, NameError> {
        let id = id.into();
        match id.len() {
            0 => Err(NameError::Empty("account id")),
            1..=64 if id.bytes().all(|b| b.is_ascii_graphic()) => Ok(Self(id)),
            1..=64 => Err(NameError::Character("account id")),
            _ => Err(NameError::TooLong("account id", 64)),
        }
    }

    /// Returns an identity that is nobody's, for calls that are made for an unknown name too, so that their number and
    /// time tell nobody who has an account. Not 0, because an embedder may number accounts from there.
    pub(crate) fn nobody() -> Self {
        Self::from(i64::MIN)
    }

    /// Returns the identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<i64> for AccountId {
    fn from(id: i64) -> Self {
        Self(id.to_string())
    }
}

impl TryFrom<String> for AccountId {
    type Error = NameError;
    fn try_from(id: String) -> Result<Self, NameError> {
        Self::new(id)
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A namespace of accounts with its own policy and lifetimes: `user`, `dealer`, `member`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Realm(String);

impl Realm {
    /// Takes a realm's name.
    ///
    /// # Errors
    ///
    /// [`NameError`] where the name is empty, has over 32 characters, or others than `a-z`, `0-9`, `_` and `-`.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        match name.len() {
            0 => Err(NameError::Empty("realm")),
            1..=32
                if name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b)) =>
            {
                Ok(Self(name))
            }
            1..=32 => Err(NameError::Character("realm")),
            _ => Err(NameError::TooLong("realm", 32)),
        }
    }

    /// The realm of the fleet platform's users.
    pub fn user() -> Self {
        Self("user".to_owned())
    }

    /// The realm of the dealers.
    pub fn dealer() -> Self {
        Self("dealer".to_owned())
    }

    /// The realm of the members.
    pub fn member() -> Self {
        Self("member".to_owned())
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Realm {
    type Error = NameError;
    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<Realm> for String {
    fn from(realm: Realm) -> Self {
        realm.0
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key under which a login is unique in its realm: NFC, then Unicode lower case, then NFC again, because lower
/// case letters compose where capitals do not (`J̌` and `ǰ`).
///
/// Folded here and never in a database, so that every store answers alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginKey(String);

impl LoginKey {
    /// Folds a login; every text has a key, though not every text is some account's.
    pub fn of(login: &str) -> Self {
        if login.is_ascii() {
            // The same, a hundred times as fast: an import folds millions.
            return Self(login.to_ascii_lowercase());
        }
        Self(login.nfc().collect::<String>().to_lowercase().nfc().collect())
    }

    /// Wraps a key that was folded before it was stored.
    pub fn from_stored(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Returns the folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key under which an e-mail address is looked up: ASCII-lower-cased local part, lower-cased domain.
///
/// The local part is not folded beyond ASCII, so that `mıke@` never finds `mike@` (CVE-2019-19844). Not unique.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailKey(String);

impl EmailKey {
    /// Folds an address; a text without `@` folds as a local part alone and finds nobody.
    pub fn of(address: &str) -> Self {
        match address.rsplit_once('@') {
            Some((local, domain)) => {
                Self(format!("{}@{}", local.to_ascii_lowercase(), domain.to_lowercase()))
            }
            None => Self(address.to_ascii_lowercase()),
        }
    }

    /// Wraps a key that was folded before it was stored.
    pub fn from_stored(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Returns the folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks that a text can be an account's login.
///
/// # Errors
///
/// [`NameError`] where it is empty or blank, over [`MAX_IDENTIFIER_CHARACTERS`], or has control characters.
pub fn check_login(login: &str) -> Result<(), NameError> {
    check_text("login", login)?;
    if login.trim().is_empty() { Err(NameError::Empty("login")) } else { Ok(()) }
}

/// Checks that a text can be an account's e-mail address.
///
/// The mail transport has the last word on syntax; this refuses what could reach into a header or would need quotes.
///
/// # Errors
///
/// [`NameError`] where it is empty, over [`MAX_IDENTIFIER_CHARACTERS`], has blanks or control characters, or lacks
/// something on either side of its last `@`.
pub fn check_email(address: &str) -> Result<(), NameError> {
    check_text("e-mail address", address)?;
    if address.chars().any(|c| c.is_whitespace() || "\"(),:;<>[\\]".contains(c)) {
        return Err(NameError::Character("e-mail address"));
    }
    match address.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !local.contains('@') && !domain.is_empty() => Ok(()),
        _ => Err(NameError::Address("e-mail address")),
    }
}

/// Checks that a text can be a first or last name: at most [`MAX_IDENTIFIER_CHARACTERS`], no control characters.
///
/// # Errors
///
/// [`NameError`] where it cannot.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() { Ok(()) } else { check_text("name", name) }
}

fn check_text(what: &'static str, text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        Err(NameError::Empty(what))
    } else if text.chars().count() > MAX_IDENTIFIER_CHARACTERS {
        Err(NameError::TooLong(what, MAX_IDENTIFIER_CHARACTERS))
    } else if text.chars().any(char::is_control) {
        Err(NameError::Character(what))
    } else {
        Ok(())
    }
}

/// Something an account may do, written `resource:action`, as in `password:update`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Permission(String);

impl Permission {
    /// Takes a permission.
    ///
    /// # Errors
    ///
    /// [`NameError`] where the text is not two words of `a-z`, `0-9`, `_` with a colon between them, 64 bytes at most.
    pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
        let text = text.into();
        let word = |w: &str| {
            !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        match text.split_once(':') {
            _ if text.len() > 64 => Err(NameError::TooLong("permission", 64)),
            Some((resource, action)) if word(resource) && word(action) => Ok(Self(text)),
            _ => Err(NameError::Character("permission")),
        }
    }

    /// The permission to change one's own password.
    pub fn password_update() -> Self {
        Self("password:update".to_owned())
    }

    /// Returns the permission as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns resource and action.
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or((&self.0, ""))
    }
}

impl TryFrom<String> for Permission {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(text)
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.0
    }
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// The account may sign in and change its password.
    Active,
    /// The account waits for its activation.
    Inactive,
    /// An operator has shut the account out.
    Blocked,
}

impl AccountStatus {
    /// Returns the stable name, as stored and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Blocked => "blocked",
        }
    }

    /// Reads the stable name; `None` for any other text.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Blocked].into_iter().find(|status| status.as_str() == name)
    }
}

/// An account as the domain sees it. Its credential is read apart from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identity, given by storage.
    pub id: AccountId,
    /// Namespace.
    pub realm: Realm,
    /// Login as it was given.
    pub login: String,
    /// The address that mail goes to, as it was given.
    pub email: String,
    /// First name; empty where unknown.
    pub first_name: String,
    /// Last name; empty where unknown.
    pub last_name: String,
    /// Language of mails, a BCP 47 tag; `None` where unknown.
    pub locale: Option<String>,
    /// Whether the account may be used.
    pub status: AccountStatus,
    /// Whether the account is for demonstration, so that its password cannot be changed.
    pub demo: bool,
    /// What the account may do.
    pub permissions: BTreeSet<Permission>,
}

impl Account {
    /// Tells whether the account may be used.
    pub fn is_active(&self) -> bool {
        self.status == AccountStatus::Active
    }

    /// Returns what a password must not resemble.
    pub fn attributes(&self) -> Attributes {
        Attributes {
            login: self.login.clone(),
            email: self.email.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_found_however_it_is_composed_or_capitalised() {
        assert_eq!(LoginKey::of("JOS\u{c9}"), LoginKey::of("jose\u{301}"));
        assert_eq!(LoginKey::of("J\u{30c}"), LoginKey::of("\u{1f0}"));
    }

    #[test]
    fn a_plain_login_is_folded_as_it_would_be_among_others() {
        for plain in (0..128_u8).map(char::from) {
            let among = LoginKey::of(&format!("{plain}\u{e9}"));
            assert_eq!(
                among.as_str().strip_suffix('\u{e9}'),
                Some(LoginKey::of(&plain.to_string()).as_str())
            );
        }
    }

    #[test]
    fn an_address_that_only_looks_alike_has_another_key() {
        assert_ne!(EmailKey::of("m\u{131}ke@example.org"), EmailKey::of("mike@example.org"));
        assert_ne!(EmailKey::of("mi\u{212a}e@example.org"), EmailKey::of("mike@example.org"));
        assert_eq!(EmailKey::of("Mike@Example.ORG"), EmailKey::of("mike@example.org"));
    }

    #[test]
    fn nothing_that_could_reach_a_header_is_an_address() {
        for bad in
            ["", "a", "@b", "a@", "a b@c.d", "a@b\r\nBcc: c@d", "a\0@b.c", "a,b@c.d", "a@b@c.d", "<a@b.c>"]
        {
            assert!(check_email(bad).is_err(), "{bad:?}");
        }
        check_email("someone+tag@example.org").unwrap();
    }

    #[test]
    fn a_permission_is_two_words() {
        assert_eq!(Permission::new("password:update").unwrap().parts(), ("password", "update"));
        for bad in ["", "password", ":update", "password:", "Password:Update", "a:b:c"] {
            assert!(Permission::new(bad).is_err(), "{bad:?}");
        }
    }
}
