//! Runs a recipe on a password: one evaluation.

use argon2_engine::{Costs, Engine, EngineError, Input, OutOfMemory};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::recipe::{Argon2Recipe, BCRYPT_DIGEST_BYTES, Pbkdf2Hash, Recipe};
use crate::scratch::Scratch;

/// bcrypt looks at no more of a password than this.
const BCRYPT_BYTES: usize = 72;

/// The reason why an evaluation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EvaluationError {
    #[error(transparent)]
    Memory(#[from] OutOfMemory),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Returns the digest of a password; `None` where it cannot be this recipe's password, which costs the same.
pub(crate) fn evaluate(
    engine: &dyn Engine,
    recipe: &Recipe,
    password: &[u8],
    scratch: &mut Scratch,
) -> Result<Option<Zeroizing<Vec<u8>>>, EvaluationError> {
    match recipe {
        Recipe::Argon2(recipe) => argon2(engine, recipe, password, scratch).map(Some),
        Recipe::Bcrypt { prehashed: true, cost, salt } => {
            Ok(Some(bcrypt(*cost, *salt, &hex_sha256(password))))
        }
        Recipe::Bcrypt { prehashed: false, cost, salt } => {
            let digest = bcrypt(*cost, *salt, password);
            // bcrypt forgets what follows byte 72, and many implementations what follows a NUL; two passwords that
            // differ only there must not both be right.
            Ok((password.len() <= BCRYPT_BYTES && !password.contains(&0)).then_some(digest))
        }
        Recipe::Pbkdf2 { hash, iterations, salt } => {
            let mut digest = Zeroizing::new(vec![0; hash.bytes()]);
            match hash {
                Pbkdf2Hash::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, *iterations, &mut digest),
                Pbkdf2Hash::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, *iterations, &mut digest),
            }
            Ok(Some(digest))
        }
    }
}

fn argon2(
    engine: &dyn Engine,
    recipe: &Argon2Recipe,
    password: &[u8],
    scratch: &mut Scratch,
) -> Result<Zeroizing<Vec<u8>>, EvaluationError> {
    let Argon2Recipe { algorithm, version, params, salt, length } = recipe;
    let costs = Costs::from(*params);
    let input = Input { algorithm: *algorithm, version: *version, costs, password, salt };
    let mut digest = Zeroizing::new(vec![0; *length]);
    scratch.lend(costs.memory_kib as usize, |memory| engine.evaluate(&input, memory, &mut digest))??;
    Ok(digest)
}

fn bcrypt(cost: u32, salt: [u8; 16], password: &[u8]) -> Zeroizing<Vec<u8>> {
    // The key is the password with its terminating NUL, as far as 72 bytes reach.
    let taken = password.len().min(BCRYPT_BYTES);
    let mut key = Zeroizing::new([0; BCRYPT_BYTES]);
    key[..taken].copy_from_slice(&password[..taken]);
    let output = Zeroizing::new(bcrypt::bcrypt(cost, salt, &key[..(taken + 1).min(BCRYPT_BYTES)]));
    Zeroizing::new(output[..BCRYPT_DIGEST_BYTES].to_vec())
}

fn hex_sha256(password: &[u8]) -> Zeroizing<Vec<u8>> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest: Zeroizing<[u8; 32]> = Zeroizing::new(Sha256::digest(password).into());
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    Zeroizing::new(digest.iter().flat_map(digits).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use argon2_engine::{Algorithm, Choice, Version, select};

    use super::*;
    use crate::config::Argon2Params;
    use crate::scratch::Oversize;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn run(recipe: &Recipe, password: &[u8]) -> Option<String> {
        let engine = select(Choice::Auto).unwrap().engine;
        let mut scratch = Scratch::new(8, Arc::new(Oversize::new(65_536))).unwrap();
        evaluate(&*engine, recipe, password, &mut scratch).unwrap().map(|digest| hex(&digest))
    }

    /// From the reference implementation's own tests (phc-winner-argon2, `src/test.c`, Argon2id, version 0x13).
    #[test]
    fn argon2id_gives_the_reference_answers() {
        for (memory_kib, parallelism, answer) in [
            (65_536, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
            (256, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
            (256, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        ] {
            let recipe = Recipe::Argon2(Argon2Recipe {
                algorithm: Algorithm::Argon2id,
                version: Version::V0x13,
                params: Argon2Params { memory_kib, iterations: 2, parallelism },
                salt: b"somesalt".to_vec(),
                length: 32,
            });
            assert_eq!(run(&recipe, b"password").unwrap(), answer);
        }
    }

    /// RFC 6070, section 2.
    #[test]
    fn pbkdf2_with_sha1_gives_the_published_answer() {
        let recipe = Recipe::Pbkdf2 { hash: Pbkdf2Hash::Sha1, iterations: 4_096, salt: b"salt".to_vec() };
        assert_eq!(run(&recipe, b"password").unwrap(), "4b007901b765489abead49d926f721d065a429c1");
    }

    /// RFC 7914, section 11, first half.
    #[test]
    fn pbkdf2_with_sha256_gives_the_published_answer() {
        let recipe = Recipe::Pbkdf2 { hash: Pbkdf2Hash::Sha256, iterations: 80_000, salt: b"NaCl".to_vec() };
        let answer = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56";
        assert_eq!(run(&recipe, b"Password").unwrap(), answer);
    }

    #[test]
    fn bcrypt_has_no_answer_for_what_it_would_forget() {
        let recipe = Recipe::Bcrypt { prehashed: false, cost: 4, salt: [7; 16] };
        assert!(run(&recipe, &[b'a'; 72]).is_some() && run(&recipe, b"").is_some());
        assert_eq!(run(&recipe, &[b'a'; 73]), None);
        assert_eq!(run(&recipe, b"a\0b"), None);
    }

    #[test]
    fn prehashed_bcrypt_forgets_nothing() {
        let recipe = Recipe::Bcrypt { prehashed: true, cost: 4, salt: [7; 16] };
        let (long, longer) = (run(&recipe, &[b'a'; 73]), run(&recipe, &[b'a'; 74]));
        assert!(long.is_some() && long != longer);
        assert_ne!(run(&recipe, b"a\0b"), run(&recipe, b"a\0c"));
    }
}
