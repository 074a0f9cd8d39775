//! What the suites share.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use password_domain::account::{Account, AccountId};
use password_domain::change::{Change, testing};
use password_domain::credential::{Credential, CredentialVersion, HistoryEntry};
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::{Added, Claim, NewAccount, Pending, Vouched};
use password_domain::time::Timestamp;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

pub(super) use crate::START as NOW;
use crate::Storage;
use crate::builders::digest;

/// How many tasks race.
pub(super) const RACERS: usize = 16;

pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// Returns the time some seconds after the suites' present.
pub(super) fn later(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

pub(super) fn just_before(time: Timestamp) -> Timestamp {
    time.minus(Duration::from_micros(1))
}

pub(super) fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_encoded(text)
}

pub(super) fn version(number: i64) -> CredentialVersion {
    CredentialVersion::from_stored(number)
}

/// Returns the history entry of a version; each text is a tag of its own.
pub(super) fn entry(number: i64, tag: &str) -> HistoryEntry {
    HistoryEntry { version: version(number), tag: HistoryTag::from_encoded(tag) }
}

/// Returns the change that the owner makes of the version's password, with no history.
pub(super) fn change_of(account: &Account, number: i64, new_hash: &str) -> Change {
    let proof = testing::proof_of_old_password(account, version(number));
    testing::change(proof, hash(new_hash), Vec::new(), 0, later(1))
}

/// Returns what remembers one key and does nothing else.
pub(super) fn known(number: u64, until: Timestamp) -> Vouched {
    Vouched { known: vec![digest("known", number)], until, refunded: Vec::new(), cleared: Vec::new() }
}

/// Adds an account and reads it back.
pub(super) async fn add(storage: &Storage, account: impl Into<NewAccount>) -> Account {
    let account = account.into();
    let realm = account.realm.clone();
    let added = storage.account_admin.add(&[account]).await.unwrap();
    let [Added::Created(id)] = &added[..] else { panic!("not one account was created: {added:?}") };
    storage.accounts.find_by_id(&realm, id).await.unwrap().expect("a new account is found")
}

pub(super) async fn credential(storage: &Storage, account: &Account) -> Credential {
    storage.credentials.read(&account.id).await.unwrap().expect("the account has a credential")
}

/// Returns an identity of the store's own form that no account has any more.
pub(super) async fn nobody(storage: &Storage) -> AccountId {
    use password_domain::audit::AuditAction;
    use password_domain::ports::Found;

    let account = add(storage, crate::builders::new_account("member", "nobody any more")).await;
    let event = crate::builders::audit(&account, AuditAction::AccountDeleted, NOW);
    assert_eq!(storage.account_admin.delete(&account.id, &event).await.unwrap(), Found::Yes);
    account.id
}

/// Claims everything that is due at a time, for a minute.
pub(super) async fn claim_all(storage: &Storage, now: Timestamp) -> Vec<Claim> {
    storage.outbox.claim(now, now.plus(MINUTE), 1_000).await.unwrap()
}

/// Claims what must be the only thing that is due.
pub(super) async fn claim_one(storage: &Storage, now: Timestamp) -> Claim {
    let mut claims = claim_all(storage, now).await;
    assert_eq!(claims.len(), 1, "{claims:?}");
    claims.remove(0)
}

/// Returns what is due, without its leases: a claim that settles nothing.
pub(super) async fn claim_pending(storage: &Storage, now: Timestamp) -> Vec<Pending> {
    claim_all(storage, now).await.into_iter().map(|claim| claim.pending).collect()
}

/// Deletes everything that has no meaning at a time. Returns how much that was.
pub(super) async fn purge_all(storage: &Storage, now: Timestamp, audit_before: Option<Timestamp>) -> usize {
    let mut purged = 0;
    for _ in 0..1_000 {
        match storage.housekeeping.purge(now, audit_before, 100).await.unwrap() {
            0 => return purged,
            some => purged += some,
        }
    }
    panic!("a purge never answers 0");
}

/// Counts the lines of the audit log, and deletes them: no port reads them, but purging counts them.
pub(super) async fn take_audit_lines(storage: &Storage) -> usize {
    purge_all(storage, NOW, None).await;
    purge_all(storage, NOW, Some(later(1_000_000))).await
}

/// Runs tasks that start at one moment. Returns their answers in the order of their numbers.
pub(super) async fn race<T, F>(racers: usize, racer: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(racers));
    let mut tasks = JoinSet::new();
    for number in 0..racers {
        let (start, run) = (start.clone(), racer(number));
        tasks.spawn(async move {
            start.wait().await;
            (number, run.await)
        });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Texts that a careless store breaks on: at their longest, or looking like SQL.
pub(super) fn hostile_texts() -> Vec<String> {
    vec![
        "Robert'); DROP TABLE accounts;--".to_owned(),
        r#"O'Brien "quoted" \ back\\slash %_ $1 ? :name @p1 {} \u0041"#.to_owned(),
        "\u{1f511}".repeat(254),
        "\u{10ffff}\u{feff}\u{202e}nodrog\u{202c}\u{200d}\u{e000}".to_owned(),
        "cafe\u{301} \u{e9} \u{130}\u{131} \u{df}\u{1e9e} \u{3a3}\u{3c2} \u{fb01}".to_owned(),
        "ü".repeat(254),
        "NULL".to_owned(),
        "0".to_owned(),
        "1e5".to_owned(),
        "-- /* */ ; \u{2028}".to_owned(),
    ]
}
