//! The contract of [`Outbox`](password_domain::ports::Outbox).

use std::collections::HashSet;
use std::net::IpAddr;

use password_domain::account::{Account, AccountId};
use password_domain::notice::{Notice, NoticeKind, ResetRequest};
use password_domain::ports::{Claim, Pending, Settlement};
use password_domain::time::Timestamp;

use super::support::{
    MINUTE, NOW, RACERS, add, claim_all, claim_one, claim_pending, hostile_texts, just_before, later, race,
};
use crate::Storage;
use crate::builders::{new_account, notice, reset_request};

async fn alice(storage: &Storage) -> Account {
    add(storage, new_account("member", "alice")).await
}

async fn request(storage: &Storage, request: &ResetRequest) {
    storage.outbox.request_reset(request).await.unwrap();
}

async fn queue(storage: &Storage, notices: &[Notice]) {
    storage.outbox.queue(notices).await.unwrap();
}

async fn settle(storage: &Storage, claim: &Claim, settlement: Settlement, now: Timestamp) {
    storage.outbox.settle(&[(claim.clone(), settlement)], now).await.unwrap();
}

fn from(address: &str) -> Option<IpAddr> {
    Some(address.parse().unwrap())
}

/// Returns a notice that is never one with another: what tells of a change is not renewed.
fn changed(account: &Account, seconds: u64) -> Notice {
    notice(account, NoticeKind::PasswordChanged, later(seconds))
}

pub async fn an_empty_outbox_gives_nothing(storage: Storage) {
    assert_eq!(claim_all(&storage, later(60)).await, []);
}

pub async fn a_request_is_claimed_as_it_was_made(storage: Storage) {
    let asked =
        ResetRequest { from: from("2001:db8::7"), ..reset_request("member", "Alice@Example.ORG", NOW) };
    request(&storage, &asked).await;
    let claim = claim_one(&storage, later(1)).await;
    assert!(claim.pending == Pending::Request(asked));
    assert_eq!((claim.generation, claim.attempt, claim.queued_at), (0, 1, NOW));
}

pub async fn a_notice_is_claimed_as_it_was_queued(storage: Storage) {
    let alice = alice(&storage).await;
    let kinds = [
        NoticeKind::ResetRequested,
        NoticeKind::PasswordChanged,
        NoticeKind::EmailChanged { to: "o'\"\u{1f511}@example.org".to_owned() },
        NoticeKind::TooManyAttempts,
    ];
    let notices = kinds.map(|kind| Notice { from: from("192.0.2.7"), ..notice(&alice, kind, NOW) });
    queue(&storage, &notices).await;
    let claims = claim_all(&storage, later(1)).await;
    assert_eq!(claims.len(), 4);
    for notice in notices {
        let claim =
            claims.iter().find(|claim| claim.pending == Pending::Notice(notice.clone())).expect("claimed");
        assert_eq!((claim.generation, claim.attempt, claim.queued_at), (0, 1, NOW));
    }
}

pub async fn a_notice_to_nobody_is_no_error(storage: Storage) {
    let alice = alice(&storage).await;
    let nobody = Account { id: AccountId::from(i64::MIN), ..alice.clone() };
    let attempts = |account| notice(account, NoticeKind::TooManyAttempts, NOW);
    queue(&storage, &[attempts(&nobody)]).await;
    queue(&storage, &[attempts(&nobody), attempts(&alice)]).await;
    assert!(claim_pending(&storage, later(1)).await.contains(&Pending::Notice(attempts(&alice))));
}

pub async fn hostile_and_long_names_survive(storage: Storage) {
    let texts = hostile_texts();
    for text in &texts {
        request(&storage, &reset_request("member", text, NOW)).await;
    }
    let pending = claim_pending(&storage, later(1)).await;
    assert_eq!(pending.len(), texts.len());
    for text in &texts {
        assert!(pending.contains(&Pending::Request(reset_request("member", text, NOW))), "{text:?}");
    }
}

pub async fn unknown_names_wait_like_known_ones(storage: Storage) {
    alice(&storage).await;
    for name in ["alice", "nobody", ""] {
        request(&storage, &reset_request("member", name, NOW)).await;
    }
    assert_eq!(claim_all(&storage, later(1)).await.len(), 3);
}

pub async fn one_request_waits_for_a_realm_and_folded_login(storage: Storage) {
    let first = ResetRequest { from: from("192.0.2.1"), ..reset_request("member", "alice", later(1)) };
    let second = ResetRequest { from: from("192.0.2.2"), ..reset_request("member", "ALICE", later(2)) };
    let elsewhere = reset_request("user", "alice", later(3));
    for asked in [&first, &second, &elsewhere] {
        request(&storage, asked).await;
    }

    let claims = claim_all(&storage, later(4)).await;

    assert_eq!(claims.len(), 2);
    let renewed = claims.iter().find(|claim| claim.pending == Pending::Request(second.clone()));
    let renewed = renewed.expect("the later time and source");
    assert_eq!((renewed.generation, renewed.attempt, renewed.queued_at), (1, 1, later(1)));
    assert!(claims.iter().any(|claim| claim.pending == Pending::Request(elsewhere.clone())));
}

pub async fn a_request_that_arrives_late_takes_no_time_back(storage: Storage) {
    let newest = ResetRequest { from: from("192.0.2.2"), ..reset_request("member", "alice", later(9)) };
    request(&storage, &newest).await;
    request(
        &storage,
        &ResetRequest { from: from("192.0.2.1"), ..reset_request("member", "alice", later(8)) },
    )
    .await;
    let claim = claim_one(&storage, later(10)).await;
    assert_eq!(claim.generation, 1);
    assert!(claim.pending == Pending::Request(newest));
}

pub async fn one_reset_notice_waits_for_an_account(storage: Storage) {
    let alice = alice(&storage).await;
    let bob = add(&storage, new_account("member", "bob")).await;
    let reset = |account, seconds| notice(account, NoticeKind::ResetRequested, later(seconds));
    queue(&storage, &[reset(&alice, 1), reset(&bob, 1)]).await;
    let latest = Notice { from: from("192.0.2.2"), ..reset(&alice, 2) };
    queue(&storage, &[latest.clone(), changed(&alice, 2), changed(&alice, 2)]).await;

    let claims = claim_all(&storage, later(4)).await;

    assert_eq!(claims.len(), 4, "a reset for each, and both changes");
    let generation = |wanted: &Notice| {
        claims
            .iter()
            .find(|claim| claim.pending == Pending::Notice(wanted.clone()))
            .map(|claim| claim.generation)
    };
    assert_eq!(generation(&latest), Some(1));
    assert_eq!(generation(&reset(&bob, 1)), Some(0));
}

pub async fn racing_requests_for_one_name_are_one(storage: Storage) {
    race(RACERS, |n| {
        let (outbox, asked) = (storage.outbox.clone(), reset_request("member", "alice", later(n as u64)));
        async move { outbox.request_reset(&asked).await.unwrap() }
    })
    .await;
    let claim = claim_one(&storage, later(60)).await;
    assert_eq!(claim.generation, RACERS as i64 - 1);
    assert!(claim.pending == Pending::Request(reset_request("member", "alice", later(RACERS as u64 - 1))));
}

pub async fn a_leased_entry_is_claimed_by_nobody_else(storage: Storage) {
    request(&storage, &reset_request("member", "alice", NOW)).await;
    let first = storage.outbox.claim(later(1), later(61), 9).await.unwrap();
    assert_eq!(first.len(), 1);
    assert_eq!(claim_all(&storage, just_before(later(61))).await, []);
    let second = claim_one(&storage, later(61)).await;
    assert_eq!((second.id, second.attempt, second.generation), (first[0].id, 2, 0));
}

pub async fn racing_claims_are_disjoint(storage: Storage) {
    let alice = alice(&storage).await;
    for n in 0..20 {
        request(&storage, &reset_request("member", &format!("m{n}"), NOW)).await;
        queue(&storage, &[changed(&alice, 0)]).await;
    }
    let claims = race(RACERS, |_| {
        let outbox = storage.outbox.clone();
        async move { outbox.claim(later(1), later(61), 4).await.unwrap() }
    })
    .await;
    let mut ids: Vec<i64> = claims.iter().flatten().map(|claim| claim.id).collect();
    // A claim may pass over what another one is holding; what was left over is found by the next one.
    ids.extend(claim_all(&storage, later(1)).await.iter().map(|claim| claim.id));
    assert_eq!(ids.len(), 40);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 40);
    assert!(claims.iter().all(|claims| claims.len() <= 4));
}

pub async fn the_longest_due_comes_first(storage: Storage) {
    for seconds in [3, 1, 4, 2, 5] {
        request(&storage, &reset_request("member", &format!("m{seconds}"), later(seconds))).await;
    }
    let mut order = Vec::new();
    for _ in 0..5 {
        let claims = storage.outbox.claim(later(9), later(60), 1).await.unwrap();
        order.extend(claims.iter().map(|claim| claim.queued_at));
    }
    assert_eq!(order, [1, 2, 3, 4, 5].map(later));
}

pub async fn a_limit_of_nothing_claims_nothing(storage: Storage) {
    request(&storage, &reset_request("member", "alice", NOW)).await;
    assert_eq!(storage.outbox.claim(later(1), later(60), 0).await.unwrap(), []);
}

pub async fn a_flood_of_requests_holds_no_notice_up(storage: Storage) {
    let alice = alice(&storage).await;
    for n in 0..100 {
        request(&storage, &reset_request("member", &format!("flood {n}"), NOW)).await;
    }
    queue(&storage, &[changed(&alice, 30)]).await;
    let claims = storage.outbox.claim(later(60), later(90), 10).await.unwrap();
    assert_eq!(claims.len(), 10, "no place stays empty");
    assert!(claims.iter().any(|claim| claim.pending == Pending::Notice(changed(&alice, 30))));
}

pub async fn a_flood_of_notices_holds_no_request_up(storage: Storage) {
    let alice = alice(&storage).await;
    queue(&storage, &vec![changed(&alice, 0); 100]).await;
    let asked = reset_request("member", "alice", later(30));
    request(&storage, &asked).await;
    let claims = storage.outbox.claim(later(60), later(90), 10).await.unwrap();
    assert_eq!(claims.len(), 10, "no place stays empty");
    assert!(claims.iter().any(|claim| claim.pending == Pending::Request(asked.clone())));
}

pub async fn a_settled_entry_is_gone(storage: Storage) {
    let alice = alice(&storage).await;
    request(&storage, &reset_request("member", "alice", NOW)).await;
    queue(&storage, &[changed(&alice, 0), notice(&alice, NoticeKind::ResetRequested, NOW)]).await;
    let claims = claim_all(&storage, later(1)).await;
    assert_eq!(claims.len(), 3);
    for claim in &claims {
        settle(&storage, claim, Settlement::Done, later(2)).await;
    }
    assert_eq!(claim_all(&storage, later(1_000)).await, []);
}

pub async fn a_further_request_after_settling_is_a_new_entry(storage: Storage) {
    request(&storage, &reset_request("member", "alice", NOW)).await;
    let first = claim_one(&storage, later(1)).await;
    settle(&storage, &first, Settlement::Done, later(2)).await;
    request(&storage, &reset_request("member", "alice", later(3))).await;
    let second = claim_one(&storage, later(4)).await;
    assert_ne!(second.id, first.id, "an identity is never given twice");
    assert_eq!((second.generation, second.attempt, second.queued_at), (0, 1, later(3)));
}

pub async fn a_postponed_entry_is_due_at_its_time(storage: Storage) {
    let alice = alice(&storage).await;
    queue(&storage, &[changed(&alice, 0)]).await;
    let first = claim_one(&storage, later(1)).await;
    settle(&storage, &first, Settlement::Postponed(later(300)), later(2)).await;
    assert_eq!(claim_all(&storage, just_before(later(300))).await, []);
    let second = claim_one(&storage, later(300)).await;
    assert_eq!(second, Claim { attempt: 2, ..first });
}

pub async fn a_postponed_entry_stays_postponed_when_it_is_renewed(storage: Storage) {
    request(&storage, &reset_request("member", "alice", NOW)).await;
    let first = claim_one(&storage, later(1)).await;
    settle(&storage, &first, Settlement::Postponed(later(300)), later(2)).await;
    let again = reset_request("member", "alice", later(10));
    request(&storage, &again).await;
    assert_eq!(claim_all(&storage, just_before(later(300))).await, []);
    let second = claim_one(&storage, later(300)).await;
    assert_eq!((second.generation, second.attempt), (1, 2));
    assert!(second.pending == Pending::Request(again));
}

pub async fn a_replaced_entry_leaves_its_notices(storage: Storage) {
    let alice = alice(&storage).await;
    let bob = add(&storage, new_account("member", "bob")).await;
    request(&storage, &reset_request("member", "shared@example.org", NOW)).await;
    let claim = claim_one(&storage, later(1)).await;
    let notices = [&alice, &bob].map(|account| notice(account, NoticeKind::ResetRequested, NOW));

    settle(&storage, &claim, Settlement::Replaced(notices.to_vec()), later(2)).await;

    let pending = claim_pending(&storage, later(2)).await;
    assert_eq!(pending.len(), 2);
    for notice in notices {
        assert!(pending.contains(&Pending::Notice(notice)));
    }
}

pub async fn a_replacement_renews_the_notice_that_waits_already(storage: Storage) {
    let alice = alice(&storage).await;
    let reset = |seconds| notice(&alice, NoticeKind::ResetRequested, later(seconds));
    queue(&storage, &[reset(0)]).await;
    let leased = claim_one(&storage, later(1)).await;
    request(&storage, &reset_request("member", "alice", later(5))).await;
    let request = claim_one(&storage, later(6)).await;

    settle(&storage, &request, Settlement::Replaced(vec![reset(5)]), later(7)).await;

    assert_eq!(claim_all(&storage, later(8)).await, [], "it is under its lease still");
    settle(&storage, &leased, Settlement::Done, later(9)).await;
    let renewed = claim_one(&storage, later(9)).await;
    assert_eq!((renewed.id, renewed.generation), (leased.id, 1));
    assert!(renewed.pending == Pending::Notice(reset(5)));
}

pub async fn an_entry_renewed_under_its_lease_is_not_lost(storage: Storage) {
    let alice = alice(&storage).await;
    let notices = vec![notice(&alice, NoticeKind::ResetRequested, NOW)];
    for (name, settlement) in [
        ("done", Settlement::Done),
        ("replaced", Settlement::Replaced(notices.clone())),
        ("postponed", Settlement::Postponed(later(9_000))),
    ] {
        request(&storage, &reset_request("member", name, NOW)).await;
        let first = claim_one(&storage, later(1)).await;
        let again = ResetRequest { from: from("192.0.2.2"), ..reset_request("member", name, later(2)) };
        request(&storage, &again).await;
        assert_eq!(claim_all(&storage, later(2)).await, [], "{name}: still under its lease");

        settle(&storage, &first, settlement, later(3)).await;

        let mut claims = claim_all(&storage, later(3)).await;
        let position = claims.iter().position(|claim| claim.id == first.id).expect("it is due at once");
        let second = claims.remove(position);
        assert_eq!((second.generation, second.attempt, second.queued_at), (1, 2, NOW), "{name}");
        assert!(second.pending == Pending::Request(again), "{name}: the later time and source");
        settle(&storage, &second, Settlement::Done, later(4)).await;

        let queued: Vec<Pending> = claims.iter().map(|claim| claim.pending.clone()).collect();
        let expected: Vec<Pending> = if name == "replaced" {
            notices.iter().cloned().map(Pending::Notice).collect()
        } else {
            Vec::new()
        };
        assert_eq!(queued, expected, "{name}");
        for claim in &claims {
            settle(&storage, claim, Settlement::Done, later(4)).await;
        }
        assert_eq!(claim_all(&storage, later(10_000)).await, [], "{name}: nothing is left");
    }
}

pub async fn a_reset_notice_renewed_under_its_lease_is_not_lost(storage: Storage) {
    let alice = alice(&storage).await;
    let reset = |seconds| notice(&alice, NoticeKind::ResetRequested, later(seconds));
    queue(&storage, &[reset(0)]).await;
    let first = claim_one(&storage, later(1)).await;
    queue(&storage, &[reset(2)]).await;
    settle(&storage, &first, Settlement::Done, later(3)).await;
    let second = claim_one(&storage, later(3)).await;
    assert_eq!((second.id, second.generation, second.attempt), (first.id, 1, 2));
    assert!(second.pending == Pending::Notice(reset(2)));
}

pub async fn a_released_entry_keeps_its_place(storage: Storage) {
    let alice = alice(&storage).await;
    queue(&storage, &[changed(&alice, 0)]).await;
    queue(&storage, &[changed(&alice, 5)]).await;
    let [first, _] = &storage.outbox.claim(later(6), later(66), 2).await.unwrap()[..] else {
        panic!("two are due")
    };
    settle(&storage, first, Settlement::Released, later(7)).await;
    assert_eq!(claim_one(&storage, later(7)).await, Claim { attempt: 2, ..first.clone() }, "due as before");

    request(&storage, &reset_request("member", "alice", later(8))).await;
    let asked = claim_one(&storage, later(9)).await;
    request(&storage, &reset_request("member", "alice", later(10))).await;
    settle(&storage, &asked, Settlement::Released, later(11)).await;
    assert_eq!(claim_one(&storage, later(11)).await.generation, 1, "renewed, it is not lost");
}

pub async fn many_claims_are_settled_together_each_in_its_own_way(storage: Storage) {
    let alice = alice(&storage).await;
    let reset = notice(&alice, NoticeKind::ResetRequested, NOW);
    for login in ["outdated", "renewed", "replaced", "postponed", "done"] {
        request(&storage, &reset_request("member", login, NOW)).await;
    }
    let mut claims = storage.outbox.claim(later(1), later(61), 5).await.unwrap();
    let mut claim_of = |login: &str| {
        let is_it = |claim: &Claim| matches!(&claim.pending, Pending::Request(asked) if asked.login.as_str() == login);
        claims.swap_remove(claims.iter().position(is_it).unwrap())
    };
    let [outdated, renewed, replaced, postponed, done] =
        ["outdated", "renewed", "replaced", "postponed", "done"].map(&mut claim_of);
    request(&storage, &reset_request("member", "renewed", later(2))).await;
    let settled = [
        (done, Settlement::Done),
        (postponed.clone(), Settlement::Postponed(later(300))),
        (Claim { attempt: outdated.attempt - 1, ..outdated.clone() }, Settlement::Done),
        (renewed.clone(), Settlement::Done),
        (replaced, Settlement::Replaced(vec![reset.clone()])),
    ];
    storage.outbox.settle(&settled, later(3)).await.unwrap();

    let now: Vec<_> =
        claim_all(&storage, later(3)).await.into_iter().map(|claim| (claim.id, claim.pending)).collect();
    assert_eq!(now.len(), 2, "the renewed one and the notice: {now:?}");
    assert!(now.iter().any(|(id, _)| *id == renewed.id));
    assert!(now.iter().any(|(_, pending)| *pending == Pending::Notice(reset.clone())));
    let later_on: Vec<_> = claim_all(&storage, later(300)).await.into_iter().map(|claim| claim.id).collect();
    for id in [outdated.id, postponed.id] {
        assert!(later_on.contains(&id), "it was not done");
    }
}

pub async fn an_outdated_attempt_settles_nothing(storage: Storage) {
    let alice = alice(&storage).await;
    let stray = vec![changed(&alice, 0)];
    request(&storage, &reset_request("member", "alice", NOW)).await;
    let outdated = claim_one(&storage, later(1)).await;
    let current = claim_one(&storage, later(100)).await;

    for settlement in [Settlement::Done, Settlement::Replaced(stray.clone()), Settlement::Postponed(NOW)] {
        settle(&storage, &outdated, settlement, later(101)).await;
        assert_eq!(claim_all(&storage, later(101)).await, [], "the other one holds it still");
    }
    settle(&storage, &current, Settlement::Postponed(later(200)), later(102)).await;
    let last = claim_one(&storage, later(200)).await;
    assert_eq!((last.id, last.attempt), (outdated.id, 3));
    settle(&storage, &last, Settlement::Done, later(201)).await;

    settle(&storage, &outdated, Settlement::Replaced(stray), later(202)).await;
    settle(&storage, &outdated, Settlement::Postponed(NOW), later(202)).await;
    assert_eq!(claim_all(&storage, later(1_000)).await, [], "nothing comes back");
}

pub async fn a_late_settlement_counts_while_nobody_else_has_claimed(storage: Storage) {
    request(&storage, &reset_request("member", "alice", NOW)).await;
    let claim = claim_one(&storage, later(1)).await;
    settle(&storage, &claim, Settlement::Done, later(1).plus(10 * MINUTE)).await;
    assert_eq!(claim_all(&storage, later(10_000)).await, []);
}

pub async fn racing_workers_deliver_each_entry_once(storage: Storage) {
    let alice = alice(&storage).await;
    for n in 0..16 {
        request(&storage, &reset_request("member", &format!("m{n}"), NOW)).await;
        queue(&storage, &[changed(&alice, 0)]).await;
    }
    let settled = race(4, |_| {
        let storage = storage.clone();
        async move {
            let mut settled = 0;
            loop {
                let claims = storage.outbox.claim(later(1), later(61), 3).await.unwrap();
                if claims.is_empty() {
                    return settled;
                }
                for claim in claims {
                    settle(&storage, &claim, Settlement::Done, later(2)).await;
                    settled += 1;
                }
            }
        }
    })
    .await;
    // A worker may stop early because the others hold what is left.
    assert_eq!(settled.into_iter().sum::<usize>() + claim_all(&storage, later(1)).await.len(), 32);
}

cases! {
    ($) outbox:
    /// Expands to the tests of [`Outbox`](password_domain::ports::Outbox); takes the path of a factory of `Storage`.
    outbox_contract as outbox {
        an_empty_outbox_gives_nothing,
        a_request_is_claimed_as_it_was_made,
        a_notice_is_claimed_as_it_was_queued,
        a_notice_to_nobody_is_no_error,
        hostile_and_long_names_survive,
        unknown_names_wait_like_known_ones,
        one_request_waits_for_a_realm_and_folded_login,
        a_request_that_arrives_late_takes_no_time_back,
        one_reset_notice_waits_for_an_account,
        racing_requests_for_one_name_are_one,
        a_leased_entry_is_claimed_by_nobody_else,
        racing_claims_are_disjoint,
        the_longest_due_comes_first,
        a_limit_of_nothing_claims_nothing,
        a_flood_of_requests_holds_no_notice_up,
        a_flood_of_notices_holds_no_request_up,
        a_settled_entry_is_gone,
        a_further_request_after_settling_is_a_new_entry,
        a_postponed_entry_is_due_at_its_time,
        a_postponed_entry_stays_postponed_when_it_is_renewed,
        a_released_entry_keeps_its_place,
        many_claims_are_settled_together_each_in_its_own_way,
        a_replaced_entry_leaves_its_notices,
        a_replacement_renews_the_notice_that_waits_already,
        an_entry_renewed_under_its_lease_is_not_lost,
        a_reset_notice_renewed_under_its_lease_is_not_lost,
        an_outdated_attempt_settles_nothing,
        a_late_settlement_counts_while_nobody_else_has_claimed,
        racing_workers_deliver_each_entry_once,
    }
}
