//! Setting a password with a token from a mail.

use std::sync::Arc;
use std::time::Duration;

use password_domain::account::{AccountStatus, Realm};
use password_domain::audit::AuditAction;
use password_domain::notice::NoticeKind;
use password_domain::ports::{ApiKeyStore, EventKind, TokenSource};
use password_domain::token::{TokenForm, TokenPurpose};
use password_domain::use_cases::{RecoveryError, ResetError};
use password_testkit::START;
use password_testkit::builders::{new_account, realm};
use rstest::rstest;

use crate::scene::{FIRST, HOUR, NotReset, SECOND, SHORT, Scene, THIRD, home, nth};

#[rstest]
#[case::user("user", 1)]
#[case::dealer("dealer", 2)]
#[case::member("member", 1)]
#[tokio::test]
async fn a_token_sets_one_password_once(#[case] at: &str, #[case] cost: usize) {
    let scene = Scene::new();
    let alice = scene.add(at, "alice").await;
    let token = scene.mailed_token(at, "alice").await;

    let (set, evaluations) = scene.counted(scene.reset(at, &token, SECOND)).await;
    set.unwrap();
    assert_eq!(evaluations, cost);
    scene.sign_in(at, "alice", SECOND).await.unwrap();
    scene.sign_in(at, "alice", FIRST).await.unwrap_err();
    assert!(scene.reset(at, &token, THIRD).await.unwrap_err().is_invalid_token());

    assert_eq!(scene.version(&alice.id).await, 2);
    assert_eq!(scene.audited(AuditAction::PasswordReset), 1);
    assert_eq!(scene.pending(&NoticeKind::PasswordChanged), 1);
    assert_eq!(scene.world.events.count(EventKind::PasswordReset), 1);
}

#[tokio::test]
async fn looking_at_a_token_costs_and_spends_nothing() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    for _ in 0..5 {
        let (lives, evaluations) = scene.counted(scene.token_lives("user", &token)).await;
        assert!(lives);
        assert_eq!(evaluations, 0);
    }
    scene.reset("user", &token, SECOND).await.unwrap();
}

#[tokio::test]
async fn a_refused_password_does_not_spend_the_token() {
    let scene = Scene::new();
    scene.add("dealer", "alice").await;
    let token = scene.mailed_token("dealer", "alice").await;
    let (refused, evaluations) = scene.counted(scene.reset("dealer", &token, SHORT)).await;
    assert!(matches!(refused, Err(NotReset::Password(ResetError::Policy(_)))));
    assert_eq!(evaluations, 0);
    let (refused, evaluations) = scene.counted(scene.reset("dealer", &token, FIRST)).await;
    assert!(matches!(refused, Err(NotReset::Password(ResetError::RecentlyUsed))));
    assert_eq!(evaluations, 1);
    scene.reset("dealer", &token, SECOND).await.unwrap();
}

#[tokio::test]
async fn nothing_but_a_live_token_of_this_realm_is_one() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    scene.add("member", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let key = scene.world.tokens.mint(TokenForm::Hash).unwrap();
    let digest = scene.world.tokens.digest(TokenPurpose::ApiKey, key.expose());
    scene.world.store.create(&alice.id, &digest, START).await.unwrap();
    let members = scene.mailed_token("member", "alice").await;
    let users = scene.mailed_token("user", "alice").await;

    let never_minted = "f".repeat(32);
    for token in [&session, key.expose(), &members, &never_minted] {
        assert!(!scene.token_lives("user", token).await);
    }
    assert!(!scene.token_lives("member", &users).await && !scene.token_lives("dealer", &members).await);
    assert!(scene.token_lives("user", &users).await && scene.token_lives("member", &members).await);
}

#[tokio::test]
async fn what_has_not_the_form_of_a_token_is_not_even_looked_up() {
    let scene = Scene::with_limits(|_| {});
    let huge = "a".repeat(1 << 20);
    let (capitals, long) = ("A".repeat(32), "a".repeat(64));
    for text in ["", "0", "null", "[]", "{\"$gt\":0}", &capitals, &long, &huge] {
        assert!(!scene.token_lives("user", text).await);
    }
    assert_eq!(scene.tap.take(), [""; 0]);
}

#[tokio::test]
async fn a_token_serves_only_the_account_that_its_bearer_names() {
    let scene = Scene::new();
    let alice = scene.add("member", "alice").await;
    let bob = scene.add("member", "bob").await;
    let token = scene.mailed_token("member", "alice").await;
    let names = async |key: &str| {
        let found = scene.house.complete_reset.recognise(&Realm::member(), Some(key), &token, &home()).await;
        found.map(|recovery| recovery.account().id.clone())
    };
    for wrong in [bob.id.as_str(), "", "0", "999", "01", "not a key"] {
        assert!(matches!(names(wrong).await, Err(RecoveryError::InvalidToken)), "{wrong}");
    }
    assert_eq!(names(alice.id.as_str()).await.unwrap(), alice.id);
}

#[tokio::test]
async fn a_token_lives_an_hour_from_the_sending_of_its_mail() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    scene.advance(2 * HOUR);
    scene.deliver().await;
    let token = scene.last_token();
    scene.advance(HOUR - Duration::from_micros(1));
    assert!(scene.token_lives("user", &token).await);
    scene.advance(Duration::from_micros(1));
    assert!(scene.reset("user", &token, SECOND).await.unwrap_err().is_invalid_token());
}

#[tokio::test]
async fn a_token_that_expires_while_its_password_is_hashed_sets_nothing() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    let held = scene.tap.hold("PasswordHasher::hash");
    let late = tokio::spawn({
        let scene = scene.clone();
        async move { scene.reset("user", &token, SECOND).await }
    });
    held.reached().await;
    scene.advance(HOUR);
    held.release();
    assert!(late.await.unwrap().unwrap_err().is_invalid_token());
    scene.sign_in("user", "alice", FIRST).await.unwrap();
}

#[tokio::test]
async fn a_demo_account_is_told_only_to_the_bearer_of_a_live_token() {
    let scene = Scene::new();
    scene.add_built(new_account("user", "demo").demo()).await;
    let token = scene.mailed_token("user", "demo").await;
    let refused = scene.reset("user", &token, SHORT).await;
    assert!(matches!(refused, Err(NotReset::Token(RecoveryError::Demo))));
    assert!(!scene.token_lives("user", &"f".repeat(32)).await);
    scene.advance(HOUR);
    assert!(scene.reset("user", &token, SECOND).await.unwrap_err().is_invalid_token());
}

#[tokio::test]
async fn a_blocked_account_is_recovered_neither_while_nor_after_it_is_blocked() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    scene.house.manage_accounts.set_status(&alice, AccountStatus::Blocked).await.unwrap();
    assert!(!scene.token_lives("user", &token).await);
    scene.house.manage_accounts.set_status(&alice, AccountStatus::Active).await.unwrap();
    assert!(!scene.token_lives("user", &token).await, "unblocking does not revive it");
}

#[tokio::test]
async fn an_account_without_a_password_gets_its_first_one() {
    let scene = Scene::new();
    for at in ["user", "dealer", "member"] {
        let alice = scene.world.add(new_account(at, "alice")).await;
        let token = scene.mailed_token(at, "alice").await;
        scene.reset(at, &token, SECOND).await.unwrap();
        scene.sign_in(at, "alice", SECOND).await.unwrap();
        assert_eq!(scene.history_length(&alice.id).await, usize::from(at == "dealer"));
    }
}

#[tokio::test]
async fn a_token_outlives_a_rotation_of_the_secret() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    scene.world.tokens.rotate();
    scene.reset("user", &token, SECOND).await.unwrap();
}

#[tokio::test]
async fn one_token_of_several_ends_the_others() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(scene.mailed_token("user", "alice").await);
    }
    scene.reset("user", &tokens[1], SECOND).await.unwrap();
    for token in &tokens {
        assert!(!scene.token_lives("user", token).await);
    }
}

#[tokio::test]
async fn a_change_between_recognising_and_setting_wins() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let token = scene.mailed_token("user", "alice").await;
    let user = realm("user");
    let recovery = scene.house.complete_reset.recognise(&user, None, &token, &home()).await.unwrap();
    let caller = scene.recognise("user", &session).await.unwrap();
    scene.change(caller, FIRST, SECOND).await.unwrap();
    let late = recovery.set(&crate::scene::pw(THIRD), &home()).await;
    assert!(matches!(late, Err(ResetError::InvalidToken)));
    scene.sign_in("user", "alice", SECOND).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_16_submits_of_one_token_one_wins() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let token = scene.mailed_token("dealer", "alice").await;
    let start = Arc::new(tokio::sync::Barrier::new(16));
    let tasks: Vec<_> = (0..16)
        .map(|number| {
            let (scene, start, token) = (scene.clone(), start.clone(), token.clone());
            tokio::spawn(async move {
                start.wait().await;
                (number, scene.reset("dealer", &token, &nth(number)).await)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (number, Ok(())) => winners.push(number),
            (number, Err(refused)) => assert!(refused.is_invalid_token(), "{number}: {refused:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    scene.sign_in("dealer", "alice", &nth(winners[0])).await.unwrap();
    assert_eq!(scene.version(&alice.id).await, 2);
    assert_eq!(scene.history_length(&alice.id).await, 2);
    assert_eq!(scene.audited(AuditAction::PasswordReset), 1);
    assert_eq!(scene.pending(&NoticeKind::PasswordChanged), 1);
}
