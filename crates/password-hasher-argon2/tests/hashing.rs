//! Hashing and verifying our own passwords.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use password_domain::password::{Password, PasswordHash};
use password_domain::ports::{HashError, Lane, PasswordHasher as _, Verification};
use password_hasher_argon2::{Argon2Hasher, Argon2Params, ConfigError, HasherConfig, HistoryKeys};
use proptest::prelude::*;
use support::{CHEAP, config, hasher, verify};

#[tokio::test]
async fn a_hash_is_a_phc_string_of_current_costs_with_a_salt_of_its_own() {
    let hasher = hasher();
    let first = hasher.hash(&Password::new("Secret-1"), Lane::Proved).await.unwrap();
    let second = hasher.hash(&Password::new("Secret-1"), Lane::Proved).await.unwrap();
    let fields: Vec<_> = first.as_encoded().split('$').collect();
    assert_eq!(fields[..4], ["", "argon2id", "v=19", "m=64,t=1,p=1"]);
    // 16 and 32 bytes in Base64 without padding.
    assert_eq!((fields[4].len(), fields[5].len(), fields.len()), (22, 43, 6));
    assert_ne!(first.as_encoded(), second.as_encoded());
    assert_eq!(hasher.evaluations(), 2);
}

#[tokio::test]
async fn the_right_password_matches_and_no_other_does() {
    let hasher = hasher();
    let hash = hasher.hash(&Password::new("Secret-1"), Lane::Proved).await.unwrap();
    assert_eq!(verify(&hasher, "Secret-1", &hash).await, Verification::Match { outdated: false });
    for wrong in ["", "secret-1", "Secret-1 ", " Secret-1", "Secret-1\0", "Secret-11", "Secret-"] {
        assert_eq!(verify(&hasher, wrong, &hash).await, Verification::Mismatch, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_password_without_an_account_costs_one_evaluation_and_never_matches() {
    let hasher = hasher();
    for password in ["", "Secret-1"] {
        let before = hasher.evaluations();
        let outcome = hasher.verify(&Password::new(password), None, Lane::Stranger).await.unwrap();
        assert_eq!((outcome, hasher.evaluations() - before), (Verification::Mismatch, 1));
    }
}

#[tokio::test]
async fn a_password_beyond_the_bound_is_wrong_without_an_evaluation() {
    let hasher = hasher();
    let long = Password::new("a".repeat(1 << 20));
    let hash = hasher.hash(&Password::new("a"), Lane::Proved).await.unwrap();
    for hash in [None, Some(hash)] {
        assert_eq!(hasher.verify(&long, hash, Lane::Stranger).await.unwrap(), Verification::Mismatch);
    }
    assert!(matches!(hasher.hash(&long, Lane::Proved).await, Err(HashError::Unexpected(_))));
    assert!(matches!(hasher.compare_history(&long, &[], Lane::Proved).await, Err(HashError::Unexpected(_))));
    assert_eq!(hasher.evaluations(), 1);
}

#[tokio::test]
async fn a_hash_of_other_costs_matches_and_is_outdated() {
    for params in [
        Argon2Params { memory_kib: 32, ..CHEAP },
        Argon2Params { memory_kib: 128, ..CHEAP },
        Argon2Params { iterations: 2, ..CHEAP },
        Argon2Params { parallelism: 4, ..CHEAP },
    ] {
        let earlier = Argon2Hasher::new(HasherConfig { params, ..config(1, &[]) }).unwrap();
        let hash = earlier.hash(&Password::new("Secret-1"), Lane::Proved).await.unwrap();
        let now = hasher();
        assert_eq!(verify(&now, "Secret-1", &hash).await, Verification::Match { outdated: true });
        assert_eq!(verify(&now, "Secret-2", &hash).await, Verification::Mismatch);
    }
}

#[tokio::test]
async fn a_stored_hash_that_cannot_be_read_is_an_error_and_costs_nothing() {
    let hasher = hasher();
    for junk in ["", "!", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$$"] {
        let hash = Some(PasswordHash::from_encoded(junk));
        let outcome = hasher.verify(&Password::new("Secret-1"), hash, Lane::Stranger).await;
        assert!(matches!(outcome, Err(HashError::Unusable)), "{junk}");
    }
    assert_eq!(hasher.evaluations(), 0);
}

#[tokio::test]
async fn many_callers_at_once_all_get_their_own_answer() {
    let hasher = Arc::new(hasher());
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let hasher = Arc::clone(&hasher);
            tokio::spawn(async move {
                let password = Password::new(format!("Secret-{number}"));
                let hash = hasher.hash(&password, Lane::Proved).await.unwrap();
                let right = hasher.verify(&password, Some(hash.clone()), Lane::Proved).await.unwrap();
                let wrong = verify(&hasher, &format!("Secret-{}", number + 1), &hash).await;
                right.is_match() && !wrong.is_match()
            })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!((hasher.evaluations(), hasher.queue_len()), (192, 0));
}

#[tokio::test]
async fn a_dropped_future_that_never_began_costs_nothing() {
    let hasher = hasher();
    let password = Password::new("Secret-1");
    drop(hasher.hash(&password, Lane::Stranger));
    hasher.hash(&password, Lane::Stranger).await.unwrap();
    assert_eq!(hasher.evaluations(), 1);
}

#[tokio::test]
async fn the_defaults_work() {
    let defaults = HasherConfig::new(HistoryKeys::new([1; 32], Vec::new()));
    let hasher = Argon2Hasher::new(defaults).unwrap();
    let hash = hasher.hash(&Password::new("Secret-1"), Lane::Stranger).await.unwrap();
    assert!(hash.as_encoded().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(verify(&hasher, "Secret-1", &hash).await, Verification::Match { outdated: false });
}

#[test]
fn weak_costs_need_a_word() {
    let weak = HasherConfig { allow_weak: false, ..config(1, &[]) };
    assert!(matches!(Argon2Hasher::new(weak), Err(ConfigError::Weak)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_set_is_right_whatever_it_is(text in any::<String>(), other in any::<String>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let hasher = hasher();
            let password = Password::new(&*text);
            let hash = hasher.hash(&password, Lane::Proved).await.unwrap();
            assert!(verify(&hasher, &text, &hash).await.is_match());
            assert!(verify(&hasher, password.normalized(), &hash).await.is_match());
            let alike = password.same_as(&Password::new(&*other));
            assert_eq!(verify(&hasher, &other, &hash).await.is_match(), alike);
        });
    }
}
