//! What is written down, for good, in the transaction that changes something.

use std::net::IpAddr;

use crate::account::{AccountId, Realm};
use crate::time::Timestamp;

/// One line of the audit log. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// When it happened.
    pub at: Timestamp,
    /// The account's realm.
    pub realm: Realm,
    /// Whose account it is; `None` only for an account that storage has yet to name.
    pub account: Option<AccountId>,
    /// What was done.
    pub action: AuditAction,
    /// Who did it.
    pub actor: Actor,
    /// The address it came from, where one is known.
    pub from: Option<IpAddr>,
}

/// What was done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// The account was created.
    AccountAdded,
    /// Its attributes or permissions were changed.
    AccountUpdated,
    /// It was activated.
    AccountActivated,
    /// It was blocked.
    AccountBlocked,
    /// It was unblocked.
    AccountUnblocked,
    /// It was deleted.
    AccountDeleted,
    /// Its password was changed with the old one.
    PasswordChanged,
    /// Its password was set with a reset grant.
    PasswordReset,
    /// Its password was set by an operator.
    PasswordSet,
}

impl AuditAction {
    /// Returns the stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountAdded => "account_added",
            Self::AccountUpdated => "account_updated",
            Self::AccountActivated => "account_activated",
            Self::AccountBlocked => "account_blocked",
            Self::AccountUnblocked => "account_unblocked",
            Self::AccountDeleted => "account_deleted",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::PasswordSet => "password_set",
        }
    }
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The account's owner.
    Owner,
    /// An operator at the command line.
    Operator,
}

impl Actor {
    /// Returns the stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
        }
    }
}
