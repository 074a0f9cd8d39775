use std::time::Duration;

use super::House;
use super::authenticate::Denied;
use super::sessions::issue_pair;
use crate::account::{Account, Realm};
use crate::password::Password;
use crate::ports::{EventKind, Holder, Issued, PortError};
use crate::session::{Session, SessionKind};
use crate::source::Source;
use crate::token::{Token, TokenForm, TokenPurpose};

/// Lets somebody in who knows a login and its password.
#[derive(Clone)]
pub struct SignIn(pub(super) House);

/// Somebody who was let in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The session's token.
    pub session: Token,
}

/// The tokens of a member who was let in.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// For requests.
    pub access: Token,
    /// For the next access token.
    pub refresh: Token,
}

/// The reason why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The login is unknown or the password wrong; which of them is not said.
    #[error("the login or the password is wrong")]
    Rejected,
    /// The password is right, and the account waits for its activation.
    #[error("the account is not activated")]
    NotActivated,
    /// The password is right, and the account is blocked.
    #[error("the account is blocked")]
    Blocked,
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

impl From<Denied> for SignInError {
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

impl SignIn {
    /// Verifies a password and issues a session of `kind`: one evaluation, for a known and an unknown login alike (one
    /// more where the stored hash is of outdated cost).
    ///
    /// # Errors
    ///
    /// [`SignInError::Rejected`] for an unknown login and a wrong password, also where a change came in between;
    /// [`SignInError::NotActivated`] and [`SignInError::Blocked`] only after a right password.
    pub async fn sign_in(
        &self,
        realm: &Realm,
        kind: SessionKind,
        login: &str,
        password: &Password,
        source: &Source,
    ) -> Result<SignedIn, SignInError> {
        let found = self.0.authenticate(realm, login, password, source).await?;
        let Some((_, token)) = self.0.issue(&found, kind).await? else { return Err(SignInError::Rejected) };
        self.0.record(EventKind::SignedIn, realm, Some(&found.account), source);
        Ok(SignedIn { account: found.account, session: token })
    }

    /// Verifies a password and issues an access and a refresh token, with a session behind them.
    ///
    /// # Errors
    ///
    /// As [`sign_in`](Self::sign_in).
    pub async fn sign_in_for_tokens(
        &self,
        realm: &Realm,
        login: &str,
        password: &Password,
        source: &Source,
    ) -> Result<TokenPair, SignInError> {
        let found = self.0.authenticate(realm, login, password, source).await?;
        let Some((session, token)) = self.0.issue(&found, SessionKind::Token).await? else {
            return Err(SignInError::Rejected);
        };
        let pair = issue_pair(&self.0, &session, token)?;
        self.0.record(EventKind::SignedIn, realm, Some(&found.account), source);
        Ok(pair)
    }
}

impl House {
    /// Issues a session under the credential that was read; `None` where it is no longer the account's.
    pub(super) async fn issue(
        &self,
        found: &Holder,
        kind: SessionKind,
    ) -> Result<Option<(Session, Token)>, PortError> {
        let realm = self.realm(&found.account.realm)?;
        let form = match kind {
            SessionKind::Standard | SessionKind::Panel => TokenForm::Hash,
            SessionKind::Token => TokenForm::Key,
        };
        let token = self.ports.tokens.mint(form)?;
        let now = self.ports.clock.now();
        let session = Session {
            digest: self.ports.tokens.digest(TokenPurpose::Session, token.expose()),
            kind,
            realm: found.account.realm.clone(),
            account: found.account.id.clone(),
            version: found.credential.version,
            permissions: found.account.permissions.clone(),
            issued_at: now,
            expires_at: now.plus(realm.session_ttl),
        };
        Ok(match self.ports.sessions.issue(&session).await? {
            Issued::Yes => Some((session, token)),
            Issued::Stale => None,
        })
    }
}
