//! The hosted pages as a browser without scripts uses them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::sync::LazyLock;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use password_domain::ports::Content;
use password_domain::settings::{Limits, Settings};
use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use rstest::rstest;
use support::{Answer, FORM, House, post};

const OLD: &str = "Tr0ubador&3";
const NEW: &str = "correct Horse 7";
const DEALER_OLD: &str = "Qwerty-12345!";
const DEALER_NEW: &str = "Hh6FXTt%E!Rx*%f3";
/// One character more than any account has in its password.
static LONG: LazyLock<String> = LazyLock::new(|| "x".repeat(1_025));

/// A member, a user and a dealer; evaluations count from 0.
async fn house() -> House {
    populated(House::new()).await
}

async fn populated(house: House) -> House {
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    house.world.add_with_password(new_account("user", "fleet"), "qwert1").await;
    house.world.add_with_password(new_account("dealer", "dora"), DEALER_OLD).await;
    house
}

async fn get(house: &House, path: &str) -> Answer {
    house.send(TestRequest::get().uri(path)).await
}

async fn submit(house: &House, path: &str, fields: &[(&str, &str)]) -> Answer {
    house.post_as(path, FORM, encoded(fields)).await
}

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Asks for a mail on the page, and returns what its link carries: for users a hash, else user key and token.
async fn mailed<'a>(house: &House, realm: &str, login: &str) -> Vec<(&'a str, String)> {
    let answer = submit(house, &format!("/forgot/{realm}"), &[("username", login)]).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some(format!("/forgot/{realm}/sent").as_str()))
    );
    while house.api.use_cases.deliver_notices.run_once().await.unwrap() > 0 {}
    let message = house.world.mailer.delivered().pop().unwrap();
    let Content::ResetRequested { token, user_key, .. } = message.content else { panic!("{message:?}") };
    let token = token.expose().to_owned();
    if realm == "user" {
        vec![("hash", token)]
    } else {
        vec![("user", user_key.to_string()), ("token", token)]
    }
}

fn reset<'a>(proof: &'a [(&'a str, String)], new: &'a str, again: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = proof.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("username", ""), ("new_password", new), ("confirm_password", again)]);
    fields
}

fn change<'a>(login: &'a str, current: &'a str, new: &'a str, again: &'a str) -> [(&'a str, &'a str); 4] {
    [("username", login), ("current_password", current), ("new_password", new), ("confirm_password", again)]
}

/// The text of a page, as far as these pages escape anything.
fn read(answer: &Answer) -> String {
    answer.body.replace("&#x27;", "'").replace("&#x2f;", "/").replace("&quot;", "\"").replace("&amp;", "&")
}

fn assert_refused(answer: &Answer, status: u16, sentences: &[&str]) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    let page = read(answer);
    assert!(page.contains("<title>Error: "), "{page}");
    for sentence in sentences {
        assert!(page.contains(sentence), "{sentence} is missing: {page}");
    }
}

#[rstest]
#[case::user("user", "fleet", "qwert2", 1)]
#[case::member("member", "beatrice", NEW, 1)]
#[case::dealer("dealer", "dora", DEALER_NEW, 2)]
#[actix_web::test]
async fn a_link_sets_one_password(
    #[case] realm: &str,
    #[case] login: &str,
    #[case] new: &str,
    #[case] cost: usize,
) {
    let house = house().await;
    let proof = mailed(&house, realm, login).await;
    let path = format!("/reset/{realm}");
    assert_eq!(house.world.hasher.evaluations(), 0);
    let answer = submit(&house, &path, &reset(&proof, new, new)).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(format!("{path}/done").as_str())));
    assert_eq!(house.world.hasher.evaluations(), cost);
    assert_eq!(get(&house, &format!("{path}/done")).await.status, 200);

    let again = submit(&house, &path, &reset(&proof, new, new)).await;
    assert_refused(&again, 400, &["This link does not work any more", &format!("href=\"/forgot/{realm}\"")]);
    assert_eq!(house.world.hasher.evaluations(), cost);
}

#[actix_web::test]
async fn opening_a_link_twenty_times_spends_and_counts_nothing() {
    let settings = Settings { limits: Some(Limits::default()), ..World::settings() };
    let house = populated(House::with(settings, HttpConfig::default())).await;
    let proof = mailed(&house, "member", "beatrice").await;
    let query = encoded(&proof.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>());
    house.world.events.clear();
    // Nothing is looked up either: the page opens without a database.
    house.world.store.go_down();
    for _ in 0..20 {
        for method in [Method::GET, Method::HEAD] {
            let uri = format!("/reset/member?{query}");
            assert_eq!(house.send(TestRequest::default().method(method).uri(&uri)).await.status, 200);
        }
    }
    house.world.store.come_back();
    assert!(house.world.events.events().is_empty());
    let answer = submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await;
    assert_eq!(answer.status, 303);
}

#[actix_web::test]
async fn a_link_that_does_not_work_opens_like_one_that_does() {
    let house = house().await;
    for uri in
        ["/reset/member", "/reset/member?user=1&token=x", "/reset/user?hash=", "/reset/user?hash=%ff%00"]
    {
        let answer = get(&house, uri).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("<form method=\"post\""));
        assert!(!answer.body.contains("Error: "));
    }
}

#[actix_web::test]
async fn only_the_bearer_of_a_token_learns_what_is_wrong_with_a_password() {
    let house = house().await;
    let stranger = [("user", "1".to_owned()), ("token", "f".repeat(64))];
    let answer = submit(&house, "/reset/member", &reset(&stranger, "aB3$", "other")).await;
    assert_refused(&answer, 400, &["This link does not work any more"]);
    assert!(!read(&answer).contains("Your password must"));
    assert!(!read(&answer).contains("didn't match"));

    let proof = mailed(&house, "member", "beatrice").await;
    let answer = submit(&house, "/reset/member", &reset(&proof, "aB3$", "other")).await;
    assert_refused(
        &answer,
        400,
        &[
            "<a href=\"#new_password\">Your password must contain at least 8 characters.</a>",
            "<a href=\"#confirm_password\">The two password fields didn't match.</a>",
            "id=\"new_password-wrong\"",
            "aria-invalid=\"true\" aria-describedby=\"new_password-wrong rules\"",
            "aria-invalid=\"true\" aria-describedby=\"confirm_password-wrong\"",
            "role=\"alert\"",
        ],
    );
    for (name, value) in &proof {
        let hidden = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        assert!(answer.body.contains(&hidden), "{hidden}");
    }
    assert!(!answer.body.contains("aB3$"), "no password is sent back");
    assert_eq!(house.world.hasher.evaluations(), 0);

    assert_eq!(submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await.status, 303);
}

#[actix_web::test]
async fn a_token_serves_only_its_own_realm_and_account() {
    let house = house().await;
    let proof = mailed(&house, "member", "beatrice").await;
    let token = proof[1].1.clone();
    let other = [("user", "2".to_owned()), ("token", token.clone())];
    let nobody = [("user", String::new()), ("token", token.clone())];
    for (path, proof) in [
        ("/reset/member", &other[..]),
        ("/reset/member", &nobody),
        ("/reset/dealer", &proof),
        ("/reset/user", &[("hash", token)]),
    ] {
        let answer = submit(&house, path, &reset(proof, NEW, NEW)).await;
        assert_refused(&answer, 400, &["This link does not work any more"]);
    }
    assert_eq!(house.world.hasher.evaluations(), 0);
    assert_eq!(submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await.status, 303);
}

#[actix_web::test]
async fn a_recently_used_password_is_refused_and_the_link_still_works() {
    let house = house().await;
    let proof = mailed(&house, "dealer", "dora").await;
    let answer = submit(&house, "/reset/dealer", &reset(&proof, DEALER_OLD, DEALER_OLD)).await;
    assert_refused(&answer, 400, &["<a href=\"#new_password\">Your password was recently used.</a>"]);
    assert_eq!(submit(&house, "/reset/dealer", &reset(&proof, DEALER_NEW, DEALER_NEW)).await.status, 303);
}

#[actix_web::test]
async fn a_demo_account_keeps_its_password() {
    let house = house().await;
    house.world.add_with_password(new_account("member", "demo").demo(), OLD).await;
    let proof = mailed(&house, "member", "demo").await;
    let answer = submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await;
    assert_refused(&answer, 403, &["In demo mode this function is disabled"]);
    let answer = submit(&house, "/change/member", &change("demo", OLD, NEW, NEW)).await;
    assert_refused(&answer, 403, &["In demo mode this function is disabled"]);
    let answer = submit(&house, "/change/member", &change("demo", "wrong", NEW, NEW)).await;
    assert_refused(&answer, 400, &["The login or the current password is wrong."]);
}

#[actix_web::test]
async fn asking_for_a_mail_never_tells_who_has_an_account() {
    let house = house().await;
    house.world.add_with_password(new_account("member", "blocked").blocked(), OLD).await;
    house.world.add_with_password(new_account("member", "demo").demo(), OLD).await;
    for login in ["one", "two"] {
        house.world.add_with_password(new_account("member", login).email("shared@example.org"), OLD).await;
    }
    let mut answers = Vec::new();
    let long = "x".repeat(10_000);
    for login in ["beatrice", "nobody", "blocked", "demo", "shared@example.org", "no\0body", &long] {
        let answer = submit(&house, "/forgot/member", &[("username", login)]).await;
        assert_eq!(answer.status, 303);
        answers.push(format!("{answer:?}"));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_eq!(get(&house, "/forgot/member/sent").await.status, 200);
    assert_eq!(house.world.hasher.evaluations(), 0);
    assert_refused(
        &submit(&house, "/forgot/member", &[]).await,
        400,
        &["Enter your login or e-mail address."],
    );
}

#[actix_web::test]
async fn a_change_without_a_session_costs_two_evaluations() {
    let house = house().await;
    let answer = submit(&house, "/change/member", &change("Beatrice", OLD, NEW, NEW)).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/change/member/done")));
    assert_eq!(house.world.hasher.evaluations(), 2);
    assert_eq!(get(&house, "/change/member/done").await.status, 200);
    assert_eq!(submit(&house, "/change/member", &change("beatrice", NEW, OLD, OLD)).await.status, 303);
}

#[rstest]
#[case::empty(change("", "", "", ""), 400, 0, &["Enter your login.", "Enter your current password.", "Enter a new password."])]
#[case::mismatch(change("beatrice", "Wr0ng-guess", "aB3$", "0ther-typed"), 400, 0, &["The two password fields didn't match."])]
#[case::wrong(change("beatrice", "Wr0ng-guess", "aB3$", "aB3$"), 400, 1, &["The login or the current password is wrong."])]
#[case::unknown(change("nobody", OLD, "aB3$", "aB3$"), 400, 1, &["The login or the current password is wrong."])]
#[case::other_realm(change("fleet", "qwert1", NEW, NEW), 400, 1, &["The login or the current password is wrong."])]
#[case::long(change("beatrice", &LONG, NEW, NEW), 400, 0, &["The login or the current password is wrong."])]
#[case::unchanged(change("beatrice", OLD, OLD, OLD), 400, 1, &["<a href=\"#new_password\">New password must be different.</a>"])]
#[case::policy(change("beatrice", OLD, "aB3$", "aB3$"), 400, 1, &["Your password must contain at least 8 characters."])]
#[case::blocked(change("blocked", OLD, NEW, NEW), 403, 1, &["This account is blocked."])]
#[case::blocked_and_wrong(change("blocked", "Wr0ng-guess", NEW, NEW), 400, 1, &["The login or the current password is wrong."])]
#[case::inactive(change("inactive", OLD, NEW, NEW), 403, 1, &["This account is not activated yet."])]
#[actix_web::test]
async fn a_change_verifies_the_password_before_it_tells_anything(
    #[case] fields: [(&str, &str); 4],
    #[case] status: u16,
    #[case] evaluations: usize,
    #[case] sentences: &[&str],
) {
    let house = house().await;
    house.world.add_with_password(new_account("member", "blocked").blocked(), OLD).await;
    house.world.add_with_password(new_account("member", "inactive").inactive(), OLD).await;
    let answer = submit(&house, "/change/member", &fields).await;
    assert_refused(&answer, status, sentences);
    assert_eq!(house.world.hasher.evaluations(), evaluations);
    for (name, value) in &fields[1..] {
        assert!(value.is_empty() || !answer.body.contains(value), "{name} is sent back");
    }
}

#[actix_web::test]
async fn unknown_logins_and_wrong_passwords_get_one_page() {
    let house = house().await;
    let mut known = submit(&house, "/change/member", &change("beatrice", "wrong", NEW, NEW)).await;
    known.body = known.body.replace("beatrice", "nobody00");
    let unknown = submit(&house, "/change/member", &change("nobody00", "wrong", NEW, NEW)).await;
    assert_eq!(format!("{known:?}"), format!("{unknown:?}"));
}

#[actix_web::test]
async fn too_many_attempts_and_overload_are_said_on_the_form() {
    let mut limits = Limits::default();
    for scope in [&mut limits.sign_in, &mut limits.reset_request, &mut limits.reset_token] {
        scope.address.capacity = 1;
    }
    let settings = Settings { limits: Some(limits), ..World::settings() };
    let house = populated(House::with(settings, HttpConfig::default())).await;
    let unknown = [("user", "1".to_owned()), ("token", "f".repeat(64))];
    for (path, fields, kept) in [
        ("/change/member", change("beatrice", "wrong", NEW, NEW).to_vec(), "value=\"beatrice\""),
        ("/forgot/member", vec![("username", "beatrice")], "value=\"beatrice\""),
        ("/reset/member", reset(&unknown, NEW, NEW), "name=\"token\" value=\"ffff"),
    ] {
        assert_ne!(submit(&house, path, &fields).await.status, 429, "{path}");
        let answer = submit(&house, path, &fields).await;
        assert_refused(
            &answer,
            429,
            &["Too many attempts. Try again in ", " minute", "<form method=\"post\"", kept],
        );
        assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    }

    let house = self::house().await;
    let proof = mailed(&house, "member", "beatrice").await;
    house.world.hasher.overload(Some(Duration::from_secs(3)));
    let answer = submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await;
    assert_refused(&answer, 503, &["The service is busy.", &proof[1].1]);
    assert_eq!(answer.header("retry-after"), Some("3"));
    house.world.hasher.overload(None);
    house.world.store.go_down();
    assert_refused(
        &submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await,
        503,
        &["The service is busy."],
    );
    house.world.store.come_back();
    assert_eq!(submit(&house, "/reset/member", &reset(&proof, NEW, NEW)).await.status, 303);
}

#[rstest]
#[case::cross_site(&[("Sec-Fetch-Site", "cross-site")], false)]
#[case::cross_site_without_origin(&[("Sec-Fetch-Site", "cross-site"), ("Origin", "null")], false)]
#[case::foreign_origin(&[("Origin", "https://evil.example")], false)]
#[case::other_port(&[("Origin", "http://127.0.0.1:8081")], false)]
#[case::nothing(&[], true)]
#[case::own_page(&[("Sec-Fetch-Site", "same-origin"), ("Origin", "null")], true)]
#[case::own_origin(&[("Sec-Fetch-Site", "same-origin"), ("Origin", "http://127.0.0.1:8080")], true)]
#[case::same_site(&[("Sec-Fetch-Site", "same-site"), ("Origin", "null")], true)]
#[case::typed(&[("Sec-Fetch-Site", "none")], true)]
#[case::spoofed_host(&[("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example")], true)]
#[actix_web::test]
async fn a_form_of_another_site_is_refused(
    #[case] headers: &[(&'static str, &'static str)],
    #[case] accepted: bool,
) {
    let house = house().await;
    let proof = mailed(&house, "member", "beatrice").await;
    for (path, fields) in [
        ("/forgot/member", vec![("username", "beatrice")]),
        ("/reset/member", reset(&proof, NEW, NEW)),
        (
            "/change/member",
            change("beatrice", if accepted { NEW } else { OLD }, "Other-Pass-77", "Other-Pass-77").to_vec(),
        ),
    ] {
        let mut request = post(path).insert_header(("Content-Type", FORM)).set_payload(encoded(&fields));
        for header in headers {
            request = request.insert_header(*header);
        }
        let answer = house.send(request).await;
        assert_eq!(answer.status, if accepted { 303 } else { 403 }, "{path} {answer:?}");
        if let Some(location) = answer.header("location") {
            assert!(location.starts_with('/') && !location.starts_with("//"), "{location}");
        }
    }
    if !accepted {
        assert_eq!(house.world.hasher.evaluations(), 0);
        assert_eq!(house.world.store.pending_requests(), 0);
    }
}

#[actix_web::test]
async fn what_is_no_form_gets_a_page() {
    let house =
        populated(House::with(World::settings(), HttpConfig { max_body: 4096, ..HttpConfig::default() }))
            .await;
    let large = "x".repeat(5_000);
    for path in ["/reset/member", "/forgot/member", "/change/member", "/reset/user", "/change/dealer"] {
        for (content_type, body, status) in [
            ("application/json", "{}", 415),
            ("text/plain", "username=beatrice", 415),
            (FORM, "username=%ff", 400),
            ("multipart/form-data; boundary=b", "nonsense", 400),
            (FORM, large.as_str(), 413),
        ] {
            let answer = house.post_as(path, content_type, body.to_owned()).await;
            assert_refused(&answer, status, &[]);
        }
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = house.send(TestRequest::default().method(method).uri(path)).await;
            assert_refused(&answer, 405, &[]);
            assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"));
        }
    }
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn a_multipart_form_works_too() {
    let house = house().await;
    let body = change("beatrice", OLD, NEW, NEW)
        .map(|(name, value)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .concat()
        + "--b--\r\n";
    let answer = house.post_as("/change/member", "multipart/form-data; boundary=b", body).await;
    assert_eq!(answer.status, 303);
}
