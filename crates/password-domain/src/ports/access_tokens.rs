use crate::account::{AccountId, Realm};
use crate::credential::CredentialVersion;
use crate::time::Timestamp;
use crate::token::Token;

/// What an access token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessTokenKind {
    /// Requests of a signed-in member.
    Access,
    /// Getting the next access token, and nothing else.
    Refresh,
}

/// What an access token says.
#[derive(Clone, Debug)]
pub struct AccessClaims {
    /// What the token is good for.
    pub kind: AccessTokenKind,
    /// The owner's realm.
    pub realm: Realm,
    /// The owner.
    pub account: AccountId,
    /// The credential version that the token was issued under.
    pub version: CredentialVersion,
    /// The token of the session behind it.
    pub session: Token,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends; whole seconds count.
    pub expires_at: Timestamp,
}

/// Issues and reads signed access tokens.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// Signs claims.
    ///
    /// # Errors
    ///
    /// [`TokenError`](super::TokenError) where signing fails.
    fn issue(&self, claims: &AccessClaims) -> Result<Token, super::TokenError>;

    /// Returns what a token says; `None` where it is malformed, not signed by us, or expired at `now`. An
    /// implementation MUST verify with every key that is still accepted and MUST accept no other algorithm than its own.
    fn read(&self, token: &str, now: Timestamp) -> Option<AccessClaims>;
}
