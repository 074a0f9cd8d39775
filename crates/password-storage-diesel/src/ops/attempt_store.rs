use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::ports::{AttemptStore, Budget, Charge, Spent, StoreError, Vouched};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{Store, debts, lock_debts, settle_debts, spend_at_once, store_debts};
use crate::schema::remembered;

#[async_trait]
impl AttemptStore for Store {
    async fn spend(&self, charges: &[Charge], now: Timestamp) -> Result<Spent, StoreError> {
        if charges.is_empty() {
            return Ok(Spent::Yes { remaining: u32::MAX, scarcest: 0 });
        }
        let now = now.as_micros();
        if let Some(spent) = spend_at_once(self, charges, now).await? {
            return Ok(spent);
        }
        // A flood that is refused anyway costs no write and no lock.
        let (charges, known) = (charges.to_vec(), charges.to_vec());
        let refused = self.read(move |c| Ok(count(&known, debts(c, keys(&known))?, now).err())).await?;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        self.write(move |c| match count(&charges, lock_debts(c, keys(&charges))?, now) {
            Ok(counted) => {
                store_debts(c, &counted)?;
                Ok(scarcest(&charges, &counted, now))
            }
            Err(refused) => Ok(refused),
        })
        .await
    }

    async fn refund(&self, charges: &[Charge], now: Timestamp) -> Result<(), StoreError> {
        settle_debts(self, refunds(charges), BTreeSet::new(), i64::MIN, now.as_micros()).await
    }

    async fn vouch(&self, vouched: &Vouched, now: Timestamp) -> Result<(), StoreError> {
        let mut refunds = refunds(&vouched.refunded);
        refunds.extend(vouched.cleared.iter().map(|key| (*key.as_bytes(), None)));
        let known = vouched.known.iter().map(|key| *key.as_bytes()).collect();
        settle_debts(self, refunds, known, vouched.until.as_micros(), now.as_micros()).await
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

/// What is owed under each key: when its budget is whole again.
pub(crate) type Debts = BTreeMap<Vec<u8>, i64>;

/// What is taken off the debt of each key; `None` is all of it. In the order of the keys, for the reason below.
pub(crate) type Refunds = BTreeMap<[u8; 32], Option<i64>>;

fn refunds(charges: &[Charge]) -> Refunds {
    let mut refunds = Refunds::new();
    for charge in charges {
        let refund = refunds.entry(*charge.key.as_bytes()).or_insert(Some(0));
        *refund = refund.map(|so_far| so_far.saturating_add(cost(charge.budget)));
    }
    refunds
}

/// Returns the keys in their order, so that those who count the same keys wait for, and never deadlock with, each other.
fn keys(charges: &[Charge]) -> BTreeSet<&[u8]> {
    charges.iter().map(|charge| charge.key.as_bytes().as_slice()).collect()
}

/// Counts one attempt under each key and returns the new debts, or the first refusal.
fn count(charges: &[Charge], stored: Debts, now: i64) -> Result<Debts, Spent> {
    let mut debts = Debts::new();
    for (place, charge) in charges.iter().enumerate() {
        let key = charge.key.as_bytes().to_vec();
        let before = debts.get(&key).or_else(|| stored.get(&key)).copied().unwrap_or(now).max(now);
        let after = before.saturating_add(cost(charge.budget));
        if after.saturating_sub(now) > window(charge.budget) {
            let until = Timestamp::from_micros(after.saturating_sub(window(charge.budget)));
            return Err(Spent::No { refused: place, until });
        }
        debts.insert(key, after);
    }
    Ok(debts)
}

/// Returns what the scarcest budget has left, the last of those that have as little.
pub(crate) fn scarcest(charges: &[Charge], debts: &Debts, now: i64) -> Spent {
    let (mut remaining, mut scarcest) = (u32::MAX, 0);
    for (place, charge) in charges.iter().enumerate() {
        let owed = debts.get(charge.key.as_bytes().as_slice()).map_or(0, |debt| debt.saturating_sub(now));
        let left = (window(charge.budget) - owed) / cost(charge.budget).max(1);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        if left <= remaining {
            (remaining, scarcest) = (left, place);
        }
    }
    Spent::Yes { remaining, scarcest }
}

pub(crate) fn window(budget: Budget) -> i64 {
    i64::try_from(budget.window.as_micros()).unwrap_or(i64::MAX)
}

/// What one attempt costs: the part of the window in which it comes back.
pub(crate) fn cost(budget: Budget) -> i64 {
    window(budget) / i64::from(budget.capacity.max(1))
}
