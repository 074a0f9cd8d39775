//! The doors of the house: everything the use cases need from the world.
//!
//! A method is one atomic step of the business, never CRUD. Absence is `Ok(None)`. A wrong password, a lost race or a
//! stale version is an outcome that must be looked at, not an error; an error means that the port could not do its
//! work. Every port's docs say what an implementation MUST do, and `password-testkit` has one contract suite for each.
//!
//! With the feature `mock`, every port has a `mockall` mock named `Mock…` beside it.

mod access_tokens;
mod account_admin;
mod accounts;
mod api_key_store;
mod attempt_store;
mod client_store;
mod clock;
mod credential_store;
mod error;
mod event_log;
mod holders;
mod housekeeping;
mod mailer;
mod outbox;
mod password_hasher;
mod reset_store;
mod session_store;
mod token_source;

use std::sync::Arc;

pub use access_tokens::*;
pub use account_admin::*;
pub use accounts::*;
pub use api_key_store::*;
pub use attempt_store::*;
pub use client_store::*;
pub use clock::*;
pub use credential_store::*;
pub use error::*;
pub use event_log::*;
pub use holders::*;
pub use housekeeping::*;
pub use mailer::*;
pub use outbox::*;
pub use password_hasher::*;
pub use reset_store::*;
pub use session_store::*;
pub use token_source::*;

/// One implementation of each port that the use cases stand on.
///
/// `holders` finds what `accounts`, `credentials`, `sessions` and `resets` keep: whoever puts another store in the place
/// of one of these puts other holders beside it.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is the port that its type names")]
pub struct Ports {
    pub accounts: Arc<dyn Accounts>,
    pub account_admin: Arc<dyn AccountAdmin>,
    pub credentials: Arc<dyn CredentialStore>,
    pub holders: Arc<dyn Holders>,
    pub resets: Arc<dyn ResetStore>,
    pub sessions: Arc<dyn SessionStore>,
    pub outbox: Arc<dyn Outbox>,
    pub attempts: Arc<dyn AttemptStore>,
    pub housekeeping: Arc<dyn Housekeeping>,
    pub hasher: Arc<dyn PasswordHasher>,
    pub mailer: Arc<dyn Mailer>,
    pub access_tokens: Arc<dyn AccessTokens>,
    pub tokens: Arc<dyn TokenSource>,
    pub clock: Arc<dyn Clock>,
    pub events: Arc<dyn EventLog>,
}
