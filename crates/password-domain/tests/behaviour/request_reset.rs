//! Asking for a mail with a token: the same work and answer for everybody.

use password_domain::account::Realm;
use password_domain::ports::Content;
use password_domain::use_cases::{RequestResetError, Requested, Telling};
use password_testkit::builders::{new_account, realm};
use rstest::rstest;

use crate::scene::{FIRST, Scene, budget, from, home};

/// One account of each state, and a name that is nobody's.
const NAMES: [&str; 7] =
    ["alice", "alice@example.org", "blocked", "inactive", "demo", "nobody", "nobody@example.org"];

async fn with_accounts(scene: &Scene) {
    scene.add("user", "alice").await;
    scene.add_built(new_account("user", "blocked").blocked()).await;
    scene.add_built(new_account("user", "inactive").inactive()).await;
    scene.add_built(new_account("user", "demo").demo()).await;
}

async fn ask(scene: &Scene, at: &str, name: &str, telling: Telling) -> Requested {
    scene.house.request_reset.request(&realm(at), name, telling, &home()).await.unwrap()
}

#[tokio::test]
async fn every_name_costs_the_same_calls_and_gets_the_same_answer() {
    let scene = Scene::with_limits(|_| {});
    with_accounts(&scene).await;
    for name in NAMES {
        scene.tap.take();
        let (answer, evaluations) = scene.counted(ask(&scene, "user", name, Telling::Nothing)).await;
        assert_eq!(answer, Requested::Accepted, "{name}");
        assert_eq!(scene.tap.take(), ["AttemptStore::spend", "Outbox::request_reset"], "{name}");
        assert_eq!(evaluations, 0, "{name}");
    }
    assert_eq!(scene.world.tokens.minted(), 0, "no token exists before its mail leaves");
    assert!(scene.world.events.events().iter().all(|event| event.account.is_none()));
}

#[tokio::test]
async fn a_throttled_name_is_answered_alike_whether_or_not_it_is_known() {
    let scene = Scene::with_limits(|limits| limits.reset_request.pair = budget(1));
    with_accounts(&scene).await;
    for name in NAMES {
        assert_eq!(ask(&scene, "user", name, Telling::Nothing).await, Requested::Accepted);
    }
    let recorded = scene.world.store.pending_requests();
    for name in NAMES {
        scene.tap.take();
        assert_eq!(ask(&scene, "user", name, Telling::Nothing).await, Requested::Accepted, "{name}");
        assert_eq!(scene.tap.take(), ["AttemptStore::spend"], "{name}");
    }
    assert_eq!(scene.world.store.pending_requests(), recorded);
}

#[tokio::test]
async fn only_an_active_account_gets_a_mail() {
    let scene = Scene::new();
    with_accounts(&scene).await;
    for name in NAMES {
        scene.request("user", name).await;
    }
    scene.deliver().await;
    let mut to: Vec<String> = scene.reset_mails().into_iter().map(|mail| mail.to).collect();
    to.sort();
    // Alice was named by login and by address: one pending notice, or one mail each, but to nobody else.
    to.dedup();
    assert_eq!(to, ["alice@example.org", "demo@example.org"]);
    assert_eq!(scene.world.store.pending_requests(), 0, "what people typed is erased");
}

#[rstest]
#[case::revealed(true, Telling::UnknownAccounts, [Requested::Unknown, Requested::Ambiguous, Requested::Accepted])]
#[case::configured_not_to(false, Telling::UnknownAccounts, [Requested::Accepted; 3])]
#[case::dialect_that_never_tells(true, Telling::Nothing, [Requested::Accepted; 3])]
#[tokio::test]
async fn a_dialect_tells_of_unknown_accounts_only_where_both_sides_want_it(
    #[case] reveal: bool,
    #[case] telling: Telling,
    #[case] expected: [Requested; 3],
) {
    let scene = Scene::with(|settings| settings.reveal_unknown_accounts = reveal);
    for login in ["alice", "bob"] {
        scene.add_built(new_account("member", login).email("shared@example.org")).await;
    }
    for (name, expected) in ["nobody", "Shared@Example.ORG", "alice"].into_iter().zip(expected) {
        assert_eq!(ask(&scene, "member", name, telling).await, expected, "{name}");
    }
}

#[tokio::test]
async fn an_ambiguous_address_brings_one_mail_for_each_account_naming_its_login() {
    let scene = Scene::new();
    for login in ["alice", "bob"] {
        scene.add_built(new_account("user", login).email("Shared@example.org")).await;
    }
    scene.add_built(new_account("user", "carol").email("shared@example.org").blocked()).await;
    scene.request("user", "shared@example.org").await;
    scene.deliver().await;
    let mails = scene.reset_mails();
    let mut logins: Vec<&str> = mails.iter().map(|mail| mail.login.as_str()).collect();
    logins.sort_unstable();
    assert_eq!(logins, ["alice", "bob"]);
    assert!(mails.iter().all(|mail| mail.to == "Shared@example.org"), "as stored");

    for mail in &mails {
        let Content::ResetRequested { token, user_key, .. } = &mail.content else { panic!("{mail:?}") };
        let user = Realm::user();
        let (key, source) = (Some(user_key.as_str()), home());
        let bearer = scene.house.complete_reset.recognise(&user, key, token.expose(), &source).await;
        assert_eq!(bearer.unwrap().account().login, mail.login, "each token is one account's");
    }
}

#[tokio::test]
async fn an_exact_login_wins_over_an_address() {
    let scene = Scene::new();
    scene.add_built(new_account("member", "bob@example.org").email("first@example.org")).await;
    scene.add_built(new_account("member", "bob").email("bob@example.org")).await;
    assert_eq!(ask(&scene, "member", "bob@example.org", Telling::UnknownAccounts).await, Requested::Accepted);
    scene.deliver().await;
    let to: Vec<String> = scene.reset_mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["first@example.org"]);
}

#[tokio::test]
async fn a_name_that_only_looks_alike_finds_nobody() {
    let scene = Scene::new();
    scene.add_built(new_account("user", "m").email("mike@example.org")).await;
    for name in ["m\u{131}ke@example.org", "mi\u{212a}e@example.org", "mike@ex\u{e4}mple.org", "\u{ff4d}"] {
        scene.request("user", name).await;
    }
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 0);
}

#[tokio::test]
async fn mail_goes_to_the_stored_address_whatever_was_typed() {
    let scene = Scene::new();
    scene.add_built(new_account("user", "m").email("Mike@Example.org")).await;
    for name in ["MIKE@EXAMPLE.ORG", "mike@example.org", "M"] {
        scene.mailed_token("user", name).await;
    }
    assert!(scene.reset_mails().iter().all(|mail| mail.to == "Mike@Example.org"));
}

#[tokio::test]
async fn many_requests_for_one_name_bring_one_mail() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    for name in ["alice", "ALICE", "Alice"] {
        for _ in 0..10 {
            scene.request("user", name).await;
        }
    }
    assert_eq!(scene.world.store.pending_requests(), 1);
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 1);
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_accepted_and_forgotten() {
    let scene = Scene::with_limits(|_| {});
    let huge = "a".repeat(1 << 20);
    for name in ["a".repeat(255), huge] {
        assert_eq!(ask(&scene, "user", &name, Telling::Nothing).await, Requested::Accepted);
        assert_eq!(ask(&scene, "user", &name, Telling::UnknownAccounts).await, Requested::Unknown);
    }
    assert_eq!(scene.world.store.pending_requests(), 0);
    let longest = "a".repeat(254);
    scene.world.add_with_password(new_account("user", &longest).email("l@example.org"), FIRST).await;
    scene.mailed_token("user", &longest).await;
}

#[tokio::test]
async fn an_address_over_its_budget_is_told_so_for_every_name_alike() {
    let scene = Scene::with_limits(|limits| limits.reset_request.address = budget(2));
    with_accounts(&scene).await;
    for name in ["alice", "nobody"] {
        assert_eq!(ask(&scene, "user", name, Telling::Nothing).await, Requested::Accepted);
    }
    for name in NAMES {
        let refused =
            scene.house.request_reset.request(&Realm::user(), name, Telling::Nothing, &home()).await;
        let Err(RequestResetError::TooManyRequests { retry_after }) = refused else { panic!("{refused:?}") };
        assert_eq!(retry_after.as_secs(), 1_800, "{name}: two an hour");
    }
    let elsewhere = from("198.51.100.7");
    let user = Realm::user();
    let taken = scene.house.request_reset.request(&user, "alice", Telling::Nothing, &elsewhere).await;
    assert_eq!(taken.unwrap(), Requested::Accepted);
}
