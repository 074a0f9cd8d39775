//! What waits to be told.

use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::notice::{Notice, NoticeKind, ResetRequest};
use password_domain::ports::{Claim, Outbox, Pending, Settlement, StoreError};
use password_domain::time::Timestamp;

use crate::{Notebook, Pages};

/// An entry is its own claim, and when it may be claimed next.
pub(crate) struct Entry {
    claim: Claim,
    due_at: Timestamp,
    leased_until: Option<Timestamp>,
}

impl Entry {
    pub(crate) fn is_to(&self, account: &AccountId) -> bool {
        matches!(&self.claim.pending, Pending::Notice(notice) if notice.account == *account)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.due_at <= now && self.leased_until.is_none_or(|until| until <= now)
    }

    /// Tells whether somebody who asks for this waits already.
    fn covers(&self, other: &Pending) -> bool {
        match (&self.claim.pending, other) {
            (Pending::Request(ours), Pending::Request(other)) => {
                (&ours.realm, &ours.login) == (&other.realm, &other.login)
            }
            (Pending::Notice(ours), Pending::Notice(other)) => {
                let is_reset = |notice: &Notice| notice.kind == NoticeKind::ResetRequested;
                is_reset(ours) && is_reset(other) && ours.account == other.account
            }
            _ => false,
        }
    }
}

fn asked_at(pending: &Pending) -> Timestamp {
    match pending {
        Pending::Request(request) => request.at,
        Pending::Notice(notice) => notice.at,
    }
}

impl Pages {
    pub(crate) fn queue(&mut self, notice: &Notice) {
        self.put(Pending::Notice(notice.clone()));
    }

    fn put(&mut self, pending: Pending) {
        let at = asked_at(&pending);
        if let Some(entry) = self.outbox.iter_mut().find(|entry| entry.covers(&pending)) {
            entry.claim.generation += 1;
            if at >= asked_at(&entry.claim.pending) {
                entry.claim.pending = pending;
            }
            return;
        }
        let claim = Claim { id: self.next_number(), generation: 0, attempt: 0, queued_at: at, pending };
        self.outbox.push(Entry { claim, due_at: at, leased_until: None });
    }
}

#[async_trait]
impl Outbox for Notebook {
    async fn request_reset(&self, request: &ResetRequest) -> Result<(), StoreError> {
        self.pages().put(Pending::Request(request.clone()));
        Ok(())
    }

    async fn queue(&self, notices: &[Notice]) -> Result<(), StoreError> {
        let mut pages = self.pages();
        notices.iter().for_each(|notice| pages.queue(notice));
        Ok(())
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        let mut pages = self.pages();
        pages.outbox.sort_by_key(|entry| (entry.due_at, entry.claim.id));
        // Half of the places for each kind, and what one does not need for the other: a flood of unknown names must not
        // hold up what is certain.
        let is_request = |entry: &&mut Entry| matches!(entry.claim.pending, Pending::Request(_));
        let due = pages.outbox.iter_mut().filter(|entry| entry.is_due(now));
        let (requests, notices): (Vec<_>, Vec<_>) = due.partition(is_request);
        let for_requests = (limit / 2).max(limit.saturating_sub(notices.len())).min(requests.len());
        let chosen =
            requests.into_iter().take(for_requests).chain(notices.into_iter().take(limit - for_requests));
        let mut chosen: Vec<&mut Entry> = chosen.collect();
        chosen.sort_by_key(|entry| (entry.due_at, entry.claim.id));
        let lease = |entry: &mut Entry| {
            entry.claim.attempt += 1;
            entry.leased_until = Some(lease_until);
            entry.claim.clone()
        };
        Ok(chosen.into_iter().map(lease).collect())
    }

    async fn settle(&self, settled: &[(Claim, Settlement)], now: Timestamp) -> Result<(), StoreError> {
        let mut pages = self.pages();
        for (claim, settlement) in settled {
            let Some(place) = pages
                .outbox
                .iter()
                .position(|entry| (entry.claim.id, entry.claim.attempt) == (claim.id, claim.attempt))
            else {
                continue; // another worker has it now
            };
            let entry = &mut pages.outbox[place];
            entry.leased_until = None;
            let renewed = entry.claim.generation > claim.generation;
            match settlement {
                _ if renewed => entry.due_at = now,
                Settlement::Postponed(until) => entry.due_at = *until,
                Settlement::Released => {}
                Settlement::Done | Settlement::Replaced(_) => _ = pages.outbox.remove(place),
            }
            if let Settlement::Replaced(notices) = settlement {
                notices.iter().for_each(|notice| pages.queue(notice));
            }
        }
        Ok(())
    }
}
