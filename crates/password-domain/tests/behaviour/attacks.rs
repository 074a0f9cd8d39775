//! How peers were broken, where the domain decides it. What one use case decides alone is tested in its own file; here
//! are the attacks that go across them.

use std::collections::BTreeSet;

use password_domain::account::{Account, AccountStatus, Permission};
use password_domain::ports::{AccountUpdate, ApiKeyStore, Lane, PasswordHasher, TokenSource};
use password_domain::time::Timestamp;
use password_domain::token::{TokenDigest, TokenForm, TokenPurpose};
use password_testkit::START;
use password_testkit::builders::{new_account, realm};
use rstest::rstest;

use crate::scene::{DAY, FIRST, SECOND, Scene, THIRD, WRONG, kind_of, pw};

/// What ends everything that lives.
#[derive(Clone, Copy, Debug)]
enum Ending {
    Change,
    ChangeWithCredentials,
    Reset,
    Operator,
    NewAddress,
    Block,
    Deactivate,
}

/// Everything of an account that lives by its credential version, and what does not.
struct Living {
    sessions: Vec<String>,
    refresh: Option<String>,
    tokens: Vec<String>,
    api_key: TokenDigest,
}

impl Living {
    async fn of(scene: &Scene, alice: &Account) -> Self {
        let at = alice.realm.as_str();
        let mut sessions = vec![scene.sign_in(at, "alice", FIRST).await.unwrap()];
        let issued = scene.house.sessions.issue_by_operator(alice, kind_of(&alice.realm)).await.unwrap();
        sessions.push(issued.unwrap().expose().to_owned());
        let mut refresh = None;
        if at == "member" {
            let pair = scene.pair("alice", FIRST).await;
            sessions.push(pair.access.expose().to_owned());
            refresh = Some(pair.refresh.expose().to_owned());
        }
        let tokens = vec![scene.mailed_token(at, "alice").await, scene.mailed_token(at, "alice").await];
        let key = scene.world.tokens.mint(TokenForm::Hash).unwrap();
        let api_key = scene.world.tokens.digest(TokenPurpose::ApiKey, key.expose());
        scene.world.store.create(&alice.id, &api_key, START).await.unwrap();
        Self { sessions, refresh, tokens, api_key }
    }

    /// Returns how many sessions and tokens live.
    async fn count(&self, scene: &Scene, at: &str) -> usize {
        let mut live = 0;
        for session in &self.sessions {
            live += usize::from(scene.lives(at, session).await);
        }
        if let Some(refresh) = &self.refresh {
            live += usize::from(scene.house.sessions.refresh(&realm(at), refresh).await.unwrap().is_some());
        }
        for token in &self.tokens {
            live += usize::from(scene.token_lives(at, token).await);
        }
        live
    }

    async fn api_key_lives(&self, scene: &Scene) -> bool {
        ApiKeyStore::find(&*scene.world.store, &[self.api_key]).await.unwrap().is_some()
    }
}

async fn end(scene: &Scene, alice: &Account, living: &Living, ending: Ending) {
    let at = alice.realm.as_str();
    let accounts = &scene.house.manage_accounts;
    match ending {
        Ending::Change => {
            let caller = scene.recognise(at, &living.sessions[0]).await.unwrap();
            scene.change(caller, FIRST, SECOND).await.unwrap();
        }
        Ending::ChangeWithCredentials => {
            scene.change_with_credentials(at, "alice", FIRST, SECOND).await.unwrap();
        }
        Ending::Reset => scene.reset(at, &living.tokens[0], SECOND).await.unwrap(),
        Ending::Operator => accounts.set_password(&alice.realm, "alice", &pw(SECOND), false).await.unwrap(),
        Ending::NewAddress => {
            let email = Some("new@example.org".to_owned());
            accounts.update(alice, &AccountUpdate { email, ..AccountUpdate::default() }).await.unwrap();
        }
        Ending::Block => accounts.set_status(alice, AccountStatus::Blocked).await.unwrap(),
        Ending::Deactivate => accounts.set_status(alice, AccountStatus::Inactive).await.unwrap(),
    }
}

#[rstest]
#[tokio::test]
async fn every_session_token_and_link_ends_by_every_way_and_api_keys_stay(
    #[values("user", "dealer", "member")] at: &str,
    #[values(
        Ending::Change,
        Ending::ChangeWithCredentials,
        Ending::Reset,
        Ending::Operator,
        Ending::NewAddress,
        Ending::Block,
        Ending::Deactivate
    )]
    ending: Ending,
) {
    let scene = Scene::new();
    let alice = scene.add(at, "alice").await;
    let bob = scene.add(at, "bob").await;
    let bobs = scene.sign_in(at, "bob", FIRST).await.unwrap();
    let bobs_token = scene.mailed_token(at, "bob").await;
    let living = Living::of(&scene, &alice).await;
    let all = if at == "member" { 6 } else { 4 };
    assert_eq!(living.count(&scene, at).await, all);

    end(&scene, &alice, &living, ending).await;
    assert_eq!(living.count(&scene, at).await, 0);
    assert_eq!(scene.house.sessions.list(&alice.id).await.unwrap(), []);
    assert!(living.api_key_lives(&scene).await);
    // The other way round: what has ended does not come back with the status.
    scene.house.manage_accounts.set_status(&alice, AccountStatus::Active).await.unwrap();
    assert_eq!(living.count(&scene, at).await, 0);
    // And nobody else's ends.
    assert!(scene.lives(at, &bobs).await && scene.token_lives(at, &bobs_token).await);
    assert_eq!(scene.version(&bob.id).await, 1);
}

#[rstest]
#[tokio::test]
async fn a_session_minted_between_check_and_write_does_not_survive_the_write(
    #[values("user", "dealer", "member")] at: &str,
    #[values("change", "reset", "operator")] route: &'static str,
) {
    let scene = Scene::new();
    let alice = scene.add(at, "alice").await;
    let session = scene.sign_in(at, "alice", FIRST).await.unwrap();
    let token = scene.mailed_token(at, "alice").await;
    let held = scene.tap.hold("PasswordHasher::hash");
    let writer = tokio::spawn({
        let (scene, alice) = (scene.clone(), alice.clone());
        async move {
            let at = alice.realm.as_str();
            match route {
                "change" => {
                    let caller = scene.recognise(at, &session).await.unwrap();
                    scene.change(caller, FIRST, SECOND).await.unwrap();
                }
                "reset" => scene.reset(at, &token, SECOND).await.unwrap(),
                _ => {
                    let accounts = &scene.house.manage_accounts;
                    accounts.set_password(&alice.realm, "alice", &pw(SECOND), false).await.unwrap();
                }
            }
        }
    });
    held.reached().await;
    let minted = scene.sign_in(at, "alice", FIRST).await.unwrap();
    assert!(scene.lives(at, &minted).await);
    held.release();
    writer.await.unwrap();
    assert!(!scene.lives(at, &minted).await);
}

#[tokio::test]
async fn an_address_changed_while_a_reset_is_written_wins() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let token = scene.mailed_token("user", "alice").await;
    let held = scene.tap.hold("PasswordHasher::hash");
    let reset = tokio::spawn({
        let scene = scene.clone();
        async move { scene.reset("user", &token, SECOND).await }
    });
    held.reached().await;
    let email = Some("new@example.org".to_owned());
    let update = AccountUpdate { email, ..AccountUpdate::default() };
    scene.house.manage_accounts.update(&alice, &update).await.unwrap();
    held.release();
    assert!(reset.await.unwrap().unwrap_err().is_invalid_token());
    scene.sign_in("user", "alice", FIRST).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn an_account_blocked_while_its_password_is_written_keeps_the_old_one(
    #[values("change", "reset")] route: &'static str,
) {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let token = scene.mailed_token("user", "alice").await;
    let held = scene.tap.hold("PasswordHasher::hash");
    let writer = tokio::spawn({
        let scene = scene.clone();
        async move {
            if route == "reset" {
                return scene.reset("user", &token, SECOND).await.is_ok();
            }
            let caller = scene.recognise("user", &session).await.unwrap();
            scene.change(caller, FIRST, SECOND).await.is_ok()
        }
    });
    held.reached().await;
    scene.house.manage_accounts.set_status(&alice, AccountStatus::Blocked).await.unwrap();
    held.release();
    assert!(!writer.await.unwrap());
    scene.house.manage_accounts.set_status(&alice, AccountStatus::Active).await.unwrap();
    scene.sign_in("user", "alice", FIRST).await.unwrap();
}

#[tokio::test]
async fn a_permission_is_asked_of_the_session_and_of_the_account() {
    let scene = Scene::new();
    let alice = scene.world.add_with_password(new_account("dealer", "alice"), FIRST).await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let needs = Permission::password_update();
    let permissions = Some(BTreeSet::from([needs.clone()]));
    let update = AccountUpdate { permissions, ..AccountUpdate::default() };
    scene.house.manage_accounts.update(&alice, &update).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    assert!(scene.house.change_password.begin(caller, Some(&needs)).is_err(), "issued without it");
}

#[tokio::test]
async fn work_is_the_same_for_every_login_also_where_its_hash_is_dearer_than_new_ones() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.world.hasher.age();
    for login in ["alice", "nobody"] {
        let (_, evaluations) = scene.counted(scene.sign_in("user", login, WRONG)).await;
        assert_eq!(evaluations, 1, "{login}: an outdated hash is replaced only after a right password");
    }
}

#[tokio::test]
async fn no_secret_is_printed_logged_or_audited() {
    let scene = Scene::with_limits(|_| {});
    let alice = scene.add("dealer", "alice").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let caller = scene.recognise("dealer", &session).await.unwrap();
    scene.request("dealer", "my-password-by-mistake").await;
    let token = scene.mailed_token("dealer", "alice").await;
    let mails = scene.world.mailer.delivered();
    let wrong = scene.change(caller.clone(), WRONG, SECOND).await.unwrap_err();
    scene.tap.fail(0, crate::tap::Fault::Before);
    let broken = scene.change(caller.clone(), FIRST, SECOND).await.unwrap_err();
    scene.reset("dealer", &token, SECOND).await.unwrap();
    let hash = scene.world.hasher.hash(&pw(FIRST), Lane::Proved).await.unwrap();

    let printed = format!(
        "{caller:?} {mails:?} {wrong:?} {wrong} {broken:?} {broken} {:?} {:?} {:?} {:?}",
        scene.world.events.events(),
        scene.world.store.audit(),
        scene.world.store.pending_notices(),
        scene.world.store,
    );
    assert!(printed.contains(alice.id.as_str()));
    for secret in
        [FIRST, SECOND, WRONG, THIRD, &session, &token, hash.as_encoded(), "fake$", "my-password-by-mistake"]
    {
        assert!(!printed.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_ends_links_and_revives_none_that_was_spent() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let spent = scene.mailed_token("user", "alice").await;
    scene.reset("user", &spent, SECOND).await.unwrap();
    let token = scene.mailed_token("user", "alice").await;
    for (time, lives) in [
        (scene.now().plus(DAY), false),
        (Timestamp::from_micros(i64::MAX), false),
        (START.minus(DAY), true),
        (Timestamp::from_micros(i64::MIN), true),
    ] {
        scene.world.clock.set(time);
        assert_eq!(scene.token_lives("user", &token).await, lives, "{time:?}");
        assert!(!scene.token_lives("user", &spent).await, "{time:?}");
    }
}

#[tokio::test]
async fn at_the_end_of_time_everything_still_answers() {
    let scene = Scene::with_limits(|_| {});
    for time in [i64::MIN, 0, i64::MAX] {
        scene.world.clock.set(Timestamp::from_micros(time));
        let login = format!("account{}", time.signum() + 1);
        scene.add("user", &login).await;
        let _ = scene.sign_in("user", &login, FIRST).await;
        let _ = scene.sign_in("user", &login, WRONG).await;
        scene.request("user", &login).await;
        scene.house.deliver_notices.run_once().await.unwrap();
        scene.house.deliver_notices.run_once().await.unwrap();
        scene.house.purge.run_once().await.unwrap();
    }
}
