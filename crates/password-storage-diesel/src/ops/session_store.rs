use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::AccountId;
use password_domain::ports::{Issued, SessionStore, StoreError};
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::Store;
use crate::prepared::Prepared;
use crate::rows::{SessionRow, bytes, row_id};
use crate::schema::sessions::dsl;

#[async_trait]
impl SessionStore for Store {
    async fn issue(&self, session: &Session) -> Result<Issued, StoreError> {
        let Some(id) = row_id(&session.account) else { return Ok(Issued::Stale) };
        let inserted = self.write_together(&self.kinds.issued, SessionRow::new(id, session)).await?;
        Ok(if inserted { Issued::Yes } else { Issued::Stale })
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let digests = bytes(digests);
        self.read(move |c| {
            let query = dsl::sessions
                .filter(dsl::digest.eq_any(&digests))
                .filter(dsl::expires_at.gt(now.as_micros()))
                .select(SessionRow::as_select());
            let row = Prepared(query).get_result(c).optional()?;
            row.map(Session::try_from).transpose()
        })
        .await
    }

    async fn renew(
        &self,
        digest: &TokenDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let digest = *digest;
        self.write_one(move |c| {
            let live = dsl::sessions
                .filter(dsl::digest.eq(digest.as_bytes().as_slice()))
                .filter(dsl::expires_at.gt(now.as_micros()));
            let renewed = diesel::update(live).set(dsl::expires_at.eq(expires_at.as_micros()));
            Ok(Prepared(renewed.returning(dsl::id)).touch(c)? > 0)
        })
        .await
    }

    async fn revoke(&self, digest: &TokenDigest) -> Result<bool, StoreError> {
        let digest = *digest;
        self.write_one(move |c| {
            let it = dsl::sessions.filter(dsl::digest.eq(digest.as_bytes().as_slice()));
            Ok(diesel::delete(it).execute(c)? > 0)
        })
        .await
    }

    async fn revoke_all(&self, account: &AccountId) -> Result<usize, StoreError> {
        let Some(id) = row_id(account) else { return Ok(0) };
        self.write_one(move |c| Ok(diesel::delete(dsl::sessions.filter(dsl::account_id.eq(id))).execute(c)?))
            .await
    }

    async fn list(&self, account: &AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let Some(id) = row_id(account) else { return Ok(Vec::new()) };
        self.read(move |c| {
            dsl::sessions
                .filter(dsl::account_id.eq(id))
                .filter(dsl::expires_at.gt(now.as_micros()))
                .order((dsl::issued_at, dsl::id))
                .select(SessionRow::as_select())
                .load(c)?
                .into_iter()
                .map(Session::try_from)
                .collect()
        })
        .await
    }
}
