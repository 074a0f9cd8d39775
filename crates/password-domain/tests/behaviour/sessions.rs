//! Sessions and tokens: each kind on its own, until its time or its version is over.

use password_domain::account::{AccountStatus, Permission, Realm};
use password_domain::ports::{AccountUpdate, ApiKeyStore, TokenSource};
use password_domain::session::SessionKind;
use password_domain::time::Timestamp;
use password_domain::token::{TokenForm, TokenPurpose};
use password_testkit::START;
use password_testkit::builders::realm;
use rstest::rstest;
use std::collections::BTreeSet;
use std::time::Duration;

use crate::scene::{DAY, FIRST, Scene, home, kind_of};

const MINUTE: Duration = Duration::from_secs(60);
const MICROSECOND: Duration = Duration::from_micros(1);

#[tokio::test]
async fn a_session_is_unknown_to_other_realms_and_kinds() {
    let scene = Scene::new();
    let kinds = [SessionKind::Standard, SessionKind::Panel, SessionKind::Token];
    for own in ["user", "dealer"] {
        scene.add(own, "alice").await;
        let session = scene.sign_in(own, "alice", FIRST).await.unwrap();
        for other in ["user", "dealer", "member"] {
            for kind in kinds {
                let found = scene.house.sessions.recognise(&realm(other), kind, &session).await.unwrap();
                let its_own = other == own && kind == kind_of(&realm(own));
                assert_eq!(found.is_some(), its_own, "{own} session as {kind:?} of {other}");
            }
        }
    }
}

#[tokio::test]
async fn tokens_of_other_purposes_are_no_sessions() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let restore = scene.mailed_token("user", "alice").await;
    let key = scene.world.tokens.mint(TokenForm::Hash).unwrap();
    let digest = scene.world.tokens.digest(TokenPurpose::ApiKey, key.expose());
    scene.world.store.create(&alice.id, &digest, START).await.unwrap();

    assert!(!scene.lives("user", &restore).await, "a restore hash");
    assert!(!scene.lives("user", key.expose()).await, "an API key");
}

#[tokio::test]
async fn what_has_not_the_form_of_a_token_is_not_even_looked_up() {
    let scene = Scene::new();
    let long = "a".repeat(1 << 20);
    let (capitals, short, blank) = ("A".repeat(32), "a".repeat(31), " ".repeat(32));
    for text in ["", "null", "[]", &capitals, &short, &blank, &long, "\0", "22eac1c27af4be7b9d04da2ce1af111g"]
    {
        assert!(!scene.lives("user", text).await);
        assert!(scene.house.sessions.refresh(&Realm::member(), text).await.unwrap().is_none());
    }
    assert_eq!(scene.tap.take(), [""; 0]);
}

#[rstest]
#[case::user("user", 30 * DAY)]
#[case::dealer("dealer", DAY)]
#[tokio::test]
async fn a_session_ends_when_its_lifetime_does(#[case] at: &str, #[case] lifetime: Duration) {
    let scene = Scene::new();
    scene.add(at, "alice").await;
    let session = scene.sign_in(at, "alice", FIRST).await.unwrap();
    scene.advance(lifetime - MICROSECOND);
    assert!(scene.lives(at, &session).await);
    scene.advance(MICROSECOND);
    assert!(!scene.lives(at, &session).await);
}

#[tokio::test]
async fn a_renewed_session_lives_a_whole_lifetime_from_then() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    scene.advance(29 * DAY);
    let caller = scene.recognise("user", &session).await.unwrap();
    assert!(scene.house.sessions.renew(&caller).await.unwrap());
    scene.advance(30 * DAY - MICROSECOND);
    assert!(scene.lives("user", &session).await);
    scene.advance(MICROSECOND);
    assert!(!scene.lives("user", &session).await);
    assert!(!scene.house.sessions.renew(&caller).await.unwrap(), "what has ended is not brought back");
}

#[tokio::test]
async fn only_a_standard_session_can_be_renewed() {
    let scene = Scene::new();
    for at in ["dealer", "member"] {
        scene.add(at, "alice").await;
        let session = scene.sign_in(at, "alice", FIRST).await.unwrap();
        let caller = scene.recognise(at, &session).await.unwrap();
        assert!(!scene.house.sessions.renew(&caller).await.unwrap(), "{at}");
    }
}

#[tokio::test]
async fn signing_out_ends_one_session_and_revoking_ends_all() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    scene.add("user", "bob").await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(scene.sign_in("user", "alice", FIRST).await.unwrap());
    }
    let bobs = scene.sign_in("user", "bob", FIRST).await.unwrap();

    let caller = scene.recognise("user", &sessions[0]).await.unwrap();
    scene.house.sessions.end(&caller, &home()).await.unwrap();
    assert!(!scene.lives("user", &sessions[0]).await);
    assert!(!scene.house.sessions.renew(&caller).await.unwrap());
    assert_eq!(scene.house.sessions.list(&alice.id).await.unwrap().len(), 2);

    assert_eq!(scene.house.sessions.revoke_all(&alice.id).await.unwrap(), 2);
    assert!(!scene.lives("user", &sessions[1]).await && !scene.lives("user", &sessions[2]).await);
    assert!(scene.lives("user", &bobs).await);
}

#[tokio::test]
async fn an_access_token_and_a_refresh_token_are_no_substitutes() {
    let scene = Scene::new();
    scene.add("member", "alice").await;
    let pair = scene.pair("alice", FIRST).await;
    let sessions = &scene.house.sessions;
    let member = Realm::member();
    assert!(scene.lives("member", pair.access.expose()).await);
    assert!(!scene.lives("member", pair.refresh.expose()).await);
    assert!(sessions.refresh(&member, pair.access.expose()).await.unwrap().is_none());

    let next = sessions.refresh(&member, pair.refresh.expose()).await.unwrap().unwrap();
    assert!(scene.lives("member", next.access.expose()).await);
    for other in [Realm::user(), Realm::dealer()] {
        let access = sessions.recognise_access_token(&other, pair.access.expose()).await.unwrap();
        let refresh = sessions.refresh(&other, pair.refresh.expose()).await.unwrap();
        assert!(access.is_none() && refresh.is_none(), "{other}");
    }
}

#[tokio::test]
async fn access_tokens_last_15_minutes_and_never_longer_than_their_session() {
    let scene = Scene::new();
    scene.add("member", "alice").await;
    let pair = scene.pair("alice", FIRST).await;
    let refresh = async || {
        let found = scene.house.sessions.refresh(&Realm::member(), pair.refresh.expose()).await.unwrap();
        found.map(|next| next.access.expose().to_owned())
    };
    scene.advance(15 * MINUTE - Duration::from_secs(1));
    assert!(scene.lives("member", pair.access.expose()).await);
    scene.advance(Duration::from_secs(1));
    assert!(!scene.lives("member", pair.access.expose()).await);

    scene.advance(30 * DAY - 16 * MINUTE);
    let last = refresh().await.unwrap();
    assert!(scene.lives("member", &last).await);
    scene.advance(MINUTE);
    assert!(!scene.lives("member", &last).await, "one minute was left of the session");
    assert_eq!(refresh().await, None);
}

#[tokio::test]
async fn tokens_die_with_the_session_behind_them_and_with_their_keys() {
    let scene = Scene::new();
    let alice = scene.add("member", "alice").await;
    let pair = scene.pair("alice", FIRST).await;
    scene.house.sessions.revoke_all(&alice.id).await.unwrap();
    assert!(!scene.lives("member", pair.access.expose()).await);
    assert!(scene.house.sessions.refresh(&Realm::member(), pair.refresh.expose()).await.unwrap().is_none());

    let pair = scene.pair("alice", FIRST).await;
    scene.world.access_tokens.forget_keys();
    assert!(!scene.lives("member", pair.access.expose()).await);
}

#[tokio::test]
async fn sessions_outlive_a_rotation_of_the_secret() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    scene.world.tokens.rotate();
    assert!(scene.lives("user", &session).await);
}

#[tokio::test]
async fn a_caller_may_what_the_session_was_issued_with_less_what_was_taken_since() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let may = async || scene.recognise("dealer", &session).await.unwrap().may(&Permission::password_update());
    let permit = async |permissions: BTreeSet<Permission>| {
        let update = AccountUpdate { permissions: Some(permissions), ..AccountUpdate::default() };
        scene.house.manage_accounts.update(&alice, &update).await.unwrap();
    };
    assert!(may().await);
    permit(BTreeSet::new()).await;
    assert!(!may().await, "taken away at once");
    permit(BTreeSet::from([Permission::password_update(), Permission::new("tag:read").unwrap()])).await;
    let caller = scene.recognise("dealer", &session).await.unwrap();
    let held: Vec<_> = caller.permissions().cloned().collect();
    assert_eq!(held, [Permission::password_update()], "nothing is added to a session that exists");
}

#[tokio::test]
async fn an_operator_issues_sessions_of_each_kind_to_active_accounts_alone() {
    let scene = Scene::new();
    for at in ["user", "dealer", "member"] {
        let alice = scene.add(at, "alice").await;
        let token =
            scene.house.sessions.issue_by_operator(&alice, kind_of(&realm(at))).await.unwrap().unwrap();
        assert!(scene.lives(at, token.expose()).await, "{at}");

        scene.house.manage_accounts.set_status(&alice, AccountStatus::Blocked).await.unwrap();
        let refused = scene.house.sessions.issue_by_operator(&alice, kind_of(&realm(at))).await.unwrap();
        assert!(refused.is_none(), "{at}");
    }
}

#[tokio::test]
async fn no_time_however_strange_panics_or_revives_what_was_ended() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    scene.add("member", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let ended = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("user", &ended).await.unwrap();
    scene.house.sessions.end(&caller, &home()).await.unwrap();
    let pair = scene.pair("alice", FIRST).await;

    for (time, lives) in [(i64::MAX, false), (i64::MAX - 1, false), (0, true), (i64::MIN, true)] {
        scene.world.clock.set(Timestamp::from_micros(time));
        assert_eq!(scene.lives("user", &session).await, lives, "{time}");
        assert_eq!(scene.lives("member", pair.access.expose()).await, lives, "{time}");
        assert!(!scene.lives("user", &ended).await, "{time}");
        scene.sign_in("user", "alice", FIRST).await.unwrap();
        scene.house.sessions.list(&alice.id).await.unwrap();
    }
    scene.world.clock.set(Timestamp::from_micros(i64::MAX));
    while scene.house.purge.run_once().await.unwrap() > 0 {}
}
