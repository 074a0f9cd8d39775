//! Access and refresh tokens as JSON Web Tokens.

use std::collections::HashSet;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use password_domain::account::{AccountId, Realm};
use password_domain::credential::CredentialVersion;
use password_domain::ports::{AccessClaims, AccessTokenKind, AccessTokens, TokenError};
use password_domain::time::Timestamp;
use password_domain::token::Token;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The longest text that is looked at. Our own tokens have about 400 bytes.
const MOST_BYTES: usize = 4_096;
/// How far the clock of another server may run ahead of ours.
const MOST_SKEW_SECONDS: i64 = 300;

/// How access tokens are signed.
pub struct JwtConfig {
    /// The key that signs.
    pub current: Zeroizing<[u8; 32]>,
    /// Keys that still verify and never sign.
    pub previous: Vec<Zeroizing<[u8; 32]>>,
    /// Who issues: the `iss` claim, which a token must carry unchanged.
    pub issuer: String,
}

/// Signs and reads tokens by HMAC-SHA256 (`HS256`), and by nothing else.
pub struct JwtAccessTokens {
    signing: EncodingKey,
    verifying: Vec<DecodingKey>,
    validation: Validation,
    issuer: String,
}

/// The claims as they travel.
#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    sub: AccountId,
    realm: Realm,
    typ: WireKind,
    ver: i64,
    sid: String,
    iat: i64,
    exp: i64,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireKind {
    Access,
    Refresh,
}

#[derive(Debug, thiserror::Error)]
#[error("the token would be too long to be read")]
struct TooLong;

impl JwtAccessTokens {
    /// Prepares the keys.
    pub fn new(config: JwtConfig) -> Self {
        let JwtConfig { current, previous, issuer } = config;
        let mut validation = Validation::new(Algorithm::HS256);
        // Presence is the business of `Wire`; times are compared with the caller's clock, not with the machine's.
        validation.required_spec_claims = HashSet::new();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Self {
            signing: EncodingKey::from_secret(&current[..]),
            verifying: std::iter::once(&current)
                .chain(&previous)
                .map(|key| DecodingKey::from_secret(&key[..]))
                .collect(),
            validation,
            issuer,
        }
    }

    fn decode(&self, token: &str) -> Option<Wire> {
        for key in &self.verifying {
            match jsonwebtoken::decode::<Wire>(token, key, &self.validation) {
                Ok(read) => return Some(read.claims),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
                Err(_) => return None,
            }
        }
        None
    }
}

impl AccessTokens for JwtAccessTokens {
    fn issue(&self, claims: &AccessClaims) -> Result<Token, TokenError> {
        let wire = Wire {
            iss: self.issuer.clone(),
            sub: claims.account.clone(),
            realm: claims.realm.clone(),
            typ: match claims.kind {
                AccessTokenKind::Access => WireKind::Access,
                AccessTokenKind::Refresh => WireKind::Refresh,
            },
            ver: claims.version.as_i64(),
            sid: claims.session.expose().to_owned(),
            iat: claims.issued_at.as_seconds(),
            exp: claims.expires_at.as_seconds(),
        };
        let text = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &wire, &self.signing)
            .map_err(|error| TokenError::Signing(Box::new(error)))?;
        if text.len() > MOST_BYTES {
            return Err(TokenError::Signing(Box::new(TooLong)));
        }
        Ok(Token::new(text))
    }

    fn read(&self, token: &str, now: Timestamp) -> Option<AccessClaims> {
        if token.len() > MOST_BYTES {
            return None;
        }
        let wire = self.decode(token)?;
        let seconds = now.as_seconds();
        let live = wire.iat <= seconds.saturating_add(MOST_SKEW_SECONDS) && seconds < wire.exp;
        if wire.iss != self.issuer || !live {
            return None;
        }
        Some(AccessClaims {
            kind: match wire.typ {
                WireKind::Access => AccessTokenKind::Access,
                WireKind::Refresh => AccessTokenKind::Refresh,
            },
            realm: wire.realm,
            account: wire.sub,
            version: CredentialVersion::from_stored(wire.ver),
            session: Token::new(wire.sid),
            issued_at: timestamp(wire.iat)?,
            expires_at: timestamp(wire.exp)?,
        })
    }
}

fn timestamp(seconds: i64) -> Option<Timestamp> {
    seconds.checked_mul(1_000_000).map(Timestamp::from_micros)
}
