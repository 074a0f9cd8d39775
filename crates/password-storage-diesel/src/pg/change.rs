//! All that a change does, in one statement, which is a transaction by itself and takes one round trip.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use password_domain::change::Change;
use password_domain::ports::{Applied, StoreError};

use super::{Conn, Store, hold_alone, ops};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{AuditRow, NO_LEASE, limit};

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = BigInt, column_name = id)]
    _id: i64,
}

/// Carries out a change of the account with this row.
pub(crate) async fn apply(store: &Store, id: i64, change: Change) -> Result<Applied, StoreError> {
    if change.proof().spent_grant().is_none() {
        return store.write_one(move |c| carry_out(c, id, &change)).await;
    }
    store
        .write_or(Applied::Conflict, move |c| {
            // Racing changes queue at the account, and whoever opens a grant looks at it first, too.
            hold_alone(c, id)?;
            ops::credential_store::spend_grant(c, id, &change)?;
            match carry_out(c, id, &change)? {
                Applied::Done => Ok(Applied::Done),
                Applied::Conflict => Err(Failure::Abandoned),
            }
        })
        .await
}

fn carry_out(c: &mut Conn, id: i64, change: &Change) -> Result<Applied, Failure> {
    let proof = change.proof();
    // Every part sees the state from before the statement. A session that was issued while it waited for the account is
    // not deleted, but dead by its version. And no part sees what another inserts: an entry that would go again at once is
    // left out here, and counted among the newest there.
    let surplus = change.history().len().saturating_sub(change.history_depth());
    let added = change.history().iter().skip(surplus);
    let (versions, tags): (Vec<_>, Vec<_>) =
        added.map(|entry| (entry.version.as_i64(), entry.tag.as_encoded())).unzip();
    // Of a kind of which any number may wait for an account, so that none meets another.
    let notices = change.notices();
    let (kinds, times): (Vec<_>, Vec<_>) =
        notices.iter().map(|notice| (notice.kind.as_str(), notice.at.as_micros())).unzip();
    let sources: Vec<_> = notices.iter().map(|notice| notice.from.map(|from| from.to_string())).collect();
    let audit = AuditRow::from(change.audit());
    let statement = diesel::sql_query(
        "WITH raised AS (\
           UPDATE accounts SET password_hash = $1, credential_version = $2, password_changed_at = $3 \
           WHERE id = $4 AND realm = $5 AND credential_version = $6 AND (status = 'active' OR $7) \
           RETURNING id, realm), \
         remembered AS (\
           INSERT INTO password_history (account_id, version, tag) \
           SELECT raised.id, added.* FROM raised, unnest($8::bigint[], $9::text[]) AS added \
           ON CONFLICT (account_id, version) DO NOTHING), \
         forgotten AS (\
           DELETE FROM password_history USING raised WHERE account_id = raised.id AND version <> ALL (ARRAY(\
             SELECT version FROM password_history WHERE account_id = $4 \
             UNION SELECT unnest($8::bigint[]) ORDER BY version DESC LIMIT $10))), \
         signed_out AS (DELETE FROM sessions USING raised WHERE account_id = raised.id), \
         closed AS (\
           DELETE FROM reset_grants USING raised \
           WHERE account_id = raised.id AND spent_at IS NULL AND voided_at IS NULL), \
         told AS (\
           INSERT INTO outbox (kind, is_request, realm, account_id, from_address, at, generation, attempt, due_at, \
             lease_until, queued_at) \
           SELECT kind, FALSE, raised.realm, raised.id, source, at, 0, 0, at, $11, at \
           FROM raised, unnest($12::text[], $13::bigint[], $14::text[]) AS notice (kind, at, source)) \
         INSERT INTO audit (at, realm, account_id, action, actor, from_address) \
         SELECT $15, $16, $17, $18, $19, $20 FROM raised RETURNING id",
    )
    .bind::<Text, _>(change.new_hash().as_encoded())
    .bind::<BigInt, _>(proof.version().next().as_i64())
    .bind::<BigInt, _>(change.at().as_micros())
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(proof.realm().as_str())
    .bind::<BigInt, _>(proof.version().as_i64())
    .bind::<Bool, _>(!proof.requires_active())
    .bind::<Array<BigInt>, _>(versions)
    .bind::<Array<Text>, _>(tags)
    .bind::<BigInt, _>(limit(change.history_depth()))
    .bind::<BigInt, _>(NO_LEASE)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<BigInt>, _>(times)
    .bind::<Array<Nullable<Text>>, _>(sources)
    .bind::<BigInt, _>(audit.at)
    .bind::<Text, _>(audit.realm)
    .bind::<Nullable<BigInt>, _>(audit.account_id)
    .bind::<Text, _>(audit.action)
    .bind::<Text, _>(audit.actor)
    .bind::<Nullable<Text>, _>(audit.from_address);
    // For the sake of its being prepared, see `Prepared::touch`.
    let done = !Prepared(statement).load::<Recorded>(c)?.is_empty();
    Ok(if done { Applied::Done } else { Applied::Conflict })
}
