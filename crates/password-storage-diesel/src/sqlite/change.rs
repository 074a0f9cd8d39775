//! All that a change does, statement by statement in one transaction.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use password_domain::account::AccountStatus;
use password_domain::change::Change;
use password_domain::ports::{Applied, StoreError};

use super::{Conn, Store, ops};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{HistoryRow, limit};
use crate::schema::{accounts, password_history};

/// Carries out a change of the account with this row.
pub(crate) async fn apply(store: &Store, id: i64, change: Change) -> Result<Applied, StoreError> {
    store
        .write_or(Applied::Conflict, move |c| {
            if !raise(c, id, &change)? {
                return Ok(Applied::Conflict);
            }
            ops::credential_store::spend_grant(c, id, &change)?;
            ops::outbox::enqueue_notices(c, change.notices(), Some(id))?;
            remember(c, id, &change)?;
            ops::record(c, change.audit())?;
            ops::account_admin::sweep(c, id)?;
            Ok(Applied::Done)
        })
        .await
}

/// Sets the hash and raises the version. Returns whether the account was what the proof says.
fn raise(c: &mut Conn, id: i64, change: &Change) -> Result<bool, Failure> {
    let proof = change.proof();
    let any_status = (!proof.requires_active()).into_sql::<Bool>();
    let provable = accounts::table
        .filter(accounts::id.eq(id))
        .filter(accounts::realm.eq(proof.realm().as_str()))
        .filter(accounts::credential_version.eq(proof.version().as_i64()))
        .filter(accounts::status.eq(AccountStatus::Active.as_str()).or(any_status));
    let raised = diesel::update(provable).set((
        accounts::password_hash.eq(change.new_hash().as_encoded()),
        accounts::credential_version.eq(proof.version().next().as_i64()),
        accounts::password_changed_at.eq(change.at().as_micros()),
    ));
    Ok(Prepared(raised.returning(accounts::id)).touch(c)? > 0)
}

/// Adds the change's history entries, and forgets all but the newest ones.
fn remember(c: &mut Conn, id: i64, change: &Change) -> QueryResult<()> {
    for entry in change.history() {
        diesel::insert_into(password_history::table)
            .values(HistoryRow {
                account_id: id,
                version: entry.version.as_i64(),
                tag: entry.tag.as_encoded().to_owned(),
            })
            // One version is one password, so an entry that is there already says the same.
            .on_conflict((password_history::account_id, password_history::version))
            .do_nothing()
            .execute(c)?;
    }
    let kept = diesel::alias!(password_history as kept);
    diesel::delete(
        password_history::table.filter(password_history::account_id.eq(id)).filter(
            password_history::version.ne_all(
                kept.filter(kept.field(password_history::account_id).eq(id))
                    .order(kept.field(password_history::version).desc())
                    .limit(limit(change.history_depth()))
                    .select(kept.field(password_history::version)),
            ),
        ),
    )
    .execute(c)?;
    Ok(())
}
