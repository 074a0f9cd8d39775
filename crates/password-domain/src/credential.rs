//! What proves an account: the current hash, its version, its history.

use crate::password::{HistoryTag, PasswordHash};
use crate::time::Timestamp;

/// Counts what ends everything: every change of password, e-mail address or status raises it, a rehash does not.
///
/// Sessions, tokens and reset grants carry the version they were issued under and live only while it is current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialVersion(i64);

impl CredentialVersion {
    /// The version of a new account.
    pub const FIRST: Self = Self(1);

    /// Wraps a stored version.
    pub const fn from_stored(version: i64) -> Self {
        Self(version)
    }

    /// Returns the number.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// Returns the version after the next change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// An account's current credential.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The current hash; `None` where the account has no password yet and can only be recovered.
    pub hash: Option<PasswordHash>,
    /// The version that every session, token and grant must carry.
    pub version: CredentialVersion,
    /// When the password last changed.
    pub changed_at: Timestamp,
}

/// One remembered password of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The credential version that this password came in with.
    pub version: CredentialVersion,
    /// What is kept of the password.
    pub tag: HistoryTag,
}
