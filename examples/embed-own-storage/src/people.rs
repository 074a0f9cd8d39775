//! The service's own users, and how the domain sees them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use password_domain::account::{Account, AccountId, AccountStatus, EmailKey, LoginKey, Permission, Realm};
use password_domain::audit::{AuditAction, AuditEvent};
use password_domain::credential::{Credential, CredentialVersion, HistoryEntry};
use password_domain::notice::Notice;
use password_domain::ports::{AccountAdmin, AccountUpdate, Accounts, Added, Found, NewAccount, StoreError};

use crate::{Notebook, Pages};

/// A row of our own table: our names, our columns, and next to them what the domain wants kept.
pub(crate) struct Person {
    pub(crate) number: i64,
    pub(crate) realm: Realm,
    nickname: String,
    mail: String,
    given_and_family_name: (String, String),
    language: Option<String>,
    status: AccountStatus,
    is_for_show: bool,
    rights: BTreeSet<Permission>,
    pub(crate) credential: Credential,
    /// Oldest first.
    pub(crate) history: Vec<HistoryEntry>,
}

impl Person {
    fn new(number: i64, new: &NewAccount) -> Self {
        let version = CredentialVersion::FIRST;
        Self {
            number,
            realm: new.realm.clone(),
            nickname: new.login.clone(),
            mail: new.email.clone(),
            given_and_family_name: (new.first_name.clone(), new.last_name.clone()),
            language: new.locale.clone(),
            status: new.status,
            is_for_show: new.demo,
            rights: new.permissions.clone(),
            credential: Credential { hash: new.hash.clone(), version, changed_at: new.at },
            history: new.history.iter().map(|tag| HistoryEntry { version, tag: tag.clone() }).collect(),
        }
    }

    pub(crate) fn id(&self) -> AccountId {
        AccountId::from(self.number)
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status == AccountStatus::Active
    }

    /// Translates the row.
    fn account(&self) -> Account {
        let (first_name, last_name) = self.given_and_family_name.clone();
        Account {
            id: self.id(),
            realm: self.realm.clone(),
            login: self.nickname.clone(),
            email: self.mail.clone(),
            first_name,
            last_name,
            locale: self.language.clone(),
            status: self.status,
            demo: self.is_for_show,
            permissions: self.rights.clone(),
        }
    }

    /// Ends every session, token and reset grant: they carry the version that they were issued under.
    fn end_everything(&mut self) {
        self.credential.version = self.credential.version.next();
    }
}

impl Pages {
    fn people_of(&self, realm: &Realm) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.realm == *realm)
    }

    /// Logins are compared under the key that the domain folds, so that `José` is one person however it is typed.
    fn named(&self, realm: &Realm, login: &LoginKey) -> Option<&Person> {
        self.people_of(realm).find(|person| LoginKey::of(&person.nickname) == *login)
    }
}

#[async_trait]
impl Accounts for Notebook {
    async fn find_by_id(&self, realm: &Realm, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let pages = self.pages();
        Ok(pages.person(id).filter(|person| person.realm == *realm).map(Person::account))
    }

    async fn find_by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Account>, StoreError> {
        Ok(self.pages().named(realm, login).map(Person::account))
    }

    async fn find_by_email(
        &self,
        realm: &Realm,
        email: &EmailKey,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let pages = self.pages();
        let found = pages.people_of(realm).filter(|person| EmailKey::of(&person.mail) == *email);
        Ok(found.take(limit).map(Person::account).collect())
    }
}

#[async_trait]
impl AccountAdmin for Notebook {
    async fn add(&self, accounts: &[NewAccount]) -> Result<Vec<Added>, StoreError> {
        let mut pages = self.pages();
        let mut answers = Vec::new();
        for new in accounts {
            if pages.named(&new.realm, &LoginKey::of(&new.login)).is_some() {
                answers.push(Added::LoginTaken);
                continue;
            }
            let person = Person::new(pages.next_number(), new);
            pages.log.push(AuditEvent {
                at: new.at,
                realm: new.realm.clone(),
                account: Some(person.id()),
                action: AuditAction::AccountAdded,
                actor: new.actor,
                from: None,
            });
            answers.push(Added::Created(person.id()));
            pages.people.push(person);
        }
        Ok(answers)
    }

    async fn find_many(&self, logins: &[(Realm, LoginKey)]) -> Result<Vec<Option<Account>>, StoreError> {
        let pages = self.pages();
        Ok(logins.iter().map(|(realm, login)| pages.named(realm, login).map(Person::account)).collect())
    }

    async fn update(
        &self,
        id: &AccountId,
        update: &AccountUpdate,
        notices: &[Notice],
        audit: &AuditEvent,
    ) -> Result<Found, StoreError> {
        let mut pages = self.pages();
        let Some(person) = pages.person_mut(id) else { return Ok(Found::No) };
        if let Some(email) = &update.email
            && *email != person.mail
        {
            person.mail.clone_from(email);
            person.end_everything();
        }
        if let Some(permissions) = &update.permissions {
            person.rights.clone_from(permissions);
        }
        notices.iter().for_each(|notice| pages.queue(notice));
        pages.log.push(audit.clone());
        Ok(Found::Yes)
    }

    async fn set_status(
        &self,
        id: &AccountId,
        status: AccountStatus,
        audit: &AuditEvent,
    ) -> Result<Found, StoreError> {
        let mut pages = self.pages();
        let Some(person) = pages.person_mut(id) else { return Ok(Found::No) };
        if person.status != status {
            person.status = status;
            person.end_everything();
            pages.log.push(audit.clone());
        }
        Ok(Found::Yes)
    }

    async fn delete(&self, id: &AccountId, audit: &AuditEvent) -> Result<Found, StoreError> {
        let mut pages = self.pages();
        if pages.person(id).is_none() {
            return Ok(Found::No);
        }
        pages.people.retain(|person| person.id() != *id);
        pages.sessions.retain(|session| session.account != *id);
        pages.grants.retain(|grant| grant.is.account != *id);
        pages.api_keys.retain(|(_, key)| key.account != *id);
        pages.outbox.retain(|entry| !entry.is_to(id));
        pages.log.push(audit.clone());
        Ok(Found::Yes)
    }

    async fn list(
        &self,
        realm: &Realm,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let after = after.and_then(|id| id.as_str().parse().ok()).unwrap_or(0);
        let pages = self.pages();
        let page = pages.people_of(realm).filter(|person| person.number > after).take(limit);
        Ok(page.map(Person::account).collect())
    }
}
