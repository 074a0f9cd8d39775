//! The intent to tell somebody something. A notice is never rendered mail.

use std::net::IpAddr;

use crate::account::{AccountId, EmailKey, LoginKey, Realm};
use crate::time::Timestamp;

/// A notice to one account, queued in the transaction that gives the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The account's realm.
    pub realm: Realm,
    /// Whom to tell.
    pub account: AccountId,
    /// What to tell.
    pub kind: NoticeKind,
    /// When the reason for it arose.
    pub at: Timestamp,
    /// The address that gave the reason, where one is known.
    pub from: Option<IpAddr>,
}

/// What a notice tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Somebody asked to set a new password. The token is minted when the mail leaves.
    ResetRequested,
    /// The password was changed.
    PasswordChanged,
    /// The account's address was changed; told to the address named here.
    EmailChanged {
        /// The address to tell, the old or the new one.
        to: String,
    },
    /// Somebody tried so many wrong passwords that the login's own budget is spent.
    TooManyAttempts,
}

impl NoticeKind {
    /// Returns the stable name, as stored, logged and printed.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ResetRequested => "reset_requested",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged { .. } => "email_changed",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }
}

/// Somebody, not yet looked up, who asked to reset a password. At most one is pending for a realm and folded name.
#[derive(Clone, PartialEq, Eq)]
pub struct ResetRequest {
    /// Where to look.
    pub realm: Realm,
    /// What was typed, folded as a login.
    pub login: LoginKey,
    /// What was typed, folded as an e-mail address.
    pub email: EmailKey,
    /// When it was asked last.
    pub at: Timestamp,
    /// The address that asked last, where one is known.
    pub from: Option<IpAddr>,
}

impl std::fmt::Debug for ResetRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What people type into a login field is sometimes their password.
        f.debug_struct("ResetRequest")
            .field("realm", &self.realm)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
