//! Accounts of each kind, with the passwords of the API pages' examples.

use std::collections::BTreeSet;

use password_domain::account::{Permission, Realm};
use password_domain::password::Password;
use password_domain::token::Token;
use password_domain::use_cases::{AccountDraft, FirstPassword};

use crate::commands::client;
use crate::commands::session::kind_for;
use crate::failure::Failure;
use crate::house::House;

/// An account of the demonstration.
pub(super) struct Person {
    pub(super) login: &'static str,
    pub(super) email: &'static str,
    pub(super) password: &'static str,
    /// What its requests set.
    pub(super) next: &'static str,
}

/// A user, with the passwords of the user API's page.
pub(super) const USER: Person =
    Person { login: "user@example.org", email: "user@example.org", password: "qwert1", next: "12@14Y$" };

/// A dealer, with the passwords of the panel API's page. The first one is older than the policy.
pub(super) const DEALER: Person =
    Person { login: "dealer", email: "dealer@example.org", password: "qwerty", next: "Hh6FXTt%E!Rx*%f3" };

/// A member; the page of that API names no passwords.
pub(super) const MEMBER: Person = Person {
    login: "member",
    email: "member@example.org",
    password: "Meadow-Lark-41",
    next: "Copper!Kettle-58",
};

/// What the requests to paste carry.
pub(super) struct Seeded {
    pub(super) user: Token,
    pub(super) dealer: Token,
    pub(super) member: Token,
    pub(super) client: Token,
}

/// Creates the accounts, a session of each and a client application.
pub(super) async fn seed(house: &House) -> Result<Seeded, Failure> {
    Ok(Seeded {
        user: account(house, Realm::user(), &USER).await?,
        dealer: account(house, Realm::dealer(), &DEALER).await?,
        member: account(house, Realm::member(), &MEMBER).await?,
        client: client::create(house, "demo").await?,
    })
}

async fn account(house: &House, realm: Realm, person: &Person) -> Result<Token, Failure> {
    let accounts = &house.use_cases.manage_accounts;
    let permissions = if realm == Realm::dealer() {
        BTreeSet::from([Permission::password_update()])
    } else {
        BTreeSet::new()
    };
    let draft = AccountDraft {
        realm: realm.clone(),
        login: person.login.to_owned(),
        email: person.email.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        locale: None,
        active: true,
        demo: false,
        permissions,
        password: FirstPassword::Unchecked(Password::new(person.password)),
    };
    accounts.add(draft).await?;
    let account = accounts.find(&realm, person.login).await?;
    let account = account.ok_or_else(|| Failure::new("a seeded account is gone"))?;
    let session = house.use_cases.sessions.issue_by_operator(&account, kind_for(&account)).await?;
    session.ok_or_else(|| Failure::new("a seeded account has no session"))
}
