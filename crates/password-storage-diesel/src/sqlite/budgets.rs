//! Budgets of attempts: one transaction, in which nobody else writes.

use std::collections::BTreeSet;

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::upsert::excluded;
use password_domain::ports::{Charge, Spent, StoreError};

use super::ops::attempt_store::{Debts, Refunds};
use super::{Conn, Store};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::schema::{attempts, remembered};

/// Has no shorter way: a transaction costs no round trip here.
pub(crate) async fn spend_at_once(_: &Store, _: &[Charge], _: i64) -> Result<Option<Spent>, StoreError> {
    Ok(None)
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
        .write(move |c| {
            for (key, cost) in &refunds {
                give_back(c, key, *cost, now)?;
            }
            for key in &known {
                let end = remembered::remembered_until;
                let renewed = diesel::insert_into(remembered::table)
                    .values((remembered::digest.eq(key.as_slice()), end.eq(until)))
                    .on_conflict(remembered::digest)
                    .do_update()
                    .set(end.eq(case_when(excluded(end).gt(end), excluded(end)).otherwise(end)));
                Prepared(renewed.returning(end)).touch(c)?;
            }
            Ok(())
        })
        .await
}

fn give_back(c: &mut Conn, key: &[u8], cost: Option<i64>, now: i64) -> QueryResult<usize> {
    // A debt that is over is a whole budget.
    let debt = attempts::table.filter(attempts::digest.eq(key));
    match cost {
        Some(cost) => {
            let less = attempts::debt_until.eq(attempts::debt_until - cost);
            let owed = debt.filter(attempts::debt_until.gt(now));
            Prepared(diesel::update(owed).set(less).returning(attempts::debt_until)).touch(c)
        }
        None => diesel::delete(debt).execute(c),
    }
}

/// Reads what is stored under these keys, where something is.
pub(crate) fn debts(c: &mut Conn, keys: BTreeSet<&[u8]>) -> QueryResult<Debts> {
    let stored: Vec<(Vec<u8>, i64)> =
        Prepared(attempts::table.filter(attempts::digest.eq_any(keys))).load(c)?;
    Ok(stored.into_iter().collect())
}

/// Reads them for who will store them; the one writer holds all of them anyway.
pub(crate) fn lock_debts(c: &mut Conn, keys: BTreeSet<&[u8]>) -> QueryResult<Debts> {
    debts(c, keys)
}

/// Stores what is owed under each key.
pub(crate) fn store_debts(c: &mut Conn, debts: &Debts) -> Result<(), Failure> {
    for (key, debt) in debts {
        let stored = diesel::insert_into(attempts::table)
            .values((attempts::digest.eq(key), attempts::debt_until.eq(debt)))
            .on_conflict(attempts::digest)
            .do_update()
            .set(attempts::debt_until.eq(excluded(attempts::debt_until)));
        Prepared(stored.returning(attempts::debt_until)).touch(c)?;
    }
    Ok(())
}
