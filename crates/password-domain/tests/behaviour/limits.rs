//! Budgets: what is counted, under which key, and whom it shuts out.

use std::net::IpAddr;
use std::time::Duration;

use password_domain::account::Realm;
use password_domain::notice::NoticeKind;
use password_domain::ports::{Content, EventKind};
use password_domain::session::Caller;
use password_domain::settings::{Limits, ScopeLimits};
use password_domain::source::Source;
use password_domain::time::Timestamp;
use password_domain::use_cases::{
    ChangeError, CredentialsError, RecoveryError, Requested, SignInError, Telling,
};
use password_testkit::builders::new_account;
use rstest::rstest;

use crate::scene::{DAY, FIRST, HOUR, NotReset, SECOND, SHORT, Scene, THIRD, WRONG, budget, from, home, pw};

async fn guess(scene: &Scene, login: &str, source: &Source) -> &'static str {
    match scene.sign_in_from("user", login, WRONG, source).await {
        Err(SignInError::Rejected) => "rejected",
        Err(SignInError::TooManyAttempts { .. }) => "limited",
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn guesses_are_limited_alike_for_known_and_unknown_names() {
    let scene = Scene::with_limits(|limits| limits.sign_in.pair = budget(3));
    scene.add("user", "alice").await;
    for login in ["alice", "nobody"] {
        let mut answers = Vec::new();
        for _ in 0..5 {
            answers.push(guess(&scene, login, &home()).await);
        }
        assert_eq!(answers, ["rejected", "rejected", "rejected", "limited", "limited"], "{login}");
        let (_, evaluations) = scene.counted(guess(&scene, login, &home())).await;
        assert_eq!(evaluations, 0, "{login}");
    }
    let right = scene.sign_in("user", "alice", FIRST).await;
    let Err(SignInError::TooManyAttempts { retry_after }) = right else { panic!("{right:?}") };
    assert_eq!(retry_after, HOUR / 3, "even a right password has to wait");
    scene.advance(retry_after);
    scene.sign_in("user", "alice", FIRST).await.unwrap();
}

#[tokio::test]
async fn spellings_of_one_login_share_its_budget() {
    let scene = Scene::with_limits(|limits| limits.sign_in.pair = budget(3));
    for login in ["jos\u{e9}", "JOS\u{c9}", "jose\u{301}"] {
        assert_eq!(guess(&scene, login, &home()).await, "rejected");
    }
    assert_eq!(guess(&scene, "Jose\u{301}", &home()).await, "limited");
    assert_eq!(guess(&scene, "jose", &home()).await, "rejected");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_guesses_exactly_as_many_are_answered_as_there_are_attempts() {
    let scene = Scene::with_limits(|limits| limits.sign_in.pair = budget(20));
    scene.add("user", "alice").await;
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let scene = scene.clone();
            tokio::spawn(async move { guess(&scene, "alice", &home()).await })
        })
        .collect();
    let mut rejected = 0;
    for task in tasks {
        rejected += usize::from(task.await.unwrap() == "rejected");
    }
    assert_eq!(rejected, 20);
    assert_eq!(scene.world.hasher.evaluations(), 20);
    assert_eq!(scene.world.events.count(EventKind::SignInLimited), 44);
}

#[tokio::test]
async fn a_success_gives_its_own_attempt_back_and_clears_the_pair() {
    let scene = Scene::with_limits(|limits| {
        limits.sign_in.pair = budget(3);
        limits.sign_in.address = budget(5);
    });
    scene.add("user", "alice").await;
    for _ in 0..2 {
        guess(&scene, "alice", &home()).await;
    }
    for _ in 0..10 {
        scene.sign_in("user", "alice", FIRST).await.unwrap();
    }
    for _ in 0..3 {
        assert_eq!(guess(&scene, "alice", &home()).await, "rejected", "a whole budget again");
    }
    assert_eq!(guess(&scene, "alice", &home()).await, "limited");
    let other = scene.sign_in("user", "nobody", WRONG).await;
    assert!(
        matches!(other, Err(SignInError::TooManyAttempts { .. })),
        "the address has not been forgiven: 2 and 3 guesses"
    );
}

#[tokio::test]
async fn an_address_has_one_budget_for_all_names() {
    let scene = Scene::with_limits(|limits| limits.sign_in.address = budget(3));
    for number in 0..3 {
        assert_eq!(guess(&scene, &format!("name{number}"), &home()).await, "rejected");
    }
    assert_eq!(guess(&scene, "one-more", &home()).await, "limited");
    assert_eq!(guess(&scene, "one-more", &from("192.0.2.2")).await, "rejected");
}

#[tokio::test]
async fn an_ipv6_network_of_64_bits_is_one_address() {
    let scene = Scene::with_limits(|limits| limits.sign_in.address = budget(2));
    assert_eq!(guess(&scene, "a", &from("2001:db8::1")).await, "rejected");
    assert_eq!(guess(&scene, "b", &from("2001:db8::ffff:ffff:ffff:ffff")).await, "rejected");
    assert_eq!(guess(&scene, "c", &from("2001:db8::2")).await, "limited");
    assert_eq!(guess(&scene, "c", &from("2001:db8:0:1::1")).await, "rejected");
    for address in ["192.0.2.1", "::ffff:192.0.2.1"] {
        assert_eq!(guess(&scene, "d", &from(address)).await, "rejected");
    }
    assert_eq!(guess(&scene, "d", &home()).await, "limited", "IPv4 in IPv6 is IPv4");
}

#[tokio::test]
async fn a_stranger_cannot_lock_out_an_address_that_the_account_knows() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(5));
    scene.add("user", "alice").await;
    scene.sign_in("user", "alice", FIRST).await.unwrap();
    for number in 0..5 {
        assert_eq!(guess(&scene, "alice", &from(&format!("198.51.100.{number}"))).await, "rejected");
    }
    assert_eq!(guess(&scene, "alice", &from("198.51.100.99")).await, "limited");
    let unknown_address = scene.sign_in_from("user", "alice", FIRST, &from("198.51.100.99")).await;
    assert!(matches!(unknown_address, Err(SignInError::TooManyAttempts { .. })));

    scene.sign_in("user", "alice", FIRST).await.unwrap();
    let change = scene.change_with_credentials("user", "alice", FIRST, SECOND).await;
    change.unwrap();
}

#[tokio::test]
async fn an_address_is_known_for_30_days_to_one_account_alone() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(1));
    scene.add("user", "alice").await;
    scene.add("user", "bob").await;
    scene.sign_in("user", "alice", FIRST).await.unwrap();
    let stranger = from("198.51.100.7");
    guess(&scene, "bob", &stranger).await;
    let bob = scene.sign_in("user", "bob", FIRST).await;
    assert!(matches!(bob, Err(SignInError::TooManyAttempts { .. })), "home is known to alice, not to bob");

    scene.advance(30 * DAY);
    guess(&scene, "alice", &stranger).await;
    let alice = scene.sign_in("user", "alice", FIRST).await;
    assert!(matches!(alice, Err(SignInError::TooManyAttempts { .. })), "30 days later");
}

#[tokio::test]
async fn a_wrong_password_does_not_make_an_address_known() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(2));
    scene.add("user", "alice").await;
    for _ in 0..2 {
        assert_eq!(guess(&scene, "alice", &home()).await, "rejected");
    }
    assert_eq!(guess(&scene, "alice", &home()).await, "limited");
}

/// Guesses at a name from so many addresses, each time another one.
async fn guess_from_everywhere(scene: &Scene, login: &str, count: usize) -> Vec<&'static str> {
    let mut answers = Vec::new();
    for number in 1..=count {
        answers.push(guess(scene, login, &from(&format!("198.51.100.{number}"))).await);
    }
    answers
}

/// Returns when and from where each mail of too many attempts says that the last one was made.
fn told(scene: &Scene) -> Vec<(String, Timestamp, Option<IpAddr>)> {
    let mails = scene.world.mailer.delivered().into_iter();
    mails
        .filter_map(|mail| match mail.content {
            Content::TooManyAttempts { at, from } => Some((mail.to, at, from)),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn the_owner_is_told_once_when_the_names_own_budget_is_spent() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(3));
    scene.add("user", "alice").await;
    guess_from_everywhere(&scene, "alice", 2).await;
    scene.deliver().await;
    assert_eq!(told(&scene), [], "one attempt is left");

    assert_eq!(guess(&scene, "ALICE", &from("203.0.113.7")).await, "rejected");
    assert_eq!(guess(&scene, "alice", &from("203.0.113.8")).await, "limited");
    let at = scene.now();
    scene.deliver().await;
    let expected = ("alice@example.org".to_owned(), at, from("203.0.113.7").address());
    assert_eq!(told(&scene), [expected]);
    assert_eq!(scene.world.mailer.delivered().len(), 1);
    assert_eq!(scene.world.tokens.minted(), 0, "nothing in it opens anything");
}

#[tokio::test]
async fn the_owner_is_told_of_attempts_at_most_once_in_24_hours() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(1));
    scene.add("user", "alice").await;
    let begin = scene.now();
    for hour in 0..24 {
        assert_eq!(guess(&scene, "alice", &from("198.51.100.7")).await, "rejected", "{hour}");
        scene.deliver().await;
        assert_eq!(told(&scene).len(), 1, "{hour}");
        scene.advance(HOUR);
    }
    guess(&scene, "alice", &from("198.51.100.8")).await;
    scene.deliver().await;
    let told = told(&scene);
    assert_eq!(told.len(), 2, "a day later");
    assert_eq!((told[1].1, told[1].2), (begin.plus(DAY), from("198.51.100.8").address()));
}

#[tokio::test]
async fn attempts_at_a_name_are_told_to_its_owner_alone_and_only_if_active() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(1));
    for realm in ["user", "member"] {
        scene.add(realm, "alice").await;
        scene.add(realm, "bob").await;
    }
    scene.add_built(new_account("user", "blocked").blocked()).await;
    scene.add_built(new_account("user", "inactive").inactive()).await;
    for login in ["alice", "alice@example.org", "blocked", "inactive", "nobody", "nobody@example.org"] {
        assert_eq!(guess(&scene, login, &home()).await, "rejected", "{login}");
    }
    scene.deliver().await;
    let mails = scene.world.mailer.attempted();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!((mails[0].realm.as_str(), mails[0].login.as_str()), ("user", "alice"));
    assert_eq!(scene.pending(&NoticeKind::TooManyAttempts), 0, "nothing waits for nobody");
}

#[tokio::test]
async fn a_spent_name_costs_the_same_calls_whoevers_it_is() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(3));
    scene.add("user", "alice").await;
    scene.add_built(new_account("user", "blocked").blocked()).await;
    let mut calls = Vec::new();
    for login in ["alice", "blocked", "nobody"] {
        scene.tap.take();
        let answers = guess_from_everywhere(&scene, login, 5).await;
        assert_eq!(answers, ["rejected", "rejected", "rejected", "limited", "limited"], "{login}");
        calls.push(scene.tap.take());
    }
    assert!(calls.iter().all(|made| *made == calls[0]), "{calls:?}");
    assert_eq!(calls[0].iter().filter(|call| **call == "Outbox::queue").count(), 1);

    scene.advance(HOUR / 3);
    let mut calls = Vec::new();
    for login in ["alice", "blocked", "nobody"] {
        scene.tap.take();
        assert_eq!(guess_from_everywhere(&scene, login, 1).await, ["rejected"], "{login}");
        calls.push(scene.tap.take());
    }
    assert!(calls.iter().all(|made| *made == calls[0]), "also when it was told before: {calls:?}");
    assert!(!calls[0].contains(&"Outbox::queue"));
}

#[rstest]
#[case::pair(|limits: &mut Limits| limits.sign_in.pair = budget(3))]
#[case::address(|limits: &mut Limits| limits.sign_in.address = budget(3))]
#[case::both(|limits: &mut Limits| (limits.sign_in.pair, limits.sign_in.address) = (budget(3), budget(3)))]
#[tokio::test]
async fn one_address_that_is_out_of_attempts_is_told_to_nobody(#[case] adjust: fn(&mut Limits)) {
    let scene = Scene::with_limits(adjust);
    scene.add("user", "alice").await;
    for answer in ["rejected", "rejected", "rejected", "limited"] {
        assert_eq!(guess(&scene, "alice", &home()).await, answer);
    }
    scene.deliver().await;
    assert_eq!(told(&scene), []);
}

#[tokio::test]
async fn a_spent_name_is_told_of_also_where_other_budgets_are_spent_with_it() {
    let scene = Scene::with_limits(|limits| {
        let three = budget(3);
        limits.sign_in = ScopeLimits { pair: three, address: three, identifier: three };
    });
    scene.add("user", "alice").await;
    for _ in 0..3 {
        guess(&scene, "alice", &home()).await;
    }
    scene.deliver().await;
    assert_eq!(told(&scene).len(), 1);
}

#[tokio::test]
async fn a_right_password_with_the_last_attempt_is_told_to_nobody() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(3));
    scene.add("user", "alice").await;
    guess_from_everywhere(&scene, "alice", 2).await;
    scene.sign_in("user", "alice", FIRST).await.unwrap();
    scene.deliver().await;
    assert_eq!(told(&scene), []);
    assert_eq!(guess(&scene, "alice", &from("203.0.113.7")).await, "rejected", "it was given back");
    scene.deliver().await;
    assert_eq!(told(&scene).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_are_told_of_once() {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(20));
    scene.add("user", "alice").await;
    let tasks: Vec<_> = (1..=64)
        .map(|number| {
            let scene = scene.clone();
            tokio::spawn(async move { guess(&scene, "alice", &from(&format!("198.51.100.{number}"))).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    scene.deliver().await;
    assert_eq!(told(&scene).len(), 1);
}

#[tokio::test]
async fn the_hosted_change_shares_the_budget_of_signing_in() {
    let scene = Scene::with_limits(|limits| limits.sign_in.pair = budget(2));
    scene.add("user", "alice").await;
    guess(&scene, "alice", &home()).await;
    scene.change_with_credentials("user", "alice", WRONG, SECOND).await.unwrap_err();
    assert_eq!(guess(&scene, "alice", &home()).await, "limited");
    let change = scene.change_with_credentials("user", "alice", FIRST, SECOND).await;
    assert!(matches!(change, Err(CredentialsError::TooManyAttempts { .. })));
}

async fn caller(scene: &Scene) -> (String, Caller) {
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("user", &session).await.unwrap();
    (session, caller)
}

#[tokio::test]
async fn a_session_ends_after_as_many_wrong_old_passwords_as_it_survives() {
    let scene = Scene::with_limits(|limits| limits.session = budget(4));
    scene.add("user", "alice").await;
    let (session, thief) = caller(&scene).await;
    let (other, owner) = caller(&scene).await;
    for number in 1..=4 {
        assert!(scene.lives("user", &session).await, "before guess {number}");
        let refused = scene.change(thief.clone(), WRONG, SECOND).await;
        assert!(matches!(refused, Err(ChangeError::WrongPassword)), "{refused:?}");
    }
    assert!(!scene.lives("user", &session).await);
    assert!(scene.lives("user", &other).await, "the owner's own session goes on");
    assert_eq!(scene.world.events.count(EventKind::SessionEnded), 1);
    scene.change(owner, FIRST, SECOND).await.unwrap();
}

#[tokio::test]
async fn a_guess_at_an_old_password_counts_before_it_is_answered() {
    let scene = Scene::with_limits(|limits| limits.session = budget(1));
    scene.add("user", "alice").await;
    let (session, thief) = caller(&scene).await;
    let held = scene.tap.hold("PasswordHasher::verify");
    let first = tokio::spawn({
        let (scene, thief) = (scene.clone(), thief.clone());
        async move { scene.change(thief, WRONG, SECOND).await }
    });
    held.reached().await;
    let (second, evaluations) = scene.counted(scene.change(thief, WRONG, SECOND)).await;
    assert!(matches!(second, Err(ChangeError::TooManyAttempts { .. })), "{second:?}");
    assert_eq!(evaluations, 0);
    held.release();
    let first = first.await.unwrap();
    assert!(matches!(first, Err(ChangeError::WrongPassword)), "{first:?}");
    assert!(!scene.lives("user", &session).await);
}

#[tokio::test]
async fn only_wrong_old_passwords_count_against_a_session() {
    let scene = Scene::with_limits(|limits| limits.session = budget(2));
    scene.add("dealer", "alice").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    for _ in 0..10 {
        scene.change(caller.clone(), FIRST, FIRST).await.unwrap_err();
        scene.change(caller.clone(), WRONG, SHORT).await.unwrap_err();
    }
    scene.world.hasher.overload(Some(Duration::from_secs(1)));
    for _ in 0..10 {
        scene.change(caller.clone(), WRONG, SECOND).await.unwrap_err();
    }
    scene.world.hasher.overload(None);
    assert!(scene.lives("dealer", &session).await);
}

#[tokio::test]
async fn old_passwords_are_limited_by_account_and_address_whatever_the_session() {
    let scene = Scene::with_limits(|limits| limits.old_password.pair = budget(3));
    scene.add("user", "alice").await;
    for number in 0..5 {
        let (_, thief) = caller(&scene).await;
        let (refused, evaluations) = scene.counted(scene.change(thief, WRONG, SECOND)).await;
        let limited = matches!(refused, Err(ChangeError::TooManyAttempts { .. }));
        assert_eq!((limited, evaluations), if number < 3 { (false, 1) } else { (true, 0) }, "{number}");
    }
    let (_, owner) = caller(&scene).await;
    scene.change_from(owner, FIRST, SECOND, &from("198.51.100.7")).await.unwrap();
}

#[tokio::test]
async fn right_old_passwords_cost_no_attempts() {
    let scene = Scene::with_limits(|limits| limits.old_password.pair = budget(1));
    scene.add("dealer", "alice").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    scene.change(caller, FIRST, SECOND).await.unwrap();
    let session = scene.sign_in("dealer", "alice", SECOND).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    for _ in 0..3 {
        let reused = scene.change(caller.clone(), SECOND, FIRST).await;
        assert!(matches!(reused, Err(ChangeError::RecentlyUsed)), "{reused:?}");
    }
    scene.change(caller, SECOND, THIRD).await.unwrap();
}

#[rstest]
#[case::unknown("nobody")]
#[case::known("alice")]
#[tokio::test]
async fn a_request_over_its_names_budget_is_answered_alike_and_sends_nothing(#[case] name: &str) {
    let scene = Scene::with_limits(|limits| limits.reset_request.identifier = budget(2));
    scene.add("user", "alice").await;
    for number in 0..5 {
        let source = from(&format!("198.51.100.{number}"));
        let user = Realm::user();
        let answer = scene.house.request_reset.request(&user, name, Telling::Nothing, &source).await;
        assert_eq!(answer.unwrap(), Requested::Accepted);
        scene.deliver().await;
    }
    assert_eq!(scene.reset_mails().len(), if name == "alice" { 2 } else { 0 });
    assert_eq!(scene.world.events.count(EventKind::ResetLimited), 3);
}

#[rstest]
#[case::by_login("alice")]
#[case::by_address("Alice@Example.org")]
#[tokio::test]
async fn a_stranger_cannot_keep_a_known_address_from_asking_for_a_mail(#[case] name: &str) {
    let scene = Scene::with_limits(|limits| limits.reset_request.identifier = budget(2));
    scene.add("user", "alice").await;
    scene.sign_in("user", "alice", FIRST).await.unwrap();
    for _ in 0..3 {
        let (user, stranger) = (Realm::user(), from("198.51.100.7"));
        let answer = scene.house.request_reset.request(&user, name, Telling::Nothing, &stranger).await;
        assert_eq!(answer.unwrap(), Requested::Accepted);
    }
    scene.deliver().await;
    scene.mailed_token("user", name).await;
}

#[tokio::test]
async fn tries_of_tokens_are_limited_by_address() {
    let scene = Scene::with_limits(|limits| limits.reset_token.address = budget(3));
    scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    for number in 0..3 {
        assert!(!scene.token_lives("user", &format!("e{number:031x}")).await);
    }
    let user = Realm::user();
    let limited = scene.house.complete_reset.recognise(&user, None, &token, &home()).await;
    assert!(matches!(limited, Err(RecoveryError::TooManyAttempts { .. })));
    let elsewhere = from("198.51.100.7");
    let recovery = scene.house.complete_reset.recognise(&user, None, &token, &elsewhere).await.unwrap();
    recovery.set(&pw(SECOND), &elsewhere).await.unwrap();
}

#[tokio::test]
async fn a_live_token_spends_nothing_of_its_address() {
    let scene = Scene::with_limits(|limits| limits.reset_token.address = budget(1));
    scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    for _ in 0..5 {
        let refused = scene.reset("user", &token, SHORT).await.unwrap_err();
        assert!(!matches!(refused, NotReset::Token(_)), "{refused:?}");
    }
    scene.reset("user", &token, SECOND).await.unwrap();
}

#[tokio::test]
async fn one_token_has_a_bounded_number_of_tries_also_at_rules() {
    let scene = Scene::with_limits(|limits| limits.reset_token.pair = budget(3));
    scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    for _ in 0..3 {
        scene.reset("user", &token, SHORT).await.unwrap_err();
    }
    let refused = scene.reset("user", &token, SECOND).await.unwrap_err();
    assert!(matches!(refused, NotReset::Token(RecoveryError::TooManyAttempts { .. })), "{refused:?}");
    scene.advance(HOUR / 3);
    scene.reset("user", &token, THIRD).await.unwrap();
}

#[tokio::test]
async fn checks_of_passwords_are_limited_by_address() {
    let scene = Scene::with_limits(|limits| limits.password_check = budget(2));
    let check = &scene.house.check_password;
    for _ in 0..2 {
        assert_eq!(check.limited(&home()).await.unwrap(), None);
    }
    assert_eq!(check.limited(&home()).await.unwrap(), Some(HOUR / 2));
    assert_eq!(check.limited(&from("192.0.2.2")).await.unwrap(), None);
}

#[tokio::test]
async fn scopes_and_realms_have_budgets_of_their_own() {
    let scene = Scene::with_limits(|limits| {
        limits.sign_in.pair = budget(1);
        limits.reset_request.pair = budget(1);
    });
    scene.add("user", "alice").await;
    scene.add("member", "alice").await;
    guess(&scene, "alice", &home()).await;
    scene.mailed_token("user", "alice").await;
    scene.mailed_token("member", "alice").await;
    scene.sign_in("member", "alice", FIRST).await.unwrap();
}

#[tokio::test]
async fn without_limits_nothing_is_counted() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let (session, thief) = caller(&scene).await;
    scene.tap.take();
    for _ in 0..100 {
        guess(&scene, "alice", &home()).await;
        scene.change(thief.clone(), WRONG, SECOND).await.unwrap_err();
    }
    assert!(scene.lives("user", &session).await);
    let calls = scene.tap.take();
    assert!(!calls.iter().any(|call| call.starts_with("AttemptStore") || call.starts_with("Outbox")));
    scene.deliver().await;
    assert_eq!(scene.world.mailer.attempted().len(), 0, "nobody is told of anything");
}
