//! Budgets of attempts. Many requests share some of them, so each statement locks in the order of the keys, and usually
//! one statement is all.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Binary};
use diesel::upsert::excluded;
use password_domain::ports::{Charge, Spent, StoreError};

use super::ops::attempt_store::{Debts, Refunds, cost, scarcest, window};
use super::{Conn, Store};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::schema::attempts;

#[derive(QueryableByName)]
struct Debt {
    #[diesel(sql_type = Binary)]
    digest: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    debt_until: i64,
}

/// Counts one attempt under each key where each has room, in one round trip. `None` where that is not so, or where others
/// counted at the same moment; nothing was counted then.
pub(crate) async fn spend_at_once(
    store: &Store,
    charges: &[Charge],
    now: i64,
) -> Result<Option<Spent>, StoreError> {
    let charges = charges.to_vec();
    let different: BTreeSet<_> = charges.iter().map(|charge| charge.key.as_bytes()).collect();
    if different.len() < charges.len() {
        return Ok(None);
    }
    store
        .write_one(move |c| match charge_all(c, &charges, now) {
            Ok(debts) if debts.is_empty() => Ok(None),
            Ok(debts) => Ok(Some(scarcest(&charges, &debts, now))),
            // The database undid the statement, because somebody else spent what was left.
            Err(Error::DatabaseError(DatabaseErrorKind::NotNullViolation, _)) => Ok(None),
            Err(error) => Err(error.into()),
        })
        .await
}

fn charge_all(c: &mut Conn, charges: &[Charge], now: i64) -> QueryResult<Debts> {
    let keys: Vec<_> = charges.iter().map(|charge| charge.key.as_bytes().as_slice()).collect();
    let costs: Vec<_> = charges.iter().map(|charge| cost(charge.budget)).collect();
    let bounds: Vec<_> = charges.iter().map(|charge| now.saturating_add(window(charge.budget))).collect();
    // A budget that turns out to be spent is no number, which the column refuses, and with it all of the statement.
    let statement = diesel::sql_query(
        "WITH wanted AS (\
           SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS wanted (digest, cost, bound)), \
         verdict AS (\
           SELECT bool_and(GREATEST($4, (SELECT debt_until FROM attempts WHERE digest = wanted.digest)) + cost <= bound) \
           AS granted FROM wanted) \
         INSERT INTO attempts AS owed (digest, debt_until) \
         SELECT digest, $4 + cost FROM wanted, verdict WHERE granted ORDER BY digest \
         ON CONFLICT (digest) DO UPDATE SET debt_until = (\
           SELECT GREATEST($4, owed.debt_until) + cost FROM wanted \
           WHERE wanted.digest = excluded.digest AND GREATEST($4, owed.debt_until) + cost <= bound) \
         RETURNING digest, debt_until",
    )
    .bind::<Array<Binary>, _>(keys)
    .bind::<Array<BigInt>, _>(costs)
    .bind::<Array<BigInt>, _>(bounds)
    .bind::<BigInt, _>(now);
    let debts: Vec<Debt> = Prepared(statement).load(c)?;
    Ok(debts.into_iter().map(|debt| (debt.digest, debt.debt_until)).collect())
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = BigInt, column_name = remembered_until)]
    _until: i64,
}

/// Takes debts back, and remembers keys until a time.
pub(crate) async fn settle_debts(
    store: &Store,
    refunds: Refunds,
    known: BTreeSet<[u8; 32]>,
    until: i64,
    now: i64,
) -> Result<(), StoreError> {
    store
        .write_one(move |c| {
            let all: Vec<_> = refunds.keys().map(|key| key.as_slice()).collect();
            let cleared: Vec<_> =
                refunds.iter().filter(|(_, cost)| cost.is_none()).map(|(key, _)| key.as_slice()).collect();
            let (lessened, costs): (Vec<_>, Vec<_>) =
                refunds.iter().filter_map(|(key, cost)| Some((key.as_slice(), (*cost)?))).unzip();
            let known: Vec<_> = known.iter().map(|key| key.as_slice()).collect();
            // A debt that is over is a whole budget.
            let statement = diesel::sql_query(
                "WITH held AS MATERIALIZED (\
                   SELECT digest FROM attempts WHERE digest = ANY ($1) ORDER BY digest FOR UPDATE), \
                 cleared AS (\
                   DELETE FROM attempts USING held WHERE attempts.digest = held.digest AND held.digest = ANY ($2)), \
                 lessened AS (\
                   UPDATE attempts SET debt_until = debt_until - cost \
                   FROM held JOIN unnest($3::bytea[], $4::bigint[]) AS given (digest, cost) USING (digest) \
                   WHERE attempts.digest = held.digest AND debt_until > $5) \
                 INSERT INTO remembered AS known (digest, remembered_until) \
                 SELECT key, $7 FROM unnest($6::bytea[]) AS key ORDER BY key \
                 ON CONFLICT (digest) DO UPDATE \
                 SET remembered_until = GREATEST(known.remembered_until, excluded.remembered_until) \
                 RETURNING remembered_until",
            )
            .bind::<Array<Binary>, _>(all)
            .bind::<Array<Binary>, _>(cleared)
            .bind::<Array<Binary>, _>(lessened)
            .bind::<Array<BigInt>, _>(costs)
            .bind::<BigInt, _>(now)
            .bind::<Array<Binary>, _>(known)
            .bind::<BigInt, _>(until);
            Prepared(statement).load::<Known>(c)?;
            Ok(())
        })
        .await
}

/// Reads what is stored under these keys, where something is.
pub(crate) fn debts(c: &mut Conn, keys: BTreeSet<&[u8]>) -> QueryResult<Debts> {
    let stored: Vec<(Vec<u8>, i64)> = attempts::table.filter(attempts::digest.eq_any(keys)).load(c)?;
    Ok(stored.into_iter().collect())
}

/// Reads them under a lock on each, also on one that was never stored; takes the locks in the order of the keys.
pub(crate) fn lock_debts(c: &mut Conn, keys: BTreeSet<&[u8]>) -> QueryResult<Debts> {
    let never = |key| (attempts::digest.eq(key), attempts::debt_until.eq(i64::MIN));
    let locked = diesel::insert_into(attempts::table)
        .values(keys.into_iter().map(never).collect::<Vec<_>>())
        .on_conflict(attempts::digest)
        .do_update()
        .set(attempts::debt_until.eq(attempts::debt_until))
        .returning((attempts::digest, attempts::debt_until));
    let stored: Vec<(Vec<u8>, i64)> = Prepared(locked).load(c)?;
    Ok(stored.into_iter().collect())
}

/// Stores what is owed under each key.
pub(crate) fn store_debts(c: &mut Conn, debts: &Debts) -> Result<(), Failure> {
    let rows = debts.iter().map(|(key, debt)| (attempts::digest.eq(key), attempts::debt_until.eq(debt)));
    let stored = diesel::insert_into(attempts::table)
        .values(rows.collect::<Vec<_>>())
        .on_conflict(attempts::digest)
        .do_update()
        .set(attempts::debt_until.eq(excluded(attempts::debt_until)));
    Prepared(stored.returning(attempts::debt_until)).touch(c)?;
    Ok(())
}
