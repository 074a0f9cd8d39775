//! The contract of [`ResetStore`](password_domain::ports::ResetStore).

use password_domain::account::{Account, AccountId, AccountStatus};
use password_domain::audit::AuditAction;
use password_domain::ports::{Applied, Found, Opened};
use password_domain::reset::ResetGrant;
use password_domain::time::Timestamp;

use super::support::{NOW, RACERS, add, change_of, just_before, later, nobody, race, version};
use crate::Storage;
use crate::builders::{audit, digest, grant, new_account, realm};

async fn open(storage: &Storage, grant: &ResetGrant) -> Opened {
    storage.resets.open(grant, 3).await.unwrap()
}

async fn find(storage: &Storage, number: u64, now: Timestamp) -> Option<ResetGrant> {
    storage.resets.find(&[digest("grant", number)], now).await.unwrap()
}

/// Returns which of the first grants live.
async fn live(storage: &Storage, count: u64, now: Timestamp) -> Vec<u64> {
    let mut live = Vec::new();
    for number in 0..count {
        if find(storage, number, now).await.is_some() {
            live.push(number);
        }
    }
    live
}

/// Returns the grant of a number, opened as many seconds after the suites' present.
fn grant_at(account: &Account, number: u64) -> ResetGrant {
    grant(account, number).lives(later(number), later(number + 3_600)).build()
}

pub async fn an_open_grant_is_found_by_any_of_its_digests(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let opened = grant(&alice, 1).lives(NOW, later(60)).build();
    assert_eq!(open(&storage, &opened).await, Opened::Yes);

    assert_eq!(find(&storage, 1, later(1)).await, Some(opened.clone()), "every field, to the microsecond");
    let digests = [digest("other", 1), opened.digest, digest("other", 2)];
    assert_eq!(storage.resets.find(&digests, later(1)).await.unwrap(), Some(opened));
    assert_eq!(find(&storage, 2, later(1)).await, None);
    assert_eq!(storage.resets.find(&[], later(1)).await.unwrap(), None);
}

pub async fn a_grant_ends_at_its_time(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(open(&storage, &grant(&alice, 1).lives(NOW, later(60)).build()).await, Opened::Yes);
    assert!(find(&storage, 1, just_before(later(60))).await.is_some());
    assert_eq!(find(&storage, 1, later(60)).await, None);
    assert_eq!(find(&storage, 1, later(61)).await, None);
}

pub async fn a_voided_grant_is_gone(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(open(&storage, &grant(&alice, 1).build()).await, Opened::Yes);
    assert_eq!(open(&storage, &grant(&alice, 2).build()).await, Opened::Yes);

    storage.resets.void(&digest("grant", 1)).await.unwrap();
    assert_eq!(live(&storage, 3, later(1)).await, [2]);

    storage.resets.void(&digest("grant", 1)).await.unwrap();
    storage.resets.void(&digest("grant", 7)).await.unwrap();
    assert_eq!(live(&storage, 3, later(1)).await, [2], "voiding what is gone is no error");
}

pub async fn a_further_grant_voids_the_oldest(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    for number in 0..5 {
        assert_eq!(open(&storage, &grant_at(&alice, number)).await, Opened::Yes);
    }
    assert_eq!(live(&storage, 5, later(10)).await, [2, 3, 4]);
    assert_eq!(storage.resets.open(&grant_at(&alice, 5), 1).await.unwrap(), Opened::Yes);
    assert_eq!(live(&storage, 6, later(10)).await, [5]);
}

pub async fn a_voided_grant_makes_room_for_another(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    for number in 0..3 {
        assert_eq!(open(&storage, &grant_at(&alice, number)).await, Opened::Yes);
    }
    storage.resets.void(&digest("grant", 2)).await.unwrap();
    assert_eq!(open(&storage, &grant_at(&alice, 3)).await, Opened::Yes);
    assert_eq!(live(&storage, 4, later(10)).await, [0, 1, 3]);
}

pub async fn grants_of_other_accounts_stay(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let bob = add(&storage, new_account("member", "bob")).await;
    for number in 0..3 {
        assert_eq!(open(&storage, &grant_at(&alice, number)).await, Opened::Yes);
    }
    for number in 3..8 {
        assert_eq!(open(&storage, &grant_at(&bob, number)).await, Opened::Yes);
    }
    assert_eq!(live(&storage, 8, later(10)).await, [0, 1, 2, 5, 6, 7]);
}

pub async fn racing_grants_leave_as_many_as_may_live(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let opened = race(RACERS, |n| {
        let (resets, grant) = (storage.resets.clone(), grant(&alice, n as u64).build());
        async move { resets.open(&grant, 3).await.unwrap() }
    })
    .await;
    assert!(opened.iter().all(|opened| *opened == Opened::Yes));
    assert_eq!(live(&storage, RACERS as u64, later(1)).await.len(), 3);
}

pub async fn a_grant_of_another_version_is_stale(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(open(&storage, &grant(&alice, 1).version(version(2)).build()).await, Opened::Stale);
    assert_eq!(storage.credentials.apply(&change_of(&alice, 1, "h")).await.unwrap(), Applied::Done);
    assert_eq!(open(&storage, &grant(&alice, 2).build()).await, Opened::Stale);
    assert_eq!(live(&storage, 3, later(1)).await, []);
    assert_eq!(open(&storage, &grant(&alice, 0).version(version(2)).build()).await, Opened::Yes);
    assert_eq!(live(&storage, 3, later(1)).await, [0]);
}

pub async fn a_grant_for_nobody_is_stale(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    for id in [nobody(&storage).await, AccountId::new("x").unwrap()] {
        let ghost = Account { id, ..alice.clone() };
        assert_eq!(open(&storage, &grant(&ghost, 1).build()).await, Opened::Stale);
    }
    let elsewhere = Account { realm: realm("user"), ..alice };
    assert_eq!(open(&storage, &grant(&elsewhere, 1).build()).await, Opened::Stale);
    assert_eq!(live(&storage, 2, later(1)).await, []);
}

pub async fn a_grant_for_an_account_that_is_not_active_is_stale(storage: Storage) {
    for builder in [new_account("member", "blocked").blocked(), new_account("member", "inactive").inactive()]
    {
        let account = add(&storage, builder).await;
        assert_eq!(open(&storage, &grant(&account, 1).build()).await, Opened::Stale);
    }
    assert_eq!(live(&storage, 2, later(1)).await, []);
}

pub async fn a_stale_grant_voids_nothing(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(open(&storage, &grant(&alice, 0).build()).await, Opened::Yes);
    let stale = grant(&alice, 1).version(version(2)).build();
    assert_eq!(storage.resets.open(&stale, 1).await.unwrap(), Opened::Stale);
    assert_eq!(live(&storage, 2, later(1)).await, [0]);
}

pub async fn no_grant_passes_a_block_unseen(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let opened = race(RACERS, |n| {
        let (storage, alice) = (storage.clone(), alice.clone());
        async move {
            if n == RACERS / 2 {
                let event = audit(&alice, AuditAction::AccountBlocked, later(1));
                let found = storage.account_admin.set_status(&alice.id, AccountStatus::Blocked, &event).await;
                assert_eq!(found.unwrap(), Found::Yes);
                return None;
            }
            Some(storage.resets.open(&grant(&alice, n as u64).build(), 100).await.unwrap())
        }
    })
    .await;
    // Whatever was opened is of the version before the block, and says so.
    for (number, opened) in (0..).zip(opened) {
        let found = find(&storage, number, later(1)).await;
        assert!(found.is_none_or(|grant| opened == Some(Opened::Yes) && grant.version == version(1)));
    }
    assert_eq!(open(&storage, &grant(&alice, 99).build()).await, Opened::Stale);
}

cases! {
    ($) reset_store:
    /// Expands to the tests of [`ResetStore`](password_domain::ports::ResetStore) that every implementation must pass;
    /// takes the path of a factory of `Storage`.
    reset_store_contract as reset_store {
        an_open_grant_is_found_by_any_of_its_digests,
        a_grant_ends_at_its_time,
        a_voided_grant_is_gone,
        a_further_grant_voids_the_oldest,
        a_voided_grant_makes_room_for_another,
        grants_of_other_accounts_stay,
        racing_grants_leave_as_many_as_may_live,
    }
    /// Expands to the tests of [`ResetStore`](password_domain::ports::ResetStore) for implementations that share a
    /// database with the credentials; takes the path of a factory of `Storage`.
    reset_store_shared_contract as reset_store_shared {
        a_grant_of_another_version_is_stale,
        a_grant_for_nobody_is_stale,
        a_grant_for_an_account_that_is_not_active_is_stale,
        a_stale_grant_voids_nothing,
        no_grant_passes_a_block_unseen,
    }
}
