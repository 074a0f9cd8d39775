//! Changing passwords by the Navixy dialects: every error, their order, and what each costs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use password_domain::ports::EventKind;
use password_domain::settings::Limits;
use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use rstest::rstest;
use serde_json::json;
use support::{House, OK, UNKNOWN};

const CHANGE: &str = "/v2/user/password/change";
const SET: &str = "/v2/user/password/set";
const UPDATE: &str = "/v2/panel/dealer/password/update";
const AUTH: &str = "/v2/user/auth";
const PANEL_AUTH: &str = "/v2/panel/account/auth";

const DEALER_OLD: &str = "Qwerty-12345!";
const DEALER_NEW: &str = "Hh6FXTt%E!Rx*%f3";

/// A user `u` with `qwert1`, signed in; evaluations count from 0.
async fn user() -> (House, String) {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session(AUTH, "u", "qwert1").await;
    house.world.hasher.reset_evaluations();
    (house, hash)
}

/// A dealer `d` who may update, signed in; evaluations count from 0.
async fn dealer() -> (House, String) {
    let house = House::new();
    let account = new_account("dealer", "d").permission("password:update");
    house.world.add_with_password(account, DEALER_OLD).await;
    let hash = house.session(PANEL_AUTH, "d", DEALER_OLD).await;
    house.world.hasher.reset_evaluations();
    (house, hash)
}

#[actix_web::test]
async fn the_examples_of_the_pages_work() {
    let (house, hash) = user().await;
    let answer =
        house.post(SET, json!({"hash": hash, "old_password": "qwert1", "new_password": "12@14Y$"})).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, OK));
    assert_eq!(house.world.hasher.evaluations(), 2);
    house.session(AUTH, "u", "12@14Y$").await;

    let hash = house.restore_hash("u").await;
    let answer = house.post(CHANGE, json!({"hash": hash, "password": "qwert2"})).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, OK));
    house.session(AUTH, "u", "qwert2").await;

    let (house, hash) = dealer().await;
    let body = json!({"hash": hash, "old_password": DEALER_OLD, "new_password": DEALER_NEW});
    let answer = house.post(UPDATE, body).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, OK));
    assert_eq!(house.world.hasher.evaluations(), 3);
    house.session(PANEL_AUTH, "d", DEALER_NEW).await;
}

#[rstest]
#[case::no_hash(json!({"old_password": "x", "new_password": ""}), 3, 0)]
#[case::unknown_hash(json!({"hash": UNKNOWN, "new_password": 1}), 4, 0)]
#[case::missing(json!({"hash": "$"}), 7, 0)]
#[case::equal(json!({"hash": "$", "old_password": "y", "new_password": "y"}), 245, 0)]
#[case::policy(json!({"hash": "$", "old_password": "wrong", "new_password": "12345"}), 7, 0)]
#[case::wrong_old(json!({"hash": "$", "old_password": "wrong", "new_password": "123456"}), 248, 1)]
#[case::success(json!({"hash": "$", "old_password": "qwert1", "new_password": "123456"}), 0, 2)]
#[actix_web::test]
async fn set_checks_the_cheap_first(
    #[case] mut body: serde_json::Value,
    #[case] code: u64,
    #[case] evaluations: usize,
) {
    let (house, hash) = user().await;
    if body["hash"] == "$" {
        body["hash"] = hash.into();
    }
    assert_eq!(house.post(SET, body).await.code(), code);
    assert_eq!(house.world.hasher.evaluations(), evaluations);
}

#[rstest]
#[case::no_hash(json!({"old_password": "x"}), 3, 0)]
#[case::unknown_hash(json!({"hash": UNKNOWN, "new_password": 1}), 4, 0)]
#[case::missing(json!({"hash": "$", "old_password": null}), 7, 0)]
#[case::equal(json!({"hash": "$", "old_password": "y", "new_password": "y"}), 245, 0)]
#[case::policy(json!({"hash": "$", "old_password": "wrong", "new_password": "short"}), 7, 0)]
#[case::wrong_old(json!({"hash": "$", "old_password": "wrong", "new_password": DEALER_OLD}), 248, 1)]
#[case::success(json!({"hash": "$", "old_password": DEALER_OLD, "new_password": DEALER_NEW}), 0, 3)]
#[actix_web::test]
async fn update_checks_the_cheap_first(
    #[case] mut body: serde_json::Value,
    #[case] code: u64,
    #[case] evaluations: usize,
) {
    let (house, hash) = dealer().await;
    if body["hash"] == "$" {
        body["hash"] = hash.into();
    }
    assert_eq!(house.post(UPDATE, body).await.code(), code);
    assert_eq!(house.world.hasher.evaluations(), evaluations);
}

#[actix_web::test]
async fn a_recent_password_of_a_dealer_is_refused() {
    let (house, hash) = dealer().await;
    let body = json!({"hash": hash, "old_password": DEALER_OLD, "new_password": DEALER_NEW});
    assert_eq!(house.post(UPDATE, body).await.code(), 0);
    let hash = house.session(PANEL_AUTH, "d", DEALER_NEW).await;
    let body = json!({"hash": hash, "old_password": DEALER_NEW, "new_password": DEALER_OLD});
    let answer = house.post(UPDATE, body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        r#"{"success":false,"status":{"code":294,"description":"Password was recently used."}}"#
    );
}

#[actix_web::test]
async fn a_dealer_without_the_permission_is_told_before_demo_mode_and_parameters() {
    let house = House::new();
    house.world.add_with_password(new_account("dealer", "d").demo(), DEALER_OLD).await;
    let hash = house.session(PANEL_AUTH, "d", DEALER_OLD).await;
    let answer = house.post(UPDATE, json!({"hash": hash})).await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.body,
        r#"{"success":false,"status":{"code":13,"description":"Operation not permitted"}}"#
    );
}

#[actix_web::test]
async fn demo_accounts_are_told_before_parameters() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u").demo(), "qwert1").await;
    let dealer = new_account("dealer", "d").demo().permission("password:update");
    house.world.add_with_password(dealer, DEALER_OLD).await;

    let user = house.session(AUTH, "u", "qwert1").await;
    let panel = house.session(PANEL_AUTH, "d", DEALER_OLD).await;
    let restore = house.restore_hash("u").await;
    for (path, hash) in [(SET, user), (UPDATE, panel), (CHANGE, restore)] {
        let answer = house.post(path, json!({"hash": hash})).await;
        assert_eq!((answer.status, answer.code()), (403, 101), "{path}");
    }
}

#[rstest]
#[case::set(SET, "new_password")]
#[case::update(UPDATE, "new_password")]
#[case::change(CHANGE, "password")]
#[actix_web::test]
async fn every_violated_rule_has_an_entry_of_its_own(#[case] path: &str, #[case] parameter: &str) {
    let (house, hash) = match path {
        UPDATE => dealer().await,
        _ => user().await,
    };
    let hash = if path == CHANGE { house.restore_hash("u").await } else { hash };
    let new = "a\0";
    let answer = house
        .post(path, json!({"hash": hash, "old_password": "x", "new_password": new, "password": new}))
        .await;
    assert_eq!((answer.status, answer.code()), (400, 7));
    let parameters = answer.parameters();
    assert!(parameters.len() >= 2 && parameters.iter().all(|name| name == parameter), "{answer:?}");
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn the_answer_to_a_policy_is_this_one_byte_for_byte() {
    let (house, hash) = user().await;
    let answer =
        house.post(SET, json!({"hash": hash, "old_password": "qwert1", "new_password": "abc"})).await;
    assert_eq!(
        answer.body,
        r#"{"success":false,"status":{"code":7,"description":"Invalid parameters"},"errors":[{"parameter":"new_password","error":"Your password must contain at least 6 characters."}]}"#
    );
}

#[actix_web::test]
async fn refusals_have_the_descriptions_of_the_pages() {
    let (house, hash) = user().await;
    for (old, new, body) in [
        (
            "qwert1",
            "qwert1",
            r#"{"success":false,"status":{"code":245,"description":"New password must be different"}}"#,
        ),
        ("wrong1", "12@14Y$", r#"{"success":false,"status":{"code":248,"description":"Wrong password"}}"#),
    ] {
        let answer = house.post(SET, json!({"hash": hash, "old_password": old, "new_password": new})).await;
        assert_eq!((answer.status, answer.body.as_str()), (400, body));
    }
    house.world.add_with_password(new_account("user", "demo").demo(), "qwert1").await;
    let hash = house.session(AUTH, "demo", "qwert1").await;
    let answer = house.post(SET, json!({"hash": hash})).await;
    assert_eq!(
        answer.body,
        r#"{"success":false,"status":{"code":101,"description":"In demo mode this function is disabled"}}"#
    );
}

#[actix_web::test]
async fn missing_empty_and_mistyped_parameters_are_told_at_once() {
    let (house, hash) = user().await;
    let required = "This parameter is required.";
    let string = "This parameter must be a string.";
    for (old, new, errors) in [
        (json!(null), json!(""), [required, required]),
        (json!(1), json!([]), [string, string]),
        (json!({"$gt": ""}), json!(true), [string, string]),
    ] {
        let answer = house.post(SET, json!({"hash": hash, "old_password": old, "new_password": new})).await;
        let told = json!([
            {"parameter": "old_password", "error": errors[0]},
            {"parameter": "new_password", "error": errors[1]},
        ]);
        assert_eq!((answer.code(), &answer.json()["errors"]), (7, &told));
    }
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn a_restore_hash_survives_refusals_and_serves_one_success() {
    let (house, session) = user().await;
    let hash = house.restore_hash("u").await;
    assert_eq!(house.post(CHANGE, json!({"hash": hash})).await.parameters(), ["password"]);
    assert_eq!(house.post(CHANGE, json!({"hash": hash, "password": "12345"})).await.code(), 7);
    assert_eq!(house.world.hasher.evaluations(), 0);
    assert_eq!(house.post(CHANGE, json!({"hash": hash, "password": "12@14Y$"})).await.code(), 0);
    assert_eq!(house.world.hasher.evaluations(), 1);
    assert_eq!(house.post(CHANGE, json!({"hash": hash, "password": "12@14Y$"})).await.code(), 4);
    // Every session has ended with it.
    assert_eq!(house.post("/v2/user/logout", json!({"hash": session})).await.code(), 4);
    assert_eq!(house.world.events.count(EventKind::PasswordReset), 1);
}

#[actix_web::test]
async fn a_hash_of_one_kind_is_unknown_everywhere_else() {
    let (house, session) = user().await;
    let account = new_account("dealer", "d").permission("password:update");
    house.world.add_with_password(account, DEALER_OLD).await;
    let panel = house.session(PANEL_AUTH, "d", DEALER_OLD).await;
    let restore = house.restore_hash("u").await;
    let kinds =
        [("session", session), ("panel", panel), ("restore", restore), ("unknown", UNKNOWN.to_owned())];
    for (path, takes) in [
        (CHANGE, "restore"),
        (SET, "session"),
        ("/v2/user/session/renew", "session"),
        ("/v2/user/logout", "session"),
        (UPDATE, "panel"),
        ("/v2/panel/account/get_permissions", "panel"),
        ("/v2/panel/account/logout", "panel"),
    ] {
        for (kind, hash) in kinds.iter().filter(|(kind, _)| *kind != takes) {
            let answer = house.post(path, json!({"hash": hash})).await;
            assert_eq!((answer.status, answer.code()), (400, 4), "{path} with {kind}");
        }
    }
}

#[actix_web::test]
async fn an_expired_session_and_an_expired_restore_hash_are_unknown() {
    let (house, session) = user().await;
    let restore = house.restore_hash("u").await;
    house.world.clock.advance(Duration::from_secs(3600));
    assert_eq!(house.post(CHANGE, json!({"hash": restore, "password": "12@14Y$"})).await.code(), 4);
    house.world.clock.advance(Duration::from_secs(30 * 24 * 3600));
    assert_eq!(house.post(SET, json!({"hash": session})).await.code(), 4);
}

#[actix_web::test]
async fn of_two_changes_at_once_one_wins_and_the_other_has_no_session() {
    let (house, hash) = user().await;
    let body = |new: &str| json!({"hash": hash, "old_password": "qwert1", "new_password": new});
    let (one, other) = tokio::join!(house.post(SET, body("first1")), house.post(SET, body("second2")));
    let mut codes = [one.code(), other.code()];
    codes.sort_unstable();
    assert_eq!(codes, [0, 4]);
}

#[actix_web::test]
async fn too_many_wrong_old_passwords_are_refused_with_a_time() {
    let mut limits = Limits::default();
    limits.old_password.pair.capacity = 1;
    let house = House::with(
        password_domain::settings::Settings { limits: Some(limits), ..World::settings() },
        HttpConfig::default(),
    );
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session(AUTH, "u", "qwert1").await;
    let body = json!({"hash": hash, "old_password": "wrong1", "new_password": "123456"});
    assert_eq!(house.post(SET, body.clone()).await.code(), 248);
    let answer = house.post(SET, body).await;
    assert_eq!((answer.status, answer.code()), (429, 15));
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn what_stands_behind_the_house_fails_with_its_own_codes() {
    let (house, hash) = user().await;
    let body = json!({"hash": hash, "old_password": "qwert1", "new_password": "123456"});

    house.world.hasher.overload(Some(Duration::from_millis(1500)));
    let answer = house.post(SET, body.clone()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")));
    assert_eq!(
        answer.body,
        r#"{"success":false,"status":{"code":8,"description":"Queue service error, try again later"}}"#
    );
    house.world.hasher.overload(None);

    house.world.store.go_down();
    let answer = house.post(SET, body.clone()).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, r#"{"success":false,"status":{"code":14,"description":"Database unavailable"}}"#);
    house.world.store.come_back();

    house.world.tokens.set_exhausted(true);
    let answer = house.post(AUTH, json!({"login": "u", "password": "qwert1"})).await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.body, r#"{"success":false,"status":{"code":6,"description":"Unexpected error"}}"#);
    house.world.tokens.set_exhausted(false);

    assert_eq!(house.post(SET, body).await.code(), 0);
}
