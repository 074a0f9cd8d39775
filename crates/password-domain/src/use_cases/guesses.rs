//! Counting guesses before they are answered.

use std::time::Duration;

use super::House;
use crate::account::{Account, AccountId, LoginKey, Realm};
use crate::notice::{Notice, NoticeKind};
use crate::ports::{Budget, Charge, PortError, Spent, Vouched};
use crate::settings::{Limits, ScopeLimits};
use crate::source::Source;
use crate::token::{TokenDigest, TokenPurpose};

/// What is guessed at. Each scope has budgets of its own.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    SignIn,
    OldPassword,
    ResetRequest,
    ResetToken,
}

impl Scope {
    const fn label(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::OldPassword => "old-password",
            Self::ResetRequest => "reset-request",
            Self::ResetToken => "reset-token",
        }
    }

    const fn limits(self, limits: &Limits) -> ScopeLimits {
        match self {
            Self::SignIn => limits.sign_in,
            Self::OldPassword => limits.old_password,
            Self::ResetRequest => limits.reset_request,
            Self::ResetToken => limits.reset_token,
        }
    }
}

/// The budget that refused an attempt, and when it has one again.
pub(super) struct Refused {
    pub(super) by_address: bool,
    pub(super) retry_after: Duration,
}

/// An attempt that has been counted. What turns out to be no guess is given back.
#[must_use]
pub(super) struct Guess {
    charges: Vec<Charge>,
    spent_identifier: bool,
}

impl Guess {
    const UNCOUNTED: Self = Self { charges: Vec::new(), spent_identifier: false };

    /// Tells whether it was the last one that the identifier had, from addresses that it does not know.
    pub(super) fn spent_identifier(&self) -> bool {
        self.spent_identifier
    }
}

/// The place of the identifier's own budget in the list of charges: the last one, so that [`Spent::Yes`] names it
/// wherever it is spent.
const IDENTIFIER: usize = 2;

/// How often an account is told of too many attempts.
const TOLD: Budget = Budget { capacity: 1, window: Duration::from_secs(24 * 60 * 60) };

impl House {
    /// Counts one attempt before anything is looked up, for known and unknown names alike.
    ///
    /// The identifier's own budget refuses only addresses that the identifier does not know, so that a stranger cannot
    /// lock a victim out.
    pub(super) async fn guess(
        &self,
        scope: Scope,
        realm: &Realm,
        identifier: &str,
        source: &Source,
    ) -> Result<Result<Guess, Refused>, PortError> {
        let Some(limits) = &self.settings.limits else { return Ok(Ok(Guess::UNCOUNTED)) };
        let limits = scope.limits(limits);
        let network = source.network().to_string();
        let key = |of: &str, address: &str, name: &str| {
            self.attempt_key(&[scope.label(), of, realm.as_str(), address, name])
        };
        let address =
            Charge { key: self.attempt_key(&[scope.label(), "address", &network]), budget: limits.address };
        let pair = Charge { key: key("pair", &network, identifier), budget: limits.pair };
        let anywhere = Charge { key: key("identifier", "", identifier), budget: limits.identifier };
        let mut charges = vec![address, pair, anywhere];
        let now = self.ports.clock.now();
        let mut spent = self.ports.attempts.spend(&charges, now).await?;
        if let Spent::No { refused: IDENTIFIER, .. } = spent
            && self.knows(realm, identifier, source).await?
        {
            charges.pop();
            spent = self.ports.attempts.spend(&charges, now).await?;
        }
        Ok(match spent {
            Spent::Yes { remaining, scarcest } => {
                Ok(Guess { charges, spent_identifier: (remaining, scarcest) == (0, IDENTIFIER) })
            }
            Spent::No { refused, until } => {
                Err(Refused { by_address: refused == 0, retry_after: now.until(until) })
            }
        })
    }

    /// Gives an attempt back that was no wrong guess.
    pub(super) async fn give_back(&self, guess: Guess) -> Result<(), PortError> {
        if !guess.charges.is_empty() {
            self.ports.attempts.refund(&guess.charges, self.ports.clock.now()).await?;
        }
        Ok(())
    }

    /// Gives an attempt back to the address that made it, and leaves it counted for what was guessed at.
    pub(super) async fn give_back_to_address(&self, mut guess: Guess) -> Result<(), PortError> {
        guess.charges.truncate(1);
        self.give_back(guess).await
    }

    /// Gives an attempt back that proved the account, forgets the pair's failures, and remembers the address: for the
    /// login, and for the account's e-mail address, because a reset may be asked for by either.
    pub(super) async fn vouch(
        &self,
        guess: Guess,
        account: &Account,
        source: &Source,
    ) -> Result<(), PortError> {
        let Some(limits) = &self.settings.limits else { return Ok(()) };
        let now = self.ports.clock.now();
        let known = [&account.login, &account.email]
            .map(|name| self.known_key(&account.realm, LoginKey::of(name).as_str(), source));
        let vouched = Vouched {
            known: known.to_vec(),
            until: now.plus(limits.known_address),
            cleared: guess.charges.get(1).map(|charge| charge.key).into_iter().collect(),
            refunded: guess.charges,
        };
        Ok(self.ports.attempts.vouch(&vouched, now).await?)
    }

    /// Queues a notice of too many attempts to sign in, at most one for a login and 24 hours; at most, because one that
    /// is lost between the two calls is not made up for.
    ///
    /// Both calls are made for every name, so that their number tells nobody who has an account: a name that is nobody's
    /// is told to an account that cannot be, which a store does not keep or a worker does not find. At most one row
    /// differs, once a day and after the name's whole budget.
    pub(super) async fn tell_of_attempts(
        &self,
        realm: &Realm,
        login: &LoginKey,
        account: Option<AccountId>,
        source: &Source,
    ) -> Result<(), PortError> {
        if self.ports.mailer.is_silent() {
            return Ok(());
        }
        let key = self.attempt_key(&["too-many-attempts", realm.as_str(), login.as_str()]);
        let now = self.ports.clock.now();
        match self.ports.attempts.spend(&[Charge { key, budget: TOLD }], now).await? {
            Spent::No { .. } => Ok(()),
            Spent::Yes { .. } => {
                let notice = Notice {
                    realm: realm.clone(),
                    account: account.unwrap_or_else(AccountId::nobody),
                    kind: NoticeKind::TooManyAttempts,
                    at: now,
                    from: source.address(),
                };
                Ok(self.ports.outbox.queue(&[notice]).await?)
            }
        }
    }

    /// Adds to a guess at an old password that it is made under a session, before it is answered, so that guesses at
    /// the same moment are counted each. Returns it, and whether the session ends where it is wrong. Where the session
    /// has none left, the guess is given back.
    pub(super) async fn guess_in_session(
        &self,
        guess: Guess,
        session: &TokenDigest,
    ) -> Result<Result<(Guess, bool), Refused>, PortError> {
        let Some(limits) = &self.settings.limits else { return Ok(Ok((guess, false))) };
        let name: String = session.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let charge = [Charge { key: self.attempt_key(&["session", &name]), budget: limits.session }];
        let now = self.ports.clock.now();
        match self.ports.attempts.spend(&charge, now).await? {
            Spent::Yes { remaining, .. } => {
                let mut guess = guess;
                guess.charges.extend(charge);
                Ok(Ok((guess, remaining == 0)))
            }
            Spent::No { until, .. } => {
                self.give_back(guess).await?;
                Ok(Err(Refused { by_address: false, retry_after: now.until(until) }))
            }
        }
    }

    /// Counts one check of a password against the address. Returns how long to wait where its budget is spent.
    pub(super) async fn check_is_refused(&self, source: &Source) -> Result<Option<Duration>, PortError> {
        let Some(limits) = &self.settings.limits else { return Ok(None) };
        let key = self.attempt_key(&["password-check", &source.network().to_string()]);
        let now = self.ports.clock.now();
        Ok(match self.ports.attempts.spend(&[Charge { key, budget: limits.password_check }], now).await? {
            Spent::Yes { .. } => None,
            Spent::No { until, .. } => Some(now.until(until)),
        })
    }

    async fn knows(&self, realm: &Realm, identifier: &str, source: &Source) -> Result<bool, PortError> {
        let key = self.known_key(realm, identifier, source);
        Ok(self.ports.attempts.is_remembered(&key, self.ports.clock.now()).await?)
    }

    fn known_key(&self, realm: &Realm, login: &str, source: &Source) -> TokenDigest {
        self.attempt_key(&["known", realm.as_str(), &source.network().to_string(), login])
    }

    /// Digests the parts of a key. The name comes last and alone may hold anything, so no two keys run together.
    fn attempt_key(&self, parts: &[&str]) -> TokenDigest {
        self.ports.tokens.digest(TokenPurpose::Attempt, &parts.join("\u{1f}"))
    }
}
