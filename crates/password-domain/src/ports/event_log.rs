use std::net::IpAddr;

use crate::account::{AccountId, Realm};

/// Something that happened and that an operator may want to see. It never holds a secret or what somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The realm that it happened in.
    pub realm: Realm,
    /// The account; `None` where it is unknown.
    pub account: Option<AccountId>,
    /// The address it came from, where one is known.
    pub from: Option<IpAddr>,
}

/// What happened (OWASP ASVS 16.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the documentation: they are what the log shows")]
pub enum EventKind {
    SignedIn,
    SignInFailed,
    SignInRefused,
    SignInLimited,
    SessionRenewed,
    SessionEnded,
    PasswordChanged,
    PasswordChangeFailed,
    PasswordChangeLimited,
    PasswordChangeConflict,
    ResetRequested,
    ResetLimited,
    ResetTokenRefused,
    PasswordReset,
    HashUpgraded,
    NoticeDelivered,
    NoticePostponed,
    NoticeDropped,
}

impl EventKind {
    /// Returns the stable name, as logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignInRefused => "sign_in_refused",
            Self::SignInLimited => "sign_in_limited",
            Self::SessionRenewed => "session_renewed",
            Self::SessionEnded => "session_ended",
            Self::PasswordChanged => "password_changed",
            Self::PasswordChangeFailed => "password_change_failed",
            Self::PasswordChangeLimited => "password_change_limited",
            Self::PasswordChangeConflict => "password_change_conflict",
            Self::ResetRequested => "reset_requested",
            Self::ResetLimited => "reset_limited",
            Self::ResetTokenRefused => "reset_token_refused",
            Self::PasswordReset => "password_reset",
            Self::HashUpgraded => "hash_upgraded",
            Self::NoticeDelivered => "notice_delivered",
            Self::NoticePostponed => "notice_postponed",
            Self::NoticeDropped => "notice_dropped",
        }
    }
}

/// Takes note of what happened. Must not block and cannot fail.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait EventLog: Send + Sync {
    /// Records one event.
    fn record(&self, event: &Event);
}

/// An event log that keeps nothing, for embedders without one.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEventLog;

impl EventLog for NoEventLog {
    fn record(&self, _event: &Event) {}
}
