use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::AccountId;
use password_domain::ports::{ApiKey, ApiKeyStore, StoreError};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{Store, hold_existing};
use crate::prepared::Prepared;
use crate::rows::{ApiKeyRow, bytes, row_id};
use crate::schema::api_keys::{self, dsl};

#[async_trait]
impl ApiKeyStore for Store {
    async fn create(
        &self,
        account: &AccountId,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let Some(id) = row_id(account) else { return Ok(None) };
        let digest = *digest;
        self.write(move |c| {
            if hold_existing(c, &[id])?.is_empty() {
                return Ok(None);
            }
            let key = diesel::insert_into(api_keys::table)
                .values((
                    dsl::account_id.eq(id),
                    dsl::digest.eq(digest.as_bytes().as_slice()),
                    dsl::created_at.eq(now.as_micros()),
                ))
                .returning(dsl::id)
                .get_result(c)?;
            Ok(Some(key))
        })
        .await
    }

    async fn list(&self, account: &AccountId) -> Result<Vec<ApiKey>, StoreError> {
        let Some(id) = row_id(account) else { return Ok(Vec::new()) };
        self.read(move |c| {
            let rows = dsl::api_keys
                .filter(dsl::account_id.eq(id))
                .order((dsl::created_at, dsl::id))
                .select(ApiKeyRow::as_select())
                .load(c)?;
            Ok(rows.into_iter().map(ApiKey::from).collect())
        })
        .await
    }

    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<ApiKey>, StoreError> {
        let digests = bytes(digests);
        self.read(move |c| {
            let query = dsl::api_keys.filter(dsl::digest.eq_any(&digests)).select(ApiKeyRow::as_select());
            let row = Prepared(query).get_result(c).optional()?;
            Ok(row.map(ApiKey::from))
        })
        .await
    }

    async fn revoke(&self, account: &AccountId, key: Option<i64>) -> Result<usize, StoreError> {
        let Some(id) = row_id(account) else { return Ok(0) };
        self.write(move |c| {
            let all = dsl::api_keys.filter(dsl::account_id.eq(id));
            Ok(match key {
                Some(key) => diesel::delete(all.filter(dsl::id.eq(key))).execute(c)?,
                None => diesel::delete(all).execute(c)?,
            })
        })
        .await
    }
}
