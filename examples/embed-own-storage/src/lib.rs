//! A storage adapter of one's own: everything that the use cases need to keep, in one [`Notebook`].
//!
//! The service around it has users already, so `people` is *its* table in *its* words, and the adapter translates. A
//! port method is one atomic step of the business; here a step is a lock that is held once. With a database it is a
//! transaction.
//!
//! | file | ports |
//! | --- | --- |
//! | `people` | `Accounts`, `AccountAdmin` |
//! | `credentials` | `CredentialStore`: the heart, where a change is carried out whole or not at all |
//! | `tickets` | `SessionStore`, `ResetStore`, `ApiKeyStore` |
//! | `outbox` | `Outbox` |
//! | `attempts` | `AttemptStore`, `Housekeeping` |
//!
//! `Holders` needs no code here: `SeparateHolders` asks the ports above one after the other.
//!
//! `tests/contract.rs` runs the written contract of each of these ports; `main.rs` puts the use cases on top.
//!
//! A notebook forgets everything when the process ends. What you write instead needs the same steps, the same answers,
//! and the same tests.

mod attempts;
mod credentials;
mod outbox;
mod people;
mod tickets;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use password_domain::account::{AccountId, Realm};
use password_domain::audit::AuditEvent;
use password_domain::credential::CredentialVersion;
use password_domain::ports::ApiKey;
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use outbox::Entry;
use people::Person;
use tickets::Grant;

/// Storage for all use cases, behind one lock.
#[derive(Default)]
pub struct Notebook(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    last_number: i64,
    people: Vec<Person>,
    sessions: Vec<Session>,
    grants: Vec<Grant>,
    api_keys: Vec<(TokenDigest, ApiKey)>,
    outbox: Vec<Entry>,
    /// When the budget under each key is whole again.
    debts: HashMap<TokenDigest, Timestamp>,
    known_until: HashMap<TokenDigest, Timestamp>,
    log: Vec<AuditEvent>,
}

impl Notebook {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the audit log, oldest line first.
    pub fn log(&self) -> Vec<AuditEvent> {
        self.pages().log.clone()
    }
}

impl Pages {
    /// Returns a number that was never given before.
    fn next_number(&mut self) -> i64 {
        self.last_number += 1;
        self.last_number
    }

    fn person(&self, id: &AccountId) -> Option<&Person> {
        self.people.iter().find(|person| person.id() == *id)
    }

    fn person_mut(&mut self, id: &AccountId) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.id() == *id)
    }

    /// Tells whether something may be issued under this version: the question that makes it impossible for a session or
    /// a grant to slip past a change.
    fn is_current(&self, realm: &Realm, id: &AccountId, version: CredentialVersion) -> bool {
        self.person(id).is_some_and(|person| {
            person.realm == *realm && person.is_active() && person.credential.version == version
        })
    }
}
