use crate::token::{Token, TokenDigest, TokenForm, TokenPurpose};

/// The reason why a token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The operating system gave no random bytes.
    #[error("no random bytes")]
    Entropy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Signing failed.
    #[error("signing failed")]
    Signing(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Makes random tokens and their keyed digests.
///
/// Digests MUST be keyed by a secret outside the database, and separate for every [`TokenPurpose`].
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait TokenSource: Send + Sync {
    /// Makes a token from the operating system's random bytes.
    ///
    /// # Errors
    ///
    /// [`TokenError::Entropy`] where there are none.
    fn mint(&self, form: TokenForm) -> Result<Token, TokenError>;

    /// Returns the digest of a text under the current key: what is stored.
    fn digest(&self, purpose: TokenPurpose, text: &str) -> TokenDigest;

    /// Returns the digests of a text under every key that is still accepted, the current one first: what is looked up.
    fn digests(&self, purpose: TokenPurpose, text: &str) -> Vec<TokenDigest>;
}
