//! One slow function with its costs and salt: everything about a hash but its digest.
//!
//! A recipe's text is what history tags keep, so it must stay readable for ever.

use std::fmt::{self, Write as _};

use argon2_engine::{Algorithm, MIN_SALT_BYTES, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::config::{Argon2Params, Limits};

/// Bytes of the salts that are made here (NIST SP 800-63B wants four, RFC 9106 recommends 16).
pub(crate) const SALT_BYTES: usize = 16;
/// Bytes of the digests that are made here (RFC 9106, section 4).
pub(crate) const DIGEST_BYTES: usize = 32;
/// The raw bytes of a bcrypt digest: 23 of its 24 are written.
pub(crate) const BCRYPT_DIGEST_BYTES: usize = 23;

const ARGON2_SALT_BYTES: std::ops::RangeInclusive<usize> = MIN_SALT_BYTES..=64;
const ARGON2_DIGEST_BYTES: std::ops::RangeInclusive<usize> = 16..=64;
const PBKDF2_SALT_BYTES: std::ops::RangeInclusive<usize> = 1..=128;
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 4..=31;

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Recipe {
    Argon2(Argon2Recipe),
    /// `prehashed`: over the hexadecimal SHA-256 of the password, as Django does it.
    Bcrypt {
        prehashed: bool,
        cost: u32,
        salt: [u8; 16],
    },
    Pbkdf2 {
        hash: Pbkdf2Hash,
        iterations: u32,
        salt: Vec<u8>,
    },
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Argon2Recipe {
    pub(crate) algorithm: Algorithm,
    pub(crate) version: Version,
    pub(crate) params: Argon2Params,
    pub(crate) salt: Vec<u8>,
    /// Bytes of the digest, which Argon2 mixes into its first hash.
    pub(crate) length: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pbkdf2Hash {
    Sha1,
    Sha256,
}

impl Pbkdf2Hash {
    pub(crate) const ALL: [Self; 2] = [Self::Sha1, Self::Sha256];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "pbkdf2_sha1",
            Self::Sha256 => "pbkdf2_sha256",
        }
    }

    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

impl Argon2Recipe {
    /// Reads the middle of a PHC string, `argon2id$v=19$m=…,t=…,p=…` without its salt; no version means the first one.
    pub(crate) fn parse_head(fields: &[&str]) -> Option<(Algorithm, Version, Argon2Params)> {
        let (algorithm, version, costs) = match *fields {
            [algorithm, costs] => (algorithm, Version::V0x10, costs),
            [algorithm, "v=16", costs] => (algorithm, Version::V0x10, costs),
            [algorithm, "v=19", costs] => (algorithm, Version::V0x13, costs),
            _ => return None,
        };
        let algorithm = [Algorithm::Argon2d, Algorithm::Argon2i, Algorithm::Argon2id]
            .into_iter()
            .find(|known| known.as_str() == algorithm)?;
        let mut costs = costs.split(',');
        let mut cost = |name| number(costs.next()?.strip_prefix(name)?);
        let params =
            Argon2Params { memory_kib: cost("m=")?, iterations: cost("t=")?, parallelism: cost("p=")? };
        // Further parameters, a key id for one, name secrets that are not here.
        costs.next().is_none().then_some((algorithm, version, params))
    }

    /// Tells whether new hashes are made like this.
    pub(crate) fn is_current(&self, params: Argon2Params) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params == params
            && self.salt.len() == SALT_BYTES
            && self.length == DIGEST_BYTES
    }
}

impl Recipe {
    /// Returns the recipe of new hashes.
    pub(crate) fn current(params: Argon2Params, salt: [u8; SALT_BYTES]) -> Self {
        Self::Argon2(Argon2Recipe {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params,
            salt: salt.to_vec(),
            length: DIGEST_BYTES,
        })
    }

    pub(crate) fn is_current(&self, params: Argon2Params) -> bool {
        matches!(self, Self::Argon2(recipe) if recipe.is_current(params))
    }

    /// Returns how many bytes its digests have.
    pub(crate) fn digest_bytes(&self) -> usize {
        match self {
            Self::Argon2(recipe) => recipe.length,
            Self::Bcrypt { .. } => BCRYPT_DIGEST_BYTES,
            Self::Pbkdf2 { hash, .. } => hash.bytes(),
        }
    }

    /// Tells whether the recipe is whole and costs no more than allowed; `current` is always allowed.
    pub(crate) fn is_within(&self, limits: &Limits, current: Argon2Params) -> bool {
        match self {
            Self::Argon2(Argon2Recipe { params, salt, length, .. }) => {
                let Argon2Params { memory_kib, iterations, parallelism } = *params;
                let passes = |memory: u32, iterations: u32| u64::from(memory) * u64::from(iterations);
                ARGON2_SALT_BYTES.contains(&salt.len())
                    && ARGON2_DIGEST_BYTES.contains(length)
                    && (1..=limits.parallelism.max(current.parallelism)).contains(&parallelism)
                    && (1..=limits.iterations.max(current.iterations)).contains(&iterations)
                    && memory_kib <= limits.memory_kib.max(current.memory_kib)
                    && u64::from(memory_kib) >= 8 * u64::from(parallelism)
                    && passes(memory_kib, iterations)
                        <= limits.memory_passes.max(passes(current.memory_kib, current.iterations))
            }
            Self::Bcrypt { cost, .. } => BCRYPT_COSTS.contains(cost) && *cost <= limits.bcrypt_cost,
            Self::Pbkdf2 { iterations, salt, .. } => {
                PBKDF2_SALT_BYTES.contains(&salt.len()) && (1..=limits.pbkdf2_iterations).contains(iterations)
            }
        }
    }

    /// Reads what [`Display`](fmt::Display) wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split('$').collect();
        if let ["bcrypt" | "bcrypt_sha256", cost, salt] = *fields {
            let salt = STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?;
            return Some(Self::Bcrypt { prehashed: fields[0] == "bcrypt_sha256", cost: number(cost)?, salt });
        }
        if let [name, iterations, salt] = *fields
            && let Some(hash) = Pbkdf2Hash::ALL.into_iter().find(|hash| hash.name() == name)
        {
            let salt = STANDARD_NO_PAD.decode(salt).ok()?;
            return Some(Self::Pbkdf2 { hash, iterations: number(iterations)?, salt });
        }
        let [head @ .., salt, length] = &fields[..] else { return None };
        let (algorithm, version, params) = Argon2Recipe::parse_head(head)?;
        let salt = STANDARD_NO_PAD.decode(salt).ok()?;
        Some(Self::Argon2(Argon2Recipe {
            algorithm,
            version,
            params,
            salt,
            length: number(length)? as usize,
        }))
    }
}

/// Writes algorithm, costs and salt, separated by `$`, and for Argon2 the digest's length.
impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let salt = match self {
            Self::Argon2(Argon2Recipe { algorithm, version, params, salt, .. }) => {
                let Argon2Params { memory_kib, iterations, parallelism } = params;
                let version = u32::from(*version);
                write!(
                    f,
                    "{}$v={version}$m={memory_kib},t={iterations},p={parallelism}$",
                    algorithm.as_str()
                )?;
                &salt[..]
            }
            Self::Bcrypt { prehashed, cost, salt } => {
                write!(f, "{}${cost}$", if *prehashed { "bcrypt_sha256" } else { "bcrypt" })?;
                &salt[..]
            }
            Self::Pbkdf2 { hash, iterations, salt } => {
                write!(f, "{}${iterations}$", hash.name())?;
                &salt[..]
            }
        };
        f.write_str(&STANDARD_NO_PAD.encode(salt))?;
        if let Self::Argon2(Argon2Recipe { length, .. }) = self {
            f.write_char('$')?;
            length.fmt(f)?;
        }
        Ok(())
    }
}

/// Reads a decimal number as hashes write it: digits only, no sign, no leading zero.
pub(crate) fn number(text: &str) -> Option<u32> {
    let canonical = text == "0" || !text.starts_with('0');
    (canonical && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: Argon2Params = Argon2Params { memory_kib: 64, iterations: 1, parallelism: 1 };

    fn within(text: &str) -> bool {
        Recipe::parse(text).unwrap().is_within(&Limits::default(), CURRENT)
    }

    #[test]
    fn a_recipe_reads_back_what_it_wrote() {
        for text in [
            "argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2i$v=16$m=64,t=1,p=1$AAAAAAAAAAA$16",
            "bcrypt$12$AAAAAAAAAAAAAAAAAAAAAA",
            "bcrypt_sha256$4$AAAAAAAAAAAAAAAAAAAAAA",
            "pbkdf2_sha1$1000$c2FsdA",
            "pbkdf2_sha256$1000000$c2FsdA",
        ] {
            assert_eq!(Recipe::parse(text).unwrap().to_string(), text);
            assert!(within(text), "{text}");
        }
    }

    #[test]
    fn costs_beyond_the_bounds_are_refused() {
        for text in [
            "argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=262145,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=262144,t=9,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=64,t=17,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=64,t=4294967295,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=1024,t=1,p=17$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=15,t=1,p=2$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=64,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=64,t=1,p=0$AAAAAAAAAAAAAAAAAAAAAA$32",
            "argon2id$v=19$m=64,t=1,p=1$AAAAAA$32",
            "argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$4",
            "argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$4294967295",
            "bcrypt$31$AAAAAAAAAAAAAAAAAAAAAA",
            "bcrypt$17$AAAAAAAAAAAAAAAAAAAAAA",
            "bcrypt$3$AAAAAAAAAAAAAAAAAAAAAA",
            "pbkdf2_sha256$0$c2FsdA",
            "pbkdf2_sha256$10000001$c2FsdA",
            "pbkdf2_sha256$4294967295$c2FsdA",
            "pbkdf2_sha256$1000$",
        ] {
            assert!(!within(text), "{text}");
        }
    }

    #[test]
    fn the_current_costs_are_always_within_bounds() {
        let params = Argon2Params { memory_kib: 1 << 20, iterations: 20, parallelism: 17 };
        let recipe = Recipe::current(params, [0; SALT_BYTES]);
        assert!(
            recipe.is_within(&Limits::default(), params) && !recipe.is_within(&Limits::default(), CURRENT)
        );
    }

    #[test]
    fn what_is_no_recipe_is_none() {
        for text in
            ["", "$", "argon2id", "md5$1$c2FsdA", "argon2id$v=18$m=64,t=1,p=1$AAAAAAAAAAA$32", "bcrypt$4$AA"]
        {
            assert!(Recipe::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_number_has_one_form() {
        assert_eq!([number("0"), number("10"), number("4294967295")], [Some(0), Some(10), Some(u32::MAX)]);
        for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "4294967296", "\u{661}"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
