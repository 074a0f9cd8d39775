use std::time::Duration;

use super::House;
use super::guesses::Scope;
use super::new_credential::{NewCredential, Reuse};
use crate::account::{Account, Realm};
use crate::change::Proof;
use crate::credential::Credential;
use crate::password::Password;
use crate::policy::Violation;
use crate::ports::{EventKind, Holder, PortError};
use crate::reset::ResetGrant;
use crate::source::Source;
use crate::token::TokenPurpose;

/// Sets a password with a token from a mail.
#[derive(Clone)]
pub struct CompleteReset(pub(super) House);

/// The reason why a token does not let its bearer set a password.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// There is no such live grant: unknown, spent, voided, expired, overtaken by a change, or another account's.
    #[error("the token is invalid")]
    InvalidToken,
    /// The account is for demonstration.
    #[error("a demo account's password cannot be changed")]
    Demo,
    /// Too many attempts; the next one may be made after this time.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The reason why a password was not set. The grant still lives unless it says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The new password breaks rules of the policy; all of them are named.
    #[error("the new password breaks the policy")]
    Policy(Vec<Violation>),
    /// The new password is one of the last ones.
    #[error("the new password was recently used")]
    RecentlyUsed,
    /// Another submit or change came first, and the grant is gone.
    #[error("the token is invalid")]
    InvalidToken,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl CompleteReset {
    /// Recognises the bearer of a token: no evaluation, and nothing is spent. `user_key` is the account that the
    /// bearer names, where the dialect has one; a wrong one is answered like a wrong token.
    ///
    /// # Errors
    ///
    /// [`RecoveryError`]; a demo account is told only to the bearer of a live token.
    pub async fn recognise(
        &self,
        realm: &Realm,
        user_key: Option<&str>,
        token: &str,
        source: &Source,
    ) -> Result<Recovery<'_>, RecoveryError> {
        let house = &self.0;
        if !house.realm(realm)?.reset_token.matches(token) {
            return Err(RecoveryError::InvalidToken);
        }
        let guess = match house.guess(Scope::ResetToken, realm, token, source).await? {
            Ok(guess) => guess,
            Err(refused) => {
                house.record(EventKind::ResetLimited, realm, None, source);
                return Err(RecoveryError::TooManyAttempts { retry_after: refused.retry_after });
            }
        };
        let Some((account, credential, grant)) = house.bearer(realm, user_key, token).await? else {
            house.record(EventKind::ResetTokenRefused, realm, None, source);
            return Err(RecoveryError::InvalidToken);
        };
        // Whoever holds a live token guesses at nothing. The token's own count stays, so that it has a bounded number of
        // tries, also at rules that a password fails.
        house.give_back_to_address(guess).await?;
        if account.demo {
            return Err(RecoveryError::Demo);
        }
        Ok(Recovery { house, account, credential, grant })
    }
}

impl House {
    async fn bearer(
        &self,
        realm: &Realm,
        user_key: Option<&str>,
        token: &str,
    ) -> Result<Option<(Account, Credential, ResetGrant)>, PortError> {
        let digests = self.ports.tokens.digests(TokenPurpose::Reset, token);
        let now = self.ports.clock.now();
        let found = self.ports.holders.by_grant(realm, &digests, now).await?;
        let Some((grant, Holder { account, credential })) = found else { return Ok(None) };
        if user_key.is_some_and(|key| key != grant.account.as_str()) {
            return Ok(None);
        }
        let lives = account.is_active() && credential.version == grant.version;
        Ok(lives.then_some((account, credential, grant)))
    }
}

/// Somebody who has proved a live grant.
pub struct Recovery<'a> {
    house: &'a House,
    account: Account,
    credential: Credential,
    grant: ResetGrant,
}

impl Recovery<'_> {
    /// Returns the account whose password may be set.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Returns all that the new password breaks, but for the history, for dialects that tell it together with other
    /// mistakes of the form. Nothing is spent.
    ///
    /// # Errors
    ///
    /// [`PortError`] where the realm is not configured.
    pub fn violations(&self, new: &Password) -> Result<Vec<Violation>, PortError> {
        let policy = &self.house.realm(&self.account.realm)?.policy;
        Ok(self.house.violations(policy, &self.account.attributes(), new))
    }

    /// Sets the new password, which spends the grant and ends every session, token and other grant of the account. One
    /// evaluation, two where the policy has a history; none where the new password breaks a rule.
    ///
    /// # Errors
    ///
    /// [`ResetError`]; after [`ResetError::Policy`] and [`ResetError::RecentlyUsed`] the grant still lives.
    pub async fn set(self, new: &Password, source: &Source) -> Result<(), ResetError> {
        let violations = self.violations(new)?;
        let Self { house, account, credential, grant } = self;
        if !violations.is_empty() {
            return Err(ResetError::Policy(violations));
        }
        let proof = Proof::grant(&account, &grant);
        match house.set_password(&account, &credential, proof, new, Reuse::Refused, source).await? {
            NewCredential::Set => {
                house.record(EventKind::PasswordReset, &account.realm, Some(&account), source);
                Ok(())
            }
            NewCredential::Reused => Err(ResetError::RecentlyUsed),
            NewCredential::Conflict => {
                house.record(EventKind::PasswordChangeConflict, &account.realm, Some(&account), source);
                Err(ResetError::InvalidToken)
            }
        }
    }
}
