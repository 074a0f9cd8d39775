//! Passwords as people typed them, and their hashes.

use std::fmt;

use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The most characters of a password that is only verified (contract, section 1). Beyond it no password can be
/// right, so nothing is hashed (OWASP: long-password denial of service).
pub const MAX_VERIFIED_CHARACTERS: usize = 1_024;

/// A password as it was typed, with the form that is hashed and compared.
///
/// It cannot be printed or serialised, and its memory is wiped when it is dropped. Policies look at
/// [`typed`](Self::typed); hashes, history and comparisons use [`normalized`](Self::normalized) (NFC, NIST SP 800-63B
/// section 3.1.1.2), so that one password typed on two devices is one password.
pub struct Password {
    typed: Zeroizing<String>,
    normalized: Zeroizing<String>,
}

impl Password {
    /// Takes what somebody typed, unchanged.
    pub fn new(typed: impl Into<String>) -> Self {
        let typed = Zeroizing::new(typed.into());
        // Beyond the bound nothing is ever hashed, so nothing needs normalising either.
        let normalized = if within_bound(&typed) { typed.nfc().collect() } else { typed.as_str().to_owned() };
        Self { typed, normalized: Zeroizing::new(normalized) }
    }

    /// Returns what was typed, character by character.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Returns the NFC form, which is hashed and compared.
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// Tells whether anything was typed at all.
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Tells whether the password is short enough to be any account's: at most [`MAX_VERIFIED_CHARACTERS`].
    pub fn is_verifiable(&self) -> bool {
        within_bound(&self.typed)
    }

    /// Tells whether two passwords are one and the same after normalisation, in constant time.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.normalized.as_bytes().ct_eq(other.normalized.as_bytes()).into()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

fn within_bound(text: &str) -> bool {
    text.len() <= 4 * MAX_VERIFIED_CHARACTERS && text.chars().count() <= MAX_VERIFIED_CHARACTERS
}

/// An encoded password hash: a PHC string or one of the foreign formats that the hasher can verify.
///
/// The domain never looks inside. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a hash that a hasher made or storage kept.
    pub fn from_encoded(encoded: impl Into<String>) -> Self {
        Self(encoded.into())
    }

    /// Returns the encoded form, for storage and for the hasher.
    pub fn as_encoded(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

/// What the history keeps of one password: algorithm, parameters, salt and a keyed digest of the hash.
///
/// The key lies outside the database, so that a stolen history tests no guesses. The domain never looks inside.
#[derive(Clone, PartialEq, Eq)]
pub struct HistoryTag(String);

impl HistoryTag {
    /// Wraps a tag that a hasher made or storage kept.
    pub fn from_encoded(encoded: impl Into<String>) -> Self {
        Self(encoded.into())
    }

    /// Returns the encoded form, for storage and for the hasher.
    pub fn as_encoded(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for HistoryTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HistoryTag(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_forms_are_one_password() {
        let composed = Password::new("caf\u{e9}-Latte1");
        let decomposed = Password::new("cafe\u{301}-Latte1");
        assert!(composed.same_as(&decomposed));
        assert_ne!(composed.typed(), decomposed.typed());
    }

    #[test]
    fn nothing_is_trimmed_or_folded() {
        assert!(!Password::new(" Secret1!").same_as(&Password::new("Secret1!")));
        assert!(!Password::new("SECRET1!").same_as(&Password::new("secret1!")));
    }

    #[test]
    fn the_bound_counts_characters_and_not_bytes() {
        assert!(Password::new("\u{1f511}".repeat(1_024)).is_verifiable());
        assert!(!Password::new("a".repeat(1_025)).is_verifiable());
    }

    #[test]
    fn secrets_are_not_printed() {
        let printed = format!(
            "{:?} {:?} {:?}",
            Password::new("hunter2"),
            PasswordHash::from_encoded("$argon2id$x"),
            HistoryTag::from_encoded("$h$x")
        );
        assert!(!printed.contains("hunter2") && !printed.contains('$'));
    }
}
