//! The stage: a world of fakes, a tap on every port, and the use cases on top.

use std::sync::Arc;
use std::time::Duration;

use password_domain::account::{Account, AccountId, Realm};
use password_domain::audit::AuditAction;
use password_domain::notice::NoticeKind;
use password_domain::password::Password;
use password_domain::policy::{Policy, Rule};
use password_domain::ports::{Budget, Clock, Content, CredentialStore, Message, NewAccount, Ports};
use password_domain::session::{Caller, SessionKind};
use password_domain::settings::{Limits, ScopeLimits, Settings};
use password_domain::source::Source;
use password_domain::time::Timestamp;
use password_domain::use_cases::{
    ChangeError, CredentialsError, Difference, RecoveryError, Requested, ResetError, SignInError, Telling,
    TokenPair, UseCases,
};
use password_testkit::World;
use password_testkit::builders::{AccountBuilder, new_account, realm};

use crate::tap::{Tap, tapped};

/// Good under every built-in policy.
pub(crate) const FIRST: &str = "First-Secret-1!";
pub(crate) const SECOND: &str = "Second-Secret-2!";
pub(crate) const THIRD: &str = "Third-Secret-3!";
/// Good, and nobody's.
pub(crate) const WRONG: &str = "Wrong-Secret-0!";
/// Too short for every built-in policy.
pub(crate) const SHORT: &str = "Ab1!";

pub(crate) const HOUR: Duration = Duration::from_secs(3_600);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 3_600);

#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) tap: Arc<Tap>,
    pub(crate) house: UseCases,
    settings: Settings,
}

/// The reason why a token and a new password did not do.
#[derive(Debug)]
pub(crate) enum NotReset {
    Token(RecoveryError),
    Password(ResetError),
}

impl NotReset {
    /// Tells whether the token was the reason, early or late.
    pub(crate) fn is_invalid_token(&self) -> bool {
        matches!(self, Self::Token(RecoveryError::InvalidToken) | Self::Password(ResetError::InvalidToken))
    }
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(adjust: impl FnOnce(&mut Settings)) -> Self {
        Self::on(World::new(), World::settings(), adjust, |_| {})
    }

    pub(crate) fn with_limits(adjust: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = wide_limits();
        adjust(&mut limits);
        Self::with(|settings| settings.limits = Some(limits))
    }

    /// A scene where some ports are others than the world's.
    pub(crate) fn with_ports(replace: impl FnOnce(&mut Ports)) -> Self {
        Self::on(World::new(), World::settings(), |_| {}, replace)
    }

    /// The same world under other settings.
    pub(crate) fn reconfigured(&self, adjust: impl FnOnce(&mut Settings)) -> Self {
        Self::on(self.world.clone(), self.settings.clone(), adjust, |_| {})
    }

    fn on(
        world: World,
        mut settings: Settings,
        adjust: impl FnOnce(&mut Settings),
        replace: impl FnOnce(&mut Ports),
    ) -> Self {
        adjust(&mut settings);
        let mut ports = world.ports();
        replace(&mut ports);
        let (ports, tap) = tapped(ports);
        Self { house: UseCases::new(ports, settings.clone()), world, tap, settings }
    }

    /// Adds an account that may change its password, with [`FIRST`].
    pub(crate) async fn add(&self, realm: &str, login: &str) -> Account {
        self.add_built(new_account(realm, login)).await
    }

    pub(crate) async fn add_built(&self, account: AccountBuilder) -> Account {
        let account: NewAccount = account.permission("password:update").into();
        self.world.add_with_password(account, FIRST).await
    }

    /// Signs in from home in the realm's own way. Returns what proves the session.
    pub(crate) async fn sign_in(&self, at: &str, login: &str, password: &str) -> Result<String, SignInError> {
        self.sign_in_from(at, login, password, &home()).await
    }

    pub(crate) async fn sign_in_from(
        &self,
        at: &str,
        login: &str,
        password: &str,
        source: &Source,
    ) -> Result<String, SignInError> {
        let (at, password) = (realm(at), Password::new(password));
        match kind_of(&at) {
            SessionKind::Token => {
                let pair = self.house.sign_in.sign_in_for_tokens(&at, login, &password, source).await?;
                Ok(pair.access.expose().to_owned())
            }
            kind => {
                let done = self.house.sign_in.sign_in(&at, kind, login, &password, source).await?;
                Ok(done.session.expose().to_owned())
            }
        }
    }

    pub(crate) async fn pair(&self, login: &str, password: &str) -> TokenPair {
        let (at, password) = (Realm::member(), Password::new(password));
        self.house.sign_in.sign_in_for_tokens(&at, login, &password, &home()).await.unwrap()
    }

    /// Returns who presents this proof of a session in the realm's own way.
    pub(crate) async fn recognise(&self, at: &str, token: &str) -> Option<Caller> {
        let at = realm(at);
        match kind_of(&at) {
            SessionKind::Token => self.house.sessions.recognise_access_token(&at, token).await.unwrap(),
            kind => self.house.sessions.recognise(&at, kind, token).await.unwrap(),
        }
    }

    pub(crate) async fn lives(&self, at: &str, token: &str) -> bool {
        self.recognise(at, token).await.is_some()
    }

    /// Changes a password under a session that was recognised.
    pub(crate) async fn change(&self, caller: Caller, old: &str, new: &str) -> Result<(), ChangeError> {
        self.change_from(caller, old, new, &home()).await
    }

    pub(crate) async fn change_from(
        &self,
        caller: Caller,
        old: &str,
        new: &str,
        source: &Source,
    ) -> Result<(), ChangeError> {
        let change = self.house.change_password.begin(caller, None).unwrap();
        change.carry_out(&Password::new(old), &Password::new(new), Difference::Required, source).await
    }

    pub(crate) async fn change_with_credentials(
        &self,
        at: &str,
        login: &str,
        old: &str,
        new: &str,
    ) -> Result<(), CredentialsError> {
        let (old, new) = (Password::new(old), Password::new(new));
        self.house.change_password.with_credentials(&realm(at), login, &old, &new, &home()).await
    }

    pub(crate) async fn request(&self, at: &str, identifier: &str) {
        let asked = self.house.request_reset.request(&realm(at), identifier, Telling::Nothing, &home()).await;
        assert_eq!(asked.unwrap(), Requested::Accepted);
    }

    /// Delivers until nothing is due.
    pub(crate) async fn deliver(&self) {
        while self.house.deliver_notices.run_once().await.unwrap() > 0 {}
    }

    /// Asks for a token by mail and opens the mail.
    pub(crate) async fn mailed_token(&self, at: &str, identifier: &str) -> String {
        let before = self.world.mailer.delivered().len();
        self.request(at, identifier).await;
        self.deliver().await;
        assert!(self.world.mailer.delivered().len() > before, "no mail left for {identifier}");
        self.last_token()
    }

    pub(crate) fn last_token(&self) -> String {
        self.world.mailer.last_token().unwrap().expose().to_owned()
    }

    pub(crate) async fn reset(&self, at: &str, token: &str, new: &str) -> Result<(), NotReset> {
        let recovery = self.house.complete_reset.recognise(&realm(at), None, token, &home()).await;
        recovery.map_err(NotReset::Token)?.set(&Password::new(new), &home()).await.map_err(NotReset::Password)
    }

    /// Tells whether a token would let its bearer set a password.
    pub(crate) async fn token_lives(&self, at: &str, token: &str) -> bool {
        match self.house.complete_reset.recognise(&realm(at), None, token, &home()).await {
            Ok(_) => true,
            Err(RecoveryError::InvalidToken) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Runs something and returns its answer with the evaluations that it cost.
    pub(crate) async fn counted<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let before = self.world.hasher.evaluations();
        let answer = work.await;
        (answer, self.world.hasher.evaluations() - before)
    }

    pub(crate) async fn version(&self, account: &AccountId) -> i64 {
        self.world.store.read(account).await.unwrap().unwrap().version.as_i64()
    }

    pub(crate) async fn history_length(&self, account: &AccountId) -> usize {
        self.world.store.history(account, 1_000).await.unwrap().len()
    }

    pub(crate) fn audited(&self, action: AuditAction) -> usize {
        self.world.store.audit().iter().filter(|line| line.action == action).count()
    }

    pub(crate) fn pending(&self, kind: &NoticeKind) -> usize {
        self.world.store.pending_notices().iter().filter(|notice| notice.kind == *kind).count()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
    }

    /// Returns the reset mails that left.
    pub(crate) fn reset_mails(&self) -> Vec<Message> {
        let mut mails = self.world.mailer.delivered();
        mails.retain(|mail| matches!(mail.content, Content::ResetRequested { .. }));
        mails
    }
}

/// Returns the kind of session that the realm's dialect issues.
pub(crate) fn kind_of(at: &Realm) -> SessionKind {
    match at.as_str() {
        "user" => SessionKind::Standard,
        "dealer" => SessionKind::Panel,
        _ => SessionKind::Token,
    }
}

pub(crate) fn pw(text: &str) -> Password {
    Password::new(text)
}

/// Returns one of any number of passwords that are good under every built-in policy.
pub(crate) fn nth(number: usize) -> String {
    format!("Secret-Phrase-{number:03}!")
}

pub(crate) fn home() -> Source {
    from("192.0.2.1")
}

pub(crate) fn from(address: &str) -> Source {
    Source::from_address(address.parse().unwrap())
}

pub(crate) fn budget(capacity: u32) -> Budget {
    Budget { capacity, window: HOUR }
}

/// Limits that nobody reaches.
fn wide_limits() -> Limits {
    let wide = budget(10_000);
    let scope = ScopeLimits { pair: wide, address: wide, identifier: wide };
    Limits {
        sign_in: scope,
        old_password: scope,
        session: wide,
        reset_request: scope,
        reset_token: scope,
        password_check: wide,
        known_address: 30 * DAY,
    }
}

/// Gives a realm's policy a history of another depth; none where it is 0.
pub(crate) fn set_depth(settings: &mut Settings, at: &str, depth: usize) {
    let policy = &mut settings.realms.get_mut(&realm(at)).unwrap().policy;
    let mut rules = policy.rules().to_vec();
    rules.retain(|rule| !matches!(rule, Rule::History { .. }));
    if depth > 0 {
        rules.push(Rule::History { depth });
    }
    *policy = Policy::new(rules).unwrap();
}

/// After this time whatever a worker held, or postponed once, is due again.
pub(crate) const LEASE_AND_MORE: Duration = Duration::from_secs(300);
