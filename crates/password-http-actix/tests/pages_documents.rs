//! The hosted pages as documents: fields, texts, headers, addresses.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use password_domain::policy::Policy;
use password_http_actix::HttpConfig;
use password_testkit::World;
use rstest::rstest;
use support::{Answer, FORM, House};

async fn get(house: &House, path: &str) -> Answer {
    house.send(TestRequest::get().uri(path)).await
}

/// The attributes of each element of a kind, as text.
fn elements<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name} ");
    page.split(&open).skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    // What stands before a value is its name; no value has a quotation mark in it.
    let mut parts = element.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        if before.trim().trim_end_matches('=').rsplit(' ').next() == Some(name) {
            return Some(value);
        }
    }
    None
}

#[rstest]
#[actix_web::test]
async fn every_form_is_complete_without_scripts(
    #[values("user", "dealer", "member")] realm: &str,
    #[values("reset", "forgot", "change")] page: &str,
) {
    let house = House::new();
    let answer = get(&house, &format!("/{page}/{realm}?hash=abc&user=7&token=def")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let body = &answer.body;
    assert!(body.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">"));
    assert!(!body.contains("<title>Error") && body.contains("<h1>"));
    assert!(body.contains(&format!("action=\"/{page}/{realm}\"")));
    for forbidden in [" maxlength=", "onpaste", "onclick", "style=", "http:", "https:", "<iframe", "<img"] {
        assert!(!body.contains(forbidden), "{forbidden}");
    }
    let mut seen = Vec::new();
    for input in elements(body, "input") {
        if attribute(input, "type") == Some("hidden") {
            continue;
        }
        let id = attribute(input, "id").unwrap();
        assert_eq!(attribute(input, "name"), Some(id));
        assert!(body.contains(&format!("<label for=\"{id}\">")), "{id} has no label");
        seen.push((id, attribute(input, "type").unwrap(), attribute(input, "autocomplete").unwrap()));
    }
    let username = ("username", "text", "username");
    let new =
        [("new_password", "password", "new-password"), ("confirm_password", "password", "new-password")];
    let expected = match page {
        "reset" => vec![username, new[0], new[1]],
        "change" => vec![username, ("current_password", "password", "current-password"), new[0], new[1]],
        _ => vec![username],
    };
    assert_eq!(seen, expected);
}

#[rstest]
#[case::user("user", Policy::user())]
#[case::dealer("dealer", Policy::dealer())]
#[case::member("member", Policy::member())]
#[actix_web::test]
async fn the_policy_stands_on_the_page(#[case] realm: &str, #[case] policy: Policy) {
    let house = House::new();
    for page in ["reset", "change"] {
        let body = get(&house, &format!("/{page}/{realm}")).await.body;
        let rules = policy.password_rules().replace('&', "&amp;");
        let marked =
            elements(&body, "input").into_iter().filter_map(|input| attribute(input, "passwordrules"));
        assert_eq!(marked.collect::<Vec<_>>(), [rules.as_str(); 2]);
        for item in policy.checklist() {
            let line = format!("<span class=\"rule\">{}</span>", item.text.replace('&', "&amp;"));
            assert!(body.contains(&line), "{line}");
        }
        assert!(body.contains("aria-describedby=\"rules\""));
    }
}

#[actix_web::test]
async fn a_link_s_proof_is_carried_in_hidden_fields_and_escaped() {
    let house = House::new();
    let body = get(&house, "/reset/member?user=7&token=abc&hash=no").await.body;
    assert!(body.contains("<input type=\"hidden\" name=\"user\" value=\"7\">"));
    assert!(body.contains("<input type=\"hidden\" name=\"token\" value=\"abc\">"));
    assert!(!body.contains("name=\"hash\""));
    let body = get(&house, "/reset/user?hash=one&hash=two&token=no").await.body;
    assert!(body.contains("<input type=\"hidden\" name=\"hash\" value=\"two\">"));
    assert!(!body.contains("name=\"token\""));

    let evil = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for uri in [format!("/reset/user?hash={evil}"), format!("/reset/member?user={evil}&token={evil}")] {
        let body = get(&house, &uri).await.body;
        assert!(body.contains("&lt;script&gt;") && !body.contains("<script>"), "{body}");
    }
    let answer = house.post_as("/change/member", FORM, format!("username={evil}")).await;
    assert!(answer.body.contains("&lt;script&gt;") && !answer.body.contains("<script>"));
}

#[actix_web::test]
async fn there_are_pages_for_the_configured_realms_only() {
    let house = House::new();
    for realm in
        ["nobody", "USER", "user%00", "..", "%2e%2e", "user%2f..", "%c3%bcser", "%ff", "%zz", "a%20b"]
    {
        for page in ["reset", "forgot", "change"] {
            let path = format!("/{page}/{realm}");
            let answers = [get(&house, &path).await, house.post_as(&path, FORM, "username=x").await];
            for answer in answers {
                assert_eq!(answer.status, 404, "{path}");
                assert!(answer.body.contains("<title>Error: Page not found</title>"), "{answer:?}");
            }
        }
    }
    for path in
        ["/reset/nobody/done", "/forgot/nobody/sent", "/change/nobody/done", "/reset", "/reset/user/x", "/x"]
    {
        assert_eq!(get(&house, path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn a_slash_at_the_end_is_borne() {
    let house = House::new();
    for path in ["/reset/member/", "/forgot/user/", "/change/dealer/"] {
        assert_eq!(get(&house, path).await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn password_managers_find_the_change_page() {
    let house = House::new();
    for (uri, location) in [
        ("/.well-known/change-password", "/change/member"),
        ("/.well-known/change-password?realm=dealer", "/change/dealer"),
        ("/.well-known/change-password?realm=//evil.example", "/change/member"),
        ("/.well-known/change-password?realm=", "/change/member"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = house.send(TestRequest::default().method(method).uri(uri)).await;
            assert_eq!((answer.status, answer.header("location")), (302, Some(location)));
        }
    }
    let missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(get(&house, missing).await.status, 404);
}

#[actix_web::test]
async fn a_path_in_the_public_address_stands_before_every_address() {
    let public_url = url::Url::parse("https://example.org/acc&ounts/").unwrap();
    let house = House::with(World::settings(), HttpConfig { public_url, ..HttpConfig::default() });
    let body = get(&house, "/change/member").await.body;
    for part in [
        "href=\"/acc&amp;ounts/assets/pages.css\"",
        "href=\"/acc&amp;ounts/assets/brand.css\"",
        "src=\"/acc&amp;ounts/assets/pages.js\"",
        "data-check=\"/acc&amp;ounts/password/check\"",
        "action=\"/acc&amp;ounts/change/member\"",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let answer = get(&house, "/.well-known/change-password").await;
    assert_eq!(answer.header("location"), Some("/acc&ounts/change/member"));
    let answer = house.post_as("/forgot/member", FORM, "username=x").await;
    assert_eq!(answer.header("location"), Some("/acc&ounts/forgot/member/sent"));
}

#[actix_web::test]
async fn assets_have_their_types_and_name_no_other_site() {
    let house = House::new();
    for (path, content_type) in [
        ("/assets/pages.css", "text/css; charset=utf-8"),
        ("/assets/brand.css", "text/css; charset=utf-8"),
        ("/assets/pages.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = get(&house, path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(
            !answer.body.contains("http")
                && !answer.body.contains("@import")
                && !answer.body.contains("url(")
        );
    }
    assert_eq!(get(&house, "/assets/").await.status, 404);
    assert_eq!(get(&house, "/assets/..%2fCargo.toml").await.status, 404);
}

#[actix_web::test]
async fn every_page_has_the_headers_of_a_page() {
    let house = House::new();
    for answer in [
        get(&house, "/reset/user?hash=x").await,
        get(&house, "/forgot/member/sent").await,
        get(&house, "/.well-known/change-password").await,
        get(&house, "/nowhere").await,
        house.post_as("/forgot/member", FORM, "username=x").await,
        house.post_as("/forgot/member", FORM, "").await,
        house.post_as("/forgot/member", "text/plain", "x").await,
        house.send(TestRequest::delete().uri("/forgot/member")).await,
    ] {
        let policy = answer.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{part}");
        }
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{answer:?}");
        }
        assert!(answer.header("set-cookie").is_none());
    }
}
