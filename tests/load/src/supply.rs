//! Where requests come from: those that can be sent again and again, and those that each need something fresh.
//!
//! A change ends every session of its account, and a session costs an evaluation. So what changes something is
//! prepared: as many accounts are signed in beforehand as will change their passwords, each once, and where a cell needs
//! more than there are accounts it pauses, signs them in again with their new passwords, and goes on. Only the changes
//! are measured.

use std::collections::{HashMap, VecDeque};

use acceptance::{Mail, eventually};
use serde_json::json;

use crate::client::Request;
use crate::operation::Operation;
use crate::site::{Account, Realm, Site, set, sign_in_user};

/// How many accounts an operation has at most. A full history takes 36 evaluations to fill, so dealers are few; but
/// more than clients, so that a cell is not all beginning and end.
const MOST_ACCOUNTS: usize = 1_024;
const MOST_DEALERS: usize = 128;
const MOST_TOKENS: usize = 256;

/// The policy remembers ten passwords; the first change leaves two, each further one adds one.
const CHANGES_THAT_FILL_A_HISTORY: usize = 9;

/// Requests of one operation.
pub(crate) enum Supply {
    /// One for each client, to be sent again and again.
    Repeated(Vec<Request>),
    /// Changes under a session.
    Changes(Changes),
    /// Changes with a token from a mail.
    Tokens(Tokens),
}

/// Accounts that change their passwords under a session.
pub(crate) struct Changes {
    realm: Realm,
    name: &'static str,
    ready: VecDeque<(Account, String)>,
    idle: Vec<Account>,
}

/// Accounts that change their passwords with a token from a mail.
pub(crate) struct Tokens {
    ready: VecDeque<(Account, String)>,
    idle: Vec<Account>,
}

impl Supply {
    /// Prepares an operation for at most `clients` clients at once.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(crate) fn new(operation: Operation, site: &mut Site, clients: usize) -> Result<Self, String> {
        let changes =
            |realm, name| Self::Changes(Changes { realm, name, ready: VecDeque::new(), idle: Vec::new() });
        let sign_in = |site: &mut Site, realm, name| {
            let newcomers = site.newcomers(realm, name, clients)?;
            let requests = newcomers.iter().map(|(account, _)| site.sign_in_request(realm, account));
            Ok::<_, String>(Self::Repeated(requests.collect()))
        };
        Ok(match operation {
            Operation::SignIn => sign_in(site, Realm::User, "sign-in")?,
            Operation::MemberSignIn => sign_in(site, Realm::Member, "member-sign-in")?,
            Operation::UnknownLogin => {
                let request = |number| {
                    sign_in_user(&format!("nobody-{number:05}"), "Passw0rd-No!0000")
                        .expecting(400, "\"code\":102")
                };
                Self::Repeated((0..clients).map(request).collect())
            }
            Operation::WrongOldPassword => {
                let newcomers = site.newcomers(Realm::User, "wrong-old-password", clients)?;
                let request = |(_, session): &(Account, String)| {
                    set(session, "Wr0ng-Password!", "Passw0rd-No!0001").expecting(400, "\"code\":248")
                };
                Self::Repeated(newcomers.iter().map(request).collect())
            }
            Operation::UserSet => changes(Realm::User, "user-set"),
            Operation::LightRequests => changes(Realm::User, "light-requests"),
            Operation::DealerUpdate => changes(Realm::Dealer, "dealer-update"),
            Operation::MemberChange => changes(Realm::Member, "member-change"),
            Operation::ChangeByToken => Self::Tokens(Tokens { ready: VecDeque::new(), idle: Vec::new() }),
            Operation::PolicyCheck => Self::Repeated(vec![policy_check()]),
            Operation::Health | Operation::FirstAnswer => Self::Repeated(vec![health()]),
        })
    }
}

/// Writes a check of a good password against the policy with the most rules.
pub(crate) fn policy_check() -> Request {
    let account =
        json!({"login": "marble", "email": "marble@example.org", "first_name": "Ann", "last_name": "Lee"});
    let body = json!({"policy": "member", "password": "Passw0rd-No!0000", "account": account});
    Request::post("/password/check", &[], &body).expecting(200, "\"ok\":true")
}

/// Writes the question of an orchestrator.
pub(crate) fn health() -> Request {
    Request::get("/health/ready").expecting(200, "ready")
}

impl Changes {
    /// Returns up to `wanted` requests, each of another account.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(crate) fn take(&mut self, site: &mut Site, wanted: usize) -> Result<Vec<Request>, String> {
        let most = if self.realm == Realm::Dealer { MOST_DEALERS } else { MOST_ACCOUNTS };
        let wanted = wanted.min(most);
        let missing = wanted.saturating_sub(self.ready.len());
        let again: Vec<Account> = self.idle.drain(..missing.min(self.idle.len())).collect();
        let newcomers = missing - again.len();
        let sessions = site.sign_in(self.realm, &again, 1)?;
        self.ready.extend(again.into_iter().zip(sessions));
        if newcomers > 0 {
            let newcomers = self.newcomers(site, newcomers)?;
            self.ready.extend(newcomers);
        }
        let ready = self.ready.iter().take(wanted);
        Ok(ready.map(|(account, session)| site.change_request(self.realm, account, session)).collect())
    }

    fn newcomers(&self, site: &mut Site, count: usize) -> Result<Vec<(Account, String)>, String> {
        let name = format!("{}-{}", self.name, self.ready.len() + self.idle.len());
        let mut newcomers = site.newcomers(self.realm, &name, count)?;
        if self.realm == Realm::Dealer {
            for _ in 0..CHANGES_THAT_FILL_A_HISTORY {
                let change = |(account, session): &(Account, String)| {
                    site.change_request(self.realm, account, session)
                };
                let requests: Vec<Request> = newcomers.iter().map(change).collect();
                site.collect(&requests, Operation::DealerUpdate.evaluations().into())?;
                let accounts: Vec<Account> =
                    newcomers.into_iter().map(|(account, _)| account.changed()).collect();
                let sessions = site.sign_in(self.realm, &accounts, 1)?;
                newcomers = accounts.into_iter().zip(sessions).collect();
            }
        }
        Ok(newcomers)
    }

    /// Notes that the first of what was taken was sent.
    pub(crate) fn sent(&mut self, count: usize) {
        self.idle.extend(changed(&mut self.ready, count));
    }
}

impl Tokens {
    /// Returns up to `wanted` requests, each of another account.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(crate) fn take(&mut self, site: &mut Site, wanted: usize) -> Result<Vec<Request>, String> {
        let wanted = wanted.min(MOST_TOKENS);
        let missing = wanted.saturating_sub(self.ready.len());
        if missing > self.idle.len() {
            let name = format!("change-by-token-{}", self.ready.len() + self.idle.len());
            self.idle.extend(site.import(Realm::User, &name, missing - self.idle.len()));
        }
        let accounts: Vec<Account> = self.idle.drain(..missing).collect();
        let hashes = mailed(site, &accounts)?;
        self.ready.extend(accounts.into_iter().zip(hashes));
        let request = |(account, hash): &(Account, String)| {
            let body = json!({"hash": hash, "password": account.next_password()});
            Request::post("/v2/user/password/change", &[], &body)
        };
        Ok(self.ready.iter().take(wanted).map(request).collect())
    }

    /// Notes that the first of what was taken was sent.
    pub(crate) fn sent(&mut self, count: usize) {
        self.idle.extend(changed(&mut self.ready, count));
    }
}

fn changed(ready: &mut VecDeque<(Account, String)>, count: usize) -> Vec<Account> {
    let used = ready.drain(..count.min(ready.len()));
    used.map(|(account, _)| account.changed()).collect()
}

/// Asks for restore mails and returns the hashes in them, in the accounts' order.
fn mailed(site: &mut Site, accounts: &[Account]) -> Result<Vec<String>, String> {
    let folder = site.server.mail_folder();
    let mails = || std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    // Earlier ones would only be read again and again.
    for old in mails().filter(|path| path.extension().is_some_and(|extension| extension == "eml")) {
        let _ = std::fs::remove_file(old);
    }
    let request =
        |account: &Account| Request::post("/v2/user/restore_password", &[], &json!({"login": account.login}));
    site.collect(&accounts.iter().map(request).collect::<Vec<_>>(), 0)?;
    Ok(eventually("every restore mail is there", || {
        if mails().count() < accounts.len() {
            return None;
        }
        let hashes: HashMap<String, String> = Mail::all(&folder)
            .iter()
            .filter(|mail| mail.link().is_some())
            .map(|mail| (mail.header("To"), mail.parameter("hash")))
            .collect();
        let hash_of = |account: &Account| hashes.get(&format!("{}@example.org", account.login)).cloned();
        accounts.iter().map(hash_of).collect()
    }))
}
