//! All that changes do, in one statement, which is a transaction by itself and takes one round trip.

use diesel::RunQueryDsl;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use password_domain::change::Change;
use password_domain::ports::{Applied, StoreError};

use super::{Conn, Place, Store, column, hold_alone, nth, ops};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{AuditRow, NO_LEASE, limit};
use crate::work::only;

/// Carries out a change of the account with this row.
pub(crate) async fn apply(store: &Store, id: i64, change: Change) -> Result<Applied, StoreError> {
    if change.proof().spent_grant().is_none() {
        return store.write_together(&store.changes, (id, change)).await;
    }
    store
        .write_or(Applied::Conflict, move |c| {
            // Racing changes queue at the account, and whoever opens a grant looks at it first, too.
            hold_alone(c, id)?;
            ops::credential_store::spend_grant(c, id, &change)?;
            match only(carry_out(c, &[(id, change.clone())])?)? {
                Applied::Done => Ok(Applied::Done),
                Applied::Conflict => Err(Failure::Abandoned),
            }
        })
        .await
}

/// Carries out changes of the accounts with these rows, each where its proof still holds. Of several for one account,
/// one is.
pub(super) fn carry_out(c: &mut Conn, changes: &[(i64, Change)]) -> Result<Vec<Applied>, Failure> {
    let (mut added, mut notices) = (Vec::new(), Vec::new());
    for (place, (_, change)) in (1_i64..).zip(changes) {
        let surplus = change.history().len().saturating_sub(change.history_depth());
        added.extend(change.history().iter().skip(surplus).map(|entry| (place, entry)));
        notices.extend(change.notices().iter().map(|notice| (place, notice)));
    }
    let audits = column(changes, |(_, change)| AuditRow::from(change.audit()));
    // Every part sees the state from before the statement. A session that was issued while it waited for the account is
    // not deleted, but dead by its version. And no part sees what another inserts: an entry that would go again at once is
    // left out here, and counted among the newest there. The order lets two statements with the same accounts
    // lock them alike, unless a table is so small that it is planned otherwise; a deadlock is tried again.
    let statement = diesel::sql_query(
        "WITH change AS MATERIALIZED (\
           SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bool[], $5::text[], $6::bigint[], \
             $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[]) WITH ORDINALITY \
             AS change (id, realm, version, any_status, hash, next, at, depth, recorded_at, action, actor, source, place) \
           ORDER BY id), \
         raised AS (\
           UPDATE accounts \
           SET password_hash = change.hash, credential_version = change.next, password_changed_at = change.at \
           FROM change \
           WHERE accounts.id = change.id AND accounts.realm = change.realm \
             AND accounts.credential_version = change.version AND (accounts.status = 'active' OR change.any_status) \
           RETURNING change.*), \
         added AS MATERIALIZED (\
           SELECT * FROM unnest($13::bigint[], $14::bigint[], $15::text[]) AS added (place, version, tag)), \
         remembered AS (\
           INSERT INTO password_history (account_id, version, tag) \
           SELECT raised.id, added.version, added.tag FROM raised JOIN added USING (place) \
           ON CONFLICT (account_id, version) DO NOTHING), \
         newest AS MATERIALIZED (\
           SELECT raised.id, ARRAY(\
             SELECT version FROM password_history WHERE account_id = raised.id \
             UNION SELECT version FROM added WHERE added.place = raised.place \
             ORDER BY version DESC LIMIT raised.depth) AS versions \
           FROM raised), \
         forgotten AS (\
           DELETE FROM password_history USING newest \
           WHERE account_id = newest.id AND version <> ALL (newest.versions)), \
         signed_out AS (DELETE FROM sessions USING raised WHERE account_id = raised.id), \
         closed AS (\
           DELETE FROM reset_grants USING raised \
           WHERE account_id = raised.id AND spent_at IS NULL AND voided_at IS NULL), \
         told AS (\
           INSERT INTO outbox (kind, is_request, realm, account_id, from_address, at, generation, attempt, due_at, \
             lease_until, queued_at) \
           SELECT notice.kind, FALSE, raised.realm, raised.id, notice.source, notice.at, 0, 0, notice.at, $16, notice.at \
           FROM raised JOIN unnest($17::bigint[], $18::text[], $19::bigint[], $20::text[]) \
             AS notice (place, kind, at, source) USING (place)), \
         noted AS (\
           INSERT INTO audit (at, realm, account_id, action, actor, from_address) \
           SELECT recorded_at, realm, id, action, actor, source FROM raised) \
         SELECT place FROM raised",
    )
    .bind::<Array<BigInt>, _>(column(changes, |(id, _)| *id))
    .bind::<Array<Text>, _>(column(changes, |(_, change)| change.proof().realm().as_str()))
    .bind::<Array<BigInt>, _>(column(changes, |(_, change)| change.proof().version().as_i64()))
    .bind::<Array<Bool>, _>(column(changes, |(_, change)| !change.proof().requires_active()))
    .bind::<Array<Text>, _>(column(changes, |(_, change)| change.new_hash().as_encoded()))
    .bind::<Array<BigInt>, _>(column(changes, |(_, change)| change.proof().version().next().as_i64()))
    .bind::<Array<BigInt>, _>(column(changes, |(_, change)| change.at().as_micros()))
    .bind::<Array<BigInt>, _>(column(changes, |(_, change)| limit(change.history_depth())))
    .bind::<Array<BigInt>, _>(column(&audits, |audit| audit.at))
    .bind::<Array<Text>, _>(column(&audits, |audit| audit.action))
    .bind::<Array<Text>, _>(column(&audits, |audit| audit.actor))
    .bind::<Array<Nullable<Text>>, _>(column(&audits, |audit| audit.from_address.as_deref()))
    .bind::<Array<BigInt>, _>(column(&added, |(place, _)| *place))
    .bind::<Array<BigInt>, _>(column(&added, |(_, entry)| entry.version.as_i64()))
    .bind::<Array<Text>, _>(column(&added, |(_, entry)| entry.tag.as_encoded()))
    .bind::<BigInt, _>(NO_LEASE)
    .bind::<Array<BigInt>, _>(column(&notices, |(place, _)| *place))
    .bind::<Array<Text>, _>(column(&notices, |(_, notice)| notice.kind.as_str()))
    .bind::<Array<BigInt>, _>(column(&notices, |(_, notice)| notice.at.as_micros()))
    .bind::<Array<Nullable<Text>>, _>(column(&notices, |(_, notice)| notice.from.map(|from| from.to_string())));
    let mut applied = vec![Applied::Conflict; changes.len()];
    for Place { place } in Prepared(statement).load(c)? {
        *nth(&mut applied, place)? = Applied::Done;
    }
    Ok(applied)
}
