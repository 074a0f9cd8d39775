use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::{Account, LoginKey, Realm};
use password_domain::credential::Credential;
use password_domain::ports::{Holder, Holders, StoreError};
use password_domain::reset::ResetGrant;
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::Store;
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{AccountRow, CredentialRow, GrantRow, SessionRow, bytes};
use crate::schema::{accounts, reset_grants, sessions};

#[async_trait]
impl Holders for Store {
    async fn by_login(&self, realm: &Realm, login: &LoginKey) -> Result<Option<Holder>, StoreError> {
        if login.as_str().contains('\0') {
            return Ok(None); // PostgreSQL's text cannot hold it, so it is nobody's on either database.
        }
        let (realm, login) = (realm.as_str().to_owned(), login.as_str().to_owned());
        self.read(move |c| {
            let row: Option<(AccountRow, CredentialRow)> = accounts::table
                .filter(accounts::realm.eq(&realm))
                .filter(accounts::login_key.eq(&login))
                .select((AccountRow::as_select(), CredentialRow::as_select()))
                .get_result(c)
                .optional()?;
            row.map(|(account, credential)| holder(account, credential)).transpose()
        })
        .await
    }

    async fn by_session(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(Session, Holder)>, StoreError> {
        let (realm, digests) = (realm.as_str().to_owned(), bytes(digests));
        self.read(move |c| {
            let query = sessions::table
                .inner_join(accounts::table)
                .filter(sessions::digest.eq_any(&digests))
                .filter(sessions::expires_at.gt(now.as_micros()))
                .filter(sessions::realm.eq(&realm))
                .filter(accounts::realm.eq(&realm))
                .select((SessionRow::as_select(), AccountRow::as_select(), CredentialRow::as_select()));
            let row: Option<(SessionRow, AccountRow, CredentialRow)> =
                Prepared(query).get_result(c).optional()?;
            row.map(|(session, account, credential)| {
                Ok((Session::try_from(session)?, holder(account, credential)?))
            })
            .transpose()
        })
        .await
    }

    async fn by_grant(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(ResetGrant, Holder)>, StoreError> {
        let (realm, digests) = (realm.as_str().to_owned(), bytes(digests));
        self.read(move |c| {
            let query = reset_grants::table
                .inner_join(accounts::table)
                .filter(reset_grants::digest.eq_any(&digests))
                .filter(reset_grants::spent_at.is_null())
                .filter(reset_grants::voided_at.is_null())
                .filter(reset_grants::expires_at.gt(now.as_micros()))
                .filter(reset_grants::realm.eq(&realm))
                .filter(accounts::realm.eq(&realm))
                .select((GrantRow::as_select(), AccountRow::as_select(), CredentialRow::as_select()));
            let row: Option<(GrantRow, AccountRow, CredentialRow)> =
                Prepared(query).get_result(c).optional()?;
            row.map(|(grant, account, credential)| {
                Ok((ResetGrant::try_from(grant)?, holder(account, credential)?))
            })
            .transpose()
        })
        .await
    }
}

fn holder(account: AccountRow, credential: CredentialRow) -> Result<Holder, Failure> {
    Ok(Holder { account: Account::try_from(account)?, credential: Credential::from(credential) })
}
