use std::time::Duration;

use super::House;
use super::authenticate::Denied;
use super::guesses::Scope;
use super::new_credential::{NewCredential, Reuse};
use crate::account::{LoginKey, Permission, Realm};
use crate::change::Proof;
use crate::password::Password;
use crate::policy::Violation;
use crate::ports::{EventKind, Lane, PortError, Verification};
use crate::session::Caller;
use crate::source::Source;

/// Changes a password with the old one.
#[derive(Clone)]
pub struct ChangePassword(pub(super) House);

/// Whether a new password must differ from the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It must.
    Required,
    /// It need not, as far as the policy's history lets it.
    NotRequired,
}

/// The reason why a caller may not change their password at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeDenied {
    /// The session lacks the permission.
    #[error("the permission is missing")]
    NotPermitted,
    /// The account is for demonstration.
    #[error("a demo account's password cannot be changed")]
    Demo,
}

/// The reason why a password was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The new password is the old one.
    #[error("the new password is the old one")]
    Unchanged,
    /// The new password breaks rules of the policy; all of them are named.
    #[error("the new password breaks the policy")]
    Policy(Vec<Violation>),
    /// The old password is wrong.
    #[error("the old password is wrong")]
    WrongPassword,
    /// The new password is one of the last ones.
    #[error("the new password was recently used")]
    RecentlyUsed,
    /// Another change came first: the caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
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

/// The reason why a password was not changed with a login and the current password. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// The login is unknown or the password wrong; which of them is not said. Also where another change came first.
    #[error("the login or the password is wrong")]
    Rejected,
    /// The password is right, and the account waits for its activation.
    #[error("the account is not activated")]
    NotActivated,
    /// The password is right, and the account is blocked.
    #[error("the account is blocked")]
    Blocked,
    /// The password is right, and the account is for demonstration.
    #[error("a demo account's password cannot be changed")]
    Demo,
    /// The new password is the current one.
    #[error("the new password is the current one")]
    Unchanged,
    /// The new password breaks rules of the policy; all of them are named.
    #[error("the new password breaks the policy")]
    Policy(Vec<Violation>),
    /// The new password is one of the last ones.
    #[error("the new password was recently used")]
    RecentlyUsed,
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

impl From<Denied> for CredentialsError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Rejected => Self::Rejected,
            Denied::NotActivated => Self::NotActivated,
            Denied::Blocked => Self::Blocked,
            Denied::TooManyAttempts(retry_after) => Self::TooManyAttempts { retry_after },
            Denied::Port(error) => Self::Port(error),
        }
    }
}

impl ChangePassword {
    /// Begins a change: whether the caller may, before anything that they sent is looked at.
    ///
    /// # Errors
    ///
    /// [`ChangeDenied::NotPermitted`] where `needs` names a permission that the session lacks; then
    /// [`ChangeDenied::Demo`] for a demo account.
    pub fn begin(
        &self,
        caller: Caller,
        needs: Option<&Permission>,
    ) -> Result<ChangeInProgress<'_>, ChangeDenied> {
        if needs.is_some_and(|permission| !caller.may(permission)) {
            Err(ChangeDenied::NotPermitted)
        } else if caller.account.demo {
            Err(ChangeDenied::Demo)
        } else {
            Ok(ChangeInProgress { house: &self.0, caller })
        }
    }

    /// Changes a password for somebody who is not signed in: login, current and new password at once. The current
    /// password is verified first (one evaluation); only then is a state of the account or a rule looked at.
    ///
    /// # Errors
    ///
    /// [`CredentialsError`]; the order of its variants is the order of the checks.
    pub async fn with_credentials(
        &self,
        realm: &Realm,
        login: &str,
        current: &Password,
        new: &Password,
        source: &Source,
    ) -> Result<(), CredentialsError> {
        let found = self.0.authenticate(realm, login, current, source).await?;
        if found.account.demo {
            return Err(CredentialsError::Demo);
        }
        if current.same_as(new) {
            return Err(CredentialsError::Unchanged);
        }
        let violations = self.0.violations(&self.0.realm(realm)?.policy, &found.account.attributes(), new);
        if !violations.is_empty() {
            return Err(CredentialsError::Policy(violations));
        }
        let proof = Proof::old_password(&found.account, found.credential.version);
        match self
            .0
            .set_password(&found.account, &found.credential, proof, new, Reuse::Refused, source)
            .await?
        {
            NewCredential::Set => {
                self.0.record(EventKind::PasswordChanged, realm, Some(&found.account), source);
                Ok(())
            }
            NewCredential::Reused => Err(CredentialsError::RecentlyUsed),
            NewCredential::Conflict => {
                self.0.record(EventKind::PasswordChangeConflict, realm, Some(&found.account), source);
                Err(CredentialsError::Rejected)
            }
        }
    }
}

/// A change whose caller may change their password.
pub struct ChangeInProgress<'a> {
    house: &'a House,
    caller: Caller,
}

impl ChangeInProgress<'_> {
    /// Returns all that the new password breaks, but for the history, for dialects that tell it together with other
    /// mistakes of the form.
    ///
    /// # Errors
    ///
    /// [`PortError`] where the realm is not configured.
    pub fn violations(&self, new: &Password) -> Result<Vec<Violation>, PortError> {
        let policy = &self.house.realm(&self.caller.account.realm)?.policy;
        Ok(self.house.violations(policy, &self.caller.account.attributes(), new))
    }

    /// Verifies the old password and sets the new one, which ends every session, token and reset grant of the account,
    /// the caller's own included. Two evaluations, three where the policy has a history; one for a wrong old password;
    /// none where the new one is the old one or breaks a rule.
    ///
    /// # Errors
    ///
    /// [`ChangeError`]; the order of its variants is the order of the checks.
    pub async fn carry_out(
        self,
        old: &Password,
        new: &Password,
        difference: Difference,
        source: &Source,
    ) -> Result<(), ChangeError> {
        let (house, account) = (self.house, &self.caller.account);
        if difference == Difference::Required && old.same_as(new) {
            return Err(ChangeError::Unchanged);
        }
        let violations = self.violations(new)?;
        if !violations.is_empty() {
            return Err(ChangeError::Policy(violations));
        }
        self.verify_old(old, source).await?;
        let proof = Proof::old_password(account, self.caller.credential.version);
        match house.set_password(account, &self.caller.credential, proof, new, Reuse::Refused, source).await?
        {
            NewCredential::Set => {
                house.record(EventKind::PasswordChanged, &account.realm, Some(account), source);
                Ok(())
            }
            NewCredential::Reused => Err(ChangeError::RecentlyUsed),
            NewCredential::Conflict => {
                house.record(EventKind::PasswordChangeConflict, &account.realm, Some(account), source);
                Err(ChangeError::SessionEnded)
            }
        }
    }

    async fn verify_old(&self, old: &Password, source: &Source) -> Result<(), ChangeError> {
        let (house, account) = (self.house, &self.caller.account);
        let name = LoginKey::of(&account.login);
        let counted = match house.guess(Scope::OldPassword, &account.realm, name.as_str(), source).await? {
            Ok(guess) => house.guess_in_session(guess, &self.caller.session.digest).await?,
            Err(refused) => Err(refused),
        };
        let (guess, is_last) = match counted {
            Ok(counted) => counted,
            Err(refused) => {
                house.record(EventKind::PasswordChangeLimited, &account.realm, Some(account), source);
                return Err(ChangeError::TooManyAttempts { retry_after: refused.retry_after });
            }
        };
        let verified = if old.is_verifiable() {
            house.ports.hasher.verify(old, self.caller.credential.hash.clone(), Lane::Proved).await
        } else {
            Ok(Verification::Mismatch)
        };
        match verified {
            Ok(Verification::Match { .. }) => Ok(house.give_back(guess).await?),
            Ok(Verification::Mismatch) => {
                house.record(EventKind::PasswordChangeFailed, &account.realm, Some(account), source);
                if is_last {
                    house
                        .ports
                        .sessions
                        .revoke(&self.caller.session.digest)
                        .await
                        .map_err(PortError::from)?;
                    house.record(EventKind::SessionEnded, &account.realm, Some(account), source);
                }
                Err(ChangeError::WrongPassword)
            }
            Err(error) => {
                house.give_back(guess).await?;
                Err(PortError::from(error).into())
            }
        }
    }
}
