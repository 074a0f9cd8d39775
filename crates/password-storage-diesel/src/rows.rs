//! Rows as they are read and written, and their way into the domain and back.

mod outbox;

use std::collections::BTreeSet;
use std::net::IpAddr;

use diesel::{Insertable, Queryable, QueryableByName, Selectable};
use password_domain::account::{Account, AccountId, AccountStatus, EmailKey, LoginKey, Permission, Realm};
use password_domain::audit::{AuditAction, AuditEvent};
use password_domain::credential::{Credential, CredentialVersion};
use password_domain::password::PasswordHash;
use password_domain::ports::{ApiKey, Client, NewAccount};
use password_domain::reset::ResetGrant;
use password_domain::session::{Session, SessionKind};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

pub(crate) use self::outbox::{NO_LEASE, NewOutboxRow, OutboxRow};
use crate::error::Failure;
use crate::schema::{accounts, api_keys, audit, clients, password_history, reset_grants, sessions};

/// Returns the key of the row that an identity names; `None` where it can be no row of ours.
pub(crate) fn row_id(id: &AccountId) -> Option<i64> {
    // "7", "+7" and "007" are three identities, and only the first one is ours.
    id.as_str().parse::<i64>().ok().filter(|number| number.to_string() == id.as_str())
}

/// Returns a limit as both databases take it.
pub(crate) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Returns digests as they are bound.
pub(crate) fn bytes(digests: &[TokenDigest]) -> Vec<Vec<u8>> {
    digests.iter().map(|digest| digest.as_bytes().to_vec()).collect()
}

fn unreadable(table: &str, column: &str, row: i64) -> Failure {
    Failure::Corrupt(format!("{table}.{column} of row {row}"))
}

fn join(permissions: &BTreeSet<Permission>) -> String {
    permissions.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
}

fn split(text: &str) -> Option<BTreeSet<Permission>> {
    text.split_ascii_whitespace().map(|word| Permission::new(word).ok()).collect()
}

fn digest(bytes: &[u8]) -> Option<TokenDigest> {
    bytes.try_into().ok().map(TokenDigest::from_bytes)
}

fn address(text: Option<&str>) -> Result<Option<IpAddr>, ()> {
    text.map(|text| text.parse().map_err(drop)).transpose()
}

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = accounts)]
pub(crate) struct AccountRow {
    id: i64,
    realm: String,
    login: String,
    email: String,
    first_name: String,
    last_name: String,
    locale: Option<String>,
    status: String,
    demo: bool,
    permissions: String,
}

impl TryFrom<AccountRow> for Account {
    type Error = Failure;

    fn try_from(row: AccountRow) -> Result<Self, Failure> {
        let bad = |column| unreadable("accounts", column, row.id);
        Ok(Self {
            id: AccountId::from(row.id),
            realm: Realm::new(row.realm).map_err(|_| bad("realm"))?,
            login: row.login,
            email: row.email,
            first_name: row.first_name,
            last_name: row.last_name,
            locale: row.locale,
            status: AccountStatus::from_name(&row.status).ok_or_else(|| bad("status"))?,
            demo: row.demo,
            permissions: split(&row.permissions).ok_or_else(|| bad("permissions"))?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub(crate) struct NewAccountRow {
    pub(crate) realm: String,
    pub(crate) login: String,
    pub(crate) login_key: String,
    pub(crate) email: String,
    pub(crate) email_key: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) locale: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) demo: bool,
    pub(crate) permissions: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) credential_version: i64,
    pub(crate) password_changed_at: i64,
    pub(crate) created_at: i64,
}

impl From<&NewAccount> for NewAccountRow {
    fn from(account: &NewAccount) -> Self {
        Self {
            realm: account.realm.as_str().to_owned(),
            login: account.login.clone(),
            login_key: LoginKey::of(&account.login).as_str().to_owned(),
            email: account.email.clone(),
            email_key: EmailKey::of(&account.email).as_str().to_owned(),
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            locale: account.locale.clone(),
            status: account.status.as_str(),
            demo: account.demo,
            permissions: join(&account.permissions),
            password_hash: account.hash.as_ref().map(|hash| hash.as_encoded().to_owned()),
            credential_version: CredentialVersion::FIRST.as_i64(),
            password_changed_at: account.at.as_micros(),
            created_at: account.at.as_micros(),
        }
    }
}

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = accounts)]
pub(crate) struct CredentialRow {
    password_hash: Option<String>,
    credential_version: i64,
    password_changed_at: i64,
}

impl From<CredentialRow> for Credential {
    fn from(row: CredentialRow) -> Self {
        Self {
            hash: row.password_hash.map(PasswordHash::from_encoded),
            version: CredentialVersion::from_stored(row.credential_version),
            changed_at: Timestamp::from_micros(row.password_changed_at),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = password_history, treat_none_as_default_value = false)]
pub(crate) struct HistoryRow {
    pub(crate) account_id: i64,
    pub(crate) version: i64,
    pub(crate) tag: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    pub(crate) digest: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) account_id: i64,
    pub(crate) realm: String,
    pub(crate) version: i64,
    pub(crate) permissions: String,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
}

impl SessionRow {
    pub(crate) fn new(account_id: i64, session: &Session) -> Self {
        Self {
            digest: session.digest.as_bytes().to_vec(),
            kind: session.kind.as_str().to_owned(),
            account_id,
            realm: session.realm.as_str().to_owned(),
            version: session.version.as_i64(),
            permissions: join(&session.permissions),
            issued_at: session.issued_at.as_micros(),
            expires_at: session.expires_at.as_micros(),
        }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = Failure;

    fn try_from(row: SessionRow) -> Result<Self, Failure> {
        let bad = |column| Failure::Corrupt(format!("sessions.{column} of account {}", row.account_id));
        Ok(Self {
            digest: digest(&row.digest).ok_or_else(|| bad("digest"))?,
            kind: SessionKind::from_name(&row.kind).ok_or_else(|| bad("kind"))?,
            realm: Realm::new(row.realm).map_err(|_| bad("realm"))?,
            account: AccountId::from(row.account_id),
            version: CredentialVersion::from_stored(row.version),
            permissions: split(&row.permissions).ok_or_else(|| bad("permissions"))?,
            issued_at: Timestamp::from_micros(row.issued_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reset_grants, treat_none_as_default_value = false)]
pub(crate) struct GrantRow {
    digest: Vec<u8>,
    realm: String,
    account_id: i64,
    version: i64,
    opened_at: i64,
    expires_at: i64,
}

impl GrantRow {
    pub(crate) fn new(account_id: i64, grant: &ResetGrant) -> Self {
        Self {
            digest: grant.digest.as_bytes().to_vec(),
            realm: grant.realm.as_str().to_owned(),
            account_id,
            version: grant.version.as_i64(),
            opened_at: grant.opened_at.as_micros(),
            expires_at: grant.expires_at.as_micros(),
        }
    }
}

impl TryFrom<GrantRow> for ResetGrant {
    type Error = Failure;

    fn try_from(row: GrantRow) -> Result<Self, Failure> {
        let bad = |column| Failure::Corrupt(format!("reset_grants.{column} of account {}", row.account_id));
        Ok(Self {
            digest: digest(&row.digest).ok_or_else(|| bad("digest"))?,
            realm: Realm::new(row.realm).map_err(|_| bad("realm"))?,
            account: AccountId::from(row.account_id),
            version: CredentialVersion::from_stored(row.version),
            opened_at: Timestamp::from_micros(row.opened_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
pub(crate) struct AuditRow {
    pub(crate) at: i64,
    pub(crate) realm: String,
    pub(crate) account_id: Option<i64>,
    pub(crate) action: &'static str,
    pub(crate) actor: &'static str,
    pub(crate) from_address: Option<String>,
}

impl AuditRow {
    pub(crate) fn added(account_id: i64, account: &NewAccountRow, actor: &'static str) -> Self {
        Self {
            at: account.created_at,
            realm: account.realm.clone(),
            account_id: Some(account_id),
            action: AuditAction::AccountAdded.as_str(),
            actor,
            from_address: None,
        }
    }
}

impl From<&AuditEvent> for AuditRow {
    fn from(event: &AuditEvent) -> Self {
        Self {
            at: event.at.as_micros(),
            realm: event.realm.as_str().to_owned(),
            account_id: event.account.as_ref().and_then(row_id),
            action: event.action.as_str(),
            actor: event.actor.as_str(),
            from_address: event.from.map(|address| address.to_string()),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub(crate) struct ApiKeyRow {
    id: i64,
    account_id: i64,
    created_at: i64,
}

impl From<ApiKeyRow> for ApiKey {
    fn from(row: ApiKeyRow) -> Self {
        Self {
            id: row.id,
            account: AccountId::from(row.account_id),
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
pub(crate) struct ClientRow {
    name: String,
    created_at: i64,
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        Self { name: row.name, created_at: Timestamp::from_micros(row.created_at) }
    }
}

/// Returns permissions as they are stored.
pub(crate) fn permissions(permissions: &BTreeSet<Permission>) -> String {
    join(permissions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_decimal_names_a_row() {
        let row = |text: &str| row_id(&AccountId::new(text).unwrap());
        assert_eq!(row("7"), Some(7));
        for other in ["+7", "007", "7.0", "seven", "9223372036854775808"] {
            assert_eq!(row(other), None, "{other}");
        }
    }

    #[test]
    fn permissions_survive_the_way_through_a_column() {
        let held = BTreeSet::from([Permission::password_update(), Permission::new("tag:read").unwrap()]);
        assert_eq!(split(&join(&held)), Some(held));
        assert_eq!(split(""), Some(BTreeSet::new()));
        assert_eq!(split("nonsense"), None);
    }
}
