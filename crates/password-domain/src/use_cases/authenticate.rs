//! Verifying a login and a password: one answer and one evaluation for whatever is wrong with them.

use std::time::Duration;

use super::House;
use super::guesses::Scope;
use crate::account::{AccountStatus, LoginKey, MAX_IDENTIFIER_CHARACTERS, Realm};
use crate::password::Password;
use crate::ports::{EventKind, Holder, Lane, PortError, Verification};
use crate::source::Source;

/// The reason why somebody is not let in.
pub(super) enum Denied {
    Rejected,
    NotActivated,
    Blocked,
    TooManyAttempts(Duration),
    Port(PortError),
}

impl<E: Into<PortError>> From<E> for Denied {
    fn from(error: E) -> Self {
        Self::Port(error.into())
    }
}

impl House {
    /// Returns whose login and password this is.
    pub(super) async fn authenticate(
        &self,
        realm: &Realm,
        login: &str,
        password: &Password,
        source: &Source,
    ) -> Result<Holder, Denied> {
        // No account has such a login or password, so known and unknown names are refused alike before any work.
        if login.chars().count() > MAX_IDENTIFIER_CHARACTERS || !password.is_verifiable() {
            self.record(EventKind::SignInFailed, realm, None, source);
            return Err(Denied::Rejected);
        }
        let key = LoginKey::of(login);
        let guess = match self.guess(Scope::SignIn, realm, key.as_str(), source).await? {
            Ok(guess) => guess,
            Err(refused) => {
                self.record(EventKind::SignInLimited, realm, None, source);
                return Err(Denied::TooManyAttempts(refused.retry_after));
            }
        };
        let found = self.ports.holders.by_login(realm, &key).await?;
        let hash = found.as_ref().and_then(|found| found.credential.hash.clone());
        let verified = match self.ports.hasher.verify(password, hash, Lane::Stranger).await {
            Ok(verified) => verified,
            Err(error) => {
                self.give_back(guess).await?;
                return Err(error.into());
            }
        };
        let account = found.as_ref().map(|found| found.account.id.clone());
        let (Some(mut found), Verification::Match { outdated }) = (found, verified) else {
            self.record(EventKind::SignInFailed, realm, None, source);
            if guess.spent_identifier() {
                self.tell_of_attempts(realm, &key, account, source).await?;
            }
            return Err(Denied::Rejected);
        };
        self.vouch(guess, &found.account, source).await?;
        let refusal = match found.account.status {
            AccountStatus::Active => None,
            AccountStatus::Inactive => Some(Denied::NotActivated),
            AccountStatus::Blocked => Some(Denied::Blocked),
        };
        if let Some(refusal) = refusal {
            self.record(EventKind::SignInRefused, realm, Some(&found.account), source);
            return Err(refusal);
        }
        if outdated {
            self.upgrade(&mut found, password, source).await?;
        }
        Ok(found)
    }

    /// Replaces a hash of outdated cost while its password is at hand. A concurrent change wins over it.
    async fn upgrade(
        &self,
        found: &mut Holder,
        password: &Password,
        source: &Source,
    ) -> Result<(), PortError> {
        let Some(old) = &found.credential.hash else { return Ok(()) };
        let new = match self.ports.hasher.hash(password, Lane::Proved).await {
            Ok(new) => new,
            // The next sign-in tries again; a full queue is no reason to turn somebody away who is in.
            Err(crate::ports::HashError::Overloaded { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if self.ports.credentials.upgrade_hash(&found.account.id, old, &new).await? {
            found.credential.hash = Some(new);
            self.record(EventKind::HashUpgraded, &found.account.realm, Some(&found.account), source);
        }
        Ok(())
    }
}
