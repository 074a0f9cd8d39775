//! The fakes: small, deterministic implementations of every port that obey the written contracts.

mod access_tokens;
mod clock;
mod event_log;
mod mailer;
mod memory_store;
mod password_hasher;
mod token_source;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use access_tokens::FakeAccessTokens;
pub use clock::{ManualClock, START};
pub use event_log::RecordingEventLog;
pub use mailer::{DeliveryFailure, RecordingMailer};
pub use memory_store::MemoryStore;
pub use password_hasher::FakeHasher;
pub use token_source::FakeTokens;

/// Locks, also after a test has panicked elsewhere.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stretches a quick hash of some texts to 32 bytes: the same everywhere and every time, and no protection at all.
pub(crate) fn stretch(texts: &[&str]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (index, chunk) in bytes.chunks_exact_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        (index, texts).hash(&mut hasher);
        chunk.copy_from_slice(&hasher.finish().to_be_bytes());
    }
    bytes
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
