use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::account::AccountId;
use password_domain::change::Change;
use password_domain::credential::{Credential, CredentialVersion, HistoryEntry};
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::{Applied, CredentialStore, StoreError};

use super::{Conn, Store, apply};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{CredentialRow, limit, row_id};
use crate::schema::{accounts, password_history, reset_grants};

#[async_trait]
impl CredentialStore for Store {
    async fn read(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        let Some(id) = row_id(account) else { return Ok(None) };
        self.read(move |c| {
            let row = accounts::table
                .filter(accounts::id.eq(id))
                .select(CredentialRow::as_select())
                .get_result(c)
                .optional()?;
            Ok(row.map(Credential::from))
        })
        .await
    }

    async fn history(&self, account: &AccountId, depth: usize) -> Result<Vec<HistoryEntry>, StoreError> {
        let Some(id) = row_id(account) else { return Ok(Vec::new()) };
        self.read(move |c| {
            let rows: Vec<(i64, String)> = password_history::table
                .filter(password_history::account_id.eq(id))
                .order(password_history::version.desc())
                .limit(limit(depth))
                .select((password_history::version, password_history::tag))
                .load(c)?;
            let entry = |(version, tag)| HistoryEntry {
                version: CredentialVersion::from_stored(version),
                tag: HistoryTag::from_encoded(tag),
            };
            Ok(rows.into_iter().map(entry).collect())
        })
        .await
    }

    async fn apply(&self, change: &Change) -> Result<Applied, StoreError> {
        let Some(id) = row_id(change.proof().account()) else { return Ok(Applied::Conflict) };
        apply(self, id, change.clone()).await
    }

    async fn upgrade_hash(
        &self,
        account: &AccountId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let Some(id) = row_id(account) else { return Ok(false) };
        let (old, new) = (old.clone(), new.clone());
        self.write_one(move |c| {
            let current = accounts::table
                .filter(accounts::id.eq(id))
                .filter(accounts::password_hash.eq(old.as_encoded()));
            let upgraded = diesel::update(current).set(accounts::password_hash.eq(new.as_encoded()));
            Ok(Prepared(upgraded.returning(accounts::id)).touch(c)? > 0)
        })
        .await
    }
}

/// Spends the grant that the proof names, if it names one; gives up where it does not live.
pub(crate) fn spend_grant(c: &mut Conn, id: i64, change: &Change) -> Result<(), Failure> {
    let (proof, at) = (change.proof(), change.at().as_micros());
    let Some(digest) = proof.spent_grant() else { return Ok(()) };
    let live = reset_grants::table
        .filter(reset_grants::digest.eq(digest.as_bytes().as_slice()))
        .filter(reset_grants::account_id.eq(id))
        .filter(reset_grants::version.eq(proof.version().as_i64()))
        .filter(reset_grants::spent_at.is_null())
        .filter(reset_grants::voided_at.is_null())
        .filter(reset_grants::expires_at.gt(at));
    let spent = diesel::update(live).set(reset_grants::spent_at.eq(at)).returning(reset_grants::id);
    if Prepared(spent).touch(c)? == 0 { Err(Failure::Abandoned) } else { Ok(()) }
}
