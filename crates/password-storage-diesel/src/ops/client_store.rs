use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::ports::{Client, ClientStore, StoreError};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::Store;
use crate::prepared::Prepared;
use crate::rows::{ClientRow, bytes};
use crate::schema::clients::{self, dsl};

#[async_trait]
impl ClientStore for Store {
    async fn create(&self, name: &str, digest: &TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        let (name, digest) = (name.to_owned(), *digest);
        self.write(move |c| {
            let created = diesel::insert_into(clients::table)
                .values((
                    dsl::name.eq(&name),
                    dsl::digest.eq(digest.as_bytes().as_slice()),
                    dsl::created_at.eq(now.as_micros()),
                ))
                .on_conflict(dsl::name)
                .do_nothing()
                .execute(c)?;
            Ok(created > 0)
        })
        .await
    }

    async fn list(&self) -> Result<Vec<Client>, StoreError> {
        self.read(|c| {
            let rows = dsl::clients.order(dsl::name).select(ClientRow::as_select()).load(c)?;
            Ok(rows.into_iter().map(Client::from).collect())
        })
        .await
    }

    async fn find(&self, digests: &[TokenDigest]) -> Result<Option<Client>, StoreError> {
        let digests = bytes(digests);
        self.read(move |c| {
            let query = dsl::clients.filter(dsl::digest.eq_any(&digests)).select(ClientRow::as_select());
            let row = Prepared(query).get_result(c).optional()?;
            Ok(row.map(Client::from))
        })
        .await
    }

    async fn revoke(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.write(move |c| Ok(diesel::delete(dsl::clients.filter(dsl::name.eq(&name))).execute(c)? > 0))
            .await
    }
}
