use async_trait::async_trait;
use password_domain::notice::{Notice, NoticeKind, ResetRequest};
use password_domain::ports::{Claim, Outbox, Pending, Settlement, StoreError};
use password_domain::time::Timestamp;

use super::{MemoryStore, State};

pub(super) struct Entry {
    generation: i64,
    attempt: i64,
    queued_at: Timestamp,
    due_at: Timestamp,
    leased_until: Option<Timestamp>,
    pending: Pending,
}

impl Entry {
    pub(super) fn notice(&self) -> Option<&Notice> {
        match &self.pending {
            Pending::Notice(notice) => Some(notice),
            Pending::Request(_) => None,
        }
    }

    fn is_free(&self, now: Timestamp) -> bool {
        self.due_at <= now && self.leased_until.is_none_or(|until| until <= now)
    }
}

fn time_of(pending: &Pending) -> Timestamp {
    match pending {
        Pending::Request(request) => request.at,
        Pending::Notice(notice) => notice.at,
    }
}

/// Tells whether two entries ask for the same thing, so that only one may wait.
fn are_one(a: &Pending, b: &Pending) -> bool {
    match (a, b) {
        (Pending::Request(a), Pending::Request(b)) => a.realm == b.realm && a.login == b.login,
        (Pending::Notice(a), Pending::Notice(b)) => {
            a.kind == NoticeKind::ResetRequested
                && b.kind == NoticeKind::ResetRequested
                && a.account == b.account
        }
        _ => false,
    }
}

impl State {
    pub(super) fn queue(&mut self, notice: &Notice) {
        self.queue_or_renew(Pending::Notice(notice.clone()));
    }

    fn queue_or_renew(&mut self, pending: Pending) {
        let at = time_of(&pending);
        if let Some(entry) = self.outbox.values_mut().find(|entry| are_one(&entry.pending, &pending)) {
            entry.generation += 1;
            if time_of(&entry.pending) <= at {
                entry.pending = pending;
            }
            return;
        }
        let entry =
            Entry { generation: 0, attempt: 0, queued_at: at, due_at: at, leased_until: None, pending };
        let id = self.next_id();
        self.outbox.insert(id, entry);
    }

    fn settle(&mut self, claim: &Claim, settlement: &Settlement, now: Timestamp) {
        let Some(entry) = self.outbox.get_mut(&claim.id).filter(|entry| entry.attempt == claim.attempt)
        else {
            return;
        };
        let renewed = entry.generation > claim.generation;
        entry.leased_until = None;
        entry.due_at = match settlement {
            Settlement::Postponed(until) if !renewed => *until,
            Settlement::Released if !renewed => entry.due_at,
            _ => now,
        };
        if !renewed && matches!(settlement, Settlement::Done | Settlement::Replaced(_)) {
            self.outbox.remove(&claim.id);
        }
        if let Settlement::Replaced(notices) = settlement {
            notices.iter().for_each(|notice| self.queue(notice));
        }
    }

    /// Chooses up to `limit` entries: half of the places for each kind, and whatever one leaves over for the other.
    fn choose(&self, now: Timestamp, limit: usize) -> Vec<i64> {
        let mut free: Vec<_> = self.outbox.iter().filter(|(_, entry)| entry.is_free(now)).collect();
        free.sort_by_key(|(id, entry)| (entry.due_at, **id));
        let (notices, requests): (Vec<_>, Vec<_>) = free.into_iter().partition(|(_, e)| e.notice().is_some());
        let for_notices = limit.div_ceil(2).max(limit.saturating_sub(requests.len())).min(notices.len());
        let for_requests = (limit - for_notices).min(requests.len());
        let mut chosen = [&notices[..for_notices], &requests[..for_requests]].concat();
        chosen.sort_by_key(|(id, entry)| (entry.due_at, **id));
        chosen.into_iter().map(|(id, _)| *id).collect()
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn request_reset(&self, request: &ResetRequest) -> Result<(), StoreError> {
        self.enter().await?.queue_or_renew(Pending::Request(request.clone()));
        Ok(())
    }

    async fn queue(&self, notices: &[Notice]) -> Result<(), StoreError> {
        let mut state = self.enter().await?;
        notices.iter().for_each(|notice| state.queue(notice));
        Ok(())
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        let mut state = self.enter().await?;
        let mut claims = Vec::new();
        for id in state.choose(now, limit) {
            let Some(entry) = state.outbox.get_mut(&id) else { continue };
            entry.attempt += 1;
            entry.leased_until = Some(lease_until);
            claims.push(Claim {
                id,
                generation: entry.generation,
                attempt: entry.attempt,
                queued_at: entry.queued_at,
                pending: entry.pending.clone(),
            });
        }
        Ok(claims)
    }

    async fn settle(&self, settled: &[(Claim, Settlement)], now: Timestamp) -> Result<(), StoreError> {
        let mut state = self.enter().await?;
        for (claim, settlement) in settled {
            state.settle(claim, settlement, now);
        }
        Ok(())
    }
}
