//! Formats of other systems: plain bcrypt, and Django's `algorithm$…`.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD};
use zeroize::Zeroizing;

use crate::recipe::{Pbkdf2Hash, Recipe, number};

/// Some generators leave bits in a salt's last character that bcrypt never looks at.
const BCRYPT_BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));

/// Characters of a salt and of a digest, which stand together without a separator.
const SALT_CHARACTERS: usize = 22;
const DIGEST_CHARACTERS: usize = 31;

pub(super) fn parse(text: &str) -> Option<(Recipe, Zeroizing<Vec<u8>>)> {
    if text.starts_with('$') {
        return bcrypt(text, false);
    }
    let (algorithm, rest) = text.split_once('$')?;
    match algorithm {
        "bcrypt" => bcrypt(rest, false),
        "bcrypt_sha256" => bcrypt(rest, true),
        _ => pbkdf2(Pbkdf2Hash::ALL.into_iter().find(|hash| hash.name() == algorithm)?, rest),
    }
}

/// Reads `$2b$12$` + salt + digest. `2a` and `2y` differ from `2b` only in passwords that are refused anyway; `2x`
/// marks the hashes of a broken implementation.
fn bcrypt(text: &str, prehashed: bool) -> Option<(Recipe, Zeroizing<Vec<u8>>)> {
    let [version, cost, tail] = text.strip_prefix('$')?.split('$').collect::<Vec<_>>().try_into().ok()?;
    if !matches!(version, "2a" | "2b" | "2y") || cost.len() != 2 {
        return None;
    }
    let cost = number(cost.strip_prefix('0').unwrap_or(cost))?;
    if tail.len() != SALT_CHARACTERS + DIGEST_CHARACTERS {
        return None;
    }
    let (salt, digest) = tail.split_at_checked(SALT_CHARACTERS)?;
    let salt = BCRYPT_BASE64.decode(salt).ok()?.try_into().ok()?;
    let digest = Zeroizing::new(BCRYPT_BASE64.decode(digest).ok()?);
    Some((Recipe::Bcrypt { prehashed, cost, salt }, digest))
}

/// Reads iterations, salt and padded Base64.
fn pbkdf2(hash: Pbkdf2Hash, text: &str) -> Option<(Recipe, Zeroizing<Vec<u8>>)> {
    let [iterations, salt, digest] = text.split('$').collect::<Vec<_>>().try_into().ok()?;
    let digest = Zeroizing::new(STANDARD.decode(digest).ok()?);
    let salt = salt.as_bytes().to_vec();
    Some((Recipe::Pbkdf2 { hash, iterations: number(iterations)?, salt }, digest))
}
