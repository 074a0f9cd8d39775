//! Every call of a port fails once, before and after its work: what it leaves is all or nothing, and no panic.

use password_domain::account::Account;
use password_domain::audit::AuditAction;
use password_domain::notice::NoticeKind;

use crate::scene::{FIRST, LEASE_AND_MORE, SECOND, Scene, THIRD};
use crate::tap::Fault;

/// What an interrupted change may leave.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    All,
    Nothing,
}

/// Looks at an account that had [`FIRST`], a session and perhaps a token, and was to get [`SECOND`].
async fn left(
    scene: &Scene,
    alice: &Account,
    session: &str,
    token: Option<&str>,
    action: AuditAction,
) -> Left {
    let at = alice.realm.as_str();
    let version = scene.version(&alice.id).await;
    let facts = (
        scene.sign_in(at, "alice", SECOND).await.is_ok(),
        scene.sign_in(at, "alice", FIRST).await.is_ok(),
        scene.lives(at, session).await,
        scene.history_length(&alice.id).await,
        scene.audited(action),
        scene.pending(&NoticeKind::PasswordChanged),
    );
    let token_lives = match token {
        Some(token) => Some(scene.token_lives(at, token).await),
        None => None,
    };
    match version {
        1 => {
            assert_eq!(facts, (false, true, true, 1, 0, 0));
            assert_ne!(token_lives, Some(false));
            Left::Nothing
        }
        2 => {
            assert_eq!(facts, (true, false, false, 2, 1, 1));
            assert_ne!(token_lives, Some(true));
            Left::All
        }
        other => panic!("version {other}"),
    }
}

/// A scene with limits, so that their calls fail too, and an account with a session.
async fn begin() -> (Scene, Account, String) {
    let scene = Scene::with_limits(|_| {});
    let alice = scene.add("dealer", "alice").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    (scene, alice, session)
}

#[tokio::test]
async fn an_interrupted_change_leaves_all_or_nothing() {
    let mut outcomes = Vec::new();
    for fault in [Fault::Before, Fault::After] {
        for position in 0.. {
            let (scene, alice, session) = begin().await;
            let caller = scene.recognise("dealer", &session).await.unwrap();
            scene.tap.fail(position, fault);
            let answer = scene.change(caller, FIRST, SECOND).await;
            if scene.tap.mend() {
                answer.unwrap();
                assert!(
                    position >= 6,
                    "spend, verify, refund, history, compare, hash, apply; not {position}"
                );
                break;
            }
            answer.unwrap_err();
            let left = left(&scene, &alice, &session, None, AuditAction::PasswordChanged).await;
            if left == Left::Nothing {
                let caller = scene.recognise("dealer", &session).await.unwrap();
                scene.change(caller, FIRST, SECOND).await.unwrap();
            }
            outcomes.push(left);
        }
    }
    assert_eq!(outcomes.iter().filter(|left| **left == Left::All).count(), 1, "apply, whose answer was lost");
}

#[tokio::test]
async fn an_interrupted_reset_leaves_all_or_nothing_and_its_token_with_it() {
    let mut outcomes = Vec::new();
    for fault in [Fault::Before, Fault::After] {
        for position in 0.. {
            let (scene, alice, session) = begin().await;
            let token = scene.mailed_token("dealer", "alice").await;
            scene.tap.fail(position, fault);
            let answer = scene.reset("dealer", &token, SECOND).await;
            if scene.tap.mend() {
                answer.unwrap();
                break;
            }
            answer.unwrap_err();
            let left = left(&scene, &alice, &session, Some(&token), AuditAction::PasswordReset).await;
            let again = scene.reset("dealer", &token, SECOND).await;
            assert_eq!(again.is_ok(), left == Left::Nothing, "{again:?}");
            outcomes.push(left);
        }
    }
    assert!(outcomes.len() >= 14, "spend, find, account, credential, history, compare, hash, apply, twice");
    assert_eq!(outcomes.iter().filter(|left| **left == Left::All).count(), 1, "apply, whose answer was lost");
}

#[tokio::test]
async fn an_interrupted_change_with_login_and_password_leaves_all_or_nothing() {
    for fault in [Fault::Before, Fault::After] {
        for position in 0.. {
            let (scene, alice, session) = begin().await;
            scene.tap.fail(position, fault);
            let answer = scene.change_with_credentials("dealer", "alice", FIRST, SECOND).await;
            if scene.tap.mend() {
                answer.unwrap();
                break;
            }
            answer.unwrap_err();
            left(&scene, &alice, &session, None, AuditAction::PasswordChanged).await;
        }
    }
}

#[tokio::test]
async fn an_interrupted_sign_in_is_an_error_and_the_next_one_succeeds() {
    for fault in [Fault::Before, Fault::After] {
        for position in 0.. {
            let scene = Scene::with_limits(|_| {});
            scene.add("member", "alice").await;
            scene.world.hasher.age();
            scene.tap.fail(position, fault);
            let answer = scene.sign_in("member", "alice", FIRST).await;
            if scene.tap.mend() {
                answer.unwrap();
                break;
            }
            answer.unwrap_err();
            let access = scene.sign_in("member", "alice", FIRST).await.unwrap();
            assert!(scene.lives("member", &access).await);
        }
    }
}

#[tokio::test]
async fn an_interrupted_request_and_delivery_end_with_a_mail_that_works() {
    for fault in [Fault::Before, Fault::After] {
        for position in 0.. {
            let scene = Scene::new();
            scene.add("user", "alice").await;
            scene.request("user", "alice").await;
            scene.tap.fail(position, fault);
            let mut failed = false;
            for _ in 0..4 {
                failed |= scene.house.deliver_notices.run_once().await.is_err();
            }
            let hit = !scene.tap.mend();
            // A mail that may have left is no failure of the outbox.
            assert!(hit || !failed);
            scene.advance(LEASE_AND_MORE);
            scene.deliver().await;
            assert!(!scene.reset_mails().is_empty(), "{fault:?} at {position}");
            assert_eq!(scene.pending(&NoticeKind::ResetRequested), 0);
            let token = scene.last_token();
            scene.reset("user", &token, THIRD).await.unwrap();
            if !hit {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_store_that_is_down_answers_with_errors_and_recovers_by_itself() {
    let (scene, alice, session) = begin().await;
    let token = scene.mailed_token("dealer", "alice").await;
    let caller = scene.recognise("dealer", &session).await.unwrap();
    scene.world.store.go_down();
    scene.sign_in("dealer", "alice", FIRST).await.unwrap_err();
    scene.change(caller.clone(), FIRST, SECOND).await.unwrap_err();
    scene.reset("dealer", &token, SECOND).await.unwrap_err();
    scene.house.deliver_notices.run_once().await.unwrap_err();
    scene.house.purge.run_once().await.unwrap_err();
    scene.world.store.come_back();
    let left = left(&scene, &alice, &session, Some(&token), AuditAction::PasswordChanged).await;
    assert_eq!(left, Left::Nothing);
    scene.change(caller, FIRST, SECOND).await.unwrap();
}

#[tokio::test]
async fn a_caller_that_goes_away_in_the_middle_leaves_nothing() {
    for held_at in ["PasswordHasher::verify", "PasswordHasher::compare_history", "PasswordHasher::hash"] {
        let (scene, alice, session) = begin().await;
        let caller = scene.recognise("dealer", &session).await.unwrap();
        let held = scene.tap.hold(held_at);
        let change = tokio::spawn({
            let scene = scene.clone();
            async move { scene.change(caller, FIRST, SECOND).await }
        });
        held.reached().await;
        change.abort();
        assert!(change.await.unwrap_err().is_cancelled());
        let left = left(&scene, &alice, &session, None, AuditAction::PasswordChanged).await;
        assert_eq!(left, Left::Nothing, "{held_at}");
    }
}
