//! Tags of remembered passwords, and the keys of their digests.
//!
//! A tag is `h1$` + recipe + `$` + key id + `$` + HMAC-SHA256(key, digest of the recipe). The key id only tells an
//! operator which entries still need an old key; an entry is compared under every key that is there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use password_domain::password::HistoryTag;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::config::HistoryKeys;
use crate::recipe::Recipe;

const VERSION: &str = "h1";
const KEY_ID_CHARACTERS: usize = 8;
/// The longest recipe is PBKDF2 with a salt of 128 bytes; a tag with it has under 300.
const MOST_BYTES: usize = 512;

/// A history entry, taken apart.
pub(crate) struct Tag {
    pub(crate) recipe: Recipe,
    mac: [u8; 32],
}

impl Tag {
    pub(crate) fn parse(encoded: &str) -> Option<Self> {
        if encoded.len() > MOST_BYTES {
            return None;
        }
        let (version, rest) = encoded.split_once('$')?;
        let (rest, mac) = rest.rsplit_once('$')?;
        let (recipe, key_id) = rest.rsplit_once('$')?;
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if version != VERSION || key_id.len() != KEY_ID_CHARACTERS || !key_id.bytes().all(hexadecimal) {
            return None;
        }
        let mac = STANDARD_NO_PAD.decode(mac).ok()?.try_into().ok()?;
        Some(Self { recipe: Recipe::parse(recipe)?, mac })
    }

    /// Tells whether the tag was made of this digest under one of the keys.
    pub(crate) fn is_of(&self, digest: &[u8], keys: &HistoryKeys) -> Choice {
        std::iter::once(&keys.current)
            .chain(&keys.previous)
            .fold(Choice::from(0), |found, key| found | self.mac.ct_eq(&keyed(key, digest)))
    }
}

/// Makes a tag under the current key.
pub(crate) fn tag(recipe: &Recipe, digest: &[u8], keys: &HistoryKeys) -> HistoryTag {
    let mac = STANDARD_NO_PAD.encode(keyed(&keys.current, digest));
    HistoryTag::from_encoded(format!("{VERSION}${recipe}${}${mac}", key_id(&keys.current)))
}

/// Names a key without telling anything about it.
fn key_id(key: &[u8; 32]) -> String {
    // No digest of a password is this text: the shortest has 16 bytes, this has 6.
    keyed(key, b"key id")[..KEY_ID_CHARACTERS / 2].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn keyed(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    #[allow(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of 32 bytes");
    mac.chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn keys(current: u8, previous: &[u8]) -> HistoryKeys {
        HistoryKeys::new([current; 32], previous.iter().map(|&byte| Zeroizing::new([byte; 32])).collect())
    }

    fn recipe() -> Recipe {
        Recipe::parse("argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$32").unwrap()
    }

    fn found(tag: &HistoryTag, digest: &[u8], keys: &HistoryKeys) -> bool {
        Tag::parse(tag.as_encoded()).unwrap().is_of(digest, keys).into()
    }

    #[test]
    fn a_tag_is_found_by_its_digest_and_its_key() {
        let made = tag(&recipe(), &[1; 32], &keys(7, &[]));
        assert!(found(&made, &[1; 32], &keys(7, &[])));
        assert!(found(&made, &[1; 32], &keys(8, &[9, 7])));
        assert!(!found(&made, &[2; 32], &keys(7, &[])));
        assert!(!found(&made, &[1; 32], &keys(8, &[9])));
    }

    #[test]
    fn a_tag_keeps_the_recipe_and_not_the_digest() {
        let made = tag(&recipe(), &[1; 32], &keys(7, &[]));
        assert!(Tag::parse(made.as_encoded()).unwrap().recipe == recipe());
        assert!(!made.as_encoded().contains(&STANDARD_NO_PAD.encode([1; 32])));
    }

    #[test]
    fn what_is_no_tag_is_none() {
        let good = tag(&recipe(), &[1; 32], &keys(7, &[])).as_encoded().to_owned();
        assert!(Tag::parse(&good).is_some());
        for junk in [
            String::new(),
            "h1$$$".to_owned(),
            good.replace("h1$", "h2$"),
            good.replace("h1$", ""),
            good.replace("argon2id", "argon3"),
            format!("{good}A"),
            format!("{good}$"),
            good[..good.len() - 1].to_owned(),
            "$".repeat(1 << 20),
        ] {
            assert!(Tag::parse(&junk).is_none(), "{}", &junk[..junk.len().min(120)]);
        }
    }
}
