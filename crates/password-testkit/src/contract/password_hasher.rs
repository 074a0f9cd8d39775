//! The contract of [`PasswordHasher`].

use std::sync::Arc;

use password_domain::password::{HistoryTag, Password, PasswordHash};
use password_domain::ports::{HashError, HistoryComparison, Lane, PasswordHasher, Verification};

type Hasher = Arc<dyn PasswordHasher>;

async fn hash(hasher: &Hasher, password: &str) -> PasswordHash {
    hasher.hash(&Password::new(password), Lane::Stranger).await.unwrap()
}

async fn verify(hasher: &Hasher, password: &str, hash: &PasswordHash) -> Verification {
    hasher.verify(&Password::new(password), Some(hash.clone()), Lane::Stranger).await.unwrap()
}

async fn compare(hasher: &Hasher, password: &str, remembered: &[HistoryTag]) -> HistoryComparison {
    hasher.compare_history(&Password::new(password), remembered, Lane::Proved).await.unwrap()
}

pub async fn the_right_password_matches_and_no_other(hasher: Hasher) {
    let hash = hash(&hasher, "correct Horse 7").await;
    assert_eq!(verify(&hasher, "correct Horse 7", &hash).await, Verification::Match { outdated: false });
    for wrong in [
        "correct Horse 8",
        "Correct Horse 7",
        "correct Horse 7 ",
        " correct Horse 7",
        "correct Horse",
        "",
        "*",
    ] {
        assert_eq!(verify(&hasher, wrong, &hash).await, Verification::Mismatch, "{wrong:?}");
    }
}

pub async fn both_lanes_answer_alike(hasher: Hasher) {
    let password = Password::new("correct Horse 7");
    for lane in [Lane::Stranger, Lane::Proved] {
        let hash = hasher.hash(&password, lane).await.unwrap();
        for lane in [Lane::Stranger, Lane::Proved] {
            assert!(hasher.verify(&password, Some(hash.clone()), lane).await.unwrap().is_match());
        }
    }
}

pub async fn every_hash_has_a_salt_of_its_own(hasher: Hasher) {
    assert!(hash(&hasher, "same").await != hash(&hasher, "same").await);
}

pub async fn a_hash_does_not_contain_its_password(hasher: Hasher) {
    let found = compare(&hasher, "correcthorse", &[]).await;
    let hash = hash(&hasher, "correcthorse").await;
    assert!(!hash.as_encoded().contains("correcthorse") && !found.tag.as_encoded().contains("correcthorse"));
    let digest = |encoded: &str| encoded.rsplit('$').next().map(str::to_owned);
    let tag = hasher.tag_of(&hash).unwrap();
    assert!(digest(hash.as_encoded()) != digest(tag.as_encoded()), "a tag tests no guesses against the hash");
}

pub async fn composed_and_decomposed_forms_are_one_password(hasher: Hasher) {
    let (composed, decomposed) = ("caf\u{e9} \u{ac00}", "cafe\u{301} \u{1100}\u{1161}");
    let of_composed = hash(&hasher, composed).await;
    assert!(verify(&hasher, decomposed, &of_composed).await.is_match());
    let of_decomposed = hash(&hasher, decomposed).await;
    assert!(verify(&hasher, composed, &of_decomposed).await.is_match());
    let tag = compare(&hasher, composed, &[]).await.tag;
    assert!(compare(&hasher, decomposed, &[tag]).await.reused);
}

pub async fn compatible_characters_are_different_passwords(hasher: Hasher) {
    // NFC keeps apart what NFKC would fold.
    let hash = hash(&hasher, "\u{fb01}sh").await;
    assert_eq!(verify(&hasher, "fish", &hash).await, Verification::Mismatch);
}

pub async fn an_unknown_hash_never_matches(hasher: Hasher) {
    for guess in ["", "guess", "correct Horse 7"] {
        let verified = hasher.verify(&Password::new(guess), None, Lane::Stranger).await.unwrap();
        assert_eq!(verified, Verification::Mismatch);
    }
}

pub async fn nothing_after_a_nul_is_lost(hasher: Hasher) {
    let hash = hash(&hasher, "before\0after").await;
    assert!(verify(&hasher, "before\0after", &hash).await.is_match());
    for wrong in ["before", "before\0", "before\0other"] {
        assert_eq!(verify(&hasher, wrong, &hash).await, Verification::Mismatch, "{wrong:?}");
    }
}

pub async fn long_passwords_count_to_their_end(hasher: Hasher) {
    // As long as a password may be that is verified, in characters of four bytes.
    let long = "\u{1f511}".repeat(1_024);
    let hash = hash(&hasher, &long).await;
    assert!(verify(&hasher, &long, &hash).await.is_match());
    let other = format!("{}\u{1f512}", "\u{1f511}".repeat(1_023));
    assert_eq!(verify(&hasher, &other, &hash).await, Verification::Mismatch);
    assert_eq!(verify(&hasher, &"\u{1f511}".repeat(1_023), &hash).await, Verification::Mismatch);
}

pub async fn any_remembered_password_is_found_by_what_was_kept_of_it(hasher: Hasher) {
    let mut remembered: Vec<HistoryTag> = Vec::new();
    for password in ["first", "second", "third"] {
        let found = compare(&hasher, password, &remembered).await;
        assert!(!found.reused, "{password}");
        remembered.insert(0, found.tag);
    }
    for password in ["first", "second", "third"] {
        let found = compare(&hasher, password, &remembered).await;
        assert!(found.reused, "{password}");
        assert!(remembered.contains(&found.tag), "one password in one group has one entry");
    }
    assert!(!compare(&hasher, "fourth", &remembered).await.reused);
    assert!(!compare(&hasher, "first", &[]).await.reused);
}

pub async fn a_new_entry_matches_later_on_its_own(hasher: Hasher) {
    let earlier = compare(&hasher, "earlier", &[]).await.tag;
    let own = compare(&hasher, "own", &[earlier]).await.tag;
    assert!(compare(&hasher, "own", std::slice::from_ref(&own)).await.reused);
    assert!(!compare(&hasher, "earlier", &[own]).await.reused);
}

pub async fn the_entry_of_a_hash_finds_its_password(hasher: Hasher) {
    let tag = hasher.tag_of(&hash(&hasher, "secret").await).unwrap();
    assert!(compare(&hasher, "secret", std::slice::from_ref(&tag)).await.reused);
    assert!(!compare(&hasher, "other", &[tag]).await.reused);
}

pub async fn entries_of_different_salts_are_compared_each(hasher: Hasher) {
    let mut remembered = Vec::new();
    for password in ["first", "second", "third"] {
        let hash = hash(&hasher, password).await;
        remembered.push(hasher.tag_of(&hash).unwrap());
    }
    for password in ["first", "second", "third"] {
        assert!(compare(&hasher, password, &remembered).await.reused, "{password}");
    }
    assert!(!compare(&hasher, "fourth", &remembered).await.reused);
}

pub async fn a_hash_of_its_own_is_accepted_and_verified(hasher: Hasher) {
    let hash = hash(&hasher, "secret").await;
    let accepted = hasher.accept_foreign(hash.as_encoded()).unwrap();
    assert!(verify(&hasher, "secret", &accepted).await.is_match());
}

pub async fn what_is_no_hash_is_an_error_and_no_mismatch(hasher: Hasher) {
    let long = "$argon2id$".repeat(10_000);
    for text in [
        "",
        " ",
        "plain",
        "$",
        "$$$$",
        "$argon2id$v=19$m=19456,t=2,p=1$",
        "$unheard$of$x",
        "\u{1f511}\0",
        &long,
    ] {
        assert!(matches!(hasher.accept_foreign(text), Err(HashError::Unusable)), "{text:?}");
        let hash = PasswordHash::from_encoded(text);
        assert!(matches!(hasher.tag_of(&hash), Err(HashError::Unusable)), "{text:?}");
        let verified = hasher.verify(&Password::new("x"), Some(hash), Lane::Stranger).await;
        assert!(matches!(verified, Err(HashError::Unusable)), "{text:?}");
        let tag = HistoryTag::from_encoded(text);
        let compared = hasher.compare_history(&Password::new("x"), &[tag], Lane::Proved).await;
        assert!(matches!(compared, Err(HashError::Unusable)), "{text:?}");
    }
}

cases! {
    ($) password_hasher:
    /// Expands to the tests of [`PasswordHasher`](password_domain::ports::PasswordHasher); takes the path of a factory
    /// of `Arc<dyn PasswordHasher>`: `async fn() -> (Arc<dyn PasswordHasher>, Guard)`, or an `Option` of that.
    password_hasher_contract as password_hasher {
        the_right_password_matches_and_no_other,
        both_lanes_answer_alike,
        every_hash_has_a_salt_of_its_own,
        a_hash_does_not_contain_its_password,
        composed_and_decomposed_forms_are_one_password,
        compatible_characters_are_different_passwords,
        an_unknown_hash_never_matches,
        nothing_after_a_nul_is_lost,
        long_passwords_count_to_their_end,
        any_remembered_password_is_found_by_what_was_kept_of_it,
        a_new_entry_matches_later_on_its_own,
        the_entry_of_a_hash_finds_its_password,
        entries_of_different_salts_are_compared_each,
        a_hash_of_its_own_is_accepted_and_verified,
        what_is_no_hash_is_an_error_and_no_mismatch,
    }
}
