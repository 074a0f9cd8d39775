//! Signing in: one evaluation, one answer, and no session that outlives a change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use password_domain::account::AccountId;
use password_domain::ports::{EventKind, Issued, Lane, PortError, SeparateHolders, SessionStore, StoreError};
use password_domain::session::Session;
use password_domain::time::Timestamp;
use password_domain::token::TokenDigest;
use password_domain::use_cases::SignInError;
use password_testkit::builders::new_account;

use crate::scene::{FIRST, SECOND, Scene, WRONG, budget};

#[tokio::test]
async fn a_right_password_costs_one_evaluation_and_lets_in() {
    let scene = Scene::new();
    for realm in ["user", "dealer", "member"] {
        scene.add(realm, "alice").await;
        let (entered, evaluations) = scene.counted(scene.sign_in(realm, "alice", FIRST)).await;
        assert_eq!(evaluations, 1, "{realm}");
        assert!(scene.lives(realm, &entered.unwrap()).await, "{realm}");
    }
    assert_eq!(scene.world.events.count(EventKind::SignedIn), 3);
}

#[tokio::test]
async fn unknown_logins_and_wrong_passwords_cost_and_answer_alike() {
    let scene = Scene::with_limits(|_| {});
    scene.add("user", "alice").await;
    scene.add_built(new_account("user", "blocked").blocked()).await;
    scene.add_built(new_account("user", "inactive").inactive()).await;
    scene.world.add(new_account("user", "no-password")).await;
    let mut calls = Vec::new();
    for login in ["alice", "blocked", "inactive", "no-password", "nobody"] {
        scene.tap.take();
        let (refused, evaluations) = scene.counted(scene.sign_in("user", login, WRONG)).await;
        assert!(matches!(refused, Err(SignInError::Rejected)), "{login}: {refused:?}");
        assert_eq!(evaluations, 1, "{login}");
        calls.push(scene.tap.take());
    }
    assert!(calls.iter().all(|made| *made == calls[0]), "as many queries for every name: {calls:?}");
    assert_eq!(scene.world.hasher.evaluations_in(Lane::Stranger), 5, "nobody has proved anything");
    let failures = scene.world.events.events();
    assert_eq!(failures.len(), 5);
    assert!(failures.iter().all(|event| event.kind == EventKind::SignInFailed && event.account.is_none()));
}

#[tokio::test]
async fn the_state_of_an_account_is_told_only_after_a_right_password() {
    let scene = Scene::new();
    scene.add_built(new_account("user", "blocked").blocked()).await;
    scene.add_built(new_account("user", "inactive").inactive()).await;
    assert!(matches!(scene.sign_in("user", "blocked", FIRST).await, Err(SignInError::Blocked)));
    assert!(matches!(scene.sign_in("user", "inactive", FIRST).await, Err(SignInError::NotActivated)));
    assert_eq!(scene.world.tokens.minted(), 0);
}

#[tokio::test]
async fn what_cannot_be_anybodys_is_refused_without_any_work() {
    let scene = Scene::with_limits(|_| {});
    scene.add("user", "alice").await;
    let huge = "a".repeat(1 << 20);
    let long = "a".repeat(1_025);
    for (login, password) in [("alice", &*huge), ("nobody", &*huge), ("alice", &*long), (&*huge, FIRST)] {
        let (refused, evaluations) = scene.counted(scene.sign_in("user", login, password)).await;
        assert!(matches!(refused, Err(SignInError::Rejected)));
        assert_eq!(evaluations, 0);
    }
    assert_eq!(scene.tap.take(), [""; 0], "no port was asked anything");
}

#[tokio::test]
async fn the_longest_password_that_may_be_somebodys_is_verified() {
    let scene = Scene::new();
    let longest = "\u{1f511}".repeat(1_024);
    scene.world.add_with_password(new_account("user", "alice"), &longest).await;
    scene.sign_in("user", "alice", &longest).await.unwrap();
    let other = format!("{}x", "\u{1f511}".repeat(1_023));
    assert!(matches!(scene.sign_in("user", "alice", &other).await, Err(SignInError::Rejected)));
}

#[tokio::test]
async fn an_account_of_one_realm_is_unknown_to_another() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    assert!(matches!(scene.sign_in("dealer", "alice", FIRST).await, Err(SignInError::Rejected)));
}

#[tokio::test]
async fn logins_and_passwords_are_the_same_in_every_unicode_form() {
    let scene = Scene::new();
    let (composed, decomposed) = ("Caf\u{e9}-Latte-12!", "Cafe\u{301}-Latte-12!");
    scene.world.add_with_password(new_account("user", "Jos\u{e9}").email("j@example.org"), composed).await;
    for login in ["Jos\u{e9}", "jose\u{301}", "JOS\u{c9}", "JOSE\u{301}"] {
        for password in [composed, decomposed] {
            scene.sign_in("user", login, password).await.unwrap();
        }
    }
    let without_accent = scene.sign_in("user", "Jose", composed).await;
    assert!(matches!(without_accent, Err(SignInError::Rejected)));
}

#[tokio::test]
async fn a_hash_of_outdated_cost_is_replaced_once_and_ends_nothing() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    scene.world.hasher.age();

    let (_, evaluations) = scene.counted(scene.sign_in("user", "alice", WRONG)).await;
    assert_eq!(evaluations, 1, "a wrong password replaces nothing");
    let (entered, evaluations) = scene.counted(scene.sign_in("user", "alice", FIRST)).await;
    entered.unwrap();
    assert_eq!(evaluations, 2);
    let (entered, evaluations) = scene.counted(scene.sign_in("user", "alice", FIRST)).await;
    entered.unwrap();
    assert_eq!(evaluations, 1);

    assert_eq!(scene.world.events.count(EventKind::HashUpgraded), 1);
    assert_eq!(scene.version(&alice.id).await, 1);
    assert!(scene.lives("user", &session).await);
}

#[tokio::test]
async fn a_rehash_loses_against_a_change_that_came_first() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("user", &session).await.unwrap();
    scene.world.hasher.age();

    let held = scene.tap.hold("PasswordHasher::verify");
    let late = tokio::spawn({
        let scene = scene.clone();
        async move { scene.sign_in("user", "alice", FIRST).await }
    });
    held.reached().await;
    scene.change(caller, FIRST, SECOND).await.unwrap();
    held.release();

    assert!(matches!(late.await.unwrap(), Err(SignInError::Rejected)));
    assert_eq!(scene.world.events.count(EventKind::HashUpgraded), 0);
    scene.sign_in("user", "alice", SECOND).await.unwrap();
    assert!(matches!(scene.sign_in("user", "alice", FIRST).await, Err(SignInError::Rejected)));
}

#[tokio::test]
async fn a_full_queue_is_no_wrong_password() {
    let scene = Scene::with_limits(|limits| limits.sign_in.pair = budget(1));
    scene.add("user", "alice").await;
    scene.world.hasher.overload(Some(Duration::from_secs(2)));
    for _ in 0..3 {
        let refused = scene.sign_in("user", "alice", FIRST).await;
        let Err(SignInError::Port(PortError::Overloaded { retry_after })) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(retry_after, Duration::from_secs(2));
    }
    scene.world.hasher.overload(None);
    scene.sign_in("user", "alice", FIRST).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_that_verified_before_a_change_does_not_outlive_it() {
    for held_at in ["PasswordHasher::verify", "Holders::by_login"] {
        let scene = Scene::new();
        scene.add("user", "alice").await;
        let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
        let caller = scene.recognise("user", &session).await.unwrap();
        let held = scene.tap.hold(held_at);
        let late = tokio::spawn({
            let scene = scene.clone();
            async move { scene.sign_in("user", "alice", FIRST).await }
        });
        held.reached().await;
        scene.change(caller, FIRST, SECOND).await.unwrap();
        held.release();
        assert!(matches!(late.await.unwrap(), Err(SignInError::Rejected)), "{held_at}");
    }
}

#[tokio::test]
async fn a_session_issued_while_a_change_is_under_way_dies_with_it() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("user", &session).await.unwrap();
    // The old password was verified, the new hash made, and nothing written yet.
    let held = scene.tap.hold("PasswordHasher::hash");
    let change = tokio::spawn({
        let scene = scene.clone();
        async move { scene.change(caller, FIRST, SECOND).await }
    });
    held.reached().await;
    let minted = scene.sign_in("user", "alice", FIRST).await.unwrap();
    assert!(scene.lives("user", &minted).await);
    held.release();
    change.await.unwrap().unwrap();
    assert!(!scene.lives("user", &minted).await);
}

/// Sessions that share no database with the credentials, and so never know that one is stale.
#[derive(Default)]
struct SessionsElsewhere(Mutex<HashMap<[u8; 32], Session>>);

#[async_trait]
impl SessionStore for SessionsElsewhere {
    async fn issue(&self, session: &Session) -> Result<Issued, StoreError> {
        self.0.lock().unwrap().insert(*session.digest.as_bytes(), session.clone());
        Ok(Issued::Yes)
    }

    async fn find(&self, digests: &[TokenDigest], now: Timestamp) -> Result<Option<Session>, StoreError> {
        let sessions = self.0.lock().unwrap();
        let found = digests.iter().find_map(|digest| sessions.get(digest.as_bytes()));
        Ok(found.filter(|session| now < session.expires_at).cloned())
    }

    async fn renew(&self, _: &TokenDigest, _: Timestamp, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn revoke(&self, digest: &TokenDigest) -> Result<bool, StoreError> {
        Ok(self.0.lock().unwrap().remove(digest.as_bytes()).is_some())
    }

    async fn revoke_all(&self, _: &AccountId) -> Result<usize, StoreError> {
        Ok(0)
    }

    async fn list(&self, account: &AccountId, _: Timestamp) -> Result<Vec<Session>, StoreError> {
        let sessions = self.0.lock().unwrap();
        Ok(sessions.values().filter(|session| session.account == *account).cloned().collect())
    }
}

#[tokio::test]
async fn a_stale_session_does_not_live_even_where_the_store_cannot_know_it() {
    let scene = Scene::with_ports(|ports| {
        ports.sessions = Arc::new(SessionsElsewhere::default());
        ports.holders = Arc::new(SeparateHolders {
            accounts: ports.accounts.clone(),
            credentials: ports.credentials.clone(),
            sessions: ports.sessions.clone(),
            resets: ports.resets.clone(),
        });
    });
    let alice = scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("user", &session).await.unwrap();
    let held = scene.tap.hold("PasswordHasher::verify");
    let late = tokio::spawn({
        let scene = scene.clone();
        async move { scene.sign_in("user", "alice", FIRST).await }
    });
    held.reached().await;
    scene.change(caller, FIRST, SECOND).await.unwrap();
    held.release();

    let stale = late.await.unwrap().unwrap();
    assert!(!scene.lives("user", &stale).await && !scene.lives("user", &session).await);
    assert_eq!(scene.house.sessions.list(&alice.id).await.unwrap(), []);
}
