//! Budgets of attempts. Many requests share some of them, so each statement locks in the order of the keys, and usually
//! one statement is all. A count need not outlive a crash of the database, so those do not wait for its disk.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Binary};
use diesel::upsert::excluded;
use password_domain::ports::{Charge, Spent, StoreError};

use super::ops::attempt_store::{Debts, Refunds, cost, scarcest, window};
use super::{Conn, Place, Store};
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

/// What is to be counted, and when it happens.
pub(super) struct Spending {
    charges: Vec<Charge>,
    now: i64,
}

/// Counts one attempt under each key where each has room, in one round trip. `None` where that is not so, or where others
/// counted at the same moment; nothing was counted then.
pub(crate) async fn spend_at_once(
    store: &Store,
    charges: &[Charge],
    now: i64,
) -> Result<Option<Spent>, StoreError> {
    let charges = charges.to_vec();
    store.write_together(&store.spending, Spending { charges, now }).await
}

/// Counts all of it, or nothing.
pub(super) fn spend(c: &mut Conn, asked: &[Spending]) -> Result<Vec<Option<Spent>>, Failure> {
    // As if all were asked at the time of the last one, and one after the other.
    let now = asked.iter().map(|spending| spending.now).max().unwrap_or_default();
    let mut wanted = BTreeMap::new();
    for charge in asked.iter().flat_map(|spending| &spending.charges) {
        let bound = now.saturating_add(window(charge.budget));
        let (sum, strictest) = wanted.entry(charge.key.as_bytes().as_slice()).or_insert((0_i64, bound));
        *sum = sum.saturating_add(cost(charge.budget));
        *strictest = bound.min(*strictest);
    }
    let mut debts = match charge_all(c, &wanted, now) {
        // The database undid the statement, because somebody else spent what was left.
        Err(Error::DatabaseError(DatabaseErrorKind::NotNullViolation, _)) => Debts::new(),
        debts => debts?,
    };
    if debts.is_empty() {
        // Each by itself, because some of them may have room.
        return if asked.len() == 1 { Ok(vec![None]) } else { Err(Failure::Abandoned) };
    }
    // Each is told what the ones before it have left.
    let mut spent = Vec::with_capacity(asked.len());
    for Spending { charges, .. } in asked.iter().rev() {
        spent.push(Some(scarcest(charges, &debts, now)));
        for charge in charges {
            let debt = debts.get_mut(charge.key.as_bytes().as_slice());
            debt.into_iter().for_each(|debt| *debt = debt.saturating_sub(cost(charge.budget)));
        }
    }
    spent.reverse();
    Ok(spent)
}

/// Counts so much under each key where no debt is over its bound then. Returns the debts, none where nothing was counted.
fn charge_all(c: &mut Conn, wanted: &BTreeMap<&[u8], (i64, i64)>, now: i64) -> QueryResult<Debts> {
    let keys: Vec<_> = wanted.keys().copied().collect();
    let (costs, bounds): (Vec<_>, Vec<_>) = wanted.values().copied().unzip();
    // A budget that turns out to be spent is no number, which the column refuses, and with it all of the statement.
    let statement = diesel::sql_query(
        "WITH lax AS (SELECT set_config('synchronous_commit', 'off', TRUE)), \
         wanted AS (\
           SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS wanted (digest, cost, bound)), \
         verdict AS (\
           SELECT bool_and(GREATEST($4, (SELECT debt_until FROM attempts WHERE digest = wanted.digest)) + cost <= bound) \
           AS granted FROM wanted) \
         INSERT INTO attempts AS owed (digest, debt_until) \
         SELECT digest, $4 + cost FROM lax, wanted, verdict WHERE granted ORDER BY digest \
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

/// What is to be taken back and remembered, and when that happens.
pub(super) struct Settling {
    refunds: Refunds,
    known: BTreeSet<[u8; 32]>,
    until: i64,
    now: i64,
}

/// Takes debts back, and remembers keys until a time.
pub(crate) async fn settle_debts(
    store: &Store,
    refunds: Refunds,
    known: BTreeSet<[u8; 32]>,
    until: i64,
    now: i64,
) -> Result<(), StoreError> {
    store.write_together(&store.settling, Settling { refunds, known, until, now }).await
}

/// Settles all of it.
pub(super) fn settle(c: &mut Conn, asked: &[Settling]) -> Result<Vec<()>, Failure> {
    let (mut refunds, mut known) = (Refunds::new(), BTreeMap::new());
    for settling in asked {
        for (key, cost) in &settling.refunds {
            let sum = refunds.entry(*key).or_insert(Some(0));
            *sum = sum.zip(*cost).map(|(sum, cost)| sum.saturating_add(cost));
        }
        for key in &settling.known {
            let until = known.entry(key.as_slice()).or_insert(settling.until);
            *until = settling.until.max(*until);
        }
    }
    let now = asked.iter().map(|settling| settling.now).max().unwrap_or_default();
    let all: Vec<_> = refunds.keys().map(|key| key.as_slice()).collect();
    let cleared: Vec<_> =
        refunds.iter().filter(|(_, cost)| cost.is_none()).map(|(key, _)| key.as_slice()).collect();
    let (lessened, costs): (Vec<_>, Vec<_>) =
        refunds.iter().filter_map(|(key, cost)| Some((key.as_slice(), (*cost)?))).unzip();
    let (known, untils): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    // A debt that is over is a whole budget.
    let statement = diesel::sql_query(
        "WITH lax AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', TRUE)), \
         held AS MATERIALIZED (\
           SELECT digest FROM attempts WHERE digest = ANY ($1) ORDER BY digest FOR UPDATE), \
         cleared AS (\
           DELETE FROM attempts USING held WHERE attempts.digest = held.digest AND held.digest = ANY ($2)), \
         lessened AS (\
           UPDATE attempts SET debt_until = debt_until - cost \
           FROM held JOIN unnest($3::bytea[], $4::bigint[]) AS given (digest, cost) USING (digest) \
           WHERE attempts.digest = held.digest AND debt_until > $5), \
         learned AS (\
           INSERT INTO remembered AS known (digest, remembered_until) \
           SELECT * FROM unnest($6::bytea[], $7::bigint[]) AS learned (digest, until) ORDER BY digest \
           ON CONFLICT (digest) DO UPDATE \
           SET remembered_until = GREATEST(known.remembered_until, excluded.remembered_until)) \
         SELECT 1::bigint AS place FROM lax",
    )
    .bind::<Array<Binary>, _>(all)
    .bind::<Array<Binary>, _>(cleared)
    .bind::<Array<Binary>, _>(lessened)
    .bind::<Array<BigInt>, _>(costs)
    .bind::<BigInt, _>(now)
    .bind::<Array<Binary>, _>(known)
    .bind::<Array<BigInt>, _>(untils);
    Prepared(statement).load::<Place>(c)?;
    Ok(vec![(); asked.len()])
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
