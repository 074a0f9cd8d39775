//! A hasher that is cheap enough for tests.

#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses its share, and a test may panic")]

use password_domain::password::{Password, PasswordHash};
use password_domain::ports::{HashError, Lane, PasswordHasher as _, Verification};
use password_hasher_argon2::{Argon2Hasher, Argon2Params, HasherConfig, HistoryKeys};
use zeroize::Zeroizing;

pub(crate) const CHEAP: Argon2Params = Argon2Params { memory_kib: 64, iterations: 1, parallelism: 1 };

pub(crate) fn config(current_key: u8, previous_keys: &[u8]) -> HasherConfig {
    let previous = previous_keys.iter().map(|&byte| Zeroizing::new([byte; 32])).collect();
    HasherConfig {
        params: CHEAP,
        allow_weak: true,
        workers: Some(2),
        ..HasherConfig::new(HistoryKeys::new([current_key; 32], previous))
    }
}

pub(crate) fn hasher() -> Argon2Hasher {
    Argon2Hasher::new(config(1, &[])).unwrap()
}

/// Takes a foreign hash and tries a password on it; also tells how many evaluations that cost.
pub(crate) async fn try_foreign(encoded: &str, password: &str) -> (Result<Verification, HashError>, u64) {
    let hasher = hasher();
    let hash = hasher.accept_foreign(encoded).unwrap();
    (hasher.verify(&Password::new(password), Some(hash), Lane::Stranger).await, hasher.evaluations())
}

pub(crate) async fn verify(hasher: &Argon2Hasher, password: &str, hash: &PasswordHash) -> Verification {
    hasher.verify(&Password::new(password), Some(hash.clone()), Lane::Stranger).await.unwrap()
}
