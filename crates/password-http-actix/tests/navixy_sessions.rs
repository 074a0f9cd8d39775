//! Signing in, renewing, ending and restoring by the Navixy dialects.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use password_domain::settings::{Limits, Settings};
use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use serde_json::json;
use support::{House, JSON, OK, UNKNOWN, post};

const AUTH: &str = "/v2/user/auth";
const PANEL_AUTH: &str = "/v2/panel/account/auth";
const RENEW: &str = "/v2/user/session/renew";
const LOGOUT: &str = "/v2/user/logout";
const PERMISSIONS: &str = "/v2/panel/account/get_permissions";
const RESTORE: &str = "/v2/user/restore_password";

fn limited(change: impl FnOnce(&mut Limits)) -> House {
    let mut limits = Limits::default();
    change(&mut limits);
    House::with(Settings { limits: Some(limits), ..World::settings() }, HttpConfig::default())
}

#[actix_web::test]
async fn signing_in_answers_with_a_hash() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let answer = house.post(AUTH, json!({"login": "U", "password": "qwert1"})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        r#"{"success":true,"type":"authenticated","hash":"00000000000000000000000000000001"}"#
    );
    assert_eq!(house.world.hasher.evaluations(), 1);
}

#[actix_web::test]
async fn an_unknown_login_and_a_wrong_password_are_one_answer_for_one_evaluation() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "known"), "qwert1").await;
    house.world.add_with_password(new_account("user", "blocked").blocked(), "qwert1").await;
    house.world.add_with_password(new_account("user", "inactive").inactive(), "qwert1").await;
    house.world.add_with_password(new_account("dealer", "dealer"), "Qwerty-12345!").await;
    for (path, refusal) in [
        (AUTH, r#"{"success":false,"status":{"code":102,"description":"Wrong login or password"}}"#),
        (PANEL_AUTH, r#"{"success":false,"status":{"code":12,"description":"Dealer not found"}}"#),
    ] {
        for login in ["known", "blocked", "inactive", "dealer", "unknown", "nul\0"] {
            house.world.hasher.reset_evaluations();
            let answer = house.post(path, json!({"login": login, "password": "wrong"})).await;
            assert_eq!((answer.status, answer.body.as_str()), (400, refusal), "{path} {login}");
            assert_eq!(house.world.hasher.evaluations(), 1, "{path} {login}");
        }
    }
}

#[actix_web::test]
async fn a_state_is_told_only_after_a_right_password() {
    let house = House::new();
    for realm in ["user", "dealer"] {
        house.world.add_with_password(new_account(realm, "blocked").blocked(), "Qwerty-12345!").await;
        house.world.add_with_password(new_account(realm, "inactive").inactive(), "Qwerty-12345!").await;
    }
    for path in [AUTH, PANEL_AUTH] {
        let answer = house.post(path, json!({"login": "blocked", "password": "Qwerty-12345!"})).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.body, r#"{"success":false,"status":{"code":11,"description":"Access denied"}}"#);
        let answer = house.post(path, json!({"login": "inactive", "password": "Qwerty-12345!"})).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body,
            r#"{"success":false,"status":{"code":103,"description":"User not activated"}}"#
        );
    }
}

#[actix_web::test]
async fn too_long_logins_and_passwords_are_refused_without_an_evaluation() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let long = "a".repeat(1025);
    for (login, password) in [("u", long.as_str()), ("unknown", &long), (&long, "qwert1")] {
        assert_eq!(house.post(AUTH, json!({"login": login, "password": password})).await.code(), 102);
    }
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn what_is_missing_is_told_at_once() {
    let house = House::new();
    for path in [AUTH, PANEL_AUTH] {
        let answer = house.post(path, json!({"login": 5})).await;
        assert_eq!((answer.status, answer.code()), (400, 7));
        assert_eq!(answer.parameters(), ["login", "password"]);
    }
    for body in [json!({}), json!({"login": ""}), json!({"login": null}), json!({"login": ["a", "b"]})] {
        let answer = house.post(RESTORE, body).await;
        assert_eq!((answer.code(), answer.parameters()), (7, vec!["login".to_owned()]));
    }
    assert_eq!((house.world.hasher.evaluations(), house.world.store.pending_requests()), (0, 0));
}

#[actix_web::test]
async fn too_many_attempts_are_refused_alike_for_known_and_unknown_logins() {
    let house = limited(|limits| limits.sign_in.pair.capacity = 1);
    house.world.add_with_password(new_account("user", "known"), "qwert1").await;
    for login in ["known", "unknown"] {
        let body = json!({"login": login, "password": "wrong1"});
        assert_eq!(house.post(AUTH, body.clone()).await.code(), 102);
        let answer = house.post(AUTH, body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body,
            r#"{"success":false,"status":{"code":105,"description":"Login attempts limit exceeded, try again later"}}"#
        );
        assert!(answer.header("retry-after").is_some());
    }
    let body = json!({"login": "d", "password": "wrong1"});
    assert_eq!(house.post(PANEL_AUTH, body.clone()).await.code(), 12);
    assert_eq!(house.post(PANEL_AUTH, body).await.code(), 105);
}

#[actix_web::test]
async fn a_header_that_a_client_writes_buys_no_further_attempts() {
    let house = limited(|limits| limits.sign_in.address.capacity = 2);
    for attempt in 0..4_u32 {
        let request = post(AUTH)
            .insert_header(("Content-Type", JSON))
            .insert_header(("X-Forwarded-For", format!("198.51.100.{attempt}")))
            .insert_header(("X-Real-IP", format!("198.51.100.{attempt}")))
            .insert_header(("Forwarded", format!("for=198.51.100.{attempt}")))
            .set_payload(format!(r#"{{"login":"u{attempt}","password":"x"}}"#));
        let code = house.send(request).await.code();
        assert_eq!(code, if attempt < 2 { 102 } else { 105 }, "attempt {attempt}");
    }
}

#[actix_web::test]
async fn a_session_is_renewed_and_ended() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session(AUTH, "u", "qwert1").await;
    let days = |count: u64| Duration::from_secs(count * 24 * 60 * 60);

    house.world.clock.advance(days(29));
    assert_eq!(house.post(RENEW, json!({"hash": hash})).await.body, OK);
    house.world.clock.advance(days(29));
    assert_eq!(house.post(LOGOUT, json!({"hash": hash})).await.body, OK);
    for path in [RENEW, LOGOUT] {
        let answer = house.post(path, json!({"hash": hash})).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body,
            r#"{"success":false,"status":{"code":4,"description":"User or API key not found or session ended"}}"#
        );
    }
}

#[actix_web::test]
async fn a_panel_session_tells_its_permissions_until_it_ends() {
    let house = House::new();
    let account = new_account("dealer", "d").permission("password:update").permission("tariff:read");
    house.world.add_with_password(account, "Qwerty-12345!").await;
    let answer = house.post(PANEL_AUTH, json!({"login": "d", "password": "Qwerty-12345!"})).await;
    let hash = "00000000000000000000000000000001";
    assert_eq!(
        answer.body,
        format!(
            r#"{{"success":true,"hash":"{hash}","permissions":{{"password":["update"],"tariff":["read"]}}}}"#
        )
    );
    let answer = house.post(PERMISSIONS, json!({"hash": hash})).await;
    assert_eq!(answer.body, r#"{"success":true,"permissions":{"password":["update"],"tariff":["read"]}}"#);
    assert_eq!(house.post("/v2/panel/account/logout", json!({"hash": hash})).await.body, OK);
    assert_eq!(house.post(PERMISSIONS, json!({"hash": hash})).await.code(), 4);
}

#[actix_web::test]
async fn a_dealer_without_permissions_is_told_so() {
    let house = House::new();
    house.world.add_with_password(new_account("dealer", "d"), "Qwerty-12345!").await;
    let hash = house.session(PANEL_AUTH, "d", "Qwerty-12345!").await;
    let answer = house.post(PERMISSIONS, json!({"hash": hash})).await;
    assert_eq!(answer.body, r#"{"success":true,"permissions":{}}"#);
}

#[actix_web::test]
async fn restoring_answers_alike_whoever_it_is() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "known"), "qwert1").await;
    house.world.add_with_password(new_account("user", "blocked").blocked(), "qwert1").await;
    house.world.add_with_password(new_account("user", "demo").demo(), "qwert1").await;
    let long = "x".repeat(5_000);
    let mut answers = Vec::new();
    for login in ["known", "known@example.org", "blocked", "demo", "unknown", "a@b\r\nBcc: c@d", &long] {
        let answer = house.post(RESTORE, json!({"login": login})).await;
        let headers: Vec<String> =
            answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        answers.push((answer.status, answer.body, headers));
    }
    assert_eq!((answers[0].0, answers[0].1.as_str()), (200, OK));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn an_address_that_asks_too_often_is_told_and_a_name_is_not() {
    let house = limited(|limits| limits.reset_request.pair.capacity = 1);
    for _ in 0..3 {
        assert_eq!(house.post(RESTORE, json!({"login": "u"})).await.body, OK);
    }
    assert_eq!(house.world.store.pending_requests(), 1);

    let house = limited(|limits| limits.reset_request.address.capacity = 1);
    assert_eq!(house.post(RESTORE, json!({"login": "u"})).await.body, OK);
    let answer = house.post(RESTORE, json!({"login": "v"})).await;
    assert_eq!(answer.status, 429);
    assert_eq!(
        answer.body,
        r#"{"success":false,"status":{"code":15,"description":"Too many requests (rate limit exceeded)"}}"#
    );
    assert!(answer.header("retry-after").is_some());
}

#[actix_web::test]
async fn a_hash_is_found_in_the_header_the_body_and_the_query() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session(AUTH, "u", "qwert1").await;
    let renew = |uri: &str| post(uri);
    let header = renew(RENEW).insert_header(("Authorization", format!("NVX {hash}")));
    assert_eq!(house.send(header).await.body, OK);
    let query = renew(&format!("{RENEW}?hash={hash}"));
    assert_eq!(house.send(query).await.body, OK);
    let form = house
        .post_as(RENEW, "application/x-www-form-urlencoded; charset=utf-8", format!("hash={hash}"))
        .await;
    assert_eq!(form.body, OK);

    // The first one that is present decides, and a malformed one is present.
    for (header, uri, code) in [
        (format!("NVX {UNKNOWN}"), format!("{RENEW}?hash={hash}"), 4),
        ("NVX nonsense".to_owned(), format!("{RENEW}?hash={hash}"), 3),
        (format!("Bearer {UNKNOWN}"), format!("{RENEW}?hash={hash}"), 0),
        (format!("Basic {UNKNOWN}"), RENEW.to_owned(), 3),
    ] {
        let answer = house.send(renew(&uri).insert_header(("Authorization", header.clone()))).await;
        assert_eq!(answer.code(), code, "{header}");
    }
    let refused = house.post(RENEW, json!({"hash": "short"})).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body, r#"{"success":false,"status":{"code":3,"description":"Wrong hash"}}"#);
}

#[actix_web::test]
async fn the_hash_in_the_query_can_be_switched_off() {
    let house = House::with(World::settings(), HttpConfig { query_hash: false, ..HttpConfig::default() });
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session(AUTH, "u", "qwert1").await;
    assert_eq!(house.send(post(&format!("{RENEW}?hash={hash}"))).await.code(), 3);
}
