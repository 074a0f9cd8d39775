//! Random tokens: what leaves once, and what is stored of it.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A random token in clear, on its way to the one who may have it. It cannot be printed and is never stored.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Wraps a minted or presented token.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the token in clear.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// How long a token is. All are lowercase hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenForm {
    /// 32 digits, 128 random bits: the fleet platform's hashes.
    Hash,
    /// 64 digits, 256 random bits: everything else.
    Key,
}

impl TokenForm {
    /// Returns the number of hexadecimal digits.
    pub const fn digits(self) -> usize {
        match self {
            Self::Hash => 32,
            Self::Key => 64,
        }
    }

    /// Tells whether a text has this form; says nothing about whether such a token exists.
    pub fn matches(self, text: &str) -> bool {
        text.len() == self.digits() && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// What a token is for. Each purpose has digests of its own, so that no token serves two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// A session.
    Session,
    /// A reset grant.
    Reset,
    /// An API key of an account.
    ApiKey,
    /// The key of a registered client application.
    Client,
    /// Not a token: an identifier or address whose attempts are counted, so that no name lies in the counters.
    Attempt,
}

impl TokenPurpose {
    /// Returns the label that separates this purpose's digests from all others.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Reset => "reset",
            Self::ApiKey => "api-key",
            Self::Client => "client",
            Self::Attempt => "attempt",
        }
    }
}

/// The keyed digest of a token: all that is stored of it.
#[derive(Clone, Copy)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Wraps a digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes, for storage.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenDigest {}

impl std::hash::Hash for TokenDigest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_lowercase_hexadecimal_of_one_length() {
        assert!(TokenForm::Hash.matches("22eac1c27af4be7b9d04da2ce1af111b"));
        for bad in [
            "",
            "22EAC1C27AF4BE7B9D04DA2CE1AF111B",
            "22eac1c27af4be7b9d04da2ce1af111",
            "g2eac1c27af4be7b9d04da2ce1af111b",
        ] {
            assert!(!TokenForm::Hash.matches(bad), "{bad}");
        }
        assert!(!TokenForm::Key.matches("22eac1c27af4be7b9d04da2ce1af111b"));
    }
}
