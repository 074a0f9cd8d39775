use std::collections::HashMap;

use async_trait::async_trait;
use password_domain::ports::{Housekeeping, StoreError};
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;

use super::MemoryStore;

/// Removes up to `limit` items that are done with. Returns how many.
fn sweep<T>(items: &mut Vec<T>, limit: usize, is_over: impl Fn(&T) -> bool) -> usize {
    let before = items.len();
    let mut left = limit;
    items.retain(|item| {
        let goes = left > 0 && is_over(item);
        left -= usize::from(goes);
        !goes
    });
    before - items.len()
}

fn sweep_times(times: &mut HashMap<TokenDigest, Timestamp>, limit: usize, now: Timestamp) -> usize {
    let over: Vec<_> =
        times.iter().filter(|(_, until)| **until <= now).map(|(key, _)| *key).take(limit).collect();
    over.iter().filter(|key| times.remove(key).is_some()).count()
}

#[async_trait]
impl Housekeeping for MemoryStore {
    async fn purge(
        &self,
        now: Timestamp,
        audit_before: Option<Timestamp>,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let mut state = self.enter().await?;
        let state = &mut *state;
        let current: HashMap<_, _> = state
            .accounts
            .values()
            .map(|record| (record.account.id.clone(), record.credential.version))
            .collect();
        let sessions = sweep(&mut state.sessions, limit, |session| {
            session.expires_at <= now
                || current.get(&session.account).is_none_or(|version| session.version < *version)
        });
        let grants = sweep(&mut state.grants, limit, |stored| !stored.is_live(now));
        let audit =
            sweep(&mut state.audit, limit, |line| audit_before.is_some_and(|before| line.at < before));
        let spent = sweep_times(&mut state.spent, limit, now);
        let remembered = sweep_times(&mut state.remembered, limit, now);
        Ok(sessions + grants + audit + spent + remembered)
    }
}
