//! What the house does. Each use case decides, calls ports, and answers with an outcome; none writes by itself.
//!
//! Order, everywhere: cheap before costly, and nothing about an account before the caller has proved something.

mod authenticate;
mod change_password;
mod check_password;
mod complete_reset;
mod deliver_notices;
mod guesses;
mod manage_accounts;
mod new_credential;
mod purge;
mod request_reset;
mod sessions;
mod sign_in;

use std::sync::Arc;

pub use change_password::{
    ChangeDenied, ChangeError, ChangeInProgress, ChangePassword, CredentialsError, Difference,
};
pub use check_password::{CheckPassword, CheckedPassword};
pub use complete_reset::{CompleteReset, Recovery, RecoveryError, ResetError};
pub use deliver_notices::{CLAIMS, DeliverNotices, LEASE};
pub use manage_accounts::{
    AccountDraft, AccountError, FirstPassword, ManageAccounts, PreparedAccounts, SetPasswordError,
};
pub use purge::{AUDIT_RETENTION, Purge};
pub use request_reset::{RequestReset, RequestResetError, Requested, Telling};
pub use sessions::{RefreshedToken, Sessions};
pub use sign_in::{SignIn, SignInError, SignedIn, TokenPair};

use crate::account::{Account, Realm};
use crate::ports::{Event, EventKind, PortError, Ports};
use crate::settings::{RealmSettings, Settings};
use crate::source::Source;

/// Every use case, standing on one set of ports.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is the use case that its type names")]
pub struct UseCases {
    pub sign_in: SignIn,
    pub sessions: Sessions,
    pub change_password: ChangePassword,
    pub request_reset: RequestReset,
    pub complete_reset: CompleteReset,
    pub check_password: CheckPassword,
    pub deliver_notices: DeliverNotices,
    pub manage_accounts: ManageAccounts,
    pub purge: Purge,
}

impl UseCases {
    /// Puts the use cases on their ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        let house = House { ports, settings: Arc::new(settings) };
        Self {
            sign_in: SignIn(house.clone()),
            sessions: Sessions(house.clone()),
            change_password: ChangePassword(house.clone()),
            request_reset: RequestReset(house.clone()),
            complete_reset: CompleteReset(house.clone()),
            check_password: CheckPassword(house.clone()),
            deliver_notices: DeliverNotices(house.clone()),
            manage_accounts: ManageAccounts(house.clone()),
            purge: Purge(house),
        }
    }
}

/// What every use case stands on.
#[derive(Clone)]
struct House {
    ports: Ports,
    settings: Arc<Settings>,
}

impl House {
    /// Returns a realm's settings. A realm that is not configured is a mistake of the wiring, not of a caller.
    fn realm(&self, realm: &Realm) -> Result<&RealmSettings, PortError> {
        self.settings
            .realm(realm)
            .ok_or_else(|| PortError::unexpected(format!("realm {realm} is not configured")))
    }

    fn record(&self, kind: EventKind, realm: &Realm, account: Option<&Account>, source: &Source) {
        self.ports.events.record(&Event {
            kind,
            realm: realm.clone(),
            account: account.map(|account| account.id.clone()),
            from: source.address(),
        });
    }
}
