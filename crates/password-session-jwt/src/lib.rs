//! What a caller presents: access tokens as JWTs, random tokens and their keyed digests.
//!
//! - [`JwtAccessTokens`] issues and reads the signed tokens of members
//!   ([`AccessTokens`](password_domain::ports::AccessTokens)).
//! - [`KeyedTokens`] makes random tokens and the digests under which they are stored
//!   ([`TokenSource`](password_domain::ports::TokenSource)).
//! - [`derive()`] makes the key of each use from the one secret of the house.
//!
//! # What never belongs here
//!
//! Whether a token is still good: versions, revocation and accounts are the domain's and storage's. No cookie, no
//! header, no clock: the time to compare with comes from the caller.
//!
//! # How to add
//!
//! - A claim: a field of `Wire` and of the domain's `AccessClaims`. Tokens without it are refused from then on, so give
//!   it a serde default where issued ones should live on.
//! - A purpose of random tokens: a variant of the domain's `TokenPurpose` with a label of its own; nothing changes here.
//! - A key: a new label for [`derive()`]. Never reuse one, never change one: what was made under it would be lost.

mod access_tokens;
mod derive;
mod token_source;

pub use access_tokens::{JwtAccessTokens, JwtConfig};
pub use derive::derive;
pub use token_source::KeyedTokens;
