use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::{Account, AccountId, AccountStatus, EmailKey, LoginKey, Realm};
use password_domain::audit::AuditEvent;
use password_domain::credential::CredentialVersion;
use password_domain::notice::Notice;
use password_domain::ports::{AccountAdmin, AccountUpdate, Added, Found, NewAccount, StoreError};

use super::{
    Conn, Store, accounts, hold_alone, insert_accounts, insert_audit, insert_history, many_holders_by_login,
    outbox, record,
};
use crate::error::Failure;
use crate::rows::{AuditRow, HistoryRow, NewAccountRow, permissions, row_id};
use crate::schema::accounts::dsl;
use crate::schema::{reset_grants, sessions};

#[async_trait]
impl AccountAdmin for Store {
    async fn add(&self, new: &[NewAccount]) -> Result<Vec<Added>, StoreError> {
        let rows: Vec<_> = new.iter().map(NewAccountRow::from).collect();
        let firsts: Vec<_> = new.iter().map(First::from).collect();
        self.write(move |c| add(c, &rows, &firsts)).await
    }

    async fn find_many(&self, logins: &[(Realm, LoginKey)]) -> Result<Vec<Option<Account>>, StoreError> {
        // PostgreSQL's text cannot hold a NUL, so such a login is nobody's on either database.
        let storable = |login: &LoginKey| !login.as_str().contains('\0');
        let wanted: Vec<_> = logins
            .iter()
            .filter(|(_, login)| storable(login))
            .map(|(realm, login)| (realm.as_str().to_owned(), login.as_str().to_owned()))
            .collect();
        let found = self.read(move |c| many_holders_by_login(c, &wanted)).await?;
        let mut found = found.into_iter();
        let mut next = || found.next().flatten().map(|holder| holder.account);
        Ok(logins.iter().map(|(_, login)| if storable(login) { next() } else { None }).collect())
    }

    async fn update(
        &self,
        id: &AccountId,
        update: &AccountUpdate,
        notices: &[Notice],
        audit: &AuditEvent,
    ) -> Result<Found, StoreError> {
        let Some(id) = row_id(id) else { return Ok(Found::No) };
        let (update, notices, audit) = (update.clone(), notices.to_vec(), audit.clone());
        self.write(move |c| {
            let Some((_, _, _, address)) = hold_alone(c, id)? else { return Ok(Found::No) };
            let account = dsl::accounts.filter(dsl::id.eq(id));
            if let Some(email) = update.email.as_ref().filter(|email| **email != address) {
                diesel::update(account)
                    .set((
                        dsl::email.eq(email),
                        dsl::email_key.eq(EmailKey::of(email).as_str()),
                        dsl::credential_version.eq(dsl::credential_version + 1),
                    ))
                    .execute(c)?;
                sweep(c, id)?;
            }
            if let Some(held) = &update.permissions {
                diesel::update(account).set(dsl::permissions.eq(permissions(held))).execute(c)?;
            }
            outbox::enqueue_notices(c, &notices, Some(id))?;
            record(c, &audit)?;
            Ok(Found::Yes)
        })
        .await
    }

    async fn set_status(
        &self,
        id: &AccountId,
        status: AccountStatus,
        audit: &AuditEvent,
    ) -> Result<Found, StoreError> {
        let Some(id) = row_id(id) else { return Ok(Found::No) };
        let (status, audit) = (status.as_str(), audit.clone());
        self.write(move |c| {
            let account = dsl::accounts.filter(dsl::id.eq(id));
            let changed = diesel::update(account.filter(dsl::status.ne(status)))
                .set((dsl::status.eq(status), dsl::credential_version.eq(dsl::credential_version + 1)))
                .execute(c)?;
            if changed > 0 {
                sweep(c, id)?;
                record(c, &audit)?;
                return Ok(Found::Yes);
            }
            let exists = account.select(dsl::id).get_result::<i64>(c).optional()?.is_some();
            Ok(if exists { Found::Yes } else { Found::No })
        })
        .await
    }

    async fn delete(&self, id: &AccountId, audit: &AuditEvent) -> Result<Found, StoreError> {
        let Some(id) = row_id(id) else { return Ok(Found::No) };
        let audit = audit.clone();
        self.write(move |c| {
            // All that hangs on the account goes with it, by foreign keys.
            if diesel::delete(dsl::accounts.filter(dsl::id.eq(id))).execute(c)? == 0 {
                return Ok(Found::No);
            }
            record(c, &audit)?;
            Ok(Found::Yes)
        })
        .await
    }

    async fn list(
        &self,
        realm: &Realm,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let after = match &after {
            None => i64::MIN,
            Some(id) => match row_id(id) {
                Some(id) => id,
                None => return Ok(Vec::new()),
            },
        };
        let realm = realm.as_str().to_owned();
        self.read(move |c| accounts::page(c, &realm, after, limit)).await
    }
}

/// What is written of a new account beside its row.
struct First {
    tag: Option<String>,
    actor: &'static str,
}

impl From<&NewAccount> for First {
    fn from(account: &NewAccount) -> Self {
        Self {
            tag: account.history.as_ref().map(|tag| tag.as_encoded().to_owned()),
            actor: account.actor.as_str(),
        }
    }
}

fn add(c: &mut Conn, rows: &[NewAccountRow], firsts: &[First]) -> Result<Vec<Added>, Failure> {
    let created = insert_accounts(c, rows)?;
    let mut history = Vec::new();
    let mut log = Vec::with_capacity(rows.len());
    for ((row, first), id) in rows.iter().zip(firsts).zip(&created) {
        let Some(id) = *id else { continue };
        if let Some(tag) = &first.tag {
            let version = CredentialVersion::FIRST.as_i64();
            history.push(HistoryRow { account_id: id, version, tag: tag.clone() });
        }
        log.push(AuditRow::added(id, row, first.actor));
    }
    insert_history(c, &history)?;
    insert_audit(c, &log)?;
    Ok(created
        .into_iter()
        .map(|id| id.map_or(Added::LoginTaken, |id| Added::Created(AccountId::from(id))))
        .collect())
}

/// Deletes what a raised version has ended. Only housekeeping: the version alone decides what lives.
pub(crate) fn sweep(c: &mut Conn, id: i64) -> Result<(), Failure> {
    diesel::delete(sessions::table.filter(sessions::account_id.eq(id))).execute(c)?;
    // Spent and voided ones are found by whoever purges; what only a version has ended is not.
    let live = reset_grants::table
        .filter(reset_grants::account_id.eq(id))
        .filter(reset_grants::spent_at.is_null())
        .filter(reset_grants::voided_at.is_null());
    diesel::delete(live).execute(c)?;
    Ok(())
}
