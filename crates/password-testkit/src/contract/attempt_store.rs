//! The contract of [`AttemptStore`](password_domain::ports::AttemptStore).

use std::time::Duration;

use password_domain::ports::{Budget, Charge, Spent, Vouched};
use password_domain::time::Timestamp;

use super::support::{NOW, RACERS, just_before, known, later, race};
use crate::Storage;
use crate::builders::digest;

/// Returns an attempt under the key of a number.
fn charge(number: u64, capacity: u32, seconds: u64) -> Charge {
    let budget = Budget { capacity, window: Duration::from_secs(seconds) };
    Charge { key: digest("attempt", number), budget }
}

async fn spend(storage: &Storage, charges: &[Charge], now: Timestamp) -> Spent {
    storage.attempts.spend(charges, now).await.unwrap()
}

async fn refund(storage: &Storage, charges: &[Charge], now: Timestamp) {
    storage.attempts.refund(charges, now).await.unwrap();
}

const fn left(remaining: u32) -> Spent {
    left_by(0, remaining)
}

/// Returns what the scarcest budget, which stands at this place, has left.
const fn left_by(scarcest: usize, remaining: u32) -> Spent {
    Spent::Yes { remaining, scarcest }
}

/// Asserts that a budget of seconds for each attempt is spent until then.
fn assert_spent(spent: Spent, refused: usize, until: Timestamp) {
    match spent {
        // A cost that is rounded to microseconds may move the time by as many as there are attempts.
        Spent::No { refused: place, until: time } => {
            assert_eq!(place, refused);
            let apart = (time.as_micros() - until.as_micros()).unsigned_abs();
            assert!(apart <= 1_000, "{apart} microseconds apart");
        }
        Spent::Yes { .. } => panic!("there was an attempt left: {spent:?}"),
    }
}

pub async fn a_budget_has_as_many_attempts_as_its_capacity(storage: Storage) {
    let charge = [charge(1, 3, 60)];
    for remaining in [2, 1, 0] {
        assert_eq!(spend(&storage, &charge, NOW).await, left(remaining));
    }
    assert_spent(spend(&storage, &charge, NOW).await, 0, later(20));
    assert_spent(spend(&storage, &charge, later(5)).await, 0, later(20));
}

pub async fn a_budget_that_does_not_divide_evenly_is_whole_all_the_same(storage: Storage) {
    for (number, capacity, seconds) in [(1, 3, 10), (2, 7, 1), (3, 300, 900), (4, 11, 3_600), (5, 1, 60)] {
        let charge = [charge(number, capacity, seconds)];
        for spent in 1..=capacity {
            assert_eq!(
                spend(&storage, &charge, NOW).await,
                left(capacity - spent),
                "{capacity} in {seconds} s"
            );
        }
        let refused = spend(&storage, &charge, NOW).await;
        assert!(matches!(refused, Spent::No { .. }), "{capacity} in {seconds} s: {refused:?}");
    }
}

pub async fn attempts_come_back_one_by_one(storage: Storage) {
    let charge = [charge(1, 3, 60)];
    for _ in 0..3 {
        let _ = spend(&storage, &charge, NOW).await;
    }
    assert_spent(spend(&storage, &charge, just_before(later(20))).await, 0, later(20));
    assert_eq!(spend(&storage, &charge, later(20)).await, left(0));
    assert_spent(spend(&storage, &charge, later(20)).await, 0, later(40));
    assert_eq!(spend(&storage, &charge, later(60)).await, left(1), "two came back, one is spent");
}

pub async fn an_attempt_comes_back_at_the_time_that_was_named(storage: Storage) {
    let charge = [charge(1, 7, 10)];
    for _ in 0..7 {
        let _ = spend(&storage, &charge, NOW).await;
    }
    let Spent::No { until, .. } = spend(&storage, &charge, NOW).await else { panic!("seven were all") };
    assert!(matches!(spend(&storage, &charge, just_before(until)).await, Spent::No { .. }));
    assert!(matches!(spend(&storage, &charge, until).await, Spent::Yes { .. }));
}

pub async fn a_rested_budget_is_whole_and_no_more(storage: Storage) {
    let charge = [charge(1, 3, 60)];
    for _ in 0..3 {
        let _ = spend(&storage, &charge, NOW).await;
    }
    assert_eq!(spend(&storage, &charge, later(100_000)).await, left(2));
}

pub async fn a_clock_that_goes_back_gives_no_attempts(storage: Storage) {
    let charge = [charge(1, 2, 60)];
    for _ in 0..2 {
        let _ = spend(&storage, &charge, later(100)).await;
    }
    assert!(matches!(spend(&storage, &charge, later(40)).await, Spent::No { .. }));
    assert!(matches!(spend(&storage, &charge, later(100)).await, Spent::No { .. }));
}

pub async fn keys_are_counted_apart(storage: Storage) {
    assert_eq!(spend(&storage, &[charge(1, 1, 60)], NOW).await, left(0));
    assert_eq!(spend(&storage, &[charge(2, 1, 60)], NOW).await, left(0));
}

pub async fn the_scarcest_budget_says_what_remains(storage: Storage) {
    let charges = [charge(1, 9, 60), charge(2, 3, 60), charge(3, 5, 60)];
    assert_eq!(spend(&storage, &charges, NOW).await, left_by(1, 2));
    assert_eq!(spend(&storage, &charges[..1], NOW).await, left(7));
}

pub async fn of_equally_scarce_budgets_the_last_is_named(storage: Storage) {
    let charges = [charge(1, 2, 60), charge(2, 9, 60), charge(3, 2, 3_600)];
    assert_eq!(spend(&storage, &charges, NOW).await, left_by(2, 1));
    assert_eq!(spend(&storage, &charges, NOW).await, left_by(2, 0));
    assert_eq!(spend(&storage, &[charge(4, 1, 60), charge(5, 2, 60)], NOW).await, left_by(0, 0));
}

pub async fn a_spent_budget_counts_nothing_under_any_key(storage: Storage) {
    let (ample, scarce, third) = (charge(1, 5, 60), charge(2, 1, 60), charge(3, 1, 60));
    assert_eq!(spend(&storage, std::slice::from_ref(&scarce), NOW).await, left(0));
    for _ in 0..10 {
        let charges = [ample.clone(), scarce.clone(), third.clone()];
        assert_spent(spend(&storage, &charges, NOW).await, 1, later(60));
    }
    assert_eq!(spend(&storage, &[ample], NOW).await, left(4));
    assert_eq!(spend(&storage, std::slice::from_ref(&third), NOW).await, left(0));
    assert_spent(spend(&storage, &[third, scarce], NOW).await, 0, later(60));
}

pub async fn a_refund_gives_one_attempt_back_under_every_key(storage: Storage) {
    let charges = [charge(1, 3, 60), charge(2, 2, 60)];
    assert_eq!(spend(&storage, &charges, NOW).await, left_by(1, 1));
    assert_eq!(spend(&storage, &charges, NOW).await, left_by(1, 0));
    refund(&storage, &charges, NOW).await;
    assert_eq!(spend(&storage, &charges, NOW).await, left_by(1, 0));
    assert_spent(spend(&storage, &charges, NOW).await, 1, later(30));
    assert_eq!(spend(&storage, &charges[..1], NOW).await, left(0));
}

pub async fn refunds_never_pass_a_whole_budget(storage: Storage) {
    let charge = [charge(1, 3, 60)];
    refund(&storage, &charge, NOW).await;
    assert_eq!(spend(&storage, &charge, NOW).await, left(2));
    for _ in 0..5 {
        refund(&storage, &charge, later(1)).await;
    }
    for remaining in [2, 1, 0] {
        assert_eq!(spend(&storage, &charge, later(1)).await, left(remaining));
    }
    assert!(matches!(spend(&storage, &charge, later(1)).await, Spent::No { .. }));
}

pub async fn racing_attempts_are_counted_exactly(storage: Storage) {
    let spent = race(3 * RACERS, |_| {
        let attempts = storage.attempts.clone();
        async move { attempts.spend(&[charge(1, 10, 3_600)], NOW).await.unwrap() }
    })
    .await;
    let mut remaining: Vec<u32> = spent
        .iter()
        .filter_map(|spent| if let Spent::Yes { remaining, .. } = spent { Some(*remaining) } else { None })
        .collect();
    remaining.sort_unstable();
    assert_eq!(remaining, (0..10).collect::<Vec<_>>(), "each place once");
}

pub async fn racing_attempts_under_the_same_keys_in_any_order_wait_for_nobody_forever(storage: Storage) {
    let spent = race(3 * RACERS, |n| {
        let attempts = storage.attempts.clone();
        let mut charges = vec![charge(1, 20, 3_600), charge(2, 30, 3_600), charge(3, 10, 3_600)];
        charges.rotate_left(n % 3);
        if n % 2 == 0 {
            charges.reverse();
        }
        async move { attempts.spend(&charges, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(spent.iter().filter(|spent| matches!(spent, Spent::Yes { .. })).count(), 10);
    assert_eq!(spend(&storage, &[charge(1, 20, 3_600)], NOW).await, left(9), "refused ones counted nothing");
    assert_eq!(spend(&storage, &[charge(2, 30, 3_600)], NOW).await, left(19));
}

pub async fn attempts_under_many_keys_at_once_are_counted_apart(storage: Storage) {
    // Each has a budget of its own, every fourth one that is spent; all share another.
    let own = |number: usize| charge(100 + number as u64, number as u32 % 3 + 2, 3_600);
    let shared = charge(1, 1_000, 3_600);
    let is_spent = |number| number % 4 == 3;
    for number in (0..RACERS).filter(|number| is_spent(*number)) {
        while matches!(spend(&storage, &[own(number)], NOW).await, Spent::Yes { .. }) {}
    }
    let spent = race(RACERS, |number| {
        let (attempts, charges) = (storage.attempts.clone(), [shared.clone(), own(number)]);
        // Nobody comes at the same microsecond.
        let now = NOW.plus(Duration::from_micros(number as u64));
        async move { attempts.spend(&charges, now).await.unwrap() }
    })
    .await;
    for (number, spent) in spent.into_iter().enumerate() {
        if is_spent(number) {
            assert!(matches!(spent, Spent::No { refused: 1, .. }), "{number}: {spent:?}");
        } else {
            assert_eq!(spent, left_by(1, own(number).budget.capacity - 1), "{number}");
        }
    }
    let counted = (0..RACERS).filter(|number| !is_spent(*number)).count() as u32;
    assert_eq!(spend(&storage, &[shared], later(1)).await, left(1_000 - counted - 1));
}

pub async fn what_many_are_vouched_for_at_once_is_settled_apart(storage: Storage) {
    let own = |number: usize| charge(100 + number as u64, 4, 3_600);
    let shared = charge(1, 1_000, 3_600);
    for number in 0..RACERS {
        let charges = [own(number), shared.clone()];
        for _ in 0..2 {
            assert!(matches!(spend(&storage, &charges, NOW).await, Spent::Yes { .. }));
        }
    }
    let until = |number: usize| later(60 + number as u64);
    race(RACERS, |number| {
        let attempts = storage.attempts.clone();
        // Half of them are forgiven all of their own, the others one.
        let cleared = if number % 2 == 0 { vec![own(number).key] } else { Vec::new() };
        let known = vec![digest("known", 100 + number as u64), digest("known", 1)];
        let refunded = vec![own(number), shared.clone()];
        let vouched = Vouched { known, until: until(number), refunded, cleared };
        async move { attempts.vouch(&vouched, NOW).await.unwrap() }
    })
    .await;
    for number in 0..RACERS {
        let key = digest("known", 100 + number as u64);
        assert!(storage.attempts.is_remembered(&key, just_before(until(number))).await.unwrap());
        assert!(!storage.attempts.is_remembered(&key, until(number)).await.unwrap());
        let remaining = if number % 2 == 0 { 3 } else { 2 };
        assert_eq!(spend(&storage, &[own(number)], NOW).await, left(remaining), "{number}");
    }
    let last = just_before(until(RACERS - 1));
    assert!(storage.attempts.is_remembered(&digest("known", 1), last).await.unwrap(), "the longest counts");
    assert_eq!(spend(&storage, &[shared], NOW).await, left(1_000 - RACERS as u32 - 1));
}

pub async fn racing_refunds_lose_nothing(storage: Storage) {
    let charges = [charge(1, RACERS as u32, 3_600)];
    for _ in 0..RACERS {
        let _ = spend(&storage, &charges, NOW).await;
    }
    race(RACERS, |_| {
        let (attempts, charges) = (storage.attempts.clone(), charges.clone());
        async move { attempts.refund(&charges, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(spend(&storage, &charges, NOW).await, left(RACERS as u32 - 1));
}

pub async fn a_key_is_remembered_until_its_time(storage: Storage) {
    let key = digest("known", 1);
    let is_remembered = async |now| storage.attempts.is_remembered(&key, now).await.unwrap();
    assert!(!is_remembered(NOW).await);
    storage.attempts.vouch(&known(1, later(60)), NOW).await.unwrap();
    assert!(is_remembered(NOW).await);
    assert!(is_remembered(just_before(later(60))).await);
    assert!(!is_remembered(later(60)).await);
    assert!(!storage.attempts.is_remembered(&digest("known", 2), NOW).await.unwrap());

    for until in [later(120), later(90)] {
        storage.attempts.vouch(&known(1, until), NOW).await.unwrap();
    }
    assert!(is_remembered(later(119)).await, "remembered again, it is remembered longer and never shorter");
}

pub async fn vouching_gives_back_and_forgets_what_was_counted(storage: Storage) {
    let (cleared, refunded, kept) = (charge(1, 2, 60), charge(2, 2, 60), charge(3, 2, 60));
    for _ in 0..2 {
        let charges = [cleared.clone(), refunded.clone(), kept.clone()];
        assert!(matches!(spend(&storage, &charges, NOW).await, Spent::Yes { .. }));
    }
    let vouched = Vouched {
        refunded: vec![refunded.clone(), cleared.clone(), charge(8, 2, 60)],
        cleared: vec![digest("attempt", 9), cleared.key],
        ..known(1, later(60))
    };
    storage.attempts.vouch(&vouched, NOW).await.unwrap();
    assert_eq!(spend(&storage, &[cleared], NOW).await, left(1));
    assert_eq!(spend(&storage, &[refunded], NOW).await, left(0));
    assert_spent(spend(&storage, &[kept], NOW).await, 0, later(30));
}

pub async fn racing_memories_of_one_key_are_one(storage: Storage) {
    race(RACERS, |racer| {
        let attempts = storage.attempts.clone();
        let mut vouched = Vouched {
            known: vec![digest("known", 1), digest("known", 2)],
            until: later(60),
            refunded: vec![charge(1, 2, 60), charge(3, 2, 60)],
            cleared: vec![digest("attempt", 1), digest("attempt", 2)],
        };
        // Whatever the order of what one is told, nobody waits for who waits for him.
        if racer % 2 == 0 {
            vouched.known.reverse();
            vouched.refunded.reverse();
            vouched.cleared.reverse();
        }
        async move { attempts.vouch(&vouched, NOW).await.unwrap() }
    })
    .await;
    assert!(storage.attempts.is_remembered(&digest("known", 1), later(1)).await.unwrap());
}

cases! {
    ($) attempt_store:
    /// Expands to the tests of [`AttemptStore`](password_domain::ports::AttemptStore); takes the path of a factory of
    /// `Storage`.
    attempt_store_contract as attempt_store {
        a_budget_has_as_many_attempts_as_its_capacity,
        a_budget_that_does_not_divide_evenly_is_whole_all_the_same,
        attempts_come_back_one_by_one,
        an_attempt_comes_back_at_the_time_that_was_named,
        a_rested_budget_is_whole_and_no_more,
        a_clock_that_goes_back_gives_no_attempts,
        keys_are_counted_apart,
        the_scarcest_budget_says_what_remains,
        of_equally_scarce_budgets_the_last_is_named,
        a_spent_budget_counts_nothing_under_any_key,
        a_refund_gives_one_attempt_back_under_every_key,
        refunds_never_pass_a_whole_budget,
        racing_attempts_are_counted_exactly,
        racing_attempts_under_the_same_keys_in_any_order_wait_for_nobody_forever,
        attempts_under_many_keys_at_once_are_counted_apart,
        what_many_are_vouched_for_at_once_is_settled_apart,
        racing_refunds_lose_nothing,
        a_key_is_remembered_until_its_time,
        vouching_gives_back_and_forgets_what_was_counted,
        racing_memories_of_one_key_are_one,
    }
}
