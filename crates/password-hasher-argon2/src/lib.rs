//! Argon2id on a bounded pool of workers, and the verification of foreign hashes.
//!
//! [`Argon2Hasher`] implements the domain's [`PasswordHasher`](password_domain::ports::PasswordHasher). It does what
//! costs: every slow evaluation of the house runs here, on a fixed set of threads, each with block memory of its own
//! that is allocated once, behind one first-in-first-out queue that answers at once when it is full.
//!
//! | file | what |
//! | --- | --- |
//! | `config` | what an operator chooses, and what is refused |
//! | `pool` | threads, queue, lanes; knows nothing of passwords |
//! | `scratch` | a worker's block memory, and the bound on larger evaluations |
//! | `recipe` | one slow function with its costs and salt: everything about a hash but its digest |
//! | `stored` | the texts of hashes: PHC strings, bcrypt, Django's `algorithm$…` |
//! | `evaluate` | runs a recipe on a password: one evaluation |
//! | `history` | tags of remembered passwords and the keys of their digests |
//! | `hasher` | the port itself |
//!
//! # What never belongs here
//!
//! Policies, accounts, storage, protocols, clocks that decide something. No text of a hash leaves in a log or an error.
//!
//! # To accept one more foreign format
//!
//! 1. Add a variant to `recipe::Recipe`, with its bounds in [`Limits`] and its text in the same file: that is what
//!    history tags keep, so it must never change afterwards.
//! 2. Read the format's text in `stored::foreign`; refuse everything that is not exactly the format.
//! 3. Evaluate it in `evaluate`: one evaluation for every password, also for one that cannot match.
//! 4. Add a hash that the other system made to `tests/foreign.rs`.
//!
//! # Memory
//!
//! Workers × cost, plus one bounded share for hashes of larger cost than the current one ([`Limits::memory_kib`]),
//! whatever the load. Block memory is reused without being wiped: it holds intermediate blocks of earlier
//! evaluations, from which no password can be read, and is overwritten by the next evaluation. Passwords and digests
//! are wiped.

mod config;
mod evaluate;
mod hasher;
mod history;
mod pool;
mod recipe;
mod scratch;
mod stored;

pub use argon2_engine::Choice as EngineChoice;
pub use config::{Argon2Params, ConfigError, HasherConfig, HistoryKeys, Limits};
pub use hasher::Argon2Hasher;
