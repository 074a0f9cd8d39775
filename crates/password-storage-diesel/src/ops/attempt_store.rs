use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::upsert::excluded;
use password_domain::ports::{AttemptStore, Budget, Charge, Spent, StoreError, Vouched};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{Conn, Store, debts, lock_debts, store_debts};
use crate::error::Failure;
use crate::prepared::Prepared;
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
        let refused = self
            .read(move |c| Ok(count(&known, debts(c, keys(&known))?.into_iter().collect(), now).err()))
            .await?;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        self.write(move |c| {
            match count(&charges, lock_debts(c, keys(&charges))?.into_iter().collect(), now) {
                Ok(Counted { debts, remaining, scarcest }) => {
                    store_debts(c, &debts)?;
                    Ok(Spent::Yes { remaining, scarcest })
                }
                Err(refused) => Ok(refused),
            }
        })
        .await
    }

    async fn refund(&self, charges: &[Charge], now: Timestamp) -> Result<(), StoreError> {
        let refunds = refunds(charges);
        let now = now.as_micros();
        self.write(move |c| give_back(c, &refunds, now)).await
    }

    async fn vouch(&self, vouched: &Vouched, now: Timestamp) -> Result<(), StoreError> {
        let mut refunds = refunds(&vouched.refunded);
        refunds.extend(vouched.cleared.iter().map(|key| (*key.as_bytes(), None)));
        let known: BTreeSet<_> = vouched.known.iter().map(|key| *key.as_bytes()).collect();
        let (now, until) = (now.as_micros(), vouched.until.as_micros());
        self.write(move |c| {
            give_back(c, &refunds, now)?;
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

/// What is taken off the debt of each key; `None` is all of it. In the order of the keys, for the reason below.
type Refunds = BTreeMap<[u8; 32], Option<i64>>;

fn refunds(charges: &[Charge]) -> Refunds {
    let mut refunds = Refunds::new();
    for charge in charges {
        let refund = refunds.entry(*charge.key.as_bytes()).or_insert(Some(0));
        *refund = refund.map(|so_far| so_far.saturating_add(cost(charge.budget)));
    }
    refunds
}

fn give_back(c: &mut Conn, refunds: &Refunds, now: i64) -> Result<(), Failure> {
    for (key, cost) in refunds {
        // A debt that is over is a whole budget.
        let debt = attempts::table.filter(attempts::digest.eq(key.as_slice()));
        match cost {
            Some(cost) => {
                let less = attempts::debt_until.eq(attempts::debt_until - cost);
                let owed = debt.filter(attempts::debt_until.gt(now));
                Prepared(diesel::update(owed).set(less).returning(attempts::debt_until)).touch(c)?
            }
            None => diesel::delete(debt).execute(c)?,
        };
    }
    Ok(())
}

type Debts = HashMap<Vec<u8>, i64>;

/// Returns the keys in their order, so that those who count the same keys wait for, and never deadlock with, each other.
fn keys(charges: &[Charge]) -> BTreeSet<&[u8]> {
    charges.iter().map(|charge| charge.key.as_bytes().as_slice()).collect()
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
