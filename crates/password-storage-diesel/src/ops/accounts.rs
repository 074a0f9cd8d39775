use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::{Account, AccountId, EmailKey, LoginKey, Realm};
use password_domain::ports::{Accounts, StoreError};

use super::{Conn, Store};
use crate::error::Failure;
use crate::rows::{AccountRow, limit, row_id};
use crate::schema::accounts::{self, dsl};

#[async_trait]
impl Accounts for Store {
    async fn find_by_id(&self, realm: &Realm, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let Some(id) = row_id(id) else { return Ok(None) };
        let realm = realm.as_str().to_owned();
        self.read(move |c| {
            let row = accounts::table
                .filter(dsl::id.eq(id))
                .filter(dsl::realm.eq(&realm))
                .select(AccountRow::as_select())
                .get_result(c)
                .optional()?;
            row.map(Account::try_from).transpose()
        })
        .await
    }

    async fn find_by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Account>, StoreError> {
        if login.as_str().contains('\0') {
            return Ok(None); // PostgreSQL's text cannot hold it, so it is nobody's on either database.
        }
        let (realm, login) = (realm.as_str().to_owned(), login.as_str().to_owned());
        self.read(move |c| {
            let row = accounts::table
                .filter(dsl::realm.eq(&realm))
                .filter(dsl::login_key.eq(&login))
                .select(AccountRow::as_select())
                .get_result(c)
                .optional()?;
            row.map(Account::try_from).transpose()
        })
        .await
    }

    async fn find_by_email(
        &self,
        realm: &Realm,
        email: &EmailKey,
        most: usize,
    ) -> Result<Vec<Account>, StoreError> {
        if email.as_str().contains('\0') {
            return Ok(Vec::new());
        }
        let (realm, email) = (realm.as_str().to_owned(), email.as_str().to_owned());
        self.read(move |c| {
            decode(
                accounts::table
                    .filter(dsl::realm.eq(&realm))
                    .filter(dsl::email_key.eq(&email))
                    .order(dsl::id)
                    .limit(limit(most))
                    .select(AccountRow::as_select())
                    .load(c)?,
            )
        })
        .await
    }
}

/// Returns those of the realm that come after `after`, in the order of their identities.
pub(super) fn page(c: &mut Conn, realm: &str, after: i64, most: usize) -> Result<Vec<Account>, Failure> {
    decode(
        accounts::table
            .filter(dsl::realm.eq(realm))
            .filter(dsl::id.gt(after))
            .order(dsl::id)
            .limit(limit(most))
            .select(AccountRow::as_select())
            .load(c)?,
    )
}

fn decode(rows: Vec<AccountRow>) -> Result<Vec<Account>, Failure> {
    rows.into_iter().map(Account::try_from).collect()
}
