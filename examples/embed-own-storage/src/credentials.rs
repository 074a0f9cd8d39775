//! Credentials, and the one place where a password changes.

use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::change::Change;
use password_domain::credential::{Credential, HistoryEntry};
use password_domain::password::PasswordHash;
use password_domain::ports::{Applied, CredentialStore, StoreError};

use crate::{Notebook, Pages};

impl Pages {
    /// Tells whether what the change's proof says is still so.
    fn allows(&self, change: &Change) -> bool {
        let proof = change.proof();
        let Some(person) = self.person(proof.account()) else { return false };
        person.realm == *proof.realm()
            && person.credential.version == proof.version()
            && (person.is_active() || !proof.requires_active())
            && proof.spent_grant().is_none_or(|digest| {
                self.grants.iter().any(|grant| {
                    grant.is.digest == *digest
                        && grant.is.account == *proof.account()
                        && grant.is.version == proof.version()
                        && grant.lives_at(change.at())
                })
            })
    }
}

#[async_trait]
impl CredentialStore for Notebook {
    async fn read(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        Ok(self.pages().person(account).map(|person| person.credential.clone()))
    }

    async fn history(&self, account: &AccountId, depth: usize) -> Result<Vec<HistoryEntry>, StoreError> {
        let pages = self.pages();
        let newest_first = pages.person(account).into_iter().flat_map(|person| person.history.iter().rev());
        Ok(newest_first.take(depth).cloned().collect())
    }

    async fn apply(&self, change: &Change) -> Result<Applied, StoreError> {
        // From here to the end nobody else writes: all of it happens, or nothing.
        let mut pages = self.pages();
        if !pages.allows(change) {
            return Ok(Applied::Conflict);
        }
        let proof = change.proof();
        if let Some(digest) = proof.spent_grant() {
            pages.close_grant(digest);
        }
        if let Some(person) = pages.person_mut(proof.account()) {
            person.credential = Credential {
                hash: Some(change.new_hash().clone()),
                version: person.credential.version.next(),
                changed_at: change.at(),
            };
            person.history.extend_from_slice(change.history());
            let forgotten = person.history.len().saturating_sub(change.history_depth());
            person.history.drain(..forgotten);
        }
        change.notices().iter().for_each(|notice| pages.queue(notice));
        pages.log.push(change.audit().clone());
        Ok(Applied::Done)
    }

    async fn upgrade_hash(
        &self,
        account: &AccountId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let mut pages = self.pages();
        let person = pages.person_mut(account).filter(|person| person.credential.hash.as_ref() == Some(old));
        Ok(person.map(|person| person.credential.hash = Some(new.clone())).is_some())
    }
}
