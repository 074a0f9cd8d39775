use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::ports::{Opened, ResetStore, StoreError};
use password_domain::reset::ResetGrant;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{Store, counts, hold_alone};
use crate::prepared::Prepared;
use crate::rows::{GrantRow, bytes, limit, row_id};
use crate::schema::reset_grants::{self, dsl};

#[async_trait]
impl ResetStore for Store {
    async fn open(&self, grant: &ResetGrant, max_live: usize) -> Result<Opened, StoreError> {
        let Some(id) = row_id(&grant.account) else { return Ok(Opened::Stale) };
        let grant = grant.clone();
        self.write(move |c| {
            // Alone, so that two grants opened at once do not both find room.
            if !counts(hold_alone(c, id)?, &grant.realm, grant.version) {
                return Ok(Opened::Stale);
            }
            let now = grant.opened_at.as_micros();
            // Before the new grant is there, so that it cannot be the one that goes.
            let kept: Vec<i64> = dsl::reset_grants
                .filter(dsl::account_id.eq(id))
                .filter(dsl::version.eq(grant.version.as_i64()))
                .filter(dsl::spent_at.is_null())
                .filter(dsl::voided_at.is_null())
                .filter(dsl::expires_at.gt(now))
                .order((dsl::opened_at.desc(), dsl::id.desc()))
                .limit(limit(max_live.saturating_sub(1)))
                .select(dsl::id)
                .load(c)?;
            let older = dsl::reset_grants
                .filter(dsl::account_id.eq(id))
                .filter(dsl::spent_at.is_null())
                .filter(dsl::voided_at.is_null())
                .filter(dsl::id.ne_all(&kept));
            Prepared(diesel::update(older).set(dsl::voided_at.eq(now)).returning(dsl::id)).touch(c)?;
            diesel::insert_into(reset_grants::table).values(GrantRow::new(id, &grant)).execute(c)?;
            Ok(Opened::Yes)
        })
        .await
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<ResetGrant>, StoreError> {
        let digests = bytes(digests);
        self.read(move |c| {
            let query = dsl::reset_grants
                .filter(dsl::digest.eq_any(&digests))
                .filter(dsl::spent_at.is_null())
                .filter(dsl::voided_at.is_null())
                .filter(dsl::expires_at.gt(now.as_micros()))
                .select(GrantRow::as_select());
            let row = Prepared(query).get_result(c).optional()?;
            row.map(ResetGrant::try_from).transpose()
        })
        .await
    }

    async fn void(&self, digest: &TokenDigest) -> Result<(), StoreError> {
        let digest = *digest;
        self.write_one(move |c| {
            let live = dsl::reset_grants
                .filter(dsl::digest.eq(digest.as_bytes().as_slice()))
                .filter(dsl::spent_at.is_null())
                .filter(dsl::voided_at.is_null());
            // Nobody says when it is; only that it happened matters.
            let voided = diesel::update(live).set(dsl::voided_at.eq(dsl::opened_at.nullable()));
            Prepared(voided.returning(dsl::id)).touch(c)?;
            Ok(())
        })
        .await
    }
}
