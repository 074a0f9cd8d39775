//! Accounts, sessions, grants and notices for tests, which say only what matters to them.

use std::collections::BTreeSet;
use std::time::Duration;

use password_domain::account::{Account, AccountStatus, EmailKey, LoginKey, Permission, Realm};
use password_domain::audit::{Actor, AuditAction, AuditEvent};
use password_domain::credential::CredentialVersion;
use password_domain::notice::{Notice, NoticeKind, ResetRequest};
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::NewAccount;
use password_domain::reset::ResetGrant;
use password_domain::session::{Session, SessionKind};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use crate::fakes::START;

/// Returns a realm.
///
/// # Panics
///
/// Where the name is none.
pub fn realm(name: &str) -> Realm {
    Realm::new(name).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns a permission.
///
/// # Panics
///
/// Where the text is none.
pub fn permission(text: &str) -> Permission {
    Permission::new(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns a digest of its own for each number and label; its bytes are all kinds of bytes.
pub fn digest(label: &str, number: u64) -> TokenDigest {
    TokenDigest::from_bytes(crate::fakes::stretch(&["digest", label, &number.to_string()]))
}

/// Begins an active account with the address `<login>@example.org` and without a password, created at [`START`].
///
/// # Panics
///
/// Where the realm's name is none.
pub fn new_account(realm: &str, login: &str) -> AccountBuilder {
    AccountBuilder(NewAccount {
        realm: self::realm(realm),
        login: login.to_owned(),
        email: format!("{login}@example.org"),
        first_name: String::new(),
        last_name: String::new(),
        locale: None,
        status: AccountStatus::Active,
        demo: false,
        permissions: BTreeSet::new(),
        hash: None,
        history: None,
        at: START,
        actor: Actor::Operator,
    })
}

/// An account in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct AccountBuilder(NewAccount);

impl AccountBuilder {
    /// Gives it another address.
    pub fn email(mut self, email: &str) -> Self {
        self.0.email = email.to_owned();
        self
    }

    /// Gives it names.
    pub fn names(mut self, first: &str, last: &str) -> Self {
        (self.0.first_name, self.0.last_name) = (first.to_owned(), last.to_owned());
        self
    }

    /// Gives it a language.
    pub fn locale(mut self, locale: &str) -> Self {
        self.0.locale = Some(locale.to_owned());
        self
    }

    /// Makes it blocked.
    pub fn blocked(mut self) -> Self {
        self.0.status = AccountStatus::Blocked;
        self
    }

    /// Makes it inactive.
    pub fn inactive(mut self) -> Self {
        self.0.status = AccountStatus::Inactive;
        self
    }

    /// Makes it an account for demonstration.
    pub fn demo(mut self) -> Self {
        self.0.demo = true;
        self
    }

    /// Adds a permission.
    ///
    /// # Panics
    ///
    /// Where the text is none.
    pub fn permission(mut self, text: &str) -> Self {
        self.0.permissions.insert(permission(text));
        self
    }

    /// Gives it a password's hash, which may be any text where nobody will verify it.
    pub fn hash(mut self, hash: PasswordHash) -> Self {
        self.0.hash = Some(hash);
        self
    }

    /// Gives it the first entry of its history.
    pub fn history(mut self, tag: HistoryTag) -> Self {
        self.0.history = Some(tag);
        self
    }

    /// Lets it be created at another time.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.0.at = at;
        self
    }

    /// Returns the account.
    pub fn build(self) -> NewAccount {
        self.0
    }
}

impl From<AccountBuilder> for NewAccount {
    fn from(builder: AccountBuilder) -> Self {
        builder.build()
    }
}

/// Begins a standard session of an account, of the first version, issued at [`START`] for an hour; its digest is
/// `digest("session", number)`.
pub fn session(account: &Account, number: u64) -> SessionBuilder {
    SessionBuilder(Session {
        digest: digest("session", number),
        kind: SessionKind::Standard,
        realm: account.realm.clone(),
        account: account.id.clone(),
        version: CredentialVersion::FIRST,
        permissions: account.permissions.clone(),
        issued_at: START,
        expires_at: START.plus(Duration::from_secs(3600)),
    })
}

/// A session in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct SessionBuilder(Session);

impl SessionBuilder {
    /// Gives it another kind.
    pub fn kind(mut self, kind: SessionKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Gives it another credential version.
    pub fn version(mut self, version: CredentialVersion) -> Self {
        self.0.version = version;
        self
    }

    /// Gives it another lifetime.
    pub fn lives(mut self, issued_at: Timestamp, expires_at: Timestamp) -> Self {
        (self.0.issued_at, self.0.expires_at) = (issued_at, expires_at);
        self
    }

    /// Returns the session.
    pub fn build(self) -> Session {
        self.0
    }
}

/// Begins a reset grant of an account, of the first version, opened at [`START`] for an hour; its digest is
/// `digest("grant", number)`.
pub fn grant(account: &Account, number: u64) -> GrantBuilder {
    GrantBuilder(ResetGrant {
        digest: digest("grant", number),
        realm: account.realm.clone(),
        account: account.id.clone(),
        version: CredentialVersion::FIRST,
        opened_at: START,
        expires_at: START.plus(Duration::from_secs(3600)),
    })
}

/// A reset grant in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct GrantBuilder(ResetGrant);

impl GrantBuilder {
    /// Gives it another credential version.
    pub fn version(mut self, version: CredentialVersion) -> Self {
        self.0.version = version;
        self
    }

    /// Gives it another lifetime.
    pub fn lives(mut self, opened_at: Timestamp, expires_at: Timestamp) -> Self {
        (self.0.opened_at, self.0.expires_at) = (opened_at, expires_at);
        self
    }

    /// Returns the grant.
    pub fn build(self) -> ResetGrant {
        self.0
    }
}

/// Returns a notice to an account, from no known address.
pub fn notice(account: &Account, kind: NoticeKind, at: Timestamp) -> Notice {
    Notice { realm: account.realm.clone(), account: account.id.clone(), kind, at, from: None }
}

/// Returns the request of somebody who typed this, from no known address.
///
/// # Panics
///
/// Where the realm's name is none.
pub fn reset_request(realm: &str, typed: &str, at: Timestamp) -> ResetRequest {
    let (login, email) = (LoginKey::of(typed), EmailKey::of(typed));
    ResetRequest { realm: self::realm(realm), login, email, at, from: None }
}

/// Returns an audit line about an account, by an operator.
pub fn audit(account: &Account, action: AuditAction, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        realm: account.realm.clone(),
        account: Some(account.id.clone()),
        action,
        actor: Actor::Operator,
        from: None,
    }
}
