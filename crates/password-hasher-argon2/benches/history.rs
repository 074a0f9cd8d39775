//! What a history costs beside the one evaluation that its candidate needs.
//!
//! Argon2 has its cheapest parameters here, so that the difference to `baseline` is the history's own: reading the tags, one
//! HMAC for the candidate and the comparisons.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use divan::{Bencher, black_box};
use password_domain::password::{HistoryTag, Password};
use password_domain::ports::{Lane, PasswordHasher as _};
use password_hasher_argon2::{Argon2Hasher, Argon2Params, HasherConfig, HistoryKeys};
use tokio::runtime::{Builder, Runtime};

fn main() {
    divan::main();
}

const CHEAPEST: Argon2Params = Argon2Params { memory_kib: 8, iterations: 1, parallelism: 1 };

fn hasher() -> (Runtime, Argon2Hasher) {
    let config = HasherConfig {
        params: CHEAPEST,
        allow_weak: true,
        workers: Some(1),
        ..HasherConfig::new(HistoryKeys::new([1; 32], vec![]))
    };
    (Builder::new_current_thread().enable_all().build().unwrap(), Argon2Hasher::new(config).unwrap())
}

/// A plain hash: the same way through the queue, and one evaluation.
#[divan::bench]
fn baseline(bencher: Bencher<'_, '_>) {
    let (runtime, hasher) = hasher();
    let password = Password::new("Marble.Fountain42");
    bencher.bench_local(|| runtime.block_on(hasher.hash(black_box(&password), Lane::Proved)).unwrap());
}

/// A new password against a history of our own.
#[divan::bench(args = [0, 1, 10, 24])]
fn compare(bencher: Bencher<'_, '_>, depth: usize) {
    let (runtime, hasher) = hasher();
    let mut remembered: Vec<HistoryTag> = Vec::new();
    for number in 0..depth {
        let password = Password::new(format!("Secret-{number}"));
        let found = runtime.block_on(hasher.compare_history(&password, &remembered, Lane::Proved)).unwrap();
        remembered.insert(0, found.tag);
    }
    let password = Password::new("Marble.Fountain42");
    let before = hasher.evaluations();
    let compare = || runtime.block_on(hasher.compare_history(&password, &remembered, Lane::Proved)).unwrap();
    assert!(!compare().reused && hasher.evaluations() - before == 1, "one evaluation, whatever the depth");
    bencher.bench_local(compare);
}
