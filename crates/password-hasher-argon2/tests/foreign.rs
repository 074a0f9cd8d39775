//! Hashes that other systems made: what is taken, what is refused, what they cost.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use password_domain::password::{Password, PasswordHash};
use password_domain::ports::{HashError, Lane, PasswordHasher as _, Verification};
use rstest::rstest;
use support::{hasher, try_foreign, verify};

const PASSWORD: &str = "C0rrect-h\u{f6}rse!";

/// Made by Django 5.2.19, argon2-cffi 25.1 (libargon2), the Python package bcrypt 5.0 and crypt(3) of libxcrypt, whose
/// bcrypt is PHP's.
#[rstest]
#[case::django_pbkdf2_sha256("pbkdf2_sha256$2000$seasalt0Ab$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8=")]
#[case::django_pbkdf2_sha1("pbkdf2_sha1$2000$seasalt0Ab$u/oo3QvwsLyKT8/0B8UxKq7Xijo=")]
#[case::django_argon2(
    "argon2$argon2id$v=19$m=64,t=2,p=2$c2Vhc2FsdDBBYjAxMjM0NTY3ODk$jprIOZkKZvR0e2+7ANOCqWBsUUbGHC/SVpOTNukj7LA"
)]
#[case::django_argon2_default(
    "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdDBBYjAxMjM0NTY3ODk$v2+5xo6JYmZ4QswCH/a1HNC9PISBCu8uWplmzqJT7y0"
)]
#[case::django_bcrypt_sha256("bcrypt_sha256$$2b$04$YY/yECPCkwxXFV6MGAU9JexbZtSSTxiQi7JP5bZk7.UiOn1IoXTnK")]
#[case::django_bcrypt("bcrypt$$2b$04$87cUtpJUC.VazO7FWNflNO/5tqsaVkzkQFKCx0qG0MJS4VMKp/Hxa")]
#[case::bcrypt_2b("$2b$04$TZFgThXouHsKrQemS8ryb.kkSr2aG3NPJZdJuFSHtPutxErAPzLeu")]
#[case::bcrypt_2a("$2a$04$3LSu1BiqLBUqOMeMcW4IOeJx8Tk1QwSasESKjUYlj.RXTvVkaRocy")]
#[case::php_2y("$2y$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::argon2i_v16(
    "$argon2i$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$gKkxVDmocIivdZ+5Z6ehfct4/UkEFI6XSPzelZ4CqlM"
)]
#[case::argon2i_without_version(
    "$argon2i$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$gKkxVDmocIivdZ+5Z6ehfct4/UkEFI6XSPzelZ4CqlM"
)]
#[case::argon2i(
    "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$IaFtQHjCi13KgajgHuOwukpqaGzrcAEuMLARSPvbQXY"
)]
#[case::argon2d(
    "$argon2d$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$sDZhj3ZqoaRLwLGO4+KmKT5SRHnMUvoIVKlTGOanOnY"
)]
#[case::argon2id(
    "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc"
)]
#[tokio::test]
async fn a_hash_of_another_system_is_verified_for_one_evaluation(#[case] encoded: &str) {
    let (right, evaluations) = try_foreign(encoded, PASSWORD).await;
    assert_eq!((right.unwrap(), evaluations), (Verification::Match { outdated: true }, 1));
    let (wrong, evaluations) = try_foreign(encoded, "C0rrect-h\u{f6}rse?").await;
    assert_eq!((wrong.unwrap(), evaluations), (Verification::Mismatch, 1));
}

#[rstest]
#[case::django_unusable("!Dywf7rpQOxbVKX0YsXPgTSRfQ0fetYfUCAYcWLs4")]
#[case::django_unusable_bare("!")]
#[case::empty("")]
#[case::plain_text("Passw0rd!")]
#[case::md5("md5$salt$5f4dcc3b5aa765d61d8327deb882cf99")]
#[case::broken_bcrypt("$2x$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_without_version("$2$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_cost_31("$2y$31$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_cost_0("$2y$00$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_cost_99("$2y$99$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_cost_of_one_digit("$2y$4$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_cut_off("$2y$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9p")]
#[case::bcrypt_too_long("$2y$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pWa")]
#[case::bcrypt_other_alphabet("$2y$04$abcdefghijklmnopqrst+uXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::bcrypt_not_ascii("$2y$04$abcdefghijklmnopqrst\u{e9}XJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW")]
#[case::pbkdf2_bomb("pbkdf2_sha256$4294967296$seasalt0Ab$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8=")]
#[case::pbkdf2_over_the_bound(
    "pbkdf2_sha256$10000001$seasalt0Ab$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8="
)]
#[case::pbkdf2_without_iterations("pbkdf2_sha256$0$seasalt0Ab$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8=")]
#[case::pbkdf2_without_salt("pbkdf2_sha256$2000$$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8=")]
#[case::pbkdf2_short_digest("pbkdf2_sha256$2000$seasalt0Ab$u/oo3QvwsLyKT8/0B8UxKq7Xijo=")]
#[case::pbkdf2_empty_digest("pbkdf2_sha256$2000$seasalt0Ab$")]
#[case::pbkdf2_other_hash("pbkdf2_sha512$2000$seasalt0Ab$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8=")]
#[case::argon2_4_gib(
    "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc"
)]
#[case::argon2_largest(
    "$argon2id$v=19$m=4294967295,t=4294967295,p=16777215$c29tZXNhbHRzb21lc2FsdA$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc"
)]
#[case::argon2_many_passes(
    "argon2$argon2id$v=19$m=64,t=1000000,p=1$c29tZXNhbHRzb21lc2FsdA$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc"
)]
#[case::argon2_short_salt("$argon2id$v=19$m=64,t=2,p=1$c29tZQ$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc")]
#[case::argon2_short_digest("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$r7+BJg")]
#[case::argon2_without_digest("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA")]
fn what_cannot_be_verified_within_bounds_is_refused(#[case] encoded: &str) {
    let hasher = hasher();
    assert!(matches!(hasher.accept_foreign(encoded), Err(HashError::Unusable)));
    assert!(matches!(hasher.tag_of(&PasswordHash::from_encoded(encoded)), Err(HashError::Unusable)));
}

#[tokio::test]
async fn a_bomb_in_storage_is_never_evaluated() {
    let hasher = hasher();
    let bomb =
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc";
    let outcome =
        hasher.verify(&Password::new(PASSWORD), Some(PasswordHash::from_encoded(bomb)), Lane::Proved).await;
    assert!(matches!(outcome, Err(HashError::Unusable)));
    assert_eq!(hasher.evaluations(), 0);
}

#[tokio::test]
async fn plain_bcrypt_never_matches_what_it_would_cut_off() {
    // Made by the Python package bcrypt of 72 times `a`.
    let encoded = "$2b$04$WquGI0.u/m.3/kBNC7OfR.KLH24Z2Lmnc6cCJF1a5s.cPUthpcFuq";
    let fits = "a".repeat(72);
    assert!(try_foreign(encoded, &fits).await.0.unwrap().is_match());
    for cut in [format!("{fits}b"), format!("{}\u{e9}", "a".repeat(71)), format!("{fits}\0")] {
        let (outcome, evaluations) = try_foreign(encoded, &cut).await;
        // It costs what every other wrong password costs.
        assert_eq!((outcome.unwrap(), evaluations), (Verification::Mismatch, 1));
    }
}

#[tokio::test]
async fn plain_bcrypt_never_matches_beyond_a_nul() {
    let php = "$2y$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW";
    assert!(!try_foreign(php, &format!("{PASSWORD}\0x")).await.0.unwrap().is_match());
}

#[tokio::test]
async fn prehashed_bcrypt_takes_passwords_of_any_length() {
    // Made by Django 5.2.19 of 73 times `a`.
    let encoded = "bcrypt_sha256$$2b$04$HiNtha/uN7k/ZFeehbensuT.uA7ORd9ei/ecaTolbloI71TFQlfta";
    assert!(try_foreign(encoded, &"a".repeat(73)).await.0.unwrap().is_match());
    assert!(!try_foreign(encoded, &"a".repeat(74)).await.0.unwrap().is_match());
}

#[rstest]
#[case("pbkdf2_sha256$100$seasalt0Ab$lqnJWIsoh4j6e0Afb9s3+VfjiI25XmfYyU7OfS8DVAk=")]
#[case("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$pErgX4yhBFcP46r2QgWEl6hKuJpcT1cuzfxibTTR2jg")]
#[tokio::test]
async fn a_foreign_hash_of_a_decomposed_password_matches_as_it_is_typed(#[case] encoded: &str) {
    // Both were made of the decomposed form.
    let (outcome, evaluations) = try_foreign(encoded, "cafe\u{301}-Latte1").await;
    assert_eq!((outcome.unwrap(), evaluations), (Verification::Match { outdated: true }, 2));
    let (outcome, evaluations) = try_foreign(encoded, "caf\u{e9}-Latte1").await;
    assert_eq!((outcome.unwrap(), evaluations), (Verification::Mismatch, 1));
}

#[tokio::test]
async fn our_own_hashes_are_never_tried_twice() {
    let hasher = hasher();
    let hash = hasher.hash(&Password::new("other"), Lane::Proved).await.unwrap();
    assert!(!verify(&hasher, "cafe\u{301}-Latte1", &hash).await.is_match());
    assert_eq!(hasher.evaluations(), 2);
}

#[tokio::test]
async fn an_import_of_a_hash_of_ours_is_renewed_by_its_first_sign_in() {
    let hasher = hasher();
    let own = hasher.hash(&Password::new(PASSWORD), Lane::Proved).await.unwrap();
    let imported = hasher.accept_foreign(own.as_encoded()).unwrap();
    assert_eq!(verify(&hasher, PASSWORD, &own).await, Verification::Match { outdated: false });
    assert_eq!(verify(&hasher, PASSWORD, &imported).await, Verification::Match { outdated: true });
    assert_eq!(hasher.accept_foreign(imported.as_encoded()).unwrap(), imported);
}
