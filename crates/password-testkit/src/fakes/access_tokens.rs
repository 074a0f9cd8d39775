use std::collections::HashMap;
use std::sync::Mutex;

use password_domain::ports::{AccessClaims, AccessTokens, TokenError};
use password_domain::time::Timestamp;
use password_domain::token::Token;

use super::lock;

/// Access tokens whose claims stay here: a token is only their number.
#[derive(Debug, Default)]
pub struct FakeAccessTokens(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    issued: u64,
    live: HashMap<String, AccessClaims>,
    broken: bool,
}

impl FakeAccessTokens {
    /// Returns a signer that has signed nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the keys of all that was signed before, so that it is no longer read.
    pub fn forget_keys(&self) {
        lock(&self.0).live.clear();
    }

    /// Breaks the signer, or mends it.
    pub fn set_broken(&self, broken: bool) {
        lock(&self.0).broken = broken;
    }
}

impl AccessTokens for FakeAccessTokens {
    fn issue(&self, claims: &AccessClaims) -> Result<Token, TokenError> {
        let mut state = lock(&self.0);
        if state.broken {
            return Err(TokenError::Signing("the test asked for this failure".into()));
        }
        state.issued += 1;
        let text = format!("access-token-{}", state.issued);
        state.live.insert(text.clone(), claims.clone());
        Ok(Token::new(text))
    }

    fn read(&self, token: &str, now: Timestamp) -> Option<AccessClaims> {
        let claims = lock(&self.0).live.get(token)?.clone();
        // Whole seconds count, as in a JWT.
        (now.as_seconds() < claims.expires_at.as_seconds()).then_some(claims)
    }
}
