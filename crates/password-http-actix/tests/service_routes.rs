//! The check of a password, the policies, health.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use async_trait::async_trait;
use password_domain::policy::Policy;
use password_domain::settings::{Limits, Settings};
use password_http_actix::{Api, HttpConfig, Readiness};
use password_testkit::World;
use rstest::rstest;
use serde_json::{Value, json};
use support::{Answer, House, JSON, post};

const CHECK: &str = "/password/check";

async fn get(house: &House, path: &str) -> Answer {
    house.send(TestRequest::get().uri(path)).await
}

fn assert_error(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.header("content-type")), (status, Some(JSON)), "{answer:?}");
    let json = answer.json();
    assert_eq!(json["error"]["code"], code);
    assert!(json["error"]["message"].is_string());
}

#[actix_web::test]
async fn a_good_password_is_said_to_be_good() {
    let house = House::new();
    let answer = house.post(CHECK, json!({"policy": "member", "password": "correct Horse 7 battery"})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, r#"{"ok":true,"violations":[],"score":4}"#);
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn every_violation_has_its_code_and_sentence() {
    let house = House::new();
    let account = json!({"login": "beatrice", "email": null, "first_name": "", "shoe_size": 41});
    let answer =
        house.post(CHECK, json!({"policy": "member", "password": "beatric", "account": account})).await;
    let violations = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(
        violations["violations"],
        json!([
            {"code": "similar", "message": "Your password can't be too similar to your other personal information."},
            {"code": "too_short", "message": "Your password must contain at least 8 characters."},
            {"code": "classes", "message": "Your password must contain at least one capital letter, small letter, number and special character."},
        ])
    );
    assert_eq!(violations["ok"], false);
    let prefix = r#"{"ok":false,"violations":[{"code":"similar","message":""#;
    assert!(answer.body.starts_with(prefix) && answer.body.ends_with('}'), "{}", answer.body);
}

#[rstest]
#[case::short("user", "12345", &["too_short"])]
#[case::empty("user", "", &["too_short"])]
#[case::nul("user", "a\0bcdef", &["unprintable"])]
#[case::common("member", "Passw0rd!", &["common"])]
#[case::dealer("dealer", "abcdefghijklm", &["classes"])]
#[actix_web::test]
async fn each_policy_has_its_own_word(#[case] policy: &str, #[case] password: &str, #[case] codes: &[&str]) {
    let house = House::new();
    let answer = house.post(CHECK, json!({"policy": policy, "password": password})).await.json();
    let found: Vec<_> =
        answer["violations"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(json!(found), json!(codes));
    assert!(answer["score"].as_u64().unwrap() <= 4);
}

#[rstest]
#[case::nothing(json!({}), "invalid_request")]
#[case::no_password(json!({"policy": "user"}), "invalid_request")]
#[case::null(json!({"policy": "user", "password": null}), "invalid_request")]
#[case::number(json!({"policy": "user", "password": 123456}), "invalid_request")]
#[case::list(json!({"policy": ["user"], "password": "x"}), "invalid_request")]
#[case::account(json!({"policy": "user", "password": "x", "account": "x"}), "invalid_request")]
#[case::account_list(json!({"policy": "user", "password": "x", "account": []}), "invalid_request")]
#[case::attribute(json!({"policy": "user", "password": "x", "account": {"login": ["x"]}}), "invalid_request")]
#[case::object(json!({"policy": "user", "password": {"$gt": ""}}), "invalid_request")]
#[case::unknown_policy(json!({"policy": "nobody", "password": "x"}), "unknown_policy")]
#[actix_web::test]
async fn a_question_that_is_none_is_400(#[case] body: Value, #[case] code: &str) {
    assert_error(&House::new().post(CHECK, body).await, 400, code);
}

#[rstest]
#[case::broken(JSON, "{", 400, "invalid_request")]
#[case::list(JSON, "[]", 400, "invalid_request")]
#[case::deep(JSON, &"[".repeat(2000), 400, "invalid_request")]
#[case::form("application/x-www-form-urlencoded", "policy=user&password=x", 415, "unsupported_media_type")]
#[case::text("text/plain", r#"{"policy":"user","password":"x"}"#, 415, "unsupported_media_type")]
#[case::large(JSON, &"x".repeat(5000), 413, "too_large")]
#[actix_web::test]
async fn a_body_that_is_no_json_is_refused(
    #[case] content_type: &str,
    #[case] body: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let house = House::with(World::settings(), HttpConfig { max_body: 4096, ..HttpConfig::default() });
    assert_error(&house.post_as(CHECK, content_type, body.to_owned()).await, status, code);
}

#[actix_web::test]
async fn a_password_of_nearly_a_mebibyte_is_checked_in_time() {
    let house = House::new();
    let account = json!({"login": "ab ".repeat(100_000)});
    let body = json!({"policy": "member", "password": "aB3$".repeat(150_000), "account": account});
    let began = std::time::Instant::now();
    let answer = house.post(CHECK, body).await.json();
    assert_eq!(answer["violations"][0]["code"], "too_long");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[actix_web::test]
async fn checks_are_limited_by_address() {
    let mut limits = Limits::default();
    limits.password_check.capacity = 2;
    let house = House::with(Settings { limits: Some(limits), ..World::settings() }, HttpConfig::default());
    let body = json!({"policy": "user", "password": "qwert1"});
    for _ in 0..2 {
        assert_eq!(house.post(CHECK, body.clone()).await.status, 200);
    }
    let answer = house.post(CHECK, body.clone()).await;
    assert_error(&answer, 429, "too_many_requests");
    assert_eq!(answer.header("retry-after"), Some("30"));
    let request = post(CHECK).peer_addr("198.51.100.7:1".parse().unwrap());
    let request = request.insert_header(("Content-Type", JSON)).set_payload(body.to_string());
    assert_eq!(house.send(request).await.status, 200);
    house.world.clock.advance(Duration::from_secs(60));
    assert_eq!(house.post(CHECK, body.clone()).await.status, 200);
    house.world.store.go_down();
    assert_error(&house.post(CHECK, body).await, 503, "unavailable");
}

#[actix_web::test]
async fn the_policies_are_described() {
    let answer = get(&House::new(), "/password/policies").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(JSON)));
    let policies = answer.json();
    let policies = policies.as_object().unwrap();
    assert_eq!(policies.keys().collect::<Vec<_>>(), ["dealer", "member", "user"]);
    for (name, described) in policies {
        let policy = Policy::built_in(name).unwrap();
        assert_eq!(described["passwordrules"], policy.password_rules());
        assert_eq!(described["checklist"], json!(policy.checklist()));
        let read: Policy = serde_json::from_value(json!({"rules": described["rules"]})).unwrap();
        assert_eq!(read, policy);
    }
    let sentences = &policies["member"]["sentences"];
    assert_eq!(
        sentences[1],
        json!({"code": "too_short", "message": "Your password must contain at least 8 characters."})
    );
}

struct Down;

#[async_trait]
impl Readiness for Down {
    async fn check(&self) -> Result<(), String> {
        Err("the database is gone".to_owned())
    }
}

#[actix_web::test]
async fn health_tells_life_and_readiness() {
    let house = House::new();
    for (path, body) in [("/health/live", r#"{"status":"live"}"#), ("/health/ready", r#"{"status":"ready"}"#)]
    {
        let answer = get(&house, path).await;
        assert_eq!(
            (answer.status, answer.body.as_str(), answer.header("content-type")),
            (200, body, Some(JSON))
        );
    }
    let mut down = House::new();
    let Api { use_cases, clients, tokens, config, .. } = &*down.api;
    down.api = Arc::new(Api {
        use_cases: use_cases.clone(),
        clients: clients.clone(),
        tokens: tokens.clone(),
        readiness: Arc::new(Down),
        config: config.clone(),
    });
    assert_eq!(get(&down, "/health/live").await.status, 200);
    let answer = get(&down, "/health/ready").await;
    assert_eq!((answer.status, answer.body.as_str()), (503, r#"{"status":"not ready"}"#));
}

#[actix_web::test]
async fn wrong_methods_are_405() {
    let house = House::new();
    for (path, allow) in [
        (CHECK, "POST"),
        ("/password/policies", "GET, HEAD"),
        ("/health/live", "GET, HEAD"),
        ("/health/ready", "GET, HEAD"),
    ] {
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
            let answer = house.send(TestRequest::default().method(method).uri(path)).await;
            assert_error(&answer, 405, "method_not_allowed");
            assert_eq!(answer.header("allow"), Some(allow));
        }
        let other = if allow == "POST" { Method::GET } else { Method::POST };
        let answer = house.send(TestRequest::default().method(other).uri(path)).await;
        assert_error(&answer, 405, "method_not_allowed");
    }
    let answer = house.send(TestRequest::default().method(Method::HEAD).uri("/health/live")).await;
    assert_eq!(answer.status, 200);
}
