//! Signing in by the Epixel dialect, and what it says to requests that are none.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use password_domain::account::{AccountId, AccountStatus};
use password_domain::ports::{ClientStore, Clock, TokenSource};
use password_domain::token::TokenPurpose;
use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use rstest::rstest;
use serde_json::json;
use support::{Answer, FORM, House, JSON, post, raw};

const PATHS: [&str; 5] = [
    "/api/v1/user/profile/change-password/",
    "/api/v1/user/forgot-password/",
    "/api/v1/user/forgot-password-submit/",
    "/api/v1/user/login/",
    "/api/v1/user/token/refresh/",
];
const LOGIN: &str = PATHS[3];
const REFRESH: &str = PATHS[4];
const KEY: &str = "client-key";
const PASSWORD: &str = "Tr0ubador&3";

async fn house_with(config: HttpConfig) -> House {
    let house = House::with(World::settings(), config);
    let digest = house.world.tokens.digest(TokenPurpose::Client, KEY);
    assert!(house.world.store.create("app", &digest, house.world.clock.now()).await.unwrap());
    house.world.add_with_password(new_account("member", "beatrice"), PASSWORD).await;
    house
}

async fn house() -> House {
    house_with(HttpConfig::default()).await
}

async fn call(
    house: &House,
    path: &str,
    content_type: &str,
    body: impl Into<actix_web::web::Bytes>,
) -> Answer {
    let request = post(path).insert_header(("apikey", KEY)).insert_header(("Content-Type", content_type));
    house.send(request.set_payload(body)).await
}

fn expect_detail(answer: &Answer, status: u16, sentence: &str) {
    let body = format!(r#"{{"status_code":{status},"errors":{{"detail":{}}},"data":{{}}}}"#, json!(sentence));
    assert_eq!((answer.status, answer.body.as_str()), (status, body.as_str()));
    assert_eq!(answer.header("content-type"), Some(JSON));
}

#[actix_web::test]
async fn a_member_signs_in_and_refreshes() {
    let house = house().await;
    let answer =
        call(&house, LOGIN, JSON, json!({"username": "Beatrice", "password": PASSWORD}).to_string()).await;
    assert_eq!(answer.status, 200);
    let pair = answer.json();
    let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
    assert_eq!(answer.body, format!(r#"{{"refresh":"{refresh}","access":"{access}"}}"#));
    assert_eq!(house.world.hasher.evaluations(), 1);

    let answer = call(&house, REFRESH, FORM, format!("refresh={refresh}")).await;
    assert_eq!(answer.status, 200);
    let renewed = answer.json()["access"].as_str().unwrap().to_owned();
    assert_eq!(answer.body, format!(r#"{{"access":"{renewed}"}}"#));
    for wrong in [access, renewed.as_str(), "x"] {
        let answer = call(&house, REFRESH, JSON, json!({"refresh": wrong}).to_string()).await;
        expect_detail(&answer, 401, "Token is invalid or expired");
    }
}

#[actix_web::test]
async fn an_unknown_login_and_a_wrong_password_are_one_answer_for_one_evaluation() {
    let house = house().await;
    house.world.add_with_password(new_account("member", "blocked").blocked(), PASSWORD).await;
    house.world.add_with_password(new_account("user", "fleet"), PASSWORD).await;
    let mut answers = Vec::new();
    for login in ["beatrice", "nobody", "blocked", "fleet", "no\0body"] {
        house.world.hasher.reset_evaluations();
        let answer =
            call(&house, LOGIN, JSON, json!({"username": login, "password": "wrong"}).to_string()).await;
        expect_detail(&answer, 401, "The supplied authentication credentials are invalid.");
        assert_eq!(house.world.hasher.evaluations(), 1, "{login:?}");
        answers.push(format!("{:?}", answer.headers));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[rstest]
#[case::blocked(AccountStatus::Blocked)]
#[case::inactive(AccountStatus::Inactive)]
#[actix_web::test]
async fn a_state_is_told_only_after_a_right_password(#[case] status: AccountStatus) {
    let house = house().await;
    let account = new_account("member", "other");
    let account = if status == AccountStatus::Blocked { account.blocked() } else { account.inactive() };
    house.world.add_with_password(account, PASSWORD).await;
    let answer =
        call(&house, LOGIN, JSON, json!({"username": "other", "password": PASSWORD}).to_string()).await;
    expect_detail(&answer, 401, "No active account found with the given credentials");
}

#[actix_web::test]
async fn a_blocked_member_cannot_refresh() {
    let house = house().await;
    let body = json!({"username": "beatrice", "password": PASSWORD}).to_string();
    let pair = call(&house, LOGIN, JSON, body).await.json();
    let id = AccountId::from(1);
    let manage = &house.api.use_cases.manage_accounts;
    let accounts = house.world.ports().accounts;
    let account =
        accounts.find_by_id(&password_domain::account::Realm::member(), &id).await.unwrap().unwrap();
    manage.set_status(&account, AccountStatus::Blocked).await.unwrap();
    let answer = call(&house, REFRESH, JSON, json!({"refresh": pair["refresh"]}).to_string()).await;
    expect_detail(&answer, 401, "Token is invalid or expired");
}

#[actix_web::test]
async fn unknown_paths_and_wrong_methods_have_the_envelope() {
    let house = house().await;
    for path in ["/api/v1", "/api/v1/", "/api/v1/user", "/api/v1/user/login/x", "/api/v1//user/login/"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = house.send(TestRequest::default().method(method).uri(path)).await;
            expect_detail(&answer, 404, "Not found.");
        }
    }
    for path in PATHS {
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let answer = house.send(TestRequest::default().method(method.clone()).uri(path)).await;
            expect_detail(&answer, 405, &format!("Method \"{method}\" not allowed."));
            assert_eq!(answer.header("allow"), Some("POST"));
        }
    }
}

#[actix_web::test]
async fn hostile_bodies_get_a_clear_answer_on_every_path() {
    let config = HttpConfig { max_body: 4096, ..HttpConfig::default() };
    let house = house_with(config).await;
    let body = json!({"username": "beatrice", "password": PASSWORD}).to_string();
    let access = call(&house, LOGIN, JSON, body).await.json()["access"].as_str().unwrap().to_owned();
    let deep = "[".repeat(2000);
    let nested = format!(r#"{{"email":{}{}}}"#, "[".repeat(1000), "]".repeat(1000));
    let large = "x".repeat(5000);
    for path in PATHS {
        for (content_type, body, status, sentence) in [
            (JSON, "{".as_bytes(), 400, "Malformed request."),
            (JSON, b"[]", 400, "Malformed request."),
            (JSON, b"\"x\"", 400, "Malformed request."),
            (JSON, b"null", 400, "Malformed request."),
            (JSON, b"{\"email\":\"\xff\"}", 400, "Malformed request."),
            (JSON, b"{\"email\":\"\\ud800\"}", 400, "Malformed request."),
            (JSON, deep.as_bytes(), 400, "Malformed request."),
            (JSON, nested.as_bytes(), 400, "Malformed request."),
            (FORM, b"email=%ff", 400, "Malformed request."),
            ("multipart/form-data", b"--b--", 400, "Malformed request."),
            ("multipart/form-data; boundary=b", b"nonsense", 400, "Malformed request."),
            ("text/plain", b"email=x", 415, "Unsupported media type in request."),
            ("application/xml", b"<email/>", 415, "Unsupported media type in request."),
            (JSON, large.as_bytes(), 412, "Too large request."),
            ("text/plain", large.as_bytes(), 412, "Too large request."),
        ] {
            let request = post(path)
                .insert_header(("apikey", KEY))
                .insert_header(("Authorization", format!("Bearer {access}")))
                .insert_header(("Content-Type", content_type))
                .set_payload(body.to_vec());
            let answer = house.send(request).await;
            assert_eq!(answer.status, status, "{path} {content_type} {:?}", String::from_utf8_lossy(body));
            expect_detail(&answer, status, sentence);
        }
    }
}

#[actix_web::test]
async fn an_oversized_body_gets_its_answer_over_a_real_connection() {
    let house = house().await;
    let address = house.serve();
    let length = (1 << 20) + 4096;
    let mut request = format!(
        "POST {LOGIN} HTTP/1.1\r\nHost: x\r\napikey: {KEY}\r\nContent-Type: {JSON}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    )
    .into_bytes();
    request.resize(request.len() + length, b'x');
    let answer = raw(address, &request).await;
    assert!(answer.starts_with("HTTP/1.1 412 "), "{answer}");
    assert!(
        answer.ends_with(r#"{"status_code":412,"errors":{"detail":"Too large request."},"data":{}}"#),
        "{answer}"
    );
}

#[actix_web::test]
async fn every_answer_has_the_headers_of_an_api() {
    let house = house().await;
    for answer in [
        call(&house, LOGIN, JSON, json!({"username": "beatrice", "password": PASSWORD}).to_string()).await,
        call(&house, LOGIN, JSON, "{").await,
        house.send(TestRequest::get().uri("/api/v1/x")).await,
    ] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("set-cookie").is_none());
    }
}
