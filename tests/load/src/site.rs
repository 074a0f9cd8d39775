//! One server under load, with its database and its people.

use acceptance::{Options as ServerOptions, Server, run_psql};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};

use crate::client::Request;
use crate::drive::collect;
use crate::machine::{MEMORY_KIB, RawHashing};
use crate::options::Database;

/// A server, and what is known of it.
pub(crate) struct Site {
    /// The process, its database and its folder; gone when this is dropped.
    pub(crate) server: Server,
    /// How many evaluations all requests so far must have cost.
    pub(crate) evaluations: u64,
    client_key: String,
    hash: String,
}

/// A kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Realm {
    User,
    Dealer,
    Member,
}

/// An account, and how often its password was changed.
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) changes: u32,
}

impl Account {
    /// Returns the password of now.
    pub(crate) fn password(&self) -> String {
        password(self.changes)
    }

    /// Returns the account after a change.
    pub(crate) fn changed(self) -> Self {
        Self { changes: self.changes + 1, ..self }
    }

    /// Returns the password after the next change.
    pub(crate) fn next_password(&self) -> String {
        password(self.changes + 1)
    }
}

/// Good enough for each policy, and never used before.
fn password(number: u32) -> String {
    format!("Passw0rd-No!{number:04}")
}

impl Site {
    /// Starts a server on a new database.
    pub(crate) fn start(database: Database, options: &ServerOptions, raw: &mut RawHashing) -> Self {
        let server = Server::start_with(database.backend(), options);
        let client_key = server.client_key();
        let salt = b"salt of a seed..";
        let tag = raw.hash(password(0).as_bytes(), salt);
        let hash = format!(
            "$argon2id$v=19$m={MEMORY_KIB},t=2,p=1${}${}",
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(tag)
        );
        Self { server, evaluations: 0, client_key, hash }
    }

    /// Names the database, with what it promises of a commit where that can be configured away.
    pub(crate) fn describe(&self, database: Database) -> String {
        let label = database.label();
        if database == Database::Sqlite {
            return label.to_owned();
        }
        let show = |setting: &str| {
            run_psql(&self.server.database.url, &format!("show {setting}")).unwrap_or_else(|_| "-".to_owned())
        };
        format!("{label} (fsync {}, synchronous_commit {})", show("fsync"), show("synchronous_commit"))
    }

    /// Imports accounts that share one hash, and signs each in, which gives each a hash of its own. Returns them with
    /// their sessions.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(crate) fn newcomers(
        &mut self,
        realm: Realm,
        name: &str,
        count: usize,
    ) -> Result<Vec<(Account, String)>, String> {
        let accounts = self.import(realm, name, count);
        let sessions = self.sign_in(realm, &accounts, 2)?;
        Ok(accounts.into_iter().zip(sessions).collect())
    }

    /// Imports accounts that share one hash.
    pub(crate) fn import(&self, realm: Realm, name: &str, count: usize) -> Vec<Account> {
        let login = |number| format!("{name}-{number:05}");
        let rows: Vec<String> = (0..count)
            .map(|number| {
                let login = login(number);
                let row = json!({
                    "realm": realm.name(), "login": login, "email": format!("{login}@example.org"),
                    "password_hash": self.hash, "permissions": ["password:update"],
                });
                row.to_string()
            })
            .collect();
        self.server.expect(&["account", "import", "-"], &rows.join("\n"));
        (0..count).map(|number| Account { login: login(number), changes: 0 }).collect()
    }

    /// Signs accounts in and returns their sessions; `cost` is how many evaluations that takes for each.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(crate) fn sign_in(
        &mut self,
        realm: Realm,
        accounts: &[Account],
        cost: u64,
    ) -> Result<Vec<String>, String> {
        let requests: Vec<Request> =
            accounts.iter().map(|account| self.sign_in_request(realm, account)).collect();
        let answers = self.collect(&requests, cost)?;
        answers
            .iter()
            .map(|answer| {
                let session = &answer[realm.session_key()];
                session.as_str().map(str::to_owned).ok_or_else(|| "a sign-in without a session".to_owned())
            })
            .collect()
    }

    /// Sends requests that are not measured; `cost` is how many evaluations each takes.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(crate) fn collect(&mut self, requests: &[Request], cost: u64) -> Result<Vec<Value>, String> {
        self.evaluations += requests.len() as u64 * cost;
        collect(&self.server.address, requests)
    }

    /// Writes the request that signs an account in.
    pub(crate) fn sign_in_request(&self, realm: Realm, account: &Account) -> Request {
        let (login, password) = (&account.login, account.password());
        match realm {
            Realm::User => sign_in_user(login, &password),
            Realm::Dealer => {
                Request::post("/v2/panel/account/auth", &[], &json!({"login": login, "password": password}))
            }
            Realm::Member => {
                let body = json!({"username": login, "password": password});
                Request::post("/api/v1/user/login/", &[("apikey", &self.client_key)], &body)
            }
        }
    }

    /// Writes the request that changes an account's password under a session.
    pub(crate) fn change_request(&self, realm: Realm, account: &Account, session: &str) -> Request {
        let (old, new) = (account.password(), account.next_password());
        match realm {
            Realm::User => set(session, &old, &new),
            Realm::Dealer => {
                let body = json!({"hash": session, "old_password": old, "new_password": new});
                Request::post("/v2/panel/dealer/password/update", &[], &body)
            }
            Realm::Member => {
                let bearer = format!("Bearer {session}");
                let headers = [("apikey", self.client_key.as_str()), ("Authorization", &bearer)];
                let body = json!({"old_password": old, "new_password": new, "confirm_password": new});
                Request::post("/api/v1/user/profile/change-password/", &headers, &body)
            }
        }
    }
}

impl Realm {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Dealer => "dealer",
            Self::Member => "member",
        }
    }

    fn session_key(self) -> &'static str {
        match self {
            Self::User | Self::Dealer => "hash",
            Self::Member => "access",
        }
    }
}

/// Writes the request that signs a user in.
pub(crate) fn sign_in_user(login: &str, password: &str) -> Request {
    Request::post("/v2/user/auth", &[], &json!({"login": login, "password": password}))
}

/// Writes the request that sets a user's password.
pub(crate) fn set(session: &str, old: &str, new: &str) -> Request {
    let body = json!({"hash": session, "old_password": old, "new_password": new});
    Request::post("/v2/user/password/set", &[], &body)
}
