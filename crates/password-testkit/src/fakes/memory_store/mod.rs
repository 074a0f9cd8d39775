//! Every storage port over one lock, one file for each port.

mod account_admin;
mod accounts;
mod api_key_store;
mod attempt_store;
mod client_store;
mod credential_store;
mod housekeeping;
mod outbox;
mod reset_store;
mod session_store;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use password_domain::account::{Account, AccountId, Realm};
use password_domain::audit::AuditEvent;
use password_domain::credential::{Credential, CredentialVersion, HistoryEntry};
use password_domain::notice::Notice;
use password_domain::ports::{ApiKey, Client, StoreError};
use password_domain::reset::ResetGrant;
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::lock;
use outbox::Entry;

/// Every storage port in memory: what it does is what the ports' contracts say, and nothing more.
///
/// Its identities are decimal numbers from 1. Each call lets other tasks run first, so that tasks of one thread
/// interleave as they would with a database.
#[derive(Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Default)]
struct State {
    down: bool,
    last_id: i64,
    accounts: BTreeMap<i64, Record>,
    sessions: Vec<Session>,
    grants: Vec<StoredGrant>,
    outbox: BTreeMap<i64, Entry>,
    /// For each key the time at which its budget is whole again.
    spent: HashMap<TokenDigest, Timestamp>,
    remembered: HashMap<TokenDigest, Timestamp>,
    api_keys: Vec<(TokenDigest, ApiKey)>,
    clients: BTreeMap<String, (TokenDigest, Client)>,
    audit: Vec<AuditEvent>,
}

struct Record {
    account: Account,
    credential: Credential,
    /// Oldest first.
    history: Vec<HistoryEntry>,
}

struct StoredGrant {
    grant: ResetGrant,
    /// Spent or voided: of no further use.
    over: bool,
}

impl StoredGrant {
    fn is_live(&self, now: Timestamp) -> bool {
        !self.over && now < self.grant.expires_at
    }
}

impl MemoryStore {
    /// Returns an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes every call fail with [`StoreError::Unavailable`], until [`come_back`](Self::come_back).
    pub fn go_down(&self) {
        lock(&self.0).down = true;
    }

    /// Ends [`go_down`](Self::go_down); nothing was lost.
    pub fn come_back(&self) {
        lock(&self.0).down = false;
    }

    /// Returns the audit log, oldest line first.
    pub fn audit(&self) -> Vec<AuditEvent> {
        lock(&self.0).audit.clone()
    }

    /// Returns the notices that wait in the outbox, leased and postponed ones too, oldest entry first.
    pub fn pending_notices(&self) -> Vec<Notice> {
        lock(&self.0).outbox.values().filter_map(Entry::notice).cloned().collect()
    }

    /// Returns how many requests wait in the outbox to be looked up, leased and postponed ones too.
    pub fn pending_requests(&self) -> usize {
        lock(&self.0).outbox.values().filter(|entry| entry.notice().is_none()).count()
    }

    async fn enter(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        tokio::task::yield_now().await;
        let state = lock(&self.0);
        if state.down {
            return Err(StoreError::Unavailable("the test took the store down".into()));
        }
        Ok(state)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("accounts", &lock(&self.0).accounts.len()).finish_non_exhaustive()
    }
}

impl State {
    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn record(&self, id: &AccountId) -> Option<&Record> {
        self.accounts.get(&number(id)?).filter(|record| record.account.id == *id)
    }

    fn record_mut(&mut self, id: &AccountId) -> Option<&mut Record> {
        self.accounts.get_mut(&number(id)?).filter(|record| record.account.id == *id)
    }

    /// Tells whether something may be issued under this version.
    fn is_current(&self, realm: &Realm, id: &AccountId, version: CredentialVersion) -> bool {
        self.record(id).is_some_and(|record| {
            record.account.realm == *realm
                && record.account.is_active()
                && record.credential.version == version
        })
    }
}

fn number(id: &AccountId) -> Option<i64> {
    id.as_str().parse().ok()
}
