use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::upsert::excluded;
use password_domain::ports::{AttemptStore, Budget, Charge, Spent, StoreError};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{Conn, Store};
use crate::error::Failure;
use crate::rows::bytes;
use crate::schema::{attempts, remembered};

#[async_trait]
impl AttemptStore for Store {
    async fn spend(&self, charges: &[Charge], now: Timestamp) -> Result<Spent, StoreError> {
        if charges.is_empty() {
            return Ok(Spent::Yes { remaining: u32::MAX, scarcest: 0 });
        }
        let charges = charges.to_vec();
        let now = now.as_micros();
        // A flood that is refused anyway costs no write and no lock.
        let known = charges.clone();
        let refused = self.read(move |c| Ok(count(&known, read(c, &known)?, now).err())).await?;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        self.write(move |c| match count(&charges, lock(c, &charges)?, now) {
            Ok(Counted { debts, remaining, scarcest }) => {
                store(c, &debts)?;
                Ok(Spent::Yes { remaining, scarcest })
            }
            Err(refused) => Ok(refused),
        })
        .await
    }

    async fn refund(&self, charges: &[Charge], now: Timestamp) -> Result<(), StoreError> {
        let mut charges = charges.to_vec();
        charges.sort_unstable_by_key(|charge| *charge.key.as_bytes());
        let now = now.as_micros();
        self.write(move |c| {
            for charge in &charges {
                let spent = attempts::table
                    .filter(attempts::digest.eq(charge.key.as_bytes().as_slice()))
                    // A debt that is over is a whole budget.
                    .filter(attempts::debt_until.gt(now));
                diesel::update(spent)
                    .set(attempts::debt_until.eq(attempts::debt_until - cost(charge.budget)))
                    .execute(c)?;
            }
            Ok(())
        })
        .await
    }

    async fn remember(
        &self,
        key: &TokenDigest,
        until: Timestamp,
        cleared: &[TokenDigest],
    ) -> Result<(), StoreError> {
        let (key, mut cleared) = (*key, bytes(cleared));
        cleared.sort_unstable();
        self.write(move |c| {
            diesel::insert_into(remembered::table)
                .values((
                    remembered::digest.eq(key.as_bytes().as_slice()),
                    remembered::remembered_until.eq(until.as_micros()),
                ))
                .on_conflict(remembered::digest)
                .do_update()
                .set(remembered::remembered_until.eq(excluded(remembered::remembered_until)))
                .execute(c)?;
            for digest in &cleared {
                diesel::delete(attempts::table.filter(attempts::digest.eq(digest))).execute(c)?;
            }
            Ok(())
        })
        .await
    }

    async fn is_remembered(&self, key: &TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        let key = *key;
        self.read(move |c| {
            let found = remembered::table
                .filter(remembered::digest.eq(key.as_bytes().as_slice()))
                .filter(remembered::remembered_until.gt(now.as_micros()))
                .select(remembered::remembered_until)
                .get_result::<i64>(c)
                .optional()?;
            Ok(found.is_some())
        })
        .await
    }
}

type Debts = HashMap<Vec<u8>, i64>;

fn read(c: &mut Conn, charges: &[Charge]) -> Result<Debts, Failure> {
    let keys: Vec<&[u8]> = charges.iter().map(|charge| charge.key.as_bytes().as_slice()).collect();
    let rows: Vec<(Vec<u8>, i64)> = attempts::table.filter(attempts::digest.eq_any(keys)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// Reads debts under a lock on each key, also on one that was never counted. Keys are locked in their order, so that
/// those who count the same keys wait for, and never deadlock with, each other.
fn lock(c: &mut Conn, charges: &[Charge]) -> Result<Debts, Failure> {
    let keys: BTreeMap<&[u8], ()> =
        charges.iter().map(|charge| (charge.key.as_bytes().as_slice(), ())).collect();
    let rows: Vec<_> =
        keys.into_keys().map(|key| (attempts::digest.eq(key), attempts::debt_until.eq(i64::MIN))).collect();
    let rows: Vec<(Vec<u8>, i64)> = diesel::insert_into(attempts::table)
        .values(&rows)
        .on_conflict(attempts::digest)
        .do_update()
        .set(attempts::debt_until.eq(attempts::debt_until))
        .returning((attempts::digest, attempts::debt_until))
        .get_results(c)?;
    Ok(rows.into_iter().collect())
}

fn store(c: &mut Conn, debts: &BTreeMap<Vec<u8>, i64>) -> Result<(), Failure> {
    let rows: Vec<_> =
        debts.iter().map(|(key, debt)| (attempts::digest.eq(key), attempts::debt_until.eq(debt))).collect();
    diesel::insert_into(attempts::table)
        .values(&rows)
        .on_conflict(attempts::digest)
        .do_update()
        .set(attempts::debt_until.eq(excluded(attempts::debt_until)))
        .execute(c)?;
    Ok(())
}

/// One attempt under each key: the new debts, and what the scarcest budget has left.
struct Counted {
    debts: BTreeMap<Vec<u8>, i64>,
    remaining: u32,
    scarcest: usize,
}

/// Counts one attempt under each key, or returns the first refusal.
fn count(charges: &[Charge], stored: Debts, now: i64) -> Result<Counted, Spent> {
    let mut debts = BTreeMap::new();
    let (mut remaining, mut scarcest) = (u32::MAX, 0);
    for (place, charge) in charges.iter().enumerate() {
        let key = charge.key.as_bytes().to_vec();
        let before = debts.get(&key).or_else(|| stored.get(&key)).copied().unwrap_or(now).max(now);
        let after = before.saturating_add(cost(charge.budget));
        let (window, debt) = (window(charge.budget), after.saturating_sub(now));
        if debt > window {
            return Err(Spent::No {
                refused: place,
                until: Timestamp::from_micros(after.saturating_sub(window)),
            });
        }
        let left = (window - debt) / cost(charge.budget).max(1);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        if left <= remaining {
            (remaining, scarcest) = (left, place);
        }
        debts.insert(key, after);
    }
    Ok(Counted { debts, remaining, scarcest })
}

fn window(budget: Budget) -> i64 {
    i64::try_from(budget.window.as_micros()).unwrap_or(i64::MAX)
}

/// What one attempt costs: the part of the window in which it comes back.
fn cost(budget: Budget) -> i64 {
    window(budget) / i64::from(budget.capacity.max(1))
}
