//! Random tokens and the keyed digests under which they are stored.

use password_domain::ports::{TokenError, TokenSource};
use password_domain::token::{Token, TokenDigest, TokenForm, TokenPurpose};
use zeroize::Zeroizing;

use crate::derive::hmac;

/// Tokens from the operating system's random bytes, digested by HMAC-SHA256 over purpose, NUL and text.
pub struct KeyedTokens {
    current: Zeroizing<[u8; 32]>,
    previous: Vec<Zeroizing<[u8; 32]>>,
}

impl KeyedTokens {
    /// Takes the key of new digests, and earlier ones under which stored digests are still looked up.
    pub fn new(current: impl Into<Zeroizing<[u8; 32]>>, previous: Vec<Zeroizing<[u8; 32]>>) -> Self {
        Self { current: current.into(), previous }
    }
}

fn digest(key: &[u8; 32], purpose: TokenPurpose, text: &str) -> TokenDigest {
    // No label has a NUL, so no label and text read like another pair.
    TokenDigest::from_bytes(*hmac(key, &[purpose.label().as_bytes(), &[0], text.as_bytes()]))
}

impl TokenSource for KeyedTokens {
    fn mint(&self, form: TokenForm) -> Result<Token, TokenError> {
        let mut bytes = Zeroizing::new([0; TokenForm::Key.digits() / 2]);
        let bytes = &mut bytes[..form.digits() / 2];
        getrandom::fill(bytes).map_err(|error| TokenError::Entropy(Box::new(error)))?;
        let mut text = String::with_capacity(form.digits());
        for byte in &*bytes {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
        Ok(Token::new(text))
    }

    fn digest(&self, purpose: TokenPurpose, text: &str) -> TokenDigest {
        digest(&self.current, purpose, text)
    }

    fn digests(&self, purpose: TokenPurpose, text: &str) -> Vec<TokenDigest> {
        std::iter::once(&self.current).chain(&self.previous).map(|key| digest(key, purpose, text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const PURPOSES: [TokenPurpose; 5] = [
        TokenPurpose::Session,
        TokenPurpose::Reset,
        TokenPurpose::ApiKey,
        TokenPurpose::Client,
        TokenPurpose::Attempt,
    ];

    fn tokens(current: u8, previous: &[u8]) -> KeyedTokens {
        KeyedTokens::new([current; 32], previous.iter().map(|&byte| Zeroizing::new([byte; 32])).collect())
    }

    #[test]
    fn a_minted_token_has_its_form_and_is_its_own() {
        let source = tokens(1, &[]);
        for form in [TokenForm::Hash, TokenForm::Key] {
            let minted: HashSet<_> =
                (0..1_000).map(|_| source.mint(form).unwrap().expose().to_owned()).collect();
            assert_eq!(minted.len(), 1_000);
            assert!(minted.iter().all(|text| form.matches(text)));
        }
    }

    #[test]
    fn all_digits_of_a_token_are_random() {
        let source = tokens(1, &[]);
        let minted: Vec<_> = (0..1_000).map(|_| source.mint(TokenForm::Key).unwrap()).collect();
        for place in 0..TokenForm::Key.digits() {
            let seen: HashSet<_> = minted.iter().map(|token| token.expose().as_bytes()[place]).collect();
            assert_eq!(seen.len(), 16, "place {place}");
        }
    }

    #[test]
    fn a_digest_is_hmac_sha256_over_purpose_nul_and_text() {
        let hex: String = tokens(1, &[])
            .digest(TokenPurpose::Reset, "abc")
            .as_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(hex, "9e14592355856db5546a8fa6c21c2331f363b7e7d4ff65ce90fdb7557d2e9b99");
    }

    #[test]
    fn new_digests_come_from_the_current_key_and_old_ones_are_looked_up() {
        let (earlier, now) = (tokens(1, &[]), tokens(2, &[1]));
        let stored = earlier.digest(TokenPurpose::Reset, "abc");
        let digests = now.digests(TokenPurpose::Reset, "abc");
        assert!(digests[0] == now.digest(TokenPurpose::Reset, "abc") && digests[0] != stored);
        assert!(digests.len() == 2 && digests[1] == stored);
        assert!(!tokens(2, &[]).digests(TokenPurpose::Reset, "abc").contains(&stored));
    }

    proptest! {
        #[test]
        fn no_purpose_or_text_shares_a_digest(text in any::<String>(), other in any::<String>()) {
            let source = tokens(1, &[]);
            let texts: HashSet<&str> = [&*text, &*other, "session\0"].into();
            let digests: HashSet<_> = PURPOSES
                .iter()
                .flat_map(|&purpose| texts.iter().map(move |text| (purpose, *text)))
                .map(|(purpose, text)| *source.digest(purpose, text).as_bytes())
                .collect();
            prop_assert_eq!(digests.len(), PURPOSES.len() * texts.len());
        }
    }
}
