//! One implementation of each storage port.

use std::sync::Arc;

use password_domain::ports::{
    AccountAdmin, Accounts, ApiKeyStore, AttemptStore, ClientStore, CredentialStore, Holders, Housekeeping,
    Outbox, ResetStore, SeparateHolders, SessionStore,
};

/// One implementation of each storage port: what the contract suites work on.
#[derive(Clone)]
#[allow(missing_docs, reason = "each field is the port that its type names")]
pub struct Storage {
    pub accounts: Arc<dyn Accounts>,
    pub account_admin: Arc<dyn AccountAdmin>,
    pub credentials: Arc<dyn CredentialStore>,
    pub holders: Arc<dyn Holders>,
    pub resets: Arc<dyn ResetStore>,
    pub sessions: Arc<dyn SessionStore>,
    pub outbox: Arc<dyn Outbox>,
    pub attempts: Arc<dyn AttemptStore>,
    pub api_keys: Arc<dyn ApiKeyStore>,
    pub clients: Arc<dyn ClientStore>,
    pub housekeeping: Arc<dyn Housekeeping>,
}

impl Storage {
    /// Returns storage whose every port is this one store, asked for the parts of a holder one after the other.
    pub fn of<S>(store: Arc<S>) -> Self
    where
        S: Accounts
            + AccountAdmin
            + CredentialStore
            + ResetStore
            + SessionStore
            + Outbox
            + AttemptStore
            + ApiKeyStore
            + ClientStore
            + Housekeeping
            + 'static,
    {
        Self {
            holders: Arc::new(SeparateHolders::of(store.clone())),
            accounts: store.clone(),
            account_admin: store.clone(),
            credentials: store.clone(),
            resets: store.clone(),
            sessions: store.clone(),
            outbox: store.clone(),
            attempts: store.clone(),
            api_keys: store.clone(),
            clients: store.clone(),
            housekeeping: store,
        }
    }
}
