use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::change::Change;
use password_domain::credential::{Credential, HistoryEntry};
use password_domain::password::PasswordHash;
use password_domain::ports::{Applied, CredentialStore, StoreError};

use super::{MemoryStore, State};

impl State {
    /// Tells whether everything that the change's proof says is still so.
    fn still_holds(&self, change: &Change) -> bool {
        let proof = change.proof();
        let Some(record) = self.record(proof.account()) else { return false };
        let grant_lives = proof.spent_grant().is_none_or(|digest| {
            self.grants.iter().any(|stored| {
                stored.grant.digest == *digest
                    && stored.grant.account == *proof.account()
                    && stored.grant.version == proof.version()
                    && stored.is_live(change.at())
            })
        });
        record.account.realm == *proof.realm()
            && record.credential.version == proof.version()
            && (record.account.is_active() || !proof.requires_active())
            && grant_lives
    }

    fn carry_out(&mut self, change: &Change) {
        let proof = change.proof();
        for stored in &mut self.grants {
            stored.over |= proof.spent_grant() == Some(&stored.grant.digest);
        }
        if let Some(record) = self.record_mut(proof.account()) {
            record.credential = Credential {
                hash: Some(change.new_hash().clone()),
                version: record.credential.version.next(),
                changed_at: change.at(),
            };
            record.history.extend_from_slice(change.history());
            let surplus = record.history.len().saturating_sub(change.history_depth());
            record.history.drain(..surplus);
        }
        for notice in change.notices() {
            self.queue(notice);
        }
        self.audit.push(change.audit().clone());
    }
}

#[async_trait]
impl CredentialStore for MemoryStore {
    async fn read(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        Ok(self.enter().await?.record(account).map(|record| record.credential.clone()))
    }

    async fn history(&self, account: &AccountId, depth: usize) -> Result<Vec<HistoryEntry>, StoreError> {
        let state = self.enter().await?;
        let entries = state.record(account).map_or(&[][..], |record| &record.history);
        Ok(entries.iter().rev().take(depth).cloned().collect())
    }

    async fn apply(&self, change: &Change) -> Result<Applied, StoreError> {
        let mut state = self.enter().await?;
        if !state.still_holds(change) {
            return Ok(Applied::Conflict);
        }
        state.carry_out(change);
        Ok(Applied::Done)
    }

    async fn upgrade_hash(
        &self,
        account: &AccountId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let mut state = self.enter().await?;
        match state.record_mut(account) {
            Some(record) if record.credential.hash.as_ref() == Some(old) => {
                record.credential.hash = Some(new.clone());
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
