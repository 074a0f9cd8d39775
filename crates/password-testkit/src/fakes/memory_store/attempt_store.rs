use async_trait::async_trait;
use password_domain::ports::{AttemptStore, Budget, Charge, Spent, StoreError, Vouched};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::{MemoryStore, State};
use std::time::Duration;

/// Returns what one attempt costs. Rounded down, so that `capacity` of them always fit.
fn cost(budget: Budget) -> Duration {
    (budget.window / budget.capacity.max(1)).max(Duration::from_micros(1))
}

impl State {
    /// Returns until when a budget would be in debt after one attempt more, or when there is an attempt again.
    fn after_attempt(&self, charge: &Charge, now: Timestamp) -> Result<Timestamp, Timestamp> {
        let whole_at = self.spent.get(&charge.key).copied().unwrap_or(now).max(now);
        let after = whole_at.plus(cost(charge.budget));
        if now.until(after) <= charge.budget.window {
            Ok(after)
        } else {
            Err(after.minus(charge.budget.window))
        }
    }

    fn give_back(&mut self, charges: &[Charge], now: Timestamp) {
        for charge in charges {
            if let Some(whole_at) = self.spent.get_mut(&charge.key) {
                *whole_at = whole_at.minus(cost(charge.budget)).max(now);
            }
        }
    }
}

#[async_trait]
impl AttemptStore for MemoryStore {
    async fn spend(&self, charges: &[Charge], now: Timestamp) -> Result<Spent, StoreError> {
        let mut state = self.enter().await?;
        let mut after = Vec::new();
        for (refused, charge) in charges.iter().enumerate() {
            match state.after_attempt(charge, now) {
                Ok(time) => after.push(time),
                Err(until) => return Ok(Spent::No { refused, until }),
            }
        }
        let (mut remaining, mut scarcest) = (u32::MAX, 0);
        for (place, (charge, time)) in charges.iter().zip(after).enumerate() {
            state.spent.insert(charge.key, time);
            let left = charge.budget.window.saturating_sub(now.until(time)).as_micros();
            let attempts = left / cost(charge.budget).as_micros();
            let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
            if attempts <= remaining {
                (remaining, scarcest) = (attempts, place);
            }
        }
        Ok(Spent::Yes { remaining, scarcest })
    }

    async fn refund(&self, charges: &[Charge], now: Timestamp) -> Result<(), StoreError> {
        self.enter().await?.give_back(charges, now);
        Ok(())
    }

    async fn vouch(&self, vouched: &Vouched, now: Timestamp) -> Result<(), StoreError> {
        let mut state = self.enter().await?;
        state.give_back(&vouched.refunded, now);
        for key in &vouched.cleared {
            state.spent.remove(key);
        }
        for key in &vouched.known {
            let remembered = state.remembered.entry(*key).or_insert(vouched.until);
            *remembered = vouched.until.max(*remembered);
        }
        Ok(())
    }

    async fn is_remembered(&self, key: &TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.enter().await?.remembered.get(key).is_some_and(|until| now < *until))
    }
}
