//! Changing a password with the old one.

use std::collections::BTreeSet;

use password_domain::account::{Permission, Realm};
use password_domain::audit::{Actor, AuditAction};
use password_domain::notice::NoticeKind;
use password_domain::ports::{AccountUpdate, EventKind, Lane, PortError};
use password_domain::session::Caller;
use password_domain::use_cases::{ChangeDenied, ChangeError, CredentialsError, Difference};
use password_testkit::builders::new_account;

use crate::scene::{FIRST, SECOND, SHORT, Scene, THIRD, WRONG, home, nth, pw, set_depth};

/// An account that is signed in.
async fn signed_in(scene: &Scene, at: &str) -> Caller {
    scene.add(at, "alice").await;
    recognised(scene, at, FIRST).await
}

async fn recognised(scene: &Scene, at: &str, password: &str) -> Caller {
    let session = scene.sign_in(at, "alice", password).await.unwrap();
    scene.recognise(at, &session).await.unwrap()
}

#[tokio::test]
async fn a_change_costs_two_evaluations_in_the_share_of_those_who_proved_something() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    scene.world.hasher.reset_evaluations();
    scene.change(caller, FIRST, SECOND).await.unwrap();
    assert_eq!(scene.world.hasher.evaluations_in(Lane::Proved), 2);
    assert_eq!(scene.world.hasher.evaluations_in(Lane::Stranger), 0);
}

#[tokio::test]
async fn a_change_with_a_history_costs_three_evaluations_at_any_depth() {
    let scene = Scene::with(|settings| set_depth(settings, "dealer", 40));
    let alice = scene.add("dealer", "alice").await;
    let mut old = FIRST.to_owned();
    for number in 0..50 {
        let caller = recognised(&scene, "dealer", &old).await;
        let new = nth(number);
        let (changed, evaluations) = scene.counted(scene.change(caller, &old, &new)).await;
        changed.unwrap();
        assert_eq!(evaluations, 3, "change {number}");
        old = new;
    }
    assert_eq!(scene.history_length(&alice.id).await, 40);

    let caller = recognised(&scene, "dealer", &old).await;
    let (refused, evaluations) = scene.counted(scene.change(caller, &old, &nth(20))).await;
    assert!(matches!(refused, Err(ChangeError::RecentlyUsed)));
    assert_eq!(evaluations, 2, "the old password and the history");
}

#[tokio::test]
async fn refusals_cost_no_more_than_they_must() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "dealer").await;
    for (old, new, expected) in [(FIRST, FIRST, 0), (FIRST, SHORT, 0), (WRONG, SECOND, 1)] {
        let (refused, evaluations) = scene.counted(scene.change(caller.clone(), old, new)).await;
        refused.unwrap_err();
        assert_eq!(evaluations, expected, "{old} to {new}");
    }
    let (session, evaluations) = scene.counted(scene.recognise("dealer", &"0".repeat(32))).await;
    assert!(session.is_none());
    assert_eq!(evaluations, 0, "an unknown session");
}

#[tokio::test]
async fn a_wrong_old_password_reads_no_history() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "dealer").await;
    scene.tap.take();
    scene.change(caller, WRONG, SECOND).await.unwrap_err();
    assert_eq!(scene.tap.take(), ["PasswordHasher::verify"]);
}

#[tokio::test]
async fn an_endless_old_password_is_wrong_without_an_evaluation() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    for old in ["a".repeat(1_025), "a".repeat(1 << 20)] {
        let (refused, evaluations) = scene.counted(scene.change(caller.clone(), &old, SECOND)).await;
        assert!(matches!(refused, Err(ChangeError::WrongPassword)));
        assert_eq!(evaluations, 0);
    }
}

#[tokio::test]
async fn permission_and_demo_come_before_anything_that_was_sent() {
    let scene = Scene::new();
    let needs = Permission::password_update();
    let begin = |caller: Caller| scene.house.change_password.begin(caller, Some(&needs)).err();

    let demo = scene.world.add_with_password(new_account("dealer", "demo").demo(), FIRST).await;
    let session = scene.sign_in("dealer", "demo", FIRST).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    assert_eq!(begin(caller), Some(ChangeDenied::NotPermitted), "the permission comes first");

    let permissions = Some(BTreeSet::from([needs.clone()]));
    let update = AccountUpdate { permissions, ..AccountUpdate::default() };
    scene.house.manage_accounts.update(&demo, &update).await.unwrap();
    let session = scene.sign_in("dealer", "demo", FIRST).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    assert_eq!(begin(caller), Some(ChangeDenied::Demo));
}

#[tokio::test]
async fn checks_come_in_the_order_of_the_contract() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let caller = recognised(&scene, "dealer", FIRST).await;
    scene.change(caller, FIRST, SECOND).await.unwrap();
    let caller = recognised(&scene, "dealer", SECOND).await;
    let attempt = async |old: &str, new: &str| scene.change(caller.clone(), old, new).await.unwrap_err();

    // Each line breaks everything that the lines below it break, but for what cannot be broken at once.
    assert!(matches!(attempt(SHORT, SHORT).await, ChangeError::Unchanged), "before the policy");
    assert!(matches!(attempt(WRONG, SHORT).await, ChangeError::Policy(_)), "before the old password");
    assert!(matches!(attempt(WRONG, FIRST).await, ChangeError::WrongPassword), "before the history");
    assert!(matches!(attempt(SECOND, FIRST).await, ChangeError::RecentlyUsed));
    assert_eq!(scene.version(&alice.id).await, 2, "and nothing was written");
}

#[tokio::test]
async fn every_violated_rule_is_named_at_once_and_beforehand() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "dealer").await;
    let change = scene.house.change_password.begin(caller, None).unwrap();
    let before = change.violations(&pw("a")).unwrap();
    let carried_out = change.carry_out(&pw(WRONG), &pw("a"), Difference::NotRequired, &home()).await;
    let Err(ChangeError::Policy(violations)) = carried_out else { panic!("{carried_out:?}") };
    let codes: Vec<_> = violations.iter().map(|violation| violation.code()).collect();
    assert_eq!(codes, ["too_short", "classes"]);
    assert_eq!(violations, before);
}

#[tokio::test]
async fn a_change_writes_everything_that_belongs_to_it() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "dealer").await;
    let alice = caller.account().clone();
    scene.change(caller, FIRST, SECOND).await.unwrap();

    assert_eq!(scene.version(&alice.id).await, 2);
    assert_eq!(scene.history_length(&alice.id).await, 2);
    assert_eq!(scene.pending(&NoticeKind::PasswordChanged), 1);
    let line = scene.world.store.audit().pop().unwrap();
    assert_eq!((line.action, line.actor), (AuditAction::PasswordChanged, Actor::Owner));
    assert_eq!((line.account, line.from), (Some(alice.id), home().address()));
    assert_eq!(scene.world.events.count(EventKind::PasswordChanged), 1);
    scene.sign_in("dealer", "alice", FIRST).await.unwrap_err();
    scene.sign_in("dealer", "alice", SECOND).await.unwrap();
}

#[tokio::test]
async fn anothers_password_is_not_the_old_one() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    scene.world.add_with_password(new_account("user", "bob"), THIRD).await;
    for old in [THIRD, "", SECOND] {
        let refused = scene.change(caller.clone(), old, SECOND).await;
        // The empty one is wrong; the one that is the new one too is told before anything is verified.
        let expected = if old == SECOND { "Unchanged" } else { "WrongPassword" };
        assert_eq!(format!("{:?}", refused.unwrap_err()), expected);
    }
}

#[tokio::test]
async fn the_same_password_is_a_change_where_the_dialect_lets_it() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "member").await;
    let alice = caller.account().id.clone();
    let change = scene.house.change_password.begin(caller, None).unwrap();
    change.carry_out(&pw(FIRST), &pw(FIRST), Difference::NotRequired, &home()).await.unwrap();
    assert_eq!(scene.version(&alice).await, 2);

    let caller = signed_in(&scene, "dealer").await;
    let change = scene.house.change_password.begin(caller, None).unwrap();
    let refused = change.carry_out(&pw(FIRST), &pw(FIRST), Difference::NotRequired, &home()).await;
    assert!(matches!(refused, Err(ChangeError::RecentlyUsed)), "the current one counts as one of the last");
}

#[tokio::test]
async fn unicode_forms_are_one_password_to_difference_verification_and_history() {
    let scene = Scene::new();
    let (composed, decomposed) = ("Caf\u{e9}-Latte-12!", "Cafe\u{301}-Latte-12!");
    scene.world.add_with_password(new_account("dealer", "alice"), composed).await;

    let caller = recognised(&scene, "dealer", decomposed).await;
    let refused = scene.change(caller.clone(), composed, decomposed).await;
    assert!(matches!(refused, Err(ChangeError::Unchanged)));
    scene.change(caller, decomposed, SECOND).await.unwrap();
    for form in [composed, decomposed] {
        let caller = recognised(&scene, "dealer", SECOND).await;
        let refused = scene.change(caller, SECOND, form).await;
        assert!(matches!(refused, Err(ChangeError::RecentlyUsed)), "{form:?}");
    }
}

#[tokio::test]
async fn of_two_changes_under_one_session_the_second_finds_it_ended() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    scene.change(caller.clone(), FIRST, SECOND).await.unwrap();
    let late = scene.change(caller, FIRST, THIRD).await;
    assert!(matches!(late, Err(ChangeError::SessionEnded)));
    assert_eq!(scene.world.events.count(EventKind::PasswordChangeConflict), 1);
    scene.sign_in("user", "alice", SECOND).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_12_changes_at_once_one_wins() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let mut callers = Vec::new();
    for _ in 0..12 {
        callers.push(recognised(&scene, "dealer", FIRST).await);
    }
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(12));
    let tasks: Vec<_> = callers
        .into_iter()
        .enumerate()
        .map(|(number, caller)| {
            let (scene, start) = (scene.clone(), start.clone());
            tokio::spawn(async move {
                start.wait().await;
                (number, scene.change(caller, FIRST, &nth(number)).await)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (number, Ok(())) => winners.push(number),
            (_, Err(ChangeError::SessionEnded)) => {}
            (number, other) => panic!("{number}: {other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    scene.sign_in("dealer", "alice", &nth(winners[0])).await.unwrap();
    assert_eq!(scene.version(&alice.id).await, 2);
    assert_eq!(scene.history_length(&alice.id).await, 2);
    assert_eq!(scene.audited(AuditAction::PasswordChanged), 1);
    assert_eq!(scene.pending(&NoticeKind::PasswordChanged), 1);
}

#[tokio::test]
async fn an_overloaded_queue_changes_nothing() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    scene.world.hasher.overload(Some(std::time::Duration::from_secs(1)));
    let refused = scene.change(caller.clone(), FIRST, SECOND).await;
    assert!(matches!(refused, Err(ChangeError::Port(PortError::Overloaded { .. }))));
    scene.world.hasher.overload(None);
    scene.change(caller, FIRST, SECOND).await.unwrap();
}

#[tokio::test]
async fn with_login_and_password_the_password_is_verified_before_anything_is_told() {
    let scene = Scene::new();
    scene.add("dealer", "alice").await;
    scene.add_built(new_account("dealer", "demo").demo()).await;
    scene.add_built(new_account("dealer", "blocked").blocked()).await;
    scene.add_built(new_account("dealer", "inactive").inactive()).await;
    let attempt = async |login: &str, old: &str, new: &str| {
        scene.counted(scene.change_with_credentials("dealer", login, old, new)).await
    };
    for login in ["alice", "demo", "blocked", "inactive", "nobody"] {
        for new in [SHORT, WRONG, FIRST, SECOND] {
            let (refused, evaluations) = attempt(login, WRONG, new).await;
            assert!(matches!(refused, Err(CredentialsError::Rejected)), "{login}: {refused:?}");
            assert_eq!(evaluations, 1, "{login}");
        }
    }
    assert!(matches!(attempt("blocked", FIRST, SHORT).await.0, Err(CredentialsError::Blocked)));
    assert!(matches!(attempt("inactive", FIRST, SHORT).await.0, Err(CredentialsError::NotActivated)));
    assert!(matches!(attempt("demo", FIRST, FIRST).await.0, Err(CredentialsError::Demo)));
    assert!(matches!(attempt("alice", FIRST, FIRST).await.0, Err(CredentialsError::Unchanged)));
    assert!(matches!(attempt("alice", FIRST, SHORT).await.0, Err(CredentialsError::Policy(_))));

    let (changed, evaluations) = attempt("alice", FIRST, SECOND).await;
    changed.unwrap();
    assert_eq!(evaluations, 3);
    let (refused, evaluations) = attempt("alice", SECOND, FIRST).await;
    assert!(matches!(refused, Err(CredentialsError::RecentlyUsed)));
    assert_eq!(evaluations, 2);
}

#[tokio::test]
async fn with_login_and_password_a_lost_race_looks_like_a_wrong_password() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    let held = scene.tap.hold("PasswordHasher::hash");
    let late = tokio::spawn({
        let scene = scene.clone();
        async move { scene.change_with_credentials("user", "alice", FIRST, THIRD).await }
    });
    held.reached().await;
    scene.change(caller, FIRST, SECOND).await.unwrap();
    held.release();
    assert!(matches!(late.await.unwrap(), Err(CredentialsError::Rejected)));
    scene.sign_in("user", "alice", SECOND).await.unwrap();
}

#[tokio::test]
async fn a_realm_that_is_not_configured_is_an_error_and_no_panic() {
    let scene = Scene::new();
    let caller = signed_in(&scene, "user").await;
    let without = scene.reconfigured(|settings| {
        settings.realms.remove(&Realm::user());
    });
    assert!(matches!(without.change(caller, FIRST, SECOND).await, Err(ChangeError::Port(_))));
}
