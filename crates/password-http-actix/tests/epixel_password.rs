//! Changing and recovering passwords by the Epixel dialect: every answer byte for byte, their order, what each costs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use actix_web::test::TestRequest;
use password_domain::ports::{ClientStore, Clock, TokenSource};
use password_domain::settings::Limits;
use password_domain::token::TokenPurpose;
use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use rstest::rstest;
use serde_json::{Value, json};
use support::{Answer, FORM, House, JSON, post};

const CHANGE: &str = "/api/v1/user/profile/change-password/";
const FORGOT: &str = "/api/v1/user/forgot-password/";
const SUBMIT: &str = "/api/v1/user/forgot-password-submit/";
const LOGIN: &str = "/api/v1/user/login/";
const KEY: &str = "client-key";
const OLD: &str = "Tr0ubador&3";
const NEW: &str = "correct Horse 7";
const SUCCESS: &str = r#"{"status_code":200,"errors":{},"data":{}}"#;

fn detail(status: u16, sentence: &str) -> String {
    format!(r#"{{"status_code":{status},"errors":{{"detail":"{sentence}"}},"data":{{}}}}"#)
}

fn field(name: &str, sentences: &[&str]) -> String {
    format!(r#"{{"status_code":400,"errors":{{"{name}":{}}},"data":{{}}}}"#, json!(sentences))
}

fn expect(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (status, body));
    assert_eq!(answer.header("content-type"), Some(JSON));
}

async fn registered(house: House) -> House {
    let digest = house.world.tokens.digest(TokenPurpose::Client, KEY);
    assert!(house.world.store.create("app", &digest, house.world.clock.now()).await.unwrap());
    house
}

/// A house that knows one client.
async fn house() -> House {
    registered(House::new()).await
}

/// The member `beatrice`, signed in; evaluations count from 0.
async fn member() -> (House, String) {
    let house = house().await;
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    let token = sign_in(&house, "beatrice", OLD).await;
    house.world.hasher.reset_evaluations();
    (house, token)
}

async fn sign_in(house: &House, login: &str, password: &str) -> String {
    let answer = call(house, LOGIN, None, &json!({"username": login, "password": password})).await;
    answer.json()["access"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

fn with_headers(path: &str, token: Option<&str>) -> TestRequest {
    let request = post(path).insert_header(("apikey", KEY));
    match token {
        Some(token) => request.insert_header(("Authorization", format!("Bearer {token}"))),
        None => request,
    }
}

async fn call(house: &House, path: &str, token: Option<&str>, body: &Value) -> Answer {
    let request =
        with_headers(path, token).insert_header(("Content-Type", JSON)).set_payload(body.to_string());
    house.send(request).await
}

fn change(old: &str, new: &str, confirmation: &str) -> Value {
    json!({"old_password": old, "new_password": new, "confirm_password": confirmation})
}

/// Asks for a mail and returns the user key and the token in it.
async fn mailed(house: &House, name: &str) -> (String, String) {
    expect(&call(house, FORGOT, None, &json!({"email": name})).await, 200, SUCCESS);
    deliver(house).await;
    let account =
        house.world.mailer.delivered().into_iter().rev().find_map(|message| match message.content {
            password_domain::ports::Content::ResetRequested { user_key, token, .. } => {
                Some((user_key.to_string(), token.expose().to_owned()))
            }
            _ => None,
        });
    account.unwrap()
}

async fn deliver(house: &House) {
    while house.api.use_cases.deliver_notices.run_once().await.unwrap() > 0 {}
}

#[rstest]
#[case::with_a_slash(CHANGE)]
#[case::without(CHANGE.trim_end_matches('/'))]
#[actix_web::test]
async fn a_change_costs_two_evaluations_and_ends_the_session(#[case] path: &str) {
    let (house, token) = member().await;
    expect(&call(&house, path, Some(&token), &change(OLD, NEW, NEW)).await, 200, SUCCESS);
    assert_eq!(house.world.hasher.evaluations(), 2);
    let again = call(&house, path, Some(&token), &change(NEW, OLD, OLD)).await;
    expect(&again, 401, &detail(401, "Given token not valid for any token type"));
    sign_in(&house, "beatrice", NEW).await;
    deliver(&house).await;
    assert_eq!(house.world.mailer.delivered().len(), 1);
}

#[actix_web::test]
async fn every_encoding_is_read() {
    for (content_type, body) in [
        (JSON, change(OLD, NEW, NEW).to_string()),
        (
            FORM,
            format!(
                "old_password=Tr0ubador%263&new_password={0}&confirm_password={0}",
                NEW.replace(' ', "+")
            ),
        ),
        (
            "multipart/form-data; boundary=b",
            [("old_password", OLD), ("new_password", NEW), ("confirm_password", NEW)]
                .map(|(name, value)| {
                    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                })
                .concat()
                + "--b--\r\n",
        ),
    ] {
        let (house, token) = member().await;
        let request = with_headers(CHANGE, Some(&token)).insert_header(("Content-Type", content_type));
        expect(&house.send(request.set_payload(body)).await, 200, SUCCESS);
    }
}

#[actix_web::test]
async fn the_new_password_may_equal_the_old_one() {
    let (house, token) = member().await;
    expect(&call(&house, CHANGE, Some(&token), &change(OLD, OLD, OLD)).await, 200, SUCCESS);
}

#[actix_web::test]
async fn composed_and_decomposed_confirmations_match() {
    let (house, token) = member().await;
    let body = change(OLD, "caf\u{e9}-Latte1", "cafe\u{301}-Latte1");
    expect(&call(&house, CHANGE, Some(&token), &body).await, 200, SUCCESS);
}

#[actix_web::test]
async fn a_wrong_old_password_costs_one_evaluation() {
    let (house, token) = member().await;
    let answer = call(&house, CHANGE, Some(&token), &change("wrong", NEW, NEW)).await;
    expect(&answer, 401, &detail(401, "Your old password was entered incorrectly. Please enter it again."));
    assert_eq!(house.world.hasher.evaluations(), 1);
}

#[rstest]
#[case::similar("Beatrice-1", &["Your password can't be too similar to your other personal information."])]
#[case::short("aB3$", &["Your password must contain at least 8 characters."])]
#[case::common("Passw0rd!", &["Your password can't be a commonly used password."])]
#[case::numeric("4711081547", &[
    "Your password can't be entirely numeric.",
    "Your password must contain at least one capital letter, small letter, number and special character.",
])]
#[case::several("beatric", &[
    "Your password can't be too similar to your other personal information.",
    "Your password must contain at least 8 characters.",
    "Your password must contain at least one capital letter, small letter, number and special character.",
])]
#[case::nul("correct Horse 7\0", &["Your password contains characters that can't be used."])]
#[case::blank("            ", &[
    "Your password must contain at least one capital letter, small letter, number and special character.",
    "Your password can't be blank.",
])]
#[actix_web::test]
async fn a_bad_new_password_costs_nothing_and_names_every_rule(
    #[case] new: &str,
    #[case] sentences: &[&str],
) {
    let (house, token) = member().await;
    // The old password is wrong too, and nobody looks at it.
    let answer = call(&house, CHANGE, Some(&token), &change("wrong", new, new)).await;
    expect(&answer, 400, &field("password", sentences));
    assert_eq!(house.world.hasher.evaluations(), 0);

    let (user, token) = mailed(&house, "beatrice").await;
    let body = json!({"user": user, "token": token, "new_password": new});
    expect(&call(&house, SUBMIT, None, &body).await, 400, &field("password", sentences));
    assert_eq!(house.world.hasher.evaluations(), 0);
    let body = json!({"user": user, "token": token, "new_password": NEW});
    expect(&call(&house, SUBMIT, None, &body).await, 200, SUCCESS);
}

#[actix_web::test]
async fn a_password_of_a_mebibyte_is_refused_without_hashing() {
    let (house, token) = member().await;
    let new = "aB3$".repeat(60_000);
    let answer = call(&house, CHANGE, Some(&token), &change("wrong", &new, &new)).await;
    expect(&answer, 400, &field("password", &["Your password must contain at most 128 characters."]));
    let answer = call(&house, CHANGE, Some(&token), &change(&new, NEW, NEW)).await;
    expect(&answer, 401, &detail(401, "Your old password was entered incorrectly. Please enter it again."));
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn mismatch_and_policy_are_told_together() {
    let (house, token) = member().await;
    let answer = call(&house, CHANGE, Some(&token), &change("wrong", "aB3$", "other")).await;
    let body = r#"{"status_code":400,"errors":{"confirm_password":["The two password fields didn't match."],"password":["Your password must contain at least 8 characters."]},"data":{}}"#;
    expect(&answer, 400, body);
    let answer = call(&house, CHANGE, Some(&token), &change("wrong", NEW, "other")).await;
    expect(&answer, 400, &field("confirm_password", &["The two password fields didn't match."]));
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[rstest]
#[case::nothing(json!({}), r#"{"old_password":["This field is required."],"new_password":["This field is required."],"confirm_password":["This field is required."]}"#)]
#[case::null_and_empty(json!({"old_password": null, "new_password": "", "confirm_password": "x"}), r#"{"old_password":["This field is required."],"new_password":["This field is required."]}"#)]
#[case::wrong_types(json!({"old_password": 1, "new_password": ["x"], "confirm_password": {"$gt": ""}}), r#"{"old_password":["Not a valid string."],"new_password":["Not a valid string."],"confirm_password":["Not a valid string."]}"#)]
#[case::mixed(json!({"old_password": true}), r#"{"old_password":["Not a valid string."],"new_password":["This field is required."],"confirm_password":["This field is required."]}"#)]
#[actix_web::test]
async fn every_missing_field_is_named(#[case] body: Value, #[case] errors: &str) {
    let (house, token) = member().await;
    let answer = call(&house, CHANGE, Some(&token), &body).await;
    expect(&answer, 400, &format!(r#"{{"status_code":400,"errors":{errors},"data":{{}}}}"#));
}

#[actix_web::test]
async fn an_empty_multipart_body_is_an_empty_form() {
    let house = house().await;
    let request =
        with_headers(SUBMIT, None).insert_header(("Content-Type", "multipart/form-data; boundary=b"));
    let answer = house.send(request.set_payload("--b--\r\n")).await;
    let required = r#"["This field is required."]"#;
    let errors = format!(r#"{{"user":{required},"token":{required},"new_password":{required}}}"#);
    expect(&answer, 400, &format!(r#"{{"status_code":400,"errors":{errors},"data":{{}}}}"#));
}

#[actix_web::test]
async fn the_client_is_asked_for_first_then_the_token_then_the_body() {
    let (house, token) = member().await;
    let send = async |key: Option<&str>, token: Option<&str>, body: &'static str| {
        let mut request = post(CHANGE).insert_header(("Content-Type", JSON)).set_payload(body);
        if let Some(key) = key {
            request = request.insert_header(("apikey", key));
        }
        if let Some(token) = token {
            request = request.insert_header(("Authorization", token));
        }
        house.send(request).await
    };
    let bearer = format!("Bearer {token}");
    let unknown_client = detail(401, "Invalid API key");
    expect(&send(None, None, "{").await, 401, &unknown_client);
    expect(&send(Some(""), Some(&bearer), "{").await, 401, &unknown_client);
    expect(&send(Some("other"), Some(&bearer), "{}").await, 401, &unknown_client);
    let no_token = detail(401, "Authentication credentials were not provided.");
    for authorization in [None, Some("Basic dTpw"), Some("Bearer"), Some(token.as_str())] {
        expect(&send(Some(KEY), authorization, "{").await, 401, &no_token);
    }
    let invalid = detail(401, "Given token not valid for any token type");
    for authorization in ["Bearer x", "Bearer  ", "bearer access-token-999"] {
        let answer = send(Some(KEY), Some(authorization), "{").await;
        assert_eq!(answer.status, 401);
        assert!([invalid.as_str(), no_token.as_str()].contains(&answer.body.as_str()), "{answer:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    expect(&send(Some(KEY), Some(&bearer), "{").await, 400, &detail(400, "Malformed request."));
    assert_eq!(send(Some(KEY), Some(&format!("bEARER {token}")), "{}").await.status, 400);
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn a_refresh_token_an_old_token_and_a_token_of_a_demo_account_change_nothing() {
    let (house, _) = member().await;
    let pair = call(&house, LOGIN, None, &json!({"username": "beatrice", "password": OLD})).await.json();
    let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
    let invalid = detail(401, "Given token not valid for any token type");
    expect(&call(&house, CHANGE, Some(refresh), &change(OLD, NEW, NEW)).await, 401, &invalid);
    house.world.clock.advance(Duration::from_secs(15 * 60));
    expect(&call(&house, CHANGE, Some(access), &change(OLD, NEW, NEW)).await, 401, &invalid);

    house.world.add_with_password(new_account("member", "demo").demo(), OLD).await;
    let token = sign_in(&house, "demo", OLD).await;
    let demo = detail(403, "In demo mode this function is disabled");
    expect(&call(&house, CHANGE, Some(&token), &json!({})).await, 403, &demo);
}

#[actix_web::test]
async fn too_many_wrong_old_passwords_end_the_session() {
    let limits = Limits::default();
    let settings = password_domain::settings::Settings { limits: Some(limits), ..World::settings() };
    let house = registered(House::with(settings, HttpConfig::default())).await;
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    let token = sign_in(&house, "beatrice", OLD).await;
    for _ in 0..limits.session.capacity {
        assert_eq!(call(&house, CHANGE, Some(&token), &change("wrong", NEW, NEW)).await.status, 401);
    }
    let answer = call(&house, CHANGE, Some(&token), &change(OLD, NEW, NEW)).await;
    expect(&answer, 401, &detail(401, "Given token not valid for any token type"));
}

#[actix_web::test]
async fn too_many_attempts_are_429_with_a_time() {
    let mut limits = Limits::default();
    for scope in
        [&mut limits.sign_in, &mut limits.reset_request, &mut limits.reset_token, &mut limits.old_password]
    {
        scope.address.capacity = 1;
    }
    let settings = password_domain::settings::Settings { limits: Some(limits), ..World::settings() };
    let house = registered(House::with(settings, HttpConfig::default())).await;
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    let token = sign_in(&house, "beatrice", OLD).await;
    let submit = json!({"user": "1", "token": "f".repeat(64), "new_password": NEW});
    for (path, token, body) in [
        (LOGIN, None, json!({"username": "beatrice", "password": "wrong"})),
        (FORGOT, None, json!({"email": "nobody"})),
        (SUBMIT, None, submit),
        (CHANGE, Some(token.as_str()), change("wrong", NEW, NEW)),
    ] {
        assert_ne!(call(&house, path, token, &body).await.status, 429, "{path}");
        let answer = call(&house, path, token, &body).await;
        expect(&answer, 429, &detail(429, "Request was throttled. Try again later."));
        assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    }
}

#[actix_web::test]
async fn overload_and_outage_are_503_and_pass() {
    let (house, token) = member().await;
    let busy = detail(503, "Service temporarily unavailable, try again later.");
    house.world.hasher.overload(Some(Duration::from_millis(1_500)));
    let answer = call(&house, CHANGE, Some(&token), &change(OLD, NEW, NEW)).await;
    expect(&answer, 503, &busy);
    assert_eq!(answer.header("retry-after"), Some("2"));
    house.world.hasher.overload(None);
    house.world.store.go_down();
    expect(&call(&house, CHANGE, Some(&token), &change(OLD, NEW, NEW)).await, 503, &busy);
    house.world.store.come_back();
    expect(&call(&house, CHANGE, Some(&token), &change(OLD, NEW, NEW)).await, 200, SUCCESS);
}

#[actix_web::test]
async fn what_is_unforeseen_is_500() {
    let (house, _) = member().await;
    house.world.access_tokens.set_broken(true);
    let answer = call(&house, LOGIN, None, &json!({"username": "beatrice", "password": OLD})).await;
    expect(&answer, 500, &detail(500, "A server error occurred."));
}

#[actix_web::test]
async fn forgot_password_tells_unknown_and_shared_names() {
    let house = house().await;
    for login in ["one", "two"] {
        house.world.add_with_password(new_account("member", login).email("shared@example.org"), OLD).await;
    }
    house
        .world
        .add_with_password(new_account("member", "shared@example.org").email("own@example.org"), OLD)
        .await;
    house.world.add_with_password(new_account("member", "three").email("pair@example.org"), OLD).await;
    house.world.add_with_password(new_account("member", "four").email("PAIR@Example.org"), OLD).await;
    for (email, status, body) in [
        ("nobody", 401, detail(401, "This username or email does not exist in the system.")),
        ("nobody\0", 401, detail(401, "This username or email does not exist in the system.")),
        (
            "pair@example.org",
            401,
            detail(
                401,
                "There is multiple users are registered with the specified E-Mail address.Please enter the username",
            ),
        ),
        ("shared@example.org", 200, SUCCESS.to_owned()),
        ("ONE", 200, SUCCESS.to_owned()),
        ("own@EXAMPLE.org", 200, SUCCESS.to_owned()),
        ("", 400, field("email", &["This field is required."])),
    ] {
        expect(&call(&house, FORGOT, None, &json!({"email": email})).await, status, &body);
    }
    // A list of addresses is none (CVE-2023-7028).
    let answer = call(&house, FORGOT, None, &json!({"email": ["one", "evil@example.net"]})).await;
    expect(&answer, 400, &field("email", &["Not a valid string."]));
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn forgot_password_can_keep_silent() {
    let settings =
        password_domain::settings::Settings { reveal_unknown_accounts: false, ..World::settings() };
    let house = registered(House::with(settings, HttpConfig::default())).await;
    for login in ["one", "two"] {
        house.world.add_with_password(new_account("member", login).email("shared@example.org"), OLD).await;
    }
    for email in ["nobody", "shared@example.org"] {
        expect(&call(&house, FORGOT, None, &json!({"email": email})).await, 200, SUCCESS);
    }
    deliver(&house).await;
    let mut logins: Vec<_> =
        house.world.mailer.delivered().into_iter().map(|message| message.login).collect();
    logins.sort();
    assert_eq!(logins, ["one", "two"]);
}

#[actix_web::test]
async fn a_submit_costs_one_evaluation_and_a_token_serves_once() {
    let (house, access) = member().await;
    let (user, token) = mailed(&house, "beatrice@example.org").await;
    let body = json!({"user": user, "token": token, "new_password": NEW});
    expect(&call(&house, SUBMIT, None, &body).await, 200, SUCCESS);
    assert_eq!(house.world.hasher.evaluations(), 1);
    let invalid = field("token", &["The token is invalid. Enter the correct token that send to your email."]);
    expect(&call(&house, SUBMIT, None, &body).await, 400, &invalid);
    assert_eq!(house.world.hasher.evaluations(), 1);
    assert_eq!(call(&house, CHANGE, Some(&access), &change(NEW, OLD, OLD)).await.status, 401);
    sign_in(&house, "beatrice", NEW).await;
}

#[actix_web::test]
async fn no_other_token_is_accepted() {
    let (house, access) = member().await;
    let other = house.world.add_with_password(new_account("member", "other"), OLD).await;
    let (user, token) = mailed(&house, "beatrice").await;
    let invalid = field("token", &["The token is invalid. Enter the correct token that send to your email."]);
    let other = other.id.to_string();
    let (short, long, upper) = (&token[1..], format!("{token}0"), token.to_uppercase());
    for (user, token) in [
        (other.as_str(), token.as_str()),
        ("999", &token),
        ("x\0", &token),
        (&user, &access),
        (&user, short),
        (&user, &long),
        (&user, &format!(" {token}")),
        (&user, "f".repeat(64).as_str()),
    ] {
        let body = json!({"user": user, "token": token, "new_password": "short"});
        expect(&call(&house, SUBMIT, None, &body).await, 400, &invalid);
    }
    if upper != token {
        let body = json!({"user": user, "token": upper, "new_password": NEW});
        expect(&call(&house, SUBMIT, None, &body).await, 400, &invalid);
    }
    house.world.clock.advance(Duration::from_secs(3600));
    let body = json!({"user": user, "token": token, "new_password": NEW});
    expect(&call(&house, SUBMIT, None, &body).await, 400, &invalid);
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn a_demo_account_is_told_only_to_the_bearer_of_its_token() {
    let house = house().await;
    house.world.add_with_password(new_account("member", "demo").demo(), OLD).await;
    let (user, token) = mailed(&house, "demo").await;
    let body = json!({"user": user, "token": token, "new_password": NEW});
    let demo = detail(403, "In demo mode this function is disabled");
    expect(&call(&house, SUBMIT, None, &body).await, 403, &demo);
    let body = json!({"user": user, "token": "f".repeat(64), "new_password": NEW});
    assert_eq!(call(&house, SUBMIT, None, &body).await.status, 400);
}
