use std::sync::Mutex;

use password_domain::ports::{TokenError, TokenSource};
use password_domain::token::{Token, TokenDigest, TokenForm, TokenPurpose};

use super::{lock, stretch};

/// A token source that counts: its first token is `00…01`. Its digests protect nothing.
#[derive(Debug)]
pub struct FakeTokens(Mutex<State>);

#[derive(Debug)]
struct State {
    minted: u64,
    /// The oldest one first; the last one is current.
    keys: Vec<String>,
    exhausted: bool,
}

impl Default for FakeTokens {
    fn default() -> Self {
        Self(Mutex::new(State { minted: 0, keys: vec!["key 1".to_owned()], exhausted: false }))
    }
}

impl FakeTokens {
    /// Returns a source with one key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a new current key; the keys before it are still accepted.
    pub fn rotate(&self) {
        let mut state = lock(&self.0);
        let next = format!("key {}", state.keys.len() + 1);
        state.keys.push(next);
    }

    /// Stops or resumes the flow of random bytes.
    pub fn set_exhausted(&self, exhausted: bool) {
        lock(&self.0).exhausted = exhausted;
    }

    /// Returns how many tokens were minted.
    pub fn minted(&self) -> u64 {
        lock(&self.0).minted
    }
}

impl TokenSource for FakeTokens {
    fn mint(&self, form: TokenForm) -> Result<Token, TokenError> {
        let mut state = lock(&self.0);
        if state.exhausted {
            return Err(TokenError::Entropy("the test asked for this failure".into()));
        }
        state.minted += 1;
        Ok(Token::new(format!("{:0width$x}", state.minted, width = form.digits())))
    }

    fn digest(&self, purpose: TokenPurpose, text: &str) -> TokenDigest {
        self.digests(purpose, text)[0]
    }

    fn digests(&self, purpose: TokenPurpose, text: &str) -> Vec<TokenDigest> {
        let state = lock(&self.0);
        let digest = |key: &String| TokenDigest::from_bytes(stretch(&["token", key, purpose.label(), text]));
        state.keys.iter().rev().map(digest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_unique_and_of_their_form() {
        let tokens = FakeTokens::new();
        for form in [TokenForm::Hash, TokenForm::Key] {
            let (one, other) = (tokens.mint(form).unwrap(), tokens.mint(form).unwrap());
            assert!(form.matches(one.expose()) && form.matches(other.expose()));
            assert_ne!(one.expose(), other.expose());
        }
    }

    #[test]
    fn digests_are_separate_for_each_purpose_and_key() {
        let tokens = FakeTokens::new();
        let old = tokens.digest(TokenPurpose::Session, "text");
        assert_ne!(old, tokens.digest(TokenPurpose::Reset, "text"));
        assert_eq!(old, tokens.digest(TokenPurpose::Session, "text"));

        tokens.rotate();
        let new = tokens.digest(TokenPurpose::Session, "text");
        assert_ne!(old, new);
        assert_eq!(tokens.digests(TokenPurpose::Session, "text"), [new, old]);
    }
}
