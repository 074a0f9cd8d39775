//! The contract of [`CredentialStore`](password_domain::ports::CredentialStore).

use password_domain::account::{Account, AccountId, AccountStatus};
use password_domain::audit::AuditAction;
use password_domain::change::{Change, Proof, testing};
use password_domain::credential::CredentialVersion;
use password_domain::notice::NoticeKind;
use password_domain::password::HistoryTag;
use password_domain::ports::{Applied, Found, Issued, Opened, Pending, Settlement};
use password_domain::reset::ResetGrant;

use super::support::{
    NOW, RACERS, add, change_of, claim_pending, credential, entry, hash, just_before, later, nobody, race,
    take_audit_lines, version,
};
use crate::Storage;
use crate::builders::{audit, digest, grant, new_account, notice, realm, session};

async fn alice(storage: &Storage) -> Account {
    let tag = HistoryTag::from_encoded("tag 1");
    let account = add(storage, new_account("dealer", "alice").hash(hash("hash 1")).history(tag)).await;
    take_audit_lines(storage).await;
    account
}

async fn open(storage: &Storage, grant: &ResetGrant) {
    assert_eq!(storage.resets.open(grant, 3).await.unwrap(), Opened::Yes);
}

async fn apply(storage: &Storage, change: &Change) -> Applied {
    storage.credentials.apply(change).await.unwrap()
}

/// Returns the change to version 2 that a proof allows, with a history of ten.
fn second(proof: Proof) -> Change {
    testing::change(proof, hash("hash 2"), vec![entry(2, "tag 2")], 10, later(9))
}

/// Asserts that a change conflicts and that nothing is written. The audit log must be empty.
async fn assert_conflict(storage: &Storage, account: &Account, change: &Change) {
    let before = credential(storage, account).await;

    assert_eq!(apply(storage, change).await, Applied::Conflict);

    let after = credential(storage, account).await;
    assert!(
        after.hash == before.hash && after.version == before.version && after.changed_at == before.changed_at
    );
    assert!(storage.credentials.history(&account.id, 10).await.unwrap() == [entry(1, "tag 1")]);
    assert_eq!(claim_pending(storage, later(60)).await, []);
    assert_eq!(take_audit_lines(storage).await, 0);
}

/// Asserts that the change of [`second`] has happened once, with everything that belongs to it.
async fn assert_done_once(storage: &Storage, account: &Account) {
    let after = credential(storage, account).await;
    assert!(after.hash == Some(hash("hash 2")));
    assert_eq!(after.version, version(2));
    assert_eq!(after.changed_at, later(9));
    assert!(
        storage.credentials.history(&account.id, 10).await.unwrap() == [entry(2, "tag 2"), entry(1, "tag 1")]
    );
    let told = notice(account, NoticeKind::PasswordChanged, later(9));
    assert_eq!(claim_pending(storage, later(60)).await, [Pending::Notice(told)]);
}

pub async fn an_unknown_account_has_no_credential_and_no_history(storage: Storage) {
    let gone = nobody(&storage).await;
    for id in [gone, AccountId::new("x").unwrap(), AccountId::new("9".repeat(64)).unwrap()] {
        assert!(storage.credentials.read(&id).await.unwrap().is_none());
        assert!(storage.credentials.history(&id, 10).await.unwrap().is_empty());
        assert!(!storage.credentials.upgrade_hash(&id, &hash("a"), &hash("b")).await.unwrap());
    }
}

pub async fn a_change_does_all_that_it_says(storage: Storage) {
    let alice = alice(&storage).await;
    let change = second(testing::proof_of_old_password(&alice, CredentialVersion::FIRST));

    assert_eq!(apply(&storage, &change).await, Applied::Done);

    assert_done_once(&storage, &alice).await;
    assert_eq!(take_audit_lines(&storage).await, 1);
    assert_eq!(storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap(), Some(alice));
}

pub async fn a_change_touches_no_other_account(storage: Storage) {
    let alice = alice(&storage).await;
    let bob = add(&storage, new_account("dealer", "bob").hash(hash("bob's"))).await;
    open(&storage, &grant(&bob, 1).build()).await;

    assert_eq!(apply(&storage, &change_of(&alice, 1, "hash 2")).await, Applied::Done);

    let after = credential(&storage, &bob).await;
    assert!(after.hash == Some(hash("bob's")) && after.version == CredentialVersion::FIRST);
    let found = storage.resets.find(&[digest("grant", 1)], later(10)).await.unwrap();
    assert_eq!(found, Some(grant(&bob, 1).build()));
}

pub async fn a_first_password_is_a_change_too(storage: Storage) {
    let account = add(&storage, new_account("member", "alice")).await;
    open(&storage, &grant(&account, 1).build()).await;
    let proof = testing::proof_of_grant(&account, &grant(&account, 1).build());
    let change = testing::change(proof, hash("first"), Vec::new(), 0, later(9));
    assert_eq!(apply(&storage, &change).await, Applied::Done);
    assert!(credential(&storage, &account).await.hash == Some(hash("first")));
}

pub async fn hashes_and_tags_are_kept_to_the_byte(storage: Storage) {
    let account = add(&storage, new_account("dealer", "alice")).await;
    let texts =
        ["$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA ", "'; -- \\ %_ \u{1f511}", &"x".repeat(2_000)];
    for (number, text) in (1..).zip(texts) {
        let proof = testing::proof_of_old_password(&account, version(number));
        let change = testing::change(proof, hash(text), vec![entry(number + 1, text)], 1, later(9));
        assert_eq!(apply(&storage, &change).await, Applied::Done);
        assert!(credential(&storage, &account).await.hash == Some(hash(text)));
        assert!(storage.credentials.history(&account.id, 9).await.unwrap() == [entry(number + 1, text)]);
    }
}

pub async fn a_change_of_another_version_conflicts(storage: Storage) {
    let alice = alice(&storage).await;
    for number in [0, 2, i64::MAX] {
        assert_conflict(&storage, &alice, &second(testing::proof_of_old_password(&alice, version(number))))
            .await;
        assert_conflict(&storage, &alice, &second(testing::proof_of_operator(&alice, version(number)))).await;
    }
}

pub async fn a_change_of_another_realm_conflicts(storage: Storage) {
    let alice = alice(&storage).await;
    let elsewhere = Account { realm: realm("user"), ..alice.clone() };
    for proof in [testing::proof_of_old_password, testing::proof_of_operator] {
        assert_conflict(&storage, &alice, &second(proof(&elsewhere, CredentialVersion::FIRST))).await;
    }
}

pub async fn a_change_of_an_account_that_is_gone_conflicts(storage: Storage) {
    let alice = alice(&storage).await;
    let ghost = Account { id: nobody(&storage).await, ..alice.clone() };
    take_audit_lines(&storage).await;
    for proof in [testing::proof_of_old_password, testing::proof_of_operator] {
        assert_conflict(&storage, &alice, &second(proof(&ghost, CredentialVersion::FIRST))).await;
    }
}

pub async fn only_an_operator_changes_an_account_that_is_not_active(storage: Storage) {
    for builder in [new_account("dealer", "blocked").blocked(), new_account("dealer", "inactive").inactive()]
    {
        let tag = HistoryTag::from_encoded("tag 1");
        let account = add(&storage, builder.hash(hash("hash 1")).history(tag)).await;
        take_audit_lines(&storage).await;
        let by_owner = second(testing::proof_of_old_password(&account, CredentialVersion::FIRST));
        assert_conflict(&storage, &account, &by_owner).await;

        let by_operator = second(testing::proof_of_operator(&account, CredentialVersion::FIRST));
        assert_eq!(apply(&storage, &by_operator).await, Applied::Done);
        assert_done_once(&storage, &account).await;
        let found = storage.accounts.find_by_id(&account.realm, &account.id).await.unwrap();
        assert_eq!(found, Some(account.clone()), "it stays what it was");
        for claim in storage.outbox.claim(later(600), later(700), 9).await.unwrap() {
            storage.outbox.settle(&[(claim, Settlement::Done)], later(600)).await.unwrap();
        }
    }
}

pub async fn a_change_spends_its_grant(storage: Storage) {
    let alice = alice(&storage).await;
    let grant = grant(&alice, 1).build();
    open(&storage, &grant).await;

    assert_eq!(apply(&storage, &second(testing::proof_of_grant(&alice, &grant))).await, Applied::Done);

    assert_done_once(&storage, &alice).await;
    assert_eq!(take_audit_lines(&storage).await, 1);
    assert_eq!(storage.resets.find(&[grant.digest], later(10)).await.unwrap(), None);
    assert_eq!(apply(&storage, &second(testing::proof_of_grant(&alice, &grant))).await, Applied::Conflict);
}

pub async fn a_change_ends_every_other_grant(storage: Storage) {
    let alice = alice(&storage).await;
    let (used, unused) = (grant(&alice, 1).build(), grant(&alice, 2).build());
    open(&storage, &used).await;
    open(&storage, &unused).await;

    assert_eq!(apply(&storage, &second(testing::proof_of_grant(&alice, &used))).await, Applied::Done);

    let with_unused = testing::proof_of_grant(&alice, &unused);
    assert_eq!(apply(&storage, &second(with_unused)).await, Applied::Conflict);
    // Also where the proof pretends that the other grant is of the present version.
    let forged = ResetGrant { version: version(2), ..unused };
    let change = second(testing::proof_of_grant(&alice, &forged));
    assert_eq!(apply(&storage, &change).await, Applied::Conflict);
    assert_done_once(&storage, &alice).await;
}

pub async fn a_refused_change_leaves_its_grant_alive(storage: Storage) {
    let alice = alice(&storage).await;
    let grant = grant(&alice, 1).build();
    open(&storage, &grant).await;
    let stale = ResetGrant { version: version(7), ..grant.clone() };
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &stale))).await;
    assert_eq!(storage.resets.find(&[grant.digest], later(10)).await.unwrap(), Some(grant.clone()));
    assert_eq!(apply(&storage, &second(testing::proof_of_grant(&alice, &grant))).await, Applied::Done);
}

pub async fn a_grant_of_another_account_changes_nothing(storage: Storage) {
    let alice = alice(&storage).await;
    let bob = add(&storage, new_account("dealer", "bob")).await;
    take_audit_lines(&storage).await;
    let bobs = grant(&bob, 1).build();
    open(&storage, &bobs).await;
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &bobs))).await;
    assert_eq!(storage.resets.find(&[bobs.digest], later(10)).await.unwrap(), Some(bobs));
}

pub async fn a_grant_that_was_never_opened_changes_nothing(storage: Storage) {
    let alice = alice(&storage).await;
    open(&storage, &grant(&alice, 1).build()).await;
    let unopened = grant(&alice, 2).build();
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &unopened))).await;
}

pub async fn a_voided_grant_changes_nothing(storage: Storage) {
    let alice = alice(&storage).await;
    let grant = grant(&alice, 1).build();
    open(&storage, &grant).await;
    storage.resets.void(&grant.digest).await.unwrap();
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &grant))).await;
}

pub async fn an_expired_grant_changes_nothing(storage: Storage) {
    let alice = alice(&storage).await;
    // `second` happens nine seconds after the suites' present.
    let expired = grant(&alice, 1).lives(NOW, later(9)).build();
    open(&storage, &expired).await;
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &expired))).await;

    let proof = testing::proof_of_grant(&alice, &expired);
    let in_time = testing::change(proof, hash("hash 2"), Vec::new(), 0, just_before(later(9)));
    assert_eq!(apply(&storage, &in_time).await, Applied::Done);
}

pub async fn a_grant_works_for_nobody_who_is_not_active(storage: Storage) {
    let alice = alice(&storage).await;
    let grant = grant(&alice, 1).build();
    open(&storage, &grant).await;
    let event = audit(&alice, AuditAction::AccountBlocked, later(1));
    let found = storage.account_admin.set_status(&alice.id, AccountStatus::Blocked, &event).await.unwrap();
    assert_eq!(found, Found::Yes);
    take_audit_lines(&storage).await;
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &grant))).await;
    let forged = ResetGrant { version: version(2), ..grant };
    assert_conflict(&storage, &alice, &second(testing::proof_of_grant(&alice, &forged))).await;
}

pub async fn of_racing_changes_with_one_old_password_one_is_done(storage: Storage) {
    let alice = alice(&storage).await;
    let applied = race(RACERS, |_| {
        let credentials = storage.credentials.clone();
        let change = second(testing::proof_of_old_password(&alice, CredentialVersion::FIRST));
        async move { credentials.apply(&change).await.unwrap() }
    })
    .await;
    assert_eq!(applied.iter().filter(|applied| **applied == Applied::Done).count(), 1);
    assert_done_once(&storage, &alice).await;
    assert_eq!(take_audit_lines(&storage).await, 1);
}

pub async fn changes_of_many_accounts_at_once_are_each_their_own(storage: Storage) {
    let mut accounts = Vec::new();
    for number in 0..RACERS {
        let realm = ["dealer", "member"][number / 2 % 2];
        let tag = HistoryTag::from_encoded(format!("old {number}"));
        let new = new_account(realm, &format!("account {number}")).hash(hash("hash 1")).history(tag);
        let account = add(&storage, new).await;
        let session = session(&account, number as u64).build();
        assert_eq!(storage.sessions.issue(&session).await.unwrap(), Issued::Yes);
        accounts.push(account);
    }
    take_audit_lines(&storage).await;
    // A quarter has another version, a quarter keeps one entry, a quarter keeps no history.
    let depth = |number| [10, 0, 1, 10][number % 4];
    let is_stale = |number| number % 4 == 0;
    let tag = |number: usize| entry(2, &format!("new {number}"));

    let applied = race(RACERS, |number| {
        let credentials = storage.credentials.clone();
        let of = version(if is_stale(number) { 2 } else { 1 });
        let proof = testing::proof_of_old_password(&accounts[number], of);
        let history = if depth(number) == 0 { Vec::new() } else { vec![tag(number)] };
        let new = hash(&format!("hash of {number}"));
        let change = testing::change(proof, new, history, depth(number), later(number as u64));
        async move { credentials.apply(&change).await.unwrap() }
    })
    .await;

    let mut told = Vec::new();
    for (number, account) in accounts.iter().enumerate() {
        let at = later(number as u64);
        let after = credential(&storage, account).await;
        let history = storage.credentials.history(&account.id, 10).await.unwrap();
        let session = storage.sessions.find(&[digest("session", number as u64)], NOW).await.unwrap();
        let old = entry(1, &format!("old {number}"));
        if is_stale(number) {
            assert_eq!((applied[number], after.version), (Applied::Conflict, version(1)));
            assert!(after.hash == Some(hash("hash 1")) && history == [old] && session.is_some());
        } else {
            assert_eq!((applied[number], after.version, after.changed_at), (Applied::Done, version(2), at));
            assert!(after.hash == Some(hash(&format!("hash of {number}"))));
            assert!(history == [vec![tag(number), old], vec![], vec![tag(number)]][[0, 1, 2, 0][number % 4]]);
            told.push(Pending::Notice(notice(account, NoticeKind::PasswordChanged, at)));
        }
    }
    let mut pending = claim_pending(&storage, later(60)).await;
    pending.sort_by_key(|pending| match pending {
        Pending::Notice(notice) => notice.at,
        other => panic!("nobody asked for that: {other:?}"),
    });
    assert_eq!(pending, told);
    assert_eq!(take_audit_lines(&storage).await, told.len());
}

pub async fn of_racing_changes_with_one_grant_one_is_done(storage: Storage) {
    let alice = alice(&storage).await;
    let grant = grant(&alice, 1).build();
    open(&storage, &grant).await;
    let applied = race(RACERS, |_| {
        let credentials = storage.credentials.clone();
        let change = second(testing::proof_of_grant(&alice, &grant));
        async move { credentials.apply(&change).await.unwrap() }
    })
    .await;
    assert_eq!(applied.iter().filter(|applied| **applied == Applied::Done).count(), 1);
    assert_done_once(&storage, &alice).await;
    assert_eq!(take_audit_lines(&storage).await, 1);
}

pub async fn of_racing_changes_with_different_proofs_one_is_done(storage: Storage) {
    let alice = alice(&storage).await;
    let grants: Vec<ResetGrant> = (0..3).map(|n| grant(&alice, n).build()).collect();
    for grant in &grants {
        open(&storage, grant).await;
    }
    let applied = race(RACERS, |n| {
        let credentials = storage.credentials.clone();
        let proof = match grants.get(n % 5) {
            Some(grant) => testing::proof_of_grant(&alice, grant),
            None if n % 5 == 3 => testing::proof_of_old_password(&alice, CredentialVersion::FIRST),
            None => testing::proof_of_operator(&alice, CredentialVersion::FIRST),
        };
        async move { credentials.apply(&second(proof)).await.unwrap() }
    })
    .await;
    assert_eq!(applied.iter().filter(|applied| **applied == Applied::Done).count(), 1);
    assert_done_once(&storage, &alice).await;
    assert_eq!(take_audit_lines(&storage).await, 1);
}

pub async fn a_change_and_a_block_do_not_pass_each_other_unseen(storage: Storage) {
    let alice = alice(&storage).await;
    let done = race(RACERS, |n| {
        let (storage, alice) = (storage.clone(), alice.clone());
        async move {
            if n % 4 == 0 {
                let event = audit(&alice, AuditAction::AccountBlocked, later(1));
                let blocked =
                    storage.account_admin.set_status(&alice.id, AccountStatus::Blocked, &event).await;
                assert_eq!(blocked.unwrap(), Found::Yes);
                return false;
            }
            apply(&storage, &change_of(&alice, 1, "hash 2")).await == Applied::Done
        }
    })
    .await;
    let done = done.into_iter().filter(|done| *done).count();
    assert!(done <= 1);
    let after = credential(&storage, &alice).await;
    assert_eq!(
        after.version,
        version(if done == 1 { 3 } else { 2 }),
        "the block counts once, and the change where it was done"
    );
    assert!((after.hash == Some(hash("hash 2"))) == (done == 1));
    let found = storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap().unwrap();
    assert_eq!(found.status, AccountStatus::Blocked);
}

pub async fn a_history_keeps_the_newest_entries_newest_first(storage: Storage) {
    let alice = alice(&storage).await;
    for number in 2..=7 {
        let proof = testing::proof_of_old_password(&alice, version(number - 1));
        let own = entry(number, &format!("tag {number}"));
        let change = testing::change(proof, hash("h"), vec![own], 4, later(9));
        assert_eq!(apply(&storage, &change).await, Applied::Done);
    }
    let newest = [7, 6, 5, 4].map(|number| entry(number, &format!("tag {number}")));
    assert!(storage.credentials.history(&alice.id, 10).await.unwrap() == newest);
    assert!(storage.credentials.history(&alice.id, 2).await.unwrap() == newest[..2]);
    assert!(storage.credentials.history(&alice.id, 0).await.unwrap().is_empty());
}

pub async fn a_change_may_add_the_entry_that_was_missing(storage: Storage) {
    // A realm whose history was switched on later: the old password has no entry yet.
    let account = add(&storage, new_account("dealer", "alice").hash(hash("hash 1"))).await;
    let proof = testing::proof_of_old_password(&account, CredentialVersion::FIRST);
    let change = testing::change(proof, hash("hash 2"), vec![entry(1, "old"), entry(2, "new")], 10, later(9));
    assert_eq!(apply(&storage, &change).await, Applied::Done);
    assert!(
        storage.credentials.history(&account.id, 10).await.unwrap() == [entry(2, "new"), entry(1, "old")]
    );
}

pub async fn a_shorter_history_forgets_the_rest(storage: Storage) {
    let alice = alice(&storage).await;
    let change = |number, entries, depth| {
        let proof = testing::proof_of_old_password(&alice, version(number));
        testing::change(proof, hash("h"), entries, depth, later(9))
    };
    assert_eq!(apply(&storage, &change(1, vec![entry(2, "tag 2")], 10)).await, Applied::Done);
    assert_eq!(apply(&storage, &change(2, vec![entry(3, "tag 3")], 1)).await, Applied::Done);
    assert!(storage.credentials.history(&alice.id, 10).await.unwrap() == [entry(3, "tag 3")]);
    assert_eq!(apply(&storage, &change(3, Vec::new(), 0)).await, Applied::Done);
    assert!(storage.credentials.history(&alice.id, 10).await.unwrap().is_empty());
}

pub async fn a_better_hash_replaces_the_same_old_one_only(storage: Storage) {
    let alice = alice(&storage).await;
    let upgrade =
        async |old, new| storage.credentials.upgrade_hash(&alice.id, &hash(old), &hash(new)).await.unwrap();
    assert!(!upgrade("hash 0", "better").await);
    assert!(credential(&storage, &alice).await.hash == Some(hash("hash 1")));
    assert!(upgrade("hash 1", "better").await);
    assert!(!upgrade("hash 1", "even better").await);

    let after = credential(&storage, &alice).await;
    assert!(after.hash == Some(hash("better")));
    assert_eq!(after.version, CredentialVersion::FIRST, "a rehash ends nothing");
    assert_eq!(after.changed_at, NOW);
    assert!(storage.credentials.history(&alice.id, 10).await.unwrap() == [entry(1, "tag 1")]);
    assert_eq!(claim_pending(&storage, later(60)).await, []);
}

pub async fn a_better_hash_of_the_old_password_never_undoes_a_change(storage: Storage) {
    let alice = alice(&storage).await;
    let upgraded = race(RACERS, |n| {
        let (storage, alice) = (storage.clone(), alice.clone());
        async move {
            if n == RACERS / 2 {
                let change = second(testing::proof_of_old_password(&alice, CredentialVersion::FIRST));
                assert_eq!(apply(&storage, &change).await, Applied::Done);
                return false;
            }
            storage.credentials.upgrade_hash(&alice.id, &hash("hash 1"), &hash("better")).await.unwrap()
        }
    })
    .await;
    assert!(upgraded.into_iter().filter(|upgraded| *upgraded).count() <= 1);
    assert_done_once(&storage, &alice).await;
}

pub async fn an_account_without_a_password_has_no_hash_to_replace(storage: Storage) {
    let account = add(&storage, new_account("member", "alice")).await;
    for old in ["", "NULL", "hash"] {
        assert!(!storage.credentials.upgrade_hash(&account.id, &hash(old), &hash("better")).await.unwrap());
    }
    assert!(credential(&storage, &account).await.hash.is_none());
}

cases! {
    ($) credential_store:
    /// Expands to the tests of [`CredentialStore`](password_domain::ports::CredentialStore); takes the path of a factory
    /// of `Storage`.
    credential_store_contract as credential_store {
        an_unknown_account_has_no_credential_and_no_history,
        a_change_does_all_that_it_says,
        a_change_touches_no_other_account,
        a_first_password_is_a_change_too,
        hashes_and_tags_are_kept_to_the_byte,
        a_change_of_another_version_conflicts,
        a_change_of_another_realm_conflicts,
        a_change_of_an_account_that_is_gone_conflicts,
        only_an_operator_changes_an_account_that_is_not_active,
        a_change_spends_its_grant,
        a_change_ends_every_other_grant,
        a_refused_change_leaves_its_grant_alive,
        a_grant_of_another_account_changes_nothing,
        a_grant_that_was_never_opened_changes_nothing,
        a_voided_grant_changes_nothing,
        an_expired_grant_changes_nothing,
        a_grant_works_for_nobody_who_is_not_active,
        of_racing_changes_with_one_old_password_one_is_done,
        changes_of_many_accounts_at_once_are_each_their_own,
        of_racing_changes_with_one_grant_one_is_done,
        of_racing_changes_with_different_proofs_one_is_done,
        a_change_and_a_block_do_not_pass_each_other_unseen,
        a_history_keeps_the_newest_entries_newest_first,
        a_change_may_add_the_entry_that_was_missing,
        a_shorter_history_forgets_the_rest,
        a_better_hash_replaces_the_same_old_one_only,
        a_better_hash_of_the_old_password_never_undoes_a_change,
        an_account_without_a_password_has_no_hash_to_replace,
    }
}
