//! The right to set one password once.

use std::time::Duration;

use crate::account::{AccountId, Realm};
use crate::credential::CredentialVersion;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// How many reset grants of one account live at a time; a further one voids the oldest, so that neither an impatient
/// owner nor a stranger's requests kill the link in the inbox.
pub const MAX_LIVE_GRANTS: usize = 3;

/// The longest lifetime of a reset grant that a configuration may ask for (OWASP Forgot Password Cheat Sheet;
/// NIST SP 800-63B section 4.2.1.2).
pub const MAX_GRANT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A reset grant: the right to set one account's password once, proved by a token from a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetGrant {
    /// The digest of the grant's token.
    pub digest: TokenDigest,
    /// The account's realm.
    pub realm: Realm,
    /// Whose password may be set.
    pub account: AccountId,
    /// The credential version that the grant was opened under.
    pub version: CredentialVersion,
    /// When the grant was opened, just before its mail left.
    pub opened_at: Timestamp,
    /// When the grant ends by itself.
    pub expires_at: Timestamp,
}
