use super::House;
use super::sign_in::TokenPair;
use crate::account::{Account, AccountId, Realm};
use crate::ports::{AccessClaims, AccessTokenKind, EventKind, Holder, PortError};
use crate::session::{Caller, Session, SessionKind};
use crate::source::Source;
use crate::token::{Token, TokenForm, TokenPurpose};

/// Recognises callers by their sessions and tokens, renews and ends them.
#[derive(Clone)]
pub struct Sessions(pub(super) House);

/// A new access token.
#[derive(Clone, Debug)]
pub struct RefreshedToken {
    /// For requests.
    pub access: Token,
}

impl Sessions {
    /// Returns who presents a session's token; `None` where no session of this realm and kind has it, or it has
    /// expired, or the account's credential version has moved on, or the account is not active.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn recognise(
        &self,
        realm: &Realm,
        kind: SessionKind,
        token: &str,
    ) -> Result<Option<Caller>, PortError> {
        let ports = &self.0.ports;
        // Every kind has one form: what has another cannot exist, and is not worth a look.
        if !(TokenForm::Hash.matches(token) || TokenForm::Key.matches(token)) {
            return Ok(None);
        }
        let digests = ports.tokens.digests(TokenPurpose::Session, token);
        let found = ports.holders.by_session(realm, &digests, ports.clock.now()).await?;
        Ok(found.and_then(|(session, Holder { account, credential })| {
            let lives = session.kind == kind && account.is_active() && credential.version == session.version;
            lives.then_some(Caller { account, credential, session })
        }))
    }

    /// Returns who presents an access token; `None` where it is malformed, expired, no access token, of another realm,
    /// or the session behind it does not live.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn recognise_access_token(
        &self,
        realm: &Realm,
        token: &str,
    ) -> Result<Option<Caller>, PortError> {
        self.recognise_signed(realm, AccessTokenKind::Access, token)
            .await
            .map(|found| found.map(|(caller, _)| caller))
    }

    /// Issues the next access token for a refresh token; `None` where the refresh token is not accepted, for the same
    /// reasons as in [`recognise_access_token`](Self::recognise_access_token).
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn refresh(&self, realm: &Realm, token: &str) -> Result<Option<RefreshedToken>, PortError> {
        let Some((caller, claims)) = self.recognise_signed(realm, AccessTokenKind::Refresh, token).await?
        else {
            return Ok(None);
        };
        let access = sign(&self.0, &caller.session, claims.session, AccessTokenKind::Access)?;
        self.0.record(EventKind::SessionRenewed, realm, Some(&caller.account), &Source::unknown());
        Ok(Some(RefreshedToken { access }))
    }

    /// Moves the end of the caller's session to a whole lifetime from now. Returns `false` where it ended meanwhile or
    /// is of a kind that cannot be renewed.
    ///
    /// # Errors
    ///
    /// [`PortError`] where it cannot.
    pub async fn renew(&self, caller: &Caller) -> Result<bool, PortError> {
        if caller.session.kind != SessionKind::Standard {
            return Ok(false);
        }
        let ttl = self.0.realm(&caller.account.realm)?.session_ttl;
        let now = self.0.ports.clock.now();
        let renewed = self.0.ports.sessions.renew(&caller.session.digest, now, now.plus(ttl)).await?;
        if renewed {
            self.0.record(
                EventKind::SessionRenewed,
                &caller.account.realm,
                Some(&caller.account),
                &Source::unknown(),
            );
        }
        Ok(renewed)
    }

    /// Ends the caller's session at once.
    ///
    /// # Errors
    ///
    /// [`PortError`] where it cannot.
    pub async fn end(&self, caller: &Caller, source: &Source) -> Result<(), PortError> {
        self.0.ports.sessions.revoke(&caller.session.digest).await?;
        self.0.record(EventKind::SessionEnded, &caller.account.realm, Some(&caller.account), source);
        Ok(())
    }

    /// Issues a session without a password, for an operator. `None` where the account is not active or has just
    /// changed.
    ///
    /// # Errors
    ///
    /// [`PortError`] where it cannot.
    pub async fn issue_by_operator(
        &self,
        account: &Account,
        kind: SessionKind,
    ) -> Result<Option<Token>, PortError> {
        let Some(credential) = self.0.ports.credentials.read(&account.id).await? else { return Ok(None) };
        let found = Holder { account: account.clone(), credential };
        let Some((session, token)) = self.0.issue(&found, kind).await? else { return Ok(None) };
        Ok(Some(match kind {
            SessionKind::Standard | SessionKind::Panel => token,
            SessionKind::Token => sign(&self.0, &session, token, AccessTokenKind::Access)?,
        }))
    }

    /// Returns the account's sessions that live.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn list(&self, account: &AccountId) -> Result<Vec<Session>, PortError> {
        let now = self.0.ports.clock.now();
        let Some(credential) = self.0.ports.credentials.read(account).await? else { return Ok(Vec::new()) };
        let mut sessions = self.0.ports.sessions.list(account, now).await?;
        sessions.retain(|session| session.version == credential.version);
        Ok(sessions)
    }

    /// Ends every session of an account, for an operator. Returns how many there were.
    ///
    /// # Errors
    ///
    /// [`PortError`] where it cannot.
    pub async fn revoke_all(&self, account: &AccountId) -> Result<usize, PortError> {
        Ok(self.0.ports.sessions.revoke_all(account).await?)
    }

    async fn recognise_signed(
        &self,
        realm: &Realm,
        kind: AccessTokenKind,
        token: &str,
    ) -> Result<Option<(Caller, AccessClaims)>, PortError> {
        let Some(claims) = self.0.ports.access_tokens.read(token, self.0.ports.clock.now()) else {
            return Ok(None);
        };
        if claims.kind != kind || claims.realm != *realm {
            return Ok(None);
        }
        let caller = self.recognise(realm, SessionKind::Token, claims.session.expose()).await?;
        Ok(caller
            .filter(|caller| {
                caller.account.id == claims.account && caller.credential.version == claims.version
            })
            .map(|caller| (caller, claims)))
    }
}

/// Signs an access and a refresh token for a session that was just issued.
pub(super) fn issue_pair(house: &House, session: &Session, token: Token) -> Result<TokenPair, PortError> {
    Ok(TokenPair {
        access: sign(house, session, token.clone(), AccessTokenKind::Access)?,
        refresh: sign(house, session, token, AccessTokenKind::Refresh)?,
    })
}

fn sign(house: &House, session: &Session, token: Token, kind: AccessTokenKind) -> Result<Token, PortError> {
    let now = house.ports.clock.now();
    let expires_at = match kind {
        AccessTokenKind::Access => now.plus(house.realm(&session.realm)?.access_ttl).min(session.expires_at),
        AccessTokenKind::Refresh => session.expires_at,
    };
    let claims = AccessClaims {
        kind,
        realm: session.realm.clone(),
        account: session.account.clone(),
        version: session.version,
        session: token,
        issued_at: now,
        expires_at,
    };
    Ok(house.ports.access_tokens.issue(&claims)?)
}
