//! The hosted pages in every language.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use password_http_actix::HttpConfig;
use password_locales::Locale;
use password_testkit::World;
use password_testkit::builders::new_account;
use rstest::rstest;
use support::{Answer, FORM, House, post};

const OLD: &str = "Tr0ubador&3";

/// Every page that can be opened.
const PAGES: [&str; 9] = [
    "/reset/user?hash=abc",
    "/reset/member?user=7&token=abc",
    "/reset/dealer/done",
    "/forgot/member",
    "/forgot/member/sent",
    "/change/user",
    "/change/dealer",
    "/change/member",
    "/change/member/done",
];

async fn get(house: &House, path: &str, language: &str) -> Answer {
    house.send(TestRequest::get().uri(path).insert_header(("Accept-Language", language))).await
}

async fn submit(house: &House, path: &str, language: &str, body: &str) -> Answer {
    let request =
        post(path).insert_header(("Content-Type", FORM)).insert_header(("Accept-Language", language));
    house.send(request.set_payload(body.to_owned())).await
}

/// What no page has, and what each has in its language.
fn assert_page(answer: &Answer, locale: Locale) {
    let body = &answer.body;
    let root = format!("<html lang=\"{}\" dir=\"{}\">", locale.tag(), locale.direction());
    assert!(body.starts_with(&format!("<!doctype html>\n{root}")), "{root} {answer:?}");
    assert_eq!(answer.header("content-language"), Some(locale.tag()));
    assert_eq!(answer.header("vary"), Some("Accept-Language"));
    assert!(answer.header("set-cookie").is_none());
    for forbidden in [
        "page-",
        "rule-",
        "checklist-",
        "{{",
        "{%",
        "{ $",
        " style=",
        "<style",
        " onclick",
        "javascript:",
        "http:",
    ] {
        let found = body.find(forbidden).map(|at| body[at..].chars().take(60).collect::<String>());
        assert!(found.is_none(), "{found:?} in {locale}");
    }
    for script in body.split("<script").skip(1) {
        assert!(script.starts_with(" src=\"/assets/pages.js\" defer></script>"), "{script}");
    }
    assert!(body.contains("<h1>") && body.contains("</html>"));
}

#[actix_web::test]
async fn every_page_is_there_in_every_language() {
    let house = House::new();
    for locale in Locale::ALL {
        for path in PAGES {
            let answer = get(&house, path, locale.tag()).await;
            assert_eq!(answer.status, 200);
            assert_page(&answer, locale);
        }
    }
}

#[actix_web::test]
async fn every_failure_is_told_in_every_language() {
    let house = House::with(World::settings(), HttpConfig { max_body: 4096, ..HttpConfig::default() });
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    for locale in Locale::ALL {
        let tag = locale.tag();
        let large = format!("username={}", "x".repeat(5_000));
        let put = TestRequest::put().uri("/change/member").insert_header(("Accept-Language", tag));
        let foreign = post("/forgot/member")
            .insert_header(("Accept-Language", tag))
            .insert_header(("Sec-Fetch-Site", "cross-site"));
        let weak = format!("username=beatrice&current_password={OLD}&new_password=a&confirm_password=a");
        let wrong = "username=beatrice&current_password=x&new_password=a&confirm_password=a";
        for (answer, status) in [
            (get(&house, "/nowhere", tag).await, 404),
            (get(&house, "/change/nobody", tag).await, 404),
            (house.send(put).await, 405),
            (house.send(foreign).await, 403),
            (submit(&house, "/forgot/member", tag, &large).await, 413),
            (submit(&house, "/forgot/member", tag, "username=%ff").await, 400),
            (submit(&house, "/forgot/member", tag, "").await, 400),
            (submit(&house, "/change/member", tag, "").await, 400),
            (submit(&house, "/change/member", tag, wrong).await, 400),
            (submit(&house, "/change/member", tag, &weak).await, 400),
            (submit(&house, "/reset/member", tag, "user=1&token=x").await, 400),
        ] {
            assert_eq!(answer.status, status, "{answer:?}");
            assert_page(&answer, locale);
            let prefix = locale.text("page-title-failed", &[("title", password_locales::Value::Text("\0"))]);
            let prefix = prefix.split(['\0', '\u{2068}']).next().unwrap();
            assert!(answer.body.contains(&format!("<title>{prefix}")), "{prefix} {answer:?}");
        }
    }
}

#[rstest]
#[case::nothing("", "en")]
#[case::region("de-CH", "de")]
#[case::weights("tlh, fr;q=0.4, es;q=0.9", "es")]
#[case::refused("en;q=0, *;q=0.1", "de")]
#[case::unknown("tlh, zz-ZZ", "en")]
#[case::nonsense(";;;,,;q=,=,q", "en")]
#[case::markup("\"><script>alert(1)</script>", "en")]
#[case::infinite("de;q=inf, fr;q=nan, ja;q=1e9", "en")]
#[actix_web::test]
async fn a_browser_s_preference_is_followed_as_far_as_it_can_be_read(
    #[case] header: &str,
    #[case] tag: &str,
) {
    let house = House::new();
    let answer = get(&house, "/change/member", header).await;
    assert_eq!(answer.status, 200);
    assert_page(&answer, Locale::for_tag(Some(tag)));
    assert!(!answer.body.contains("<script>"));
}

#[actix_web::test]
async fn a_preference_may_be_long_repeated_and_no_text() {
    let house = House::new();
    let long = HeaderValue::from_str(&"x-private,".repeat(2_000)).unwrap();
    let bytes = HeaderValue::from_bytes(b"\xff\xfe").unwrap();
    for (values, tag) in
        [(vec![long], "en"), (vec![bytes.clone()], "en"), (vec![bytes, HeaderValue::from_static("ru")], "ru")]
    {
        let mut request = TestRequest::get().uri("/forgot/member");
        for value in values {
            request = request.append_header(("Accept-Language", value));
        }
        assert_page(&house.send(request).await, Locale::for_tag(Some(tag)));
    }
}

#[actix_web::test]
async fn a_chosen_language_goes_from_page_to_page() {
    let house = House::new();
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    let arabic = Locale::for_tag(Some("ar"));
    let hidden = "<input type=\"hidden\" name=\"lang\" value=\"ar\">";

    let answer = get(&house, "/change/member?lang=ar", "de").await;
    assert_page(&answer, arabic);
    assert!(answer.body.contains(hidden));
    assert!(answer.body.contains("href=\"/forgot/member?lang=ar\""));

    // The form keeps it where the header says otherwise, with an error and without.
    let answer = submit(&house, "/change/member", "de", "lang=ar&username=beatrice").await;
    assert_eq!(answer.status, 400);
    assert_page(&answer, arabic);
    assert!(answer.body.contains(hidden) && answer.body.contains("value=\"beatrice\""));
    let fields = format!(
        "lang=ar&username=beatrice&current_password={}&new_password=correct+Horse+7&confirm_password=correct+Horse+7",
        "Tr0ubador%263"
    );
    let answer = submit(&house, "/change/member", "de", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/change/member/done?lang=ar")));
    let answer = get(&house, "/change/member/done?lang=ar", "de").await;
    assert_page(&answer, arabic);
    assert!(answer.body.contains("href=\"/change/member?lang=ar\""));

    let answer = submit(&house, "/reset/member", "de", "lang=ar&user=1&token=x").await;
    assert_page(&answer, arabic);
    assert!(answer.body.contains("href=\"/forgot/member?lang=ar\""));
}

#[actix_web::test]
async fn whoever_chose_nothing_carries_nothing() {
    let house = House::new();
    for lang in ["", "?lang=", "?lang=xx", "?lang=%22%3E%3Cscript%3E", "?lang=DE"] {
        let answer = get(&house, &format!("/forgot/member{lang}"), "fr").await;
        assert_page(&answer, Locale::for_tag(Some("fr")));
        assert!(!answer.body.contains("name=\"lang\"") && !answer.body.contains("<script>"));
    }
    let answer = submit(&house, "/forgot/member", "fr", "lang=xx&username=a").await;
    assert_eq!(answer.header("location"), Some("/forgot/member/sent"));
}

#[actix_web::test]
async fn every_language_can_be_chosen_and_a_link_s_proof_stays_in_it() {
    let house = House::new();
    let answer = get(&house, "/reset/member?user=7&token=a%26b%22", "ja").await;
    for locale in Locale::ALL {
        let tag = locale.tag();
        let current = if tag == "ja" { " aria-current=\"true\"" } else { "" };
        let link = format!(
            "<a href=\"?user=7&amp;token=a%26b%22&amp;lang={tag}\" lang=\"{tag}\" hreflang=\"{tag}\"{current}>{}</a>",
            locale.own_name()
        );
        assert!(answer.body.contains(&link), "{link} {}", answer.body);
    }
    // What was sent cannot be opened in another language; the form can.
    let answer = submit(&house, "/reset/member", "ja", "user=7&token=x").await;
    assert!(!answer.body.contains("hreflang"));
    let answer = submit(&house, "/change/member", "ja", "").await;
    assert!(answer.body.contains("href=\"?lang=de\""));
}

#[actix_web::test]
async fn a_head_says_what_a_get_says() {
    let house = House::new();
    for path in PAGES {
        let head =
            TestRequest::default().method(Method::HEAD).uri(path).insert_header(("Accept-Language", "ar"));
        let (head, get) = (house.send(head).await, get(&house, path, "ar").await);
        assert_eq!(head.status, get.status);
        for name in ["content-type", "content-language", "vary", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
    }
}

#[actix_web::test]
async fn the_rules_tell_what_a_refused_password_had() {
    let house = House::new();
    house.world.add_with_password(new_account("member", "beatrice"), OLD).await;
    let state = |answer: &Answer, code: &str| {
        let line = answer.body.split(&format!("<li data-code=\"{code}\" data-state=\"")).nth(1).unwrap();
        line.split('"').next().unwrap().to_owned()
    };
    let opened = get(&house, "/change/member", "de").await;
    let fields = "username=beatrice&current_password=Tr0ubador%263&new_password=abc&confirm_password=abc";
    let refused = submit(&house, "/change/member", "de", fields).await;
    assert_eq!(refused.status, 400);
    for (code, expected) in [("too_short", "open"), ("classes", "open"), ("numeric", "met")] {
        assert_eq!(state(&opened, code), "");
        assert_eq!(state(&refused, code), expected, "{code}");
    }
    let short = password_domain::policy::Violation::TooShort { minimum: 8 };
    assert!(refused.body.contains(&Locale::for_tag(Some("de")).rule_sentence(&short)));
    assert!(refused.body.contains("<span class=\"state away\"> (erf\u{fc}llt)</span>"));
}

#[actix_web::test]
async fn the_check_gives_its_reasons_to_whoever_names_a_language() {
    let house = House::new();
    let ask = |lang: Option<&str>| {
        let mut question = serde_json::json!({"policy": "member", "password": "abcabcabc"});
        if let Some(lang) = lang {
            question["lang"] = lang.into();
        }
        house.post("/password/check", question)
    };
    let plain = ask(None).await.json();
    assert_eq!(plain.as_object().unwrap().keys().collect::<Vec<_>>(), ["ok", "score", "violations"]);
    let told = ask(Some("en")).await.json();
    assert_eq!(told["violations"], plain["violations"]);
    assert_eq!(
        told["feedback"],
        serde_json::json!([
            "Repeats like \"abcabcabc\" are only slightly harder to guess than \"abc\".",
            "Add another word or two. Uncommon words are better.",
            "Avoid repeated words and characters."
        ])
    );
    let german = ask(Some("de")).await.json();
    assert_eq!(german["violations"], plain["violations"], "an API's sentences stay as they are");
    assert_ne!(german["feedback"], told["feedback"]);
    assert_eq!(ask(Some("no language")).await.json()["feedback"], told["feedback"]);
    let wrong = house
        .post("/password/check", serde_json::json!({"policy": "member", "password": "x", "lang": 1}))
        .await;
    assert_eq!(wrong.status, 400);
}
