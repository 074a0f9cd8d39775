//! Sessions and those who act under them.

use std::collections::BTreeSet;

use crate::account::{Account, AccountId, Permission, Realm};
use crate::credential::{Credential, CredentialVersion};
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// What a session is good for. A session of one kind is unknown to every dialect that takes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// A user's session; can be renewed.
    Standard,
    /// A dealer's session in the panel; cannot be renewed.
    Panel,
    /// The session behind a pair of access and refresh tokens.
    Token,
}

impl SessionKind {
    /// Returns the stable name, as stored and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Panel => "panel",
            Self::Token => "token",
        }
    }

    /// Reads the stable name; `None` for any other text.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Standard, Self::Panel, Self::Token].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A session as it is stored. Whether it lives is decided with the account's credential beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The digest of the session's token.
    pub digest: TokenDigest,
    /// What the session is good for.
    pub kind: SessionKind,
    /// The owner's realm.
    pub realm: Realm,
    /// The owner.
    pub account: AccountId,
    /// The credential version that the session was issued under.
    pub version: CredentialVersion,
    /// What the owner was allowed to do when the session was issued.
    pub permissions: BTreeSet<Permission>,
    /// When the session was issued.
    pub issued_at: Timestamp,
    /// When the session ends by itself.
    pub expires_at: Timestamp,
}

/// Somebody who has proved a live session: the account as it was read a moment ago.
///
/// Only [`Sessions::recognise`](crate::use_cases::Sessions::recognise) makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) account: Account,
    pub(crate) credential: Credential,
    pub(crate) session: Session,
}

impl Caller {
    /// Returns the account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Returns what the caller may do: what the session was issued with, less what the account has lost since.
    pub fn permissions(&self) -> impl Iterator<Item = &Permission> {
        self.session.permissions.intersection(&self.account.permissions)
    }

    /// Tells whether the caller may do something.
    pub fn may(&self, permission: &Permission) -> bool {
        self.permissions().any(|held| held == permission)
    }
}
