//! Fakes of every port, builders, and the contract suites that every adapter must pass.
//!
//! # The cast
//!
//! | who | plays | and lets a test |
//! | --- | --- | --- |
//! | [`World`] | everything that use cases stand on | hand [`World::ports`] to a use case and look at each fake afterwards |
//! | [`MemoryStore`] | every storage port, over one lock | read the audit log, go down and come back |
//! | [`FakeHasher`] | [`PasswordHasher`](password_domain::ports::PasswordHasher) | count evaluations, age its parameters, be overloaded |
//! | [`RecordingMailer`] | [`Mailer`](password_domain::ports::Mailer) | read what was sent, take the token out of the last mail, fail in each way |
//! | [`ManualClock`] | [`Clock`](password_domain::ports::Clock) | decide what time it is |
//! | [`FakeTokens`] | [`TokenSource`](password_domain::ports::TokenSource) | foresee tokens, rotate keys, run out of randomness |
//! | [`FakeAccessTokens`] | [`AccessTokens`](password_domain::ports::AccessTokens) | forget the keys that signed earlier tokens |
//! | [`RecordingEventLog`] | [`EventLog`](password_domain::ports::EventLog) | read what was recorded |
//! | [`Storage`] | one implementation of each storage port | mix an adapter under test with fakes |
//! | [`builders`] | accounts, sessions, grants, notices | say only what matters to it |
//! | [`contract`] | the written contract of each port | run every MUST against any implementation |
//!
//! # A test of a use case
//!
//! ```
//! use password_domain::ports::{AccountAdmin, Accounts};
//! use password_testkit::World;
//! use password_testkit::builders::new_account;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let world = World::new();
//! let alice = world.add_with_password(new_account("member", "alice"), "Tr0ubador&3").await;
//!
//! let ports = world.ports(); // for the use case under test
//! let found = ports.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap();
//!
//! assert_eq!(found, Some(alice));
//! assert_eq!(world.mailer.delivered().len(), 0); // creating an account mails nothing
//! # }
//! ```
//!
//! # Your own storage
//!
//! Give the suites a factory: a function without arguments that returns a future of fresh, empty storage and a guard.
//! The guard (a temporary folder, a database that is dropped with it, or `()`) is kept until the test has ended. A
//! factory may also return an `Option`: `None` says that a service is absent, and the test is skipped aloud.
//!
//! ```
//! // tests/contract.rs of your crate, with tokio (macros, rt-multi-thread) among its dev-dependencies.
//! use std::sync::Arc;
//! use password_testkit::{MemoryStore, Storage};
//!
//! // A store that implements every port, as MemoryStore does:
//! async fn everything() -> (Storage, ()) {
//!     (Storage::of(Arc::new(MemoryStore::new())), ())
//! }
//! mod whole {
//!     use super::everything;
//!     password_testkit::storage_contract!(everything);
//! }
//!
//! // A store of sessions alone; the suite finds the accounts that it needs in the fake beside it:
//! async fn sessions_alone() -> Option<(Storage, ())> {
//!     let mine = Arc::new(MemoryStore::new()); // your own SessionStore instead
//!     Some((Storage { sessions: mine, ..Storage::of(Arc::new(MemoryStore::new())) }, ()))
//! }
//! mod sessions {
//!     use super::sessions_alone;
//!     password_testkit::session_store_contract!(sessions_alone);
//! }
//! # fn main() {}
//! ```
//!
//! Suites put accounts into storage by [`AccountAdmin::add`](password_domain::ports::AccountAdmin::add). Where your
//! users come from elsewhere, give `Storage::account_admin` a small helper that adds rows to your table.
//!
//! What never belongs here: anything that a release build needs.

pub mod builders;
pub mod contract;
mod fakes;
mod storage;
mod world;

pub use fakes::{
    DeliveryFailure, FakeAccessTokens, FakeHasher, FakeTokens, ManualClock, MemoryStore, RecordingEventLog,
    RecordingMailer, START,
};
pub use storage::Storage;
pub use world::World;
