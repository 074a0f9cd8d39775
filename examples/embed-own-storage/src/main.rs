//! A service that has users and wants good passwords: the use cases on a storage of its own.
//!
//! Run it with `cargo run -p example-embed-own-storage`. It adds an account, signs in, changes the password, asks for a
//! reset, opens the mail and sets another one, and says so.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use example_embed_own_storage::Notebook;
use password_domain::account::Realm;
use password_domain::password::Password;
use password_domain::policy::{CommonList, Policy, Rule};
use password_domain::ports::{
    Clock, Content, DeliveryError, Mailer, Message, NoEventLog, Ports, SeparateHolders,
};
use password_domain::session::SessionKind;
use password_domain::settings::{Limits, RealmSettings, Settings};
use password_domain::source::Source;
use password_domain::time::Timestamp;
use password_domain::token::TokenForm;
use password_domain::use_cases::{
    AccountDraft, ChangeError, Difference, FirstPassword, Requested, Telling, UseCases,
};
use password_hasher_argon2::{Argon2Hasher, HasherConfig, HistoryKeys};
use password_session_jwt::{JwtAccessTokens, JwtConfig, KeyedTokens, derive};

/// The mail of a service that only wants to look at it.
#[derive(Default)]
struct Inbox(Mutex<Vec<Message>>);

impl Inbox {
    fn messages(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Mailer for Inbox {
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(())
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// One implementation of each port: some from the house, some our own.
fn ports(notebook: &Arc<Notebook>, inbox: &Arc<Inbox>) -> Result<Ports, Box<dyn Error>> {
    // Yours comes from a safe place outside the database. Every key is derived from it.
    let secret = b"an example of at least 32 random bytes";
    let hasher = HasherConfig::new(HistoryKeys::new(derive(secret, "history"), Vec::new()));
    let jwt = JwtConfig {
        current: derive(secret, "jwt"),
        previous: Vec::new(),
        issuer: "https://tea.example".into(),
    };
    Ok(Ports {
        accounts: notebook.clone(),
        account_admin: notebook.clone(),
        credentials: notebook.clone(),
        resets: notebook.clone(),
        holders: Arc::new(SeparateHolders::of(notebook.clone())),
        sessions: notebook.clone(),
        outbox: notebook.clone(),
        attempts: notebook.clone(),
        housekeeping: notebook.clone(),
        hasher: Arc::new(Argon2Hasher::new(hasher)?),
        mailer: inbox.clone(),
        access_tokens: Arc::new(JwtAccessTokens::new(jwt)),
        tokens: Arc::new(KeyedTokens::new(derive(secret, "tokens"), Vec::new())),
        clock: Arc::new(SystemClock),
        events: Arc::new(NoEventLog),
    })
}

/// One realm with a policy of our own.
fn settings(realm: &Realm) -> Result<Settings, Box<dyn Error>> {
    let policy = Policy::new(vec![Rule::length(12, 128), Rule::Common, Rule::History { depth: 5 }])?;
    let tea_drinkers =
        RealmSettings { policy: policy.clone(), reset_token: TokenForm::Key, ..RealmSettings::user() };
    Ok(Settings {
        policies: BTreeMap::from([(realm.as_str().to_owned(), policy)]),
        realms: BTreeMap::from([(realm.clone(), tea_drinkers)]),
        common: Arc::new(CommonList::from_lines(["correct horse battery staple"])),
        limits: Some(Limits::default()),
        reveal_unknown_accounts: false,
    })
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "a program for people to look at")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (notebook, inbox) = (Arc::new(Notebook::default()), Arc::new(Inbox::default()));
    let realm = Realm::new("tea-drinkers")?;
    let house = UseCases::new(ports(&notebook, &inbox)?, settings(&realm)?);
    // Where a request comes from, as your web framework knows it.
    let source = Source::from_address("192.0.2.7".parse()?);
    let (first, second, third) = (
        Password::new("a pot of Darjeeling"),
        Password::new("a cup of Earl Grey"),
        Password::new("a mug of Assam"),
    );

    let draft = AccountDraft {
        realm: realm.clone(),
        login: "ada".into(),
        email: "ada@tea.example".into(),
        first_name: "Ada".into(),
        last_name: String::new(),
        locale: None,
        active: true,
        demo: false,
        permissions: BTreeSet::new(),
        password: FirstPassword::Checked(Password::new(first.typed())),
    };
    let ada = house.manage_accounts.add(draft).await?;
    println!("added account {ada}");

    let sign_in = |password| house.sign_in.sign_in(&realm, SessionKind::Standard, "Ada", password, &source);
    let session = sign_in(&first).await?.session;
    println!("signed in");

    // A request comes in with the session's token: who is it, may they, and then the work.
    let sessions = &house.sessions;
    let caller =
        sessions.recognise(&realm, SessionKind::Standard, session.expose()).await?.ok_or("no session")?;
    let change = house.change_password.begin(caller.clone(), None)?;
    let refused = change.carry_out(&first, &Password::new("short"), Difference::Required, &source).await;
    assert!(matches!(refused, Err(ChangeError::Policy(_))));
    let change = house.change_password.begin(caller, None)?;
    change.carry_out(&first, &second, Difference::Required, &source).await?;
    assert!(sign_in(&first).await.is_err());
    assert!(sessions.recognise(&realm, SessionKind::Standard, session.expose()).await?.is_none());
    println!("changed the password, which ended the session");

    let asked = house.request_reset.request(&realm, "ada@tea.example", Telling::Nothing, &source).await?;
    assert_eq!(asked, Requested::Accepted);
    println!("asked for a reset");

    // In a service this is a background task that never ends.
    while house.deliver_notices.run_once().await? > 0 {}
    let messages = inbox.messages();
    let token = messages.iter().find_map(|message| match &message.content {
        Content::ResetRequested { token, .. } => Some(token.clone()),
        Content::PasswordChanged { .. } | Content::EmailChanged { .. } | Content::TooManyAttempts { .. } => {
            None
        }
    });
    let token = token.ok_or("no mail with a token")?;
    println!("delivered {} mails to {}", messages.len(), messages[0].to);

    let reset = &house.complete_reset;
    let again =
        reset.recognise(&realm, Some(ada.as_str()), token.expose(), &source).await?.set(&first, &source);
    assert!(again.await.is_err(), "one of the last five passwords");
    reset.recognise(&realm, Some(ada.as_str()), token.expose(), &source).await?.set(&third, &source).await?;
    assert!(reset.recognise(&realm, None, token.expose(), &source).await.is_err(), "a token works once");
    sign_in(&third).await?;
    println!("set another password with the token, and signed in");

    while house.deliver_notices.run_once().await? > 0 {}
    assert_eq!(inbox.messages().len(), 3, "changed, reset asked for, changed");
    for line in notebook.log() {
        println!("  log: {} by {}", line.action.as_str(), line.actor.as_str());
    }
    Ok(())
}
