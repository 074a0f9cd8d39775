use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::{Account, LoginKey, Realm};
use password_domain::credential::Credential;
use password_domain::ports::{Holder, Holders, StoreError};
use password_domain::reset::ResetGrant;
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{Conn, Store};
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
        let key = (realm.as_str().to_owned(), login.as_str().to_owned());
        self.read_together(&self.kinds.by_login, key).await
    }

    async fn by_session(
        &self,
        realm: &Realm,
        digests: &[TokenDigest],
        now: Timestamp,
    ) -> Result<Option<(Session, Holder)>, StoreError> {
        let shown = Shown { realm: realm.clone(), digests: digests.to_vec(), now };
        self.read_together(&self.kinds.by_session, shown).await
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

/// A session that somebody shows: under any of these digests, in this realm, at this time.
pub(crate) struct Shown {
    realm: Realm,
    digests: Vec<TokenDigest>,
    now: Timestamp,
}

/// Reads what lives of the sessions that are shown, each with its account.
pub(crate) fn by_session(c: &mut Conn, shown: &[Shown]) -> Result<Vec<Option<(Session, Holder)>>, Failure> {
    let digests: Vec<_> = shown.iter().flat_map(|shown| bytes(&shown.digests)).collect();
    let query = sessions::table
        .inner_join(accounts::table)
        .filter(sessions::digest.eq_any(&digests))
        .filter(sessions::realm.eq(accounts::realm))
        .select((SessionRow::as_select(), AccountRow::as_select(), CredentialRow::as_select()));
    let rows: Vec<(SessionRow, AccountRow, CredentialRow)> = Prepared(query).load(c)?;
    let found = rows
        .into_iter()
        .map(|(session, account, credential)| Ok((Session::try_from(session)?, holder(account, credential)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    let live = |shown: &Shown| {
        found.iter().find(|(session, _)| {
            shown.digests.contains(&session.digest)
                && session.realm == shown.realm
                && session.expires_at > shown.now
        })
    };
    Ok(shown.iter().map(|shown| live(shown).cloned()).collect())
}

pub(crate) fn holder(account: AccountRow, credential: CredentialRow) -> Result<Holder, Failure> {
    Ok(Holder { account: Account::try_from(account)?, credential: Credential::from(credential) })
}
