//! The history: what is found, and what it costs.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use password_domain::password::{HistoryTag, Password};
use password_domain::ports::{HashError, HistoryComparison, Lane, PasswordHasher as _};
use password_hasher_argon2::{Argon2Hasher, Argon2Params, HasherConfig};
use support::{CHEAP, config, hasher};

/// Compares and tells how many evaluations it cost.
async fn compare(
    hasher: &Argon2Hasher,
    password: &str,
    remembered: &[HistoryTag],
) -> (HistoryComparison, u64) {
    let before = hasher.evaluations();
    let found = hasher.compare_history(&Password::new(password), remembered, Lane::Proved).await.unwrap();
    (found, hasher.evaluations() - before)
}

/// Remembers passwords one after the other, newest first.
async fn remember(hasher: &Argon2Hasher, passwords: &[&str]) -> Vec<HistoryTag> {
    let mut remembered = Vec::new();
    for password in passwords {
        let tag = compare(hasher, password, &remembered).await.0.tag;
        remembered.insert(0, tag);
    }
    remembered
}

/// Tags of imported hashes, newest first: each has a salt of its own.
fn imported(hasher: &Argon2Hasher) -> Vec<HistoryTag> {
    [
        // Made by Django 5.2.19 and crypt(3) of `C0rrect-hörse!`.
        "$2y$04$abcdefghijklmnopqrstuuXJ0/2LFhEhfldM/ZhkjJ5U2TZVrJ9pW",
        "pbkdf2_sha1$2000$seasalt0Ab$u/oo3QvwsLyKT8/0B8UxKq7Xijo=",
        "pbkdf2_sha256$2000$seasalt0Ab$5Lj4/IYg2TgvVYqsKbuzhDdIsqpdvzi5GeTbCBPHZL8=",
        "bcrypt_sha256$$2b$04$YY/yECPCkwxXFV6MGAU9JexbZtSSTxiQi7JP5bZk7.UiOn1IoXTnK",
        "argon2$argon2id$v=19$m=64,t=2,p=2$c2Vhc2FsdDBBYjAxMjM0NTY3ODk$jprIOZkKZvR0e2+7ANOCqWBsUUbGHC/SVpOTNukj7LA",
    ]
    .map(|encoded| hasher.tag_of(&hasher.accept_foreign(encoded).unwrap()).unwrap())
    .to_vec()
}

#[tokio::test]
async fn an_empty_history_costs_one_evaluation() {
    let (found, evaluations) = compare(&hasher(), "Secret-1", &[]).await;
    assert_eq!((found.reused, evaluations), (false, 1));
}

#[tokio::test]
async fn a_history_of_our_own_costs_one_evaluation_whatever_its_depth() {
    let hasher = hasher();
    let passwords: Vec<_> = (0..24).map(|number| format!("Secret-{number}")).collect();
    let passwords: Vec<_> = passwords.iter().map(String::as_str).collect();
    let remembered = remember(&hasher, &passwords).await;
    assert_eq!(hasher.evaluations(), 24);
    for password in passwords {
        let (found, evaluations) = compare(&hasher, password, &remembered).await;
        assert_eq!((found.reused, evaluations), (true, 1), "{password}");
    }
    for stranger in ["Secret-24", "secret-1", "Secret-1 ", ""] {
        let (found, evaluations) = compare(&hasher, stranger, &remembered).await;
        assert_eq!((found.reused, evaluations), (false, 1), "{stranger}");
    }
}

#[tokio::test]
async fn one_password_is_found_in_every_form() {
    let hasher = hasher();
    let remembered = remember(&hasher, &["caf\u{e9}-Latte1"]).await;
    assert!(compare(&hasher, "cafe\u{301}-Latte1", &remembered).await.0.reused);
}

#[tokio::test]
async fn the_tag_of_a_hash_finds_its_password() {
    let hasher = hasher();
    let hash = hasher.hash(&Password::new("Secret-1"), Lane::Proved).await.unwrap();
    let before = hasher.evaluations();
    let tag = hasher.tag_of(&hash).unwrap();
    assert_eq!(hasher.evaluations(), before);
    let (found, evaluations) = compare(&hasher, "Secret-1", std::slice::from_ref(&tag)).await;
    assert_eq!((found.reused, evaluations), (true, 1));
    assert_eq!(found.tag, tag);
    assert!(!compare(&hasher, "Secret-2", &[tag]).await.0.reused);
}

#[tokio::test]
async fn an_imported_history_costs_one_evaluation_each_and_one_for_the_new_entry() {
    let hasher = hasher();
    let remembered = imported(&hasher);
    let groups = remembered.len() as u64;
    for entry in &remembered {
        let (found, evaluations) = compare(&hasher, "C0rrect-h\u{f6}rse!", std::slice::from_ref(entry)).await;
        assert_eq!((found.reused, evaluations), (true, 2));
    }
    let (found, evaluations) = compare(&hasher, "Secret-1", &remembered).await;
    assert_eq!((found.reused, evaluations), (false, groups + 1));

    // The next one joins the new entry's group.
    let mut remembered = remembered;
    remembered.insert(0, found.tag);
    let (found, evaluations) = compare(&hasher, "Secret-2", &remembered).await;
    assert_eq!((found.reused, evaluations), (false, groups + 1));
    assert!(compare(&hasher, "Secret-1", &remembered).await.0.reused);
}

#[tokio::test]
async fn plain_bcrypt_in_the_history_remembers_nothing_that_it_cut_off() {
    let hasher = hasher();
    // Made by the Python package bcrypt of 72 times `a`.
    let encoded = "$2b$04$WquGI0.u/m.3/kBNC7OfR.KLH24Z2Lmnc6cCJF1a5s.cPUthpcFuq";
    let tag = hasher.tag_of(&hasher.accept_foreign(encoded).unwrap()).unwrap();
    assert!(compare(&hasher, &"a".repeat(72), std::slice::from_ref(&tag)).await.0.reused);
    let (found, evaluations) = compare(&hasher, &"a".repeat(73), &[tag]).await;
    assert_eq!((found.reused, evaluations), (false, 2));
}

#[tokio::test]
async fn a_newest_entry_of_other_costs_is_not_joined() {
    let earlier = Argon2Params { iterations: 2, ..CHEAP };
    let earlier = Argon2Hasher::new(HasherConfig { params: earlier, ..config(1, &[]) }).unwrap();
    let remembered = remember(&earlier, &["Secret-1", "Secret-2"]).await;
    let now = hasher();
    let (found, evaluations) = compare(&now, "Secret-1", &remembered).await;
    assert_eq!((found.reused, evaluations), (true, 2));
    assert!(found.tag.as_encoded().starts_with("h1$argon2id$v=19$m=64,t=1,p=1$"));
}

#[tokio::test]
async fn the_newest_entry_is_joined_though_older_ones_have_other_salts() {
    let hasher = hasher();
    let mut remembered = remember(&hasher, &["Secret-1"]).await;
    remembered.extend(remember(&hasher, &["Secret-2"]).await);
    let (found, evaluations) = compare(&hasher, "Secret-2", &remembered).await;
    assert_eq!((found.reused, evaluations), (true, 2));
    let salt = |tag: &HistoryTag| tag.as_encoded().split('$').nth(4).unwrap().to_owned();
    assert_eq!(salt(&found.tag), salt(&remembered[0]));
}

#[tokio::test]
async fn entries_of_an_earlier_key_are_still_found() {
    let earlier = Argon2Hasher::new(config(1, &[])).unwrap();
    let mut remembered = remember(&earlier, &["Secret-1", "Secret-2"]).await;
    let now = Argon2Hasher::new(config(2, &[1])).unwrap();
    let (found, evaluations) = compare(&now, "Secret-3", &remembered).await;
    assert_eq!((found.reused, evaluations), (false, 1));
    remembered.insert(0, found.tag);
    for password in ["Secret-1", "Secret-2", "Secret-3"] {
        let (found, evaluations) = compare(&now, password, &remembered).await;
        assert_eq!((found.reused, evaluations), (true, 1), "{password}");
    }
    // New entries are made under the new key alone, and without the old one the old entries are lost.
    let later = Argon2Hasher::new(config(2, &[])).unwrap();
    assert!(compare(&later, "Secret-3", &remembered).await.0.reused);
    assert!(!compare(&later, "Secret-1", &remembered).await.0.reused);
}

#[tokio::test]
async fn a_tag_that_cannot_be_read_is_an_error_and_costs_nothing() {
    let hasher = hasher();
    let bomb = "h1$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$32$00000000$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for junk in ["", "h1$", "h2$x$y$z", bomb] {
        let tags = [HistoryTag::from_encoded(junk)];
        let outcome = hasher.compare_history(&Password::new("Secret-1"), &tags, Lane::Proved).await;
        assert!(matches!(outcome, Err(HashError::Unusable)), "{junk}");
    }
    assert_eq!(hasher.evaluations(), 0);
}
