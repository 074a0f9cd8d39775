use std::time::Duration;

use super::House;
use super::guesses::Scope;
use crate::account::{Account, EmailKey, LoginKey, MAX_IDENTIFIER_CHARACTERS, Realm};
use crate::notice::ResetRequest;
use crate::ports::{EventKind, PortError};
use crate::source::Source;

/// The most accounts of one address that are told about a reset.
pub(super) const MAX_ACCOUNTS_PER_ADDRESS: usize = 20;

/// Asks for a mail with a token.
#[derive(Clone)]
pub struct RequestReset(pub(super) House);

/// Whether a dialect tells that a name is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// It never does.
    Nothing,
    /// It does where the configuration reveals unknown accounts.
    UnknownAccounts,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Requested {
    /// It was taken, which says nothing about whether a mail will leave.
    Accepted,
    /// No account has this login or address. Only with [`Telling::UnknownAccounts`].
    Unknown,
    /// Several accounts have this address. Only with [`Telling::UnknownAccounts`].
    Ambiguous,
}

/// The reason why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RequestResetError {
    /// Too many requests from this address; the next one may be made after this time.
    #[error("too many requests")]
    TooManyRequests {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl RequestReset {
    /// Records a request for whoever has this login or e-mail address. The same work, time and answer for a known,
    /// unknown, blocked or throttled name, unless the dialect tells; no evaluation, and no mail is sent here.
    ///
    /// # Errors
    ///
    /// [`RequestResetError::TooManyRequests`] where the address has spent its budget. A name that has spent its own is
    /// answered like any other, and nothing is recorded.
    pub async fn request(
        &self,
        realm: &Realm,
        identifier: &str,
        telling: Telling,
        source: &Source,
    ) -> Result<Requested, RequestResetError> {
        let house = &self.0;
        house.realm(realm)?;
        // Folding takes time, and what is longer than any name need not be folded to its end.
        let end = identifier.char_indices().nth(MAX_IDENTIFIER_CHARACTERS + 1).map(|(end, _)| end);
        let beginning = end.map_or(identifier, |end| &identifier[..end]);
        let (login, email) = (LoginKey::of(beginning), EmailKey::of(beginning));
        let guess = house.guess(Scope::ResetRequest, realm, login.as_str(), source).await?;
        if let Err(refused) = &guess
            && refused.by_address
        {
            house.record(EventKind::ResetLimited, realm, None, source);
            return Err(RequestResetError::TooManyRequests { retry_after: refused.retry_after });
        }
        let possible = beginning.chars().count() <= MAX_IDENTIFIER_CHARACTERS;
        if telling == Telling::UnknownAccounts && house.settings.reveal_unknown_accounts {
            let found =
                if possible { house.accounts_named(realm, &login, &email).await? } else { Vec::new() };
            match found.len() {
                0 => return Ok(Requested::Unknown),
                1 => {}
                _ => return Ok(Requested::Ambiguous),
            }
        }
        if possible && guess.is_ok() {
            let at = house.ports.clock.now();
            let request = ResetRequest { realm: realm.clone(), login, email, at, from: source.address() };
            house.ports.outbox.request_reset(&request).await.map_err(PortError::from)?;
            house.record(EventKind::ResetRequested, realm, None, source);
        } else {
            house.record(EventKind::ResetLimited, realm, None, source);
        }
        Ok(Requested::Accepted)
    }
}

impl House {
    /// Returns the accounts that a typed name means: an exact login wins over an address.
    pub(super) async fn accounts_named(
        &self,
        realm: &Realm,
        login: &LoginKey,
        email: &EmailKey,
    ) -> Result<Vec<Account>, PortError> {
        if let Some(account) = self.ports.accounts.find_by_login(realm, login).await? {
            return Ok(vec![account]);
        }
        Ok(self.ports.accounts.find_by_email(realm, email, MAX_ACCOUNTS_PER_ADDRESS).await?)
    }
}
