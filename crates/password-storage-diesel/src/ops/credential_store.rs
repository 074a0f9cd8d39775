use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use password_domain::account::{AccountId, AccountStatus};
use password_domain::change::Change;
use password_domain::credential::{Credential, CredentialVersion, HistoryEntry};
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::{Applied, CredentialStore, StoreError};

use super::{Conn, Store, follow_up, outbox};
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
        let change = change.clone();
        self.write_or(Applied::Conflict, move |c| carry_out(c, id, &change)).await
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

fn carry_out(c: &mut Conn, id: i64, change: &Change) -> Result<Applied, Failure> {
    let (proof, at) = (change.proof(), change.at().as_micros());
    // First, because racing changes of one account then queue here: who comes second finds another version.
    let any_status = (!proof.requires_active()).into_sql::<Bool>();
    let provable = accounts::table
        .filter(accounts::id.eq(id))
        .filter(accounts::realm.eq(proof.realm().as_str()))
        .filter(accounts::credential_version.eq(proof.version().as_i64()))
        .filter(accounts::status.eq(AccountStatus::Active.as_str()).or(any_status));
    let raised = diesel::update(provable).set((
        accounts::password_hash.eq(change.new_hash().as_encoded()),
        accounts::credential_version.eq(proof.version().next().as_i64()),
        accounts::password_changed_at.eq(at),
    ));
    if Prepared(raised.returning(accounts::id)).touch(c)? == 0 {
        return Ok(Applied::Conflict);
    }
    if let Some(digest) = proof.spent_grant() {
        let live = reset_grants::table
            .filter(reset_grants::digest.eq(digest.as_bytes().as_slice()))
            .filter(reset_grants::account_id.eq(id))
            .filter(reset_grants::version.eq(proof.version().as_i64()))
            .filter(reset_grants::spent_at.is_null())
            .filter(reset_grants::voided_at.is_null())
            .filter(reset_grants::expires_at.gt(at));
        let spent = diesel::update(live).set(reset_grants::spent_at.eq(at)).returning(reset_grants::id);
        if Prepared(spent).touch(c)? == 0 {
            return Err(Failure::Abandoned);
        }
    }
    outbox::enqueue_notices(c, change.notices(), Some(id))?;
    follow_up(c, id, change)?;
    Ok(Applied::Done)
}
