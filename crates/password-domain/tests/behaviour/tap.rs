//! A wire around every port that counts calls, lets one of them fail, and holds one back until a test lets it go.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use password_domain::account::{Account, AccountId, AccountStatus, EmailKey, LoginKey, Realm};
use password_domain::audit::AuditEvent;
use password_domain::change::Change;
use password_domain::credential::{Credential, HistoryEntry};
use password_domain::notice::{Notice, ResetRequest};
use password_domain::password::{HistoryTag, Password, PasswordHash};
use password_domain::ports::*;
use password_domain::reset::ResetGrant;
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::{Token, TokenDigest, TokenForm, TokenPurpose};
use tokio::sync::Notify;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does nothing.
    Before,
    /// It does its work, and the answer is lost.
    After,
}

/// A call that was held back after its work was done.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<(Notify, Notify)>);

impl Held {
    /// Waits until the call is there.
    pub(crate) async fn reached(&self) {
        self.0.0.notified().await;
    }

    /// Lets the call go on.
    pub(crate) fn release(&self) {
        self.0.1.notify_one();
    }
}

#[derive(Default)]
struct State {
    calls: Vec<&'static str>,
    fault: Option<(usize, Fault)>,
    hold: Option<(&'static str, Held)>,
}

/// What a test knows of the calls, and does to them.
#[derive(Default)]
pub(crate) struct Tap(Mutex<State>);

impl Tap {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the calls since the last time that this was asked.
    pub(crate) fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.state().calls)
    }

    /// Lets one of the calls to come fail, the next one where `position` is 0.
    pub(crate) fn fail(&self, position: usize, fault: Fault) {
        let mut state = self.state();
        state.fault = Some((state.calls.len() + position, fault));
    }

    /// Stops failing. Returns whether the fault is still to come.
    pub(crate) fn mend(&self) -> bool {
        let mut state = self.state();
        let calls = state.calls.len();
        state.fault.take().is_some_and(|(position, _)| position >= calls)
    }

    /// Holds the next call of this name back, between its work and its answer.
    pub(crate) fn hold(&self, name: &'static str) -> Held {
        let held = Held::default();
        self.state().hold = Some((name, held.clone()));
        held
    }

    fn enter(&self, name: &'static str) -> (Option<Fault>, Option<Held>) {
        let mut state = self.state();
        let position = state.calls.len();
        state.calls.push(name);
        let fault = state.fault.filter(|(at, _)| *at == position).map(|(_, fault)| fault);
        let held = state.hold.take_if(|(held, _)| *held == name).map(|(_, held)| held);
        (fault, held)
    }

    async fn through<T, E: Broken>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let (fault, held) = self.enter(name);
        if fault == Some(Fault::Before) {
            return Err(E::broken());
        }
        let answer = call.await;
        if let Some(held) = held {
            held.0.0.notify_one();
            held.0.1.notified().await;
        }
        if fault == Some(Fault::After) { Err(E::broken()) } else { answer }
    }

    fn through_now<T, E: Broken>(
        &self,
        name: &'static str,
        call: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        match self.enter(name).0 {
            Some(Fault::Before) => Err(E::broken()),
            Some(Fault::After) => call().and(Err(E::broken())),
            None => call(),
        }
    }
}

/// An error that a broken port may give.
trait Broken {
    fn broken() -> Self;
}

impl Broken for StoreError {
    fn broken() -> Self {
        Self::Unavailable("the wire was cut".into())
    }
}

impl Broken for HashError {
    fn broken() -> Self {
        Self::Unexpected("the wire was cut".into())
    }
}

impl Broken for TokenError {
    fn broken() -> Self {
        Self::Entropy("the wire was cut".into())
    }
}

impl Broken for DeliveryError {
    fn broken() -> Self {
        Self::Unknown("the wire was cut".into())
    }
}

struct Tapped {
    tap: Arc<Tap>,
    to: Ports,
}

/// Returns the same ports with a tap on them.
pub(crate) fn tapped(to: Ports) -> (Ports, Arc<Tap>) {
    let tap = Arc::new(Tap::default());
    let (clock, events) = (to.clock.clone(), to.events.clone());
    let tapped = Arc::new(Tapped { tap: tap.clone(), to });
    let ports = Ports {
        accounts: tapped.clone(),
        account_admin: tapped.clone(),
        credentials: tapped.clone(),
        holders: tapped.clone(),
        resets: tapped.clone(),
        sessions: tapped.clone(),
        outbox: tapped.clone(),
        attempts: tapped.clone(),
        housekeeping: tapped.clone(),
        hasher: tapped.clone(),
        mailer: tapped.clone(),
        access_tokens: tapped.clone(),
        tokens: tapped,
        clock,
        events,
    };
    (ports, tap)
}

macro_rules! tap {
    ($port:ident, $field:ident: $($method:ident($($arg:ident: $of:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl $port for Tapped {
            $(async fn $method(&self, $($arg: $of),*) -> $answer {
                let name = concat!(stringify!($port), "::", stringify!($method));
                self.tap.through(name, self.to.$field.$method($($arg),*)).await
            })*
        }
    };
}

tap! { Accounts, accounts:
    find_by_id(realm: &Realm, id: &AccountId) -> Result<Option<Account>, StoreError>;
    find_by_login(realm: &Realm, login: &LoginKey) -> Result<Option<Account>, StoreError>;
    find_by_email(realm: &Realm, email: &EmailKey, limit: usize) -> Result<Vec<Account>, StoreError>;
}
tap! { AccountAdmin, account_admin:
    add(accounts: &[NewAccount]) -> Result<Vec<Added>, StoreError>;
    find_many(logins: &[(Realm, LoginKey)]) -> Result<Vec<Option<Account>>, StoreError>;
    update(id: &AccountId, update: &AccountUpdate, notices: &[Notice], audit: &AuditEvent) -> Result<Found, StoreError>;
    set_status(id: &AccountId, status: AccountStatus, audit: &AuditEvent) -> Result<Found, StoreError>;
    delete(id: &AccountId, audit: &AuditEvent) -> Result<Found, StoreError>;
    list(realm: &Realm, after: Option<AccountId>, limit: usize) -> Result<Vec<Account>, StoreError>;
}
tap! { CredentialStore, credentials:
    read(account: &AccountId) -> Result<Option<Credential>, StoreError>;
    history(account: &AccountId, depth: usize) -> Result<Vec<HistoryEntry>, StoreError>;
    apply(change: &Change) -> Result<Applied, StoreError>;
    upgrade_hash(account: &AccountId, old: &PasswordHash, new: &PasswordHash) -> Result<bool, StoreError>;
}
tap! { Holders, holders:
    by_login(realm: &Realm, login: &LoginKey) -> Result<Option<Holder>, StoreError>;
    by_session(realm: &Realm, digests: &[TokenDigest], now: Timestamp) -> Result<Option<(Session, Holder)>, StoreError>;
    by_grant(realm: &Realm, digests: &[TokenDigest], now: Timestamp) -> Result<Option<(ResetGrant, Holder)>, StoreError>;
}
tap! { ResetStore, resets:
    open(grant: &ResetGrant, max_live: usize) -> Result<Opened, StoreError>;
    find(digests: &[TokenDigest], now: Timestamp) -> Result<Option<ResetGrant>, StoreError>;
    void(digest: &TokenDigest) -> Result<(), StoreError>;
}
tap! { SessionStore, sessions:
    issue(session: &Session) -> Result<Issued, StoreError>;
    find(digests: &[TokenDigest], now: Timestamp) -> Result<Option<Session>, StoreError>;
    renew(digest: &TokenDigest, now: Timestamp, expires_at: Timestamp) -> Result<bool, StoreError>;
    revoke(digest: &TokenDigest) -> Result<bool, StoreError>;
    revoke_all(account: &AccountId) -> Result<usize, StoreError>;
    list(account: &AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError>;
}
tap! { Outbox, outbox:
    request_reset(request: &ResetRequest) -> Result<(), StoreError>;
    queue(notices: &[Notice]) -> Result<(), StoreError>;
    claim(now: Timestamp, lease_until: Timestamp, limit: usize) -> Result<Vec<Claim>, StoreError>;
    settle(settled: &[(Claim, Settlement)], now: Timestamp) -> Result<(), StoreError>;
}
tap! { AttemptStore, attempts:
    spend(charges: &[Charge], now: Timestamp) -> Result<Spent, StoreError>;
    refund(charges: &[Charge], now: Timestamp) -> Result<(), StoreError>;
    vouch(vouched: &Vouched, now: Timestamp) -> Result<(), StoreError>;
    is_remembered(key: &TokenDigest, now: Timestamp) -> Result<bool, StoreError>;
}
tap! { Housekeeping, housekeeping:
    purge(now: Timestamp, audit_before: Option<Timestamp>, limit: usize) -> Result<usize, StoreError>;
}
tap! { Mailer, mailer:
    deliver(message: &Message) -> Result<(), DeliveryError>;
}

#[async_trait]
impl PasswordHasher for Tapped {
    async fn hash(&self, password: &Password, lane: Lane) -> Result<PasswordHash, HashError> {
        self.tap.through("PasswordHasher::hash", self.to.hasher.hash(password, lane)).await
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<PasswordHash>,
        lane: Lane,
    ) -> Result<Verification, HashError> {
        self.tap.through("PasswordHasher::verify", self.to.hasher.verify(password, hash, lane)).await
    }

    async fn compare_history(
        &self,
        password: &Password,
        remembered: &[HistoryTag],
        lane: Lane,
    ) -> Result<HistoryComparison, HashError> {
        let call = self.to.hasher.compare_history(password, remembered, lane);
        self.tap.through("PasswordHasher::compare_history", call).await
    }

    fn tag_of(&self, hash: &PasswordHash) -> Result<HistoryTag, HashError> {
        self.tap.through_now("PasswordHasher::tag_of", || self.to.hasher.tag_of(hash))
    }

    fn accept_foreign(&self, encoded: &str) -> Result<PasswordHash, HashError> {
        self.tap.through_now("PasswordHasher::accept_foreign", || self.to.hasher.accept_foreign(encoded))
    }
}

impl TokenSource for Tapped {
    fn mint(&self, form: TokenForm) -> Result<Token, TokenError> {
        self.tap.through_now("TokenSource::mint", || self.to.tokens.mint(form))
    }

    fn digest(&self, purpose: TokenPurpose, text: &str) -> TokenDigest {
        self.to.tokens.digest(purpose, text)
    }

    fn digests(&self, purpose: TokenPurpose, text: &str) -> Vec<TokenDigest> {
        self.to.tokens.digests(purpose, text)
    }
}

impl AccessTokens for Tapped {
    fn issue(&self, claims: &AccessClaims) -> Result<Token, TokenError> {
        self.tap.through_now("AccessTokens::issue", || self.to.access_tokens.issue(claims))
    }

    fn read(&self, token: &str, now: Timestamp) -> Option<AccessClaims> {
        self.to.access_tokens.read(token, now)
    }
}
