//! What an operator decides, as the use cases see it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::account::Realm;
use crate::policy::{CommonPasswords, Policy};
use crate::ports::Budget;
use crate::token::TokenForm;

/// Everything that use cases need to know and no port can tell.
#[derive(Clone)]
pub struct Settings {
    /// Every policy by name.
    pub policies: BTreeMap<String, Policy>,
    /// Every realm.
    pub realms: BTreeMap<Realm, RealmSettings>,
    /// Passwords that are commonly used.
    pub common: Arc<dyn CommonPasswords>,
    /// How often somebody may guess; `None` switches all budgets off.
    pub limits: Option<Limits>,
    /// Whether a dialect that can tell an unknown account may do so.
    pub reveal_unknown_accounts: bool,
}

impl Settings {
    /// Returns a realm's settings; `None` where there is no such realm.
    pub fn realm(&self, realm: &Realm) -> Option<&RealmSettings> {
        self.realms.get(realm)
    }
}

/// What is decided for one realm.
#[derive(Clone, Debug)]
pub struct RealmSettings {
    /// The policy that new passwords must meet.
    pub policy: Policy,
    /// How long a session lives without being renewed.
    pub session_ttl: Duration,
    /// How long an access token lives; only for realms that have them.
    pub access_ttl: Duration,
    /// How long a reset grant lives from the sending of its mail.
    pub reset_ttl: Duration,
    /// The form of the realm's reset tokens.
    pub reset_token: TokenForm,
}

impl RealmSettings {
    /// The fleet platform's users: sessions of 30 days, restore hashes of one hour (contract, section 2).
    pub fn user() -> Self {
        Self {
            policy: Policy::user(),
            session_ttl: days(30),
            access_ttl: minutes(15),
            reset_ttl: minutes(60),
            reset_token: TokenForm::Hash,
        }
    }

    /// The dealers: sessions of 24 hours (contract, section 3).
    pub fn dealer() -> Self {
        Self { policy: Policy::dealer(), session_ttl: days(1), reset_token: TokenForm::Key, ..Self::user() }
    }

    /// The members: refresh tokens of 30 days, access tokens of 15 minutes.
    pub fn member() -> Self {
        Self { policy: Policy::member(), session_ttl: days(30), reset_token: TokenForm::Key, ..Self::user() }
    }
}

/// How often somebody may guess (contract, section 8).
///
/// An address shares its budget with everybody behind it, so it is wide; an identifier's budget follows NIST
/// SP 800-63B section 3.2.2, at most 100 failures, but shuts out strangers' addresses only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Signing in.
    pub sign_in: ScopeLimits,
    /// Old passwords under a live session.
    pub old_password: ScopeLimits,
    /// Wrong old passwords that one session survives.
    pub session: Budget,
    /// Requests to reset a password.
    pub reset_request: ScopeLimits,
    /// Submitted reset tokens; the identifier is the token.
    pub reset_token: ScopeLimits,
    /// Checks of a password against a policy, for each address.
    pub password_check: Budget,
    /// How long an address stays known to an account after a sign-in.
    pub known_address: Duration,
}

/// The budgets of one kind of attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeLimits {
    /// For one identifier from one address.
    pub pair: Budget,
    /// For one address, whatever the identifier.
    pub address: Budget,
    /// For one identifier, from whatever address that it does not know.
    pub identifier: Budget,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in: ScopeLimits {
                pair: budget(20, minutes(15)),
                address: budget(300, minutes(15)),
                identifier: budget(100, minutes(60)),
            },
            old_password: ScopeLimits {
                pair: budget(50, minutes(15)),
                address: budget(300, minutes(15)),
                identifier: budget(100, minutes(60)),
            },
            session: budget(20, days(1)),
            reset_request: ScopeLimits {
                pair: budget(10, minutes(60)),
                address: budget(100, minutes(60)),
                identifier: budget(20, minutes(60)),
            },
            reset_token: ScopeLimits {
                pair: budget(100, minutes(60)),
                address: budget(100, minutes(15)),
                identifier: budget(100, minutes(60)),
            },
            password_check: budget(6_000, minutes(1)),
            known_address: days(30),
        }
    }
}

const fn budget(capacity: u32, window: Duration) -> Budget {
    Budget { capacity, window }
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}
