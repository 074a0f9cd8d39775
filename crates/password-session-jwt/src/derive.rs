//! One secret, many keys.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Separates our keys from everything else that may be derived from the same secret. Never changes.
const SALT: &[u8] = b"password keys v1";

/// Derives the key of one use from the house's secret.
///
/// This is HKDF-SHA256 (RFC 5869) with a fixed salt, the label as its info and one block of output. Keys of different
/// labels tell nothing about each other or about the secret.
pub fn derive(secret: &[u8], label: &str) -> Zeroizing<[u8; 32]> {
    hkdf(SALT, secret, label.as_bytes())
}

/// RFC 5869, section 2: extract, then the first block of expand.
fn hkdf(salt: &[u8], secret: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let extracted = hmac(salt, &[secret]);
    hmac(&*extracted, &[info, &[1]])
}

/// Returns the HMAC-SHA256 of the parts, one after the other.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    #[allow(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of some length");
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn the_first_block_is_that_of_rfc_5869() {
        // Appendix A.1.
        let key = hkdf(&bytes("000102030405060708090a0b0c"), &[0x0b; 22], &bytes("f0f1f2f3f4f5f6f7f8f9"));
        assert_eq!(key[..], bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }

    #[test]
    fn every_label_and_every_secret_has_a_key_of_its_own() {
        let keys = [
            derive(b"secret", "history"),
            derive(b"secret", "jwt"),
            derive(b"secret", "jwt2"),
            derive(b"secret", ""),
            derive(b"secreu", "jwt"),
            derive(b"", "jwt"),
        ];
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "key {at} is not its own");
        }
        assert_eq!(derive(b"secret", "jwt"), keys[1]);
    }

    #[test]
    fn a_derived_key_never_changes() {
        let hex: String =
            derive(b"0123456789abcdef0123456789abcdef", "jwt").iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "9939123fd22ebcdc6b04a2c89e294b9b3017d26d3657199873943e08d3bdb3b0");
    }
}
