//! The contract of [`Housekeeping`](password_domain::ports::Housekeeping).

use std::time::Duration;

use password_domain::change::testing;
use password_domain::notice::NoticeKind;
use password_domain::password::HistoryTag;
use password_domain::ports::{Applied, Budget, Charge, Issued, Opened, Spent};

use super::support::{
    NOW, add, change_of, claim_all, entry, hash, just_before, known, later, purge_all, race, version,
};
use crate::Storage;
use crate::builders::{digest, grant, new_account, notice, reset_request, session};

async fn purge(storage: &Storage, now: password_domain::time::Timestamp, limit: usize) -> usize {
    storage.housekeeping.purge(now, None, limit).await.unwrap()
}

pub async fn an_empty_store_has_nothing_to_purge(storage: Storage) {
    assert_eq!(storage.housekeeping.purge(later(1_000_000), Some(later(1_000_000)), 100).await.unwrap(), 0);
}

pub async fn expired_sessions_are_purged_and_live_ones_stay(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    for number in [1, 2] {
        let issued = session(&alice, number).lives(NOW, later(60 * number)).build();
        assert_eq!(storage.sessions.issue(&issued).await.unwrap(), Issued::Yes);
    }
    assert_eq!(purge_all(&storage, just_before(later(60)), None).await, 0);
    assert_eq!(purge_all(&storage, later(60), None).await, 1);
    assert_eq!(storage.sessions.find(&[digest("session", 1)], NOW).await.unwrap(), None, "it was deleted");
    assert!(storage.sessions.find(&[digest("session", 2)], later(60)).await.unwrap().is_some());
}

pub async fn sessions_of_an_older_version_are_purged(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let bob = add(&storage, new_account("user", "bob")).await;
    for issued in [session(&alice, 1).build(), session(&bob, 2).build()] {
        assert_eq!(storage.sessions.issue(&issued).await.unwrap(), Issued::Yes);
    }
    assert_eq!(storage.credentials.apply(&change_of(&alice, 1, "h")).await.unwrap(), Applied::Done);
    let current = session(&alice, 3).version(version(2)).build();
    assert_eq!(storage.sessions.issue(&current).await.unwrap(), Issued::Yes);

    purge_all(&storage, later(2), None).await;

    assert_eq!(storage.sessions.list(&alice.id, later(2)).await.unwrap(), [current]);
    assert!(storage.sessions.find(&[digest("session", 2)], later(2)).await.unwrap().is_some());
}

pub async fn grants_that_are_over_are_purged_and_live_ones_stay(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let bob = add(&storage, new_account("member", "bob")).await;
    let (voided, spent) = (grant(&alice, 1).build(), grant(&alice, 2).build());
    let expired = grant(&bob, 3).lives(NOW, later(60)).build();
    let live = grant(&bob, 4).build();
    for grant in [&voided, &spent, &expired, &live] {
        assert_eq!(storage.resets.open(grant, 3).await.unwrap(), Opened::Yes);
    }
    assert_eq!(purge_all(&storage, later(2), None).await, 0);
    storage.resets.void(&voided.digest).await.unwrap();
    let change = testing::change(testing::proof_of_grant(&alice, &spent), hash("h"), Vec::new(), 0, later(1));
    assert_eq!(storage.credentials.apply(&change).await.unwrap(), Applied::Done);

    assert_eq!(purge_all(&storage, later(2), None).await, 2);
    assert_eq!(purge_all(&storage, later(60), None).await, 1);

    assert_eq!(storage.resets.find(&[expired.digest], NOW).await.unwrap(), None, "it was deleted");
    assert_eq!(storage.resets.find(&[live.digest], later(60)).await.unwrap(), Some(live));
}

pub async fn budgets_that_are_whole_again_are_purged(storage: Storage) {
    let budget = Budget { capacity: 2, window: Duration::from_secs(60) };
    let charge = |number| [Charge { key: digest("attempt", number), budget }];
    for number in [1, 1, 2] {
        assert!(matches!(storage.attempts.spend(&charge(number), NOW).await.unwrap(), Spent::Yes { .. }));
    }
    assert_eq!(purge_all(&storage, later(29), None).await, 0);
    assert_eq!(
        purge_all(&storage, later(31), None).await,
        1,
        "one attempt of two is back after half the window"
    );
    let spent = storage.attempts.spend(&charge(1), later(31)).await.unwrap();
    assert_eq!(spent, Spent::Yes { remaining: 0, scarcest: 0 }, "what is not whole still counts");
}

pub async fn remembered_addresses_are_purged_after_their_time(storage: Storage) {
    for number in [1, 2] {
        storage.attempts.vouch(&known(number, later(60 * number)), NOW).await.unwrap();
    }
    assert_eq!(purge_all(&storage, just_before(later(60)), None).await, 0);
    assert_eq!(purge_all(&storage, later(60), None).await, 1);
    assert!(!storage.attempts.is_remembered(&digest("known", 1), NOW).await.unwrap(), "it was deleted");
    assert!(storage.attempts.is_remembered(&digest("known", 2), later(60)).await.unwrap());
}

pub async fn audit_lines_are_purged_only_where_a_time_is_given(storage: Storage) {
    for (login, seconds) in [("alice", 10), ("bob", 20), ("carol", 30)] {
        add(&storage, new_account("member", login).at(later(seconds))).await;
    }
    assert_eq!(purge_all(&storage, later(1_000_000), None).await, 0);
    assert_eq!(purge_all(&storage, later(100), Some(later(10))).await, 0, "older means older");
    assert_eq!(purge_all(&storage, later(100), Some(later(30))).await, 2);
    assert_eq!(purge_all(&storage, later(100), Some(later(31))).await, 1);
}

pub async fn what_has_a_meaning_stays(storage: Storage) {
    let tag = HistoryTag::from_encoded("tag");
    let alice = add(&storage, new_account("dealer", "alice").hash(hash("h")).history(tag)).await;
    let key = storage.api_keys.create(&alice.id, &digest("key", 1), NOW).await.unwrap();
    assert!(key.is_some());
    assert!(storage.clients.create("app", &digest("client", 1), NOW).await.unwrap());
    storage.outbox.request_reset(&reset_request("member", "somebody", NOW)).await.unwrap();
    storage.outbox.queue(&[notice(&alice, NoticeKind::PasswordChanged, NOW)]).await.unwrap();

    assert_eq!(purge_all(&storage, later(100_000_000), None).await, 0);

    assert_eq!(storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap(), Some(alice.clone()));
    assert!(
        storage.credentials.read(&alice.id).await.unwrap().is_some_and(|found| found.hash == Some(hash("h")))
    );
    assert!(storage.credentials.history(&alice.id, 9).await.unwrap() == [entry(1, "tag")]);
    assert!(storage.api_keys.find(&[digest("key", 1)]).await.unwrap().is_some());
    assert!(storage.clients.find(&[digest("client", 1)]).await.unwrap().is_some());
    assert_eq!(claim_all(&storage, later(60)).await.len(), 2);
}

pub async fn a_purge_takes_no_more_of_a_kind_than_it_may(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    for number in 0..7 {
        let issued = session(&alice, number).lives(NOW, later(60)).build();
        assert_eq!(storage.sessions.issue(&issued).await.unwrap(), Issued::Yes);
    }
    assert_eq!(purge(&storage, later(60), 3).await, 3);
    assert_eq!(purge(&storage, later(60), 3).await, 3);
    assert_eq!(purge(&storage, later(60), 3).await, 1);
    assert_eq!(purge(&storage, later(60), 3).await, 0);
}

pub async fn racing_purges_delete_each_row_once(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    for number in 0..40 {
        let issued = session(&alice, number).lives(NOW, later(60)).build();
        assert_eq!(storage.sessions.issue(&issued).await.unwrap(), Issued::Yes);
    }
    let purged = race(4, |_| {
        let storage = storage.clone();
        async move { purge_all(&storage, later(60), None).await }
    })
    .await;
    // A purge may pass over what another one is deleting.
    assert_eq!(purged.into_iter().sum::<usize>() + purge_all(&storage, later(60), None).await, 40);
}

cases! {
    ($) housekeeping:
    /// Expands to the tests of [`Housekeeping`](password_domain::ports::Housekeeping); takes the path of a factory of
    /// `Storage`.
    housekeeping_contract as housekeeping {
        an_empty_store_has_nothing_to_purge,
        expired_sessions_are_purged_and_live_ones_stay,
        sessions_of_an_older_version_are_purged,
        grants_that_are_over_are_purged_and_live_ones_stay,
        budgets_that_are_whole_again_are_purged,
        remembered_addresses_are_purged_after_their_time,
        audit_lines_are_purged_only_where_a_time_is_given,
        what_has_a_meaning_stays,
        a_purge_takes_no_more_of_a_kind_than_it_may,
        racing_purges_delete_each_row_once,
    }
}
