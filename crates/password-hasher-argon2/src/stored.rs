//! The texts of hashes: a recipe with its digest.

mod foreign;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::config::Argon2Params;
use crate::recipe::{Argon2Recipe, Recipe};

/// No hash that can be verified here is longer: Django's Argon2 with the longest salt and digest has under 256 bytes.
const MOST_BYTES: usize = 512;

/// Marks a hash of foreign origin that would otherwise look like our own (Django's own prefix for Argon2).
const FOREIGN_ARGON2: &str = "argon2";

/// A hash, taken apart.
pub(crate) struct Stored {
    pub(crate) recipe: Recipe,
    pub(crate) digest: Zeroizing<Vec<u8>>,
    /// The hash was made elsewhere, perhaps of a password that was not normalised.
    pub(crate) foreign: bool,
}

impl Stored {
    /// Reads an encoded hash; `None` where it is of no known format. Says nothing about costs.
    pub(crate) fn parse(encoded: &str) -> Option<Self> {
        if encoded.len() > MOST_BYTES {
            return None;
        }
        let (recipe, digest, foreign) = if let Some((recipe, digest)) = phc(encoded) {
            (recipe, digest, false)
        } else if let Some((recipe, digest)) = encoded.strip_prefix(FOREIGN_ARGON2).and_then(phc) {
            (recipe, digest, true)
        } else {
            let (recipe, digest) = foreign::parse(encoded)?;
            (recipe, digest, true)
        };
        (digest.len() == recipe.digest_bytes()).then_some(Self { recipe, digest, foreign })
    }

    /// Returns the text under which a hash that came from elsewhere is kept, so that it stays known as foreign.
    pub(crate) fn as_foreign(&self, encoded: &str) -> String {
        if self.foreign { encoded.to_owned() } else { format!("{FOREIGN_ARGON2}{encoded}") }
    }

    /// Tells whether the hash is not what a new one would be.
    pub(crate) fn is_outdated(&self, params: Argon2Params) -> bool {
        self.foreign || !self.recipe.is_current(params)
    }
}

/// Writes the PHC string of an Argon2 digest.
pub(crate) fn encode(recipe: &Argon2Recipe, digest: &[u8]) -> String {
    let Argon2Params { memory_kib, iterations, parallelism } = recipe.params;
    format!(
        "${}$v={}$m={memory_kib},t={iterations},p={parallelism}${}${}",
        recipe.algorithm.as_str(),
        u32::from(recipe.version),
        STANDARD_NO_PAD.encode(&recipe.salt),
        STANDARD_NO_PAD.encode(digest)
    )
}

/// Reads an Argon2 PHC string.
fn phc(text: &str) -> Option<(Recipe, Zeroizing<Vec<u8>>)> {
    let fields: Vec<&str> = text.strip_prefix('$')?.split('$').collect();
    let [head @ .., salt, digest] = &fields[..] else { return None };
    let (algorithm, version, params) = Argon2Recipe::parse_head(head)?;
    let salt = STANDARD_NO_PAD.decode(salt).ok()?;
    let digest = Zeroizing::new(STANDARD_NO_PAD.decode(digest).ok()?);
    Some((Recipe::Argon2(Argon2Recipe { algorithm, version, params, salt, length: digest.len() }), digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str =
        "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$r7+BJuRWCeDaea9JDUrCl52T64e9zaEJLtM0vIiR1Sc";

    #[test]
    fn a_phc_string_reads_back_what_was_written() {
        let stored = Stored::parse(OWN).unwrap();
        let Recipe::Argon2(recipe) = &stored.recipe else { panic!("no Argon2") };
        assert!(!stored.foreign);
        assert_eq!(encode(recipe, &stored.digest), OWN);
    }

    #[test]
    fn a_foreign_hash_stays_known_as_foreign() {
        let kept = Stored::parse(OWN).unwrap().as_foreign(OWN);
        let stored = Stored::parse(&kept).unwrap();
        assert!(stored.foreign);
        assert_eq!(stored.as_foreign(&kept), kept);
    }

    #[test]
    fn what_differs_from_a_new_hash_is_outdated() {
        let params = Argon2Params { memory_kib: 64, iterations: 2, parallelism: 1 };
        assert!(!Stored::parse(OWN).unwrap().is_outdated(params));
        assert!(Stored::parse(OWN).unwrap().is_outdated(Argon2Params { memory_kib: 63, ..params }));
        for other in [OWN.replace("argon2id", "argon2i"), OWN.replace("v=19", "v=16"), format!("argon2{OWN}")]
        {
            assert!(Stored::parse(&other).unwrap().is_outdated(params), "{other}");
        }
    }

    #[test]
    fn what_is_not_exactly_a_phc_string_is_refused() {
        for junk in [
            String::new(),
            "$".to_owned(),
            OWN.replace("argon2id", "argon2x"),
            OWN.replace("v=19", "v=20"),
            OWN.replace("m=64", "m=064"),
            OWN.replace("m=64", "m=+64"),
            OWN.replace("m=64", "m=4294967296"),
            OWN.replace("m=64,t=2", "t=2,m=64"),
            OWN.replace("p=1", "p=1,keyid=AAAA"),
            OWN.replace("p=1", "p=1,"),
            format!("{OWN}$"),
            format!("{OWN}="),
            format!(" {OWN}"),
            format!("{OWN}\n"),
            format!("argon2argon2{OWN}"),
            format!("{OWN}{}", "A".repeat(1 << 20)),
        ] {
            assert!(Stored::parse(&junk).is_none(), "{}", &junk[..junk.len().min(120)]);
        }
    }
}
