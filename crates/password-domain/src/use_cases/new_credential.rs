//! From a password that is good enough to the change that sets it.

use super::House;
use crate::account::Account;
use crate::change::{Change, Proof};
use crate::credential::{Credential, HistoryEntry};
use crate::password::{HistoryTag, Password};
use crate::policy::{Attributes, Facts, Policy, Violation};
use crate::ports::{Applied, Lane, PortError};
use crate::source::Source;

/// What became of a password that somebody wants to set.
#[must_use]
pub(super) enum NewCredential {
    /// It was set.
    Set,
    /// It is one of the last ones.
    Reused,
    /// The proof no longer holds: another change came first.
    Conflict,
}

/// Whether one of the last passwords may be set again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    Refused,
    /// An operator skips the policy.
    Accepted,
}

impl House {
    /// Checks a password against everything in its policy but the history: no evaluation.
    pub(super) fn violations(
        &self,
        policy: &Policy,
        attributes: &Attributes,
        password: &Password,
    ) -> Vec<Violation> {
        let facts = Facts { attributes, common: self.settings.common.as_ref(), reused: false };
        policy.check(password.typed(), &facts)
    }

    /// Compares with the history, hashes, and applies: one evaluation, and where the policy has a history one more for
    /// each group of its entries.
    pub(super) async fn set_password(
        &self,
        account: &Account,
        credential: &Credential,
        proof: Proof,
        new: &Password,
        reuse: Reuse,
        source: &Source,
    ) -> Result<NewCredential, PortError> {
        let depth = self.realm(&account.realm)?.policy.history_depth();
        let Some(history) = self.next_history(account, credential, depth, new, reuse).await? else {
            return Ok(NewCredential::Reused);
        };
        let hash = self.ports.hasher.hash(new, Lane::Proved).await?;
        let mut change = Change::new(proof, hash, history, depth, source, self.ports.clock.now());
        if self.ports.mailer.is_silent() {
            change = change.in_silence();
        }
        Ok(match self.ports.credentials.apply(&change).await? {
            Applied::Done => NewCredential::Set,
            Applied::Conflict => NewCredential::Conflict,
        })
    }

    /// Returns the entries to add, oldest first; `None` where the password is one of the last ones and may
    /// not be.
    async fn next_history(
        &self,
        account: &Account,
        credential: &Credential,
        depth: usize,
        new: &Password,
        reuse: Reuse,
    ) -> Result<Option<Vec<HistoryEntry>>, PortError> {
        if depth == 0 {
            return Ok(Some(Vec::new()));
        }
        let entries = self.ports.credentials.history(&account.id, depth).await?;
        let mut tags: Vec<HistoryTag> = entries.into_iter().map(|entry| entry.tag).collect();
        let mut added = Vec::new();
        // Every change of a realm without a history empties it, so an empty one means that the live password was set
        // before there was a history, or came in by import. It counts as one of the last ones all the same.
        if let (true, Some(live)) = (tags.is_empty(), &credential.hash) {
            let tag = self.ports.hasher.tag_of(live)?;
            added.push(HistoryEntry { version: credential.version, tag: tag.clone() });
            tags.push(tag);
        }
        let compared = self.ports.hasher.compare_history(new, &tags, Lane::Proved).await?;
        if compared.reused && reuse == Reuse::Refused {
            return Ok(None);
        }
        added.push(HistoryEntry { version: credential.version.next(), tag: compared.tag });
        Ok(Some(added))
    }
}
