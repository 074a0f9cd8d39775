//! The value that describes everything one password change does.
//!
//! A use case does not write: it decides, and hands one [`Change`] to
//! [`CredentialStore::apply`](crate::ports::CredentialStore::apply), which carries out all of it or nothing. A change
//! cannot exist without a [`Proof`], and a proof can be built only inside this crate: from a verified old password, a
//! live reset grant, or an operator's command. Outside, the types leave no way to set a password without one:
//!
//! ```compile_fail,E0624
//! use password_domain::{account::Account, change::Proof, credential::CredentialVersion};
//!
//! fn forge(account: &Account) -> Proof {
//!     Proof::operator(account, CredentialVersion::FIRST)
//! }
//! ```

use crate::account::{Account, AccountId, Realm};
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::credential::{CredentialVersion, HistoryEntry};
use crate::notice::{Notice, NoticeKind};
use crate::password::PasswordHash;
use crate::reset::ResetGrant;
use crate::source::Source;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// Whose password may be changed, and why.
#[derive(Clone, Debug)]
pub struct Proof {
    realm: Realm,
    account: AccountId,
    version: CredentialVersion,
    kind: ProofKind,
}

#[derive(Clone, Debug)]
enum ProofKind {
    OldPassword,
    Grant(TokenDigest),
    Operator,
}

impl Proof {
    /// The old password of `account` was verified against the credential of `version`.
    pub(crate) fn old_password(account: &Account, version: CredentialVersion) -> Self {
        Self::new(account, version, ProofKind::OldPassword)
    }

    /// A token of `grant` was presented while the grant lived.
    pub(crate) fn grant(account: &Account, grant: &ResetGrant) -> Self {
        Self::new(account, grant.version, ProofKind::Grant(grant.digest))
    }

    /// An operator asked for it at the command line.
    pub(crate) fn operator(account: &Account, version: CredentialVersion) -> Self {
        Self::new(account, version, ProofKind::Operator)
    }

    fn new(account: &Account, version: CredentialVersion, kind: ProofKind) -> Self {
        Self { realm: account.realm.clone(), account: account.id.clone(), version, kind }
    }

    /// Returns the realm of the account.
    pub fn realm(&self) -> &Realm {
        &self.realm
    }

    /// Returns the account whose password may be changed.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Returns the credential version that must still be current when the change is applied.
    pub fn version(&self) -> CredentialVersion {
        self.version
    }

    /// Returns the digest of the grant that the change spends; `None` where it spends none.
    pub fn spent_grant(&self) -> Option<&TokenDigest> {
        match &self.kind {
            ProofKind::Grant(digest) => Some(digest),
            ProofKind::OldPassword | ProofKind::Operator => None,
        }
    }

    /// Tells whether the account must be active: always, unless an operator asks.
    pub fn requires_active(&self) -> bool {
        !matches!(self.kind, ProofKind::Operator)
    }

    fn action(&self) -> (AuditAction, Actor) {
        match self.kind {
            ProofKind::OldPassword => (AuditAction::PasswordChanged, Actor::Owner),
            ProofKind::Grant(_) => (AuditAction::PasswordReset, Actor::Owner),
            ProofKind::Operator => (AuditAction::PasswordSet, Actor::Operator),
        }
    }
}

/// Everything that one password change does, decided but not yet done.
#[derive(Clone, Debug)]
pub struct Change {
    proof: Proof,
    new_hash: PasswordHash,
    history: Vec<HistoryEntry>,
    history_depth: usize,
    notices: Vec<Notice>,
    audit: AuditEvent,
    at: Timestamp,
}

impl Change {
    /// Puts a change together; `history` is oldest first and ends with the new password's entry, or is empty where
    /// `history_depth` is 0.
    pub(crate) fn new(
        proof: Proof,
        new_hash: PasswordHash,
        history: Vec<HistoryEntry>,
        history_depth: usize,
        source: &Source,
        at: Timestamp,
    ) -> Self {
        let (action, actor) = proof.action();
        let from = source.address();
        let (realm, account) = (proof.realm.clone(), proof.account.clone());
        let notice = Notice {
            realm: realm.clone(),
            account: account.clone(),
            kind: NoticeKind::PasswordChanged,
            at,
            from,
        };
        let audit = AuditEvent { at, realm, account: Some(account), action, actor, from };
        Self { proof, new_hash, history, history_depth, notices: vec![notice], audit, at }
    }

    /// Returns the same change, of which nobody is told.
    pub(crate) fn in_silence(self) -> Self {
        Self { notices: Vec::new(), ..self }
    }

    /// Returns whose password it is and why it may be changed.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// Returns the hash to store.
    pub fn new_hash(&self) -> &PasswordHash {
        &self.new_hash
    }

    /// Returns the entries to add to the history, oldest first.
    pub fn history(&self) -> &[HistoryEntry] {
        &self.history
    }

    /// Returns how many entries the history keeps, the newest ones; 0 keeps none.
    pub fn history_depth(&self) -> usize {
        self.history_depth
    }

    /// Returns the notices to queue.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Returns the line to append to the audit log.
    pub fn audit(&self) -> &AuditEvent {
        &self.audit
    }

    /// Returns when the change happens.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// Builds proofs and changes for contract suites, which test a store without the use cases around it.
#[cfg(feature = "testing")]
pub mod testing {
    use super::*;

    /// Returns the proof of a verified old password, without one.
    pub fn proof_of_old_password(account: &Account, version: CredentialVersion) -> Proof {
        Proof::old_password(account, version)
    }

    /// Returns the proof of a live grant, without looking at it.
    pub fn proof_of_grant(account: &Account, grant: &ResetGrant) -> Proof {
        Proof::grant(account, grant)
    }

    /// Returns the proof of an operator's command.
    pub fn proof_of_operator(account: &Account, version: CredentialVersion) -> Proof {
        Proof::operator(account, version)
    }

    /// Returns a change.
    pub fn change(
        proof: Proof,
        new_hash: PasswordHash,
        history: Vec<HistoryEntry>,
        history_depth: usize,
        at: Timestamp,
    ) -> Change {
        Change::new(proof, new_hash, history, history_depth, &Source::unknown(), at)
    }
}
