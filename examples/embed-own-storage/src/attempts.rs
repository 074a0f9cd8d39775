//! Counting guesses, and throwing away what no longer matters.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use password_domain::ports::{AttemptStore, Budget, Charge, Housekeeping, Spent, StoreError, Vouched};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use crate::Notebook;

/// Returns what one attempt costs: a share of the window, rounded down so that all attempts fit into it.
fn price(budget: Budget) -> Duration {
    (budget.window / budget.capacity.max(1)).max(Duration::from_micros(1))
}

#[async_trait]
impl AttemptStore for Notebook {
    async fn spend(&self, charges: &[Charge], now: Timestamp) -> Result<Spent, StoreError> {
        let mut pages = self.pages();
        let mut debts = Vec::new();
        for (refused, Charge { key, budget }) in charges.iter().enumerate() {
            let debt = pages.debts.get(key).copied().unwrap_or(now).max(now).plus(price(*budget));
            if now.until(debt) > budget.window {
                return Ok(Spent::No { refused, until: debt.minus(budget.window) });
            }
            debts.push(debt);
        }
        let (mut remaining, mut scarcest) = (u32::MAX, 0);
        for (place, (charge, debt)) in charges.iter().zip(debts).enumerate() {
            pages.debts.insert(charge.key, debt);
            let left = charge.budget.window.saturating_sub(now.until(debt));
            let attempts = left.as_micros() / price(charge.budget).as_micros();
            let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
            if attempts <= remaining {
                (remaining, scarcest) = (attempts, place);
            }
        }
        Ok(Spent::Yes { remaining, scarcest })
    }

    async fn refund(&self, charges: &[Charge], now: Timestamp) -> Result<(), StoreError> {
        give_back(&mut self.pages().debts, charges, now);
        Ok(())
    }

    async fn vouch(&self, vouched: &Vouched, now: Timestamp) -> Result<(), StoreError> {
        let mut pages = self.pages();
        give_back(&mut pages.debts, &vouched.refunded, now);
        pages.debts.retain(|key, _| !vouched.cleared.contains(key));
        for key in &vouched.known {
            let known_until = pages.known_until.entry(*key).or_insert(vouched.until);
            *known_until = vouched.until.max(*known_until);
        }
        Ok(())
    }

    async fn is_remembered(&self, key: &TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.pages().known_until.get(key).is_some_and(|until| now < *until))
    }
}

/// Takes the price of one attempt off each debt.
fn give_back(debts: &mut HashMap<TokenDigest, Timestamp>, charges: &[Charge], now: Timestamp) {
    for charge in charges {
        if let Some(debt) = debts.get_mut(&charge.key) {
            *debt = debt.minus(price(charge.budget)).max(now);
        }
    }
}

/// Drops at most `limit` of what is over. Returns how many.
fn drop_some<T>(all: &mut Vec<T>, limit: usize, is_over: impl Fn(&T) -> bool) -> usize {
    all.extract_if(.., |one| is_over(one)).take(limit).count()
}

fn drop_passed(times: &mut HashMap<TokenDigest, Timestamp>, limit: usize, now: Timestamp) -> usize {
    times.extract_if(|_, time| *time <= now).take(limit).count()
}

#[async_trait]
impl Housekeeping for Notebook {
    async fn purge(
        &self,
        now: Timestamp,
        audit_before: Option<Timestamp>,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let mut pages = self.pages();
        let current: HashMap<_, _> =
            pages.people.iter().map(|person| (person.id(), person.credential.version)).collect();
        let purged = drop_some(&mut pages.sessions, limit, |session| {
            session.expires_at <= now || current.get(&session.account) != Some(&session.version)
        }) + drop_some(&mut pages.grants, limit, |grant| !grant.lives_at(now))
            + drop_some(&mut pages.log, limit, |line| audit_before.is_some_and(|before| line.at < before))
            + drop_passed(&mut pages.debts, limit, now)
            + drop_passed(&mut pages.known_until, limit, now);
        Ok(purged)
    }
}
