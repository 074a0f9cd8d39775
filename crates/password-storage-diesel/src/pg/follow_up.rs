//! All that a change does beside setting the hash, in one round trip.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use password_domain::change::Change;

use super::Conn;
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{AuditRow, limit};

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = BigInt, column_name = id)]
    _id: i64,
}

/// Carries out what else a change does, once its account has the new hash and is locked.
pub(crate) fn follow_up(c: &mut Conn, id: i64, change: &Change) -> Result<(), Failure> {
    // A part of a statement does not see what another part inserts: what would go again at once is left out here, and
    // counted among the newest there.
    let surplus = change.history().len().saturating_sub(change.history_depth());
    let added = change.history().iter().skip(surplus);
    let (versions, tags): (Vec<_>, Vec<_>) =
        added.map(|entry| (entry.version.as_i64(), entry.tag.as_encoded())).unzip();
    let audit = AuditRow::from(change.audit());
    let statement = diesel::sql_query(
        "WITH remembered AS (\
           INSERT INTO password_history (account_id, version, tag) \
           SELECT $1, added.* FROM unnest($2::bigint[], $3::text[]) AS added \
           ON CONFLICT (account_id, version) DO NOTHING), \
         forgotten AS (\
           DELETE FROM password_history WHERE account_id = $1 AND version <> ALL (ARRAY(\
             SELECT version FROM password_history WHERE account_id = $1 \
             UNION SELECT unnest($2::bigint[]) ORDER BY version DESC LIMIT $4))), \
         signed_out AS (DELETE FROM sessions WHERE account_id = $1), \
         closed AS (\
           DELETE FROM reset_grants WHERE account_id = $1 AND spent_at IS NULL AND voided_at IS NULL) \
         INSERT INTO audit (at, realm, account_id, action, actor, from_address) VALUES ($5, $6, $7, $8, $9, $10) \
         RETURNING id",
    )
    .bind::<BigInt, _>(id)
    .bind::<Array<BigInt>, _>(versions)
    .bind::<Array<Text>, _>(tags)
    .bind::<BigInt, _>(limit(change.history_depth()))
    .bind::<BigInt, _>(audit.at)
    .bind::<Text, _>(audit.realm)
    .bind::<Nullable<BigInt>, _>(audit.account_id)
    .bind::<Text, _>(audit.action)
    .bind::<Text, _>(audit.actor)
    .bind::<Nullable<Text>, _>(audit.from_address);
    // For the sake of its being prepared, see `Prepared::touch`.
    Prepared(statement).load::<Recorded>(c)?;
    Ok(())
}
