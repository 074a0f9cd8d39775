//! The hosted pages as an operator brands them, or makes them anew.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

use actix_web::test::TestRequest;
use password_http_actix::{Brand, HttpConfig, Logo, Templates};
use password_testkit::World;
use support::{Answer, House};
use tempfile::TempDir;

async fn get(house: &House, path: &str) -> Answer {
    house.send(TestRequest::get().uri(path)).await
}

fn branded(brand: Brand) -> House {
    House::with(World::settings(), HttpConfig { brand, ..HttpConfig::default() })
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn read(files: &[(&str, &str)]) -> Result<Templates, String> {
    Templates::from_folder(folder(files).path()).map_err(|error| error.to_string())
}

#[actix_web::test]
async fn a_name_and_a_line_for_help_stand_on_every_page() {
    let house = branded(Brand {
        name: Some("Acme & <Sons>".to_owned()),
        support: Some("mailto:help@example.org".to_owned()),
        ..Brand::default()
    });
    for path in ["/change/member", "/reset/user?hash=x", "/forgot/member/sent", "/nowhere"] {
        let body = get(&house, path).await.body;
        assert!(body.contains("<bdi>Acme &amp; &lt;Sons&gt;</bdi>"), "{body}");
        assert!(body.contains(" - Acme &amp; &lt;Sons&gt;</title>"));
        assert!(body.contains("<a href=\"mailto:help@example.org\"><bdi>help@example.org</bdi></a>"));
    }
    let body = get(&House::new(), "/change/member").await.body;
    assert!(body.contains("<bdi>127.0.0.1</bdi>") && !body.contains("class=\"support\""));
}

#[actix_web::test]
async fn a_colour_comes_as_a_style_sheet_of_our_own() {
    let house = branded(Brand { colour: "#facc15".parse().unwrap(), ..Brand::default() });
    let answer = get(&house, "/assets/brand.css").await;
    assert_eq!(answer.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.body.contains("--button: #facc15; --on-button: #000000;"), "{answer:?}");
    assert!(answer.body.contains("@media (prefers-color-scheme: dark)"));
    assert!(!answer.body.contains("url(") && !answer.body.contains("@import"));
}

#[actix_web::test]
async fn a_logo_is_shown_in_place_of_the_name_and_can_do_nothing() {
    let logo =
        Logo::new(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>".to_vec()).unwrap();
    let house = branded(Brand { name: Some("Acme".to_owned()), logo: Some(logo), ..Brand::default() });
    let body = get(&house, "/change/member").await.body;
    assert!(body.contains("<img class=\"logo\" src=\"/assets/logo\" alt=\"Acme\">"), "{body}");
    let answer = get(&house, "/assets/logo").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/svg+xml")));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("script-src")
    );

    let none = get(&House::new(), "/assets/logo").await;
    assert_eq!(none.status, 404);
}

#[actix_web::test]
async fn a_template_of_one_s_own_replaces_the_one_of_its_name() {
    let own = [
        ("message.html", "{% include \"_top.html\" %}<p class=\"own\">{{ title }}: {{ text }}</p>"),
        (
            "change.html",
            "{% extends \"built-in/change.html\" %}{% block content %}own, then {{ super() }}{% endblock %}",
        ),
        ("_top.html", "<!doctype html><html lang=\"{{ lang }}\">"),
        ("pages.css", "body { color: teal }"),
        (".swp", "{% broken"),
    ];
    let templates = Templates::from_folder(folder(&own).path()).unwrap();
    let house = House::with(World::settings(), HttpConfig { templates, ..HttpConfig::default() });
    let body = get(&house, "/forgot/member/sent?lang=de").await.body;
    assert!(body.starts_with("<!doctype html><html lang=\"de\"><p class=\"own\">"), "{body}");
    let body = get(&house, "/change/member").await.body;
    assert!(body.contains("own, then ") && body.contains("name=\"current_password\""), "{body}");
    let body = get(&house, "/forgot/member").await.body;
    assert!(body.contains("class=\"languages\""), "what is not replaced stays");
    assert_eq!(get(&house, "/assets/pages.css").await.body, "body { color: teal }");
    assert!(get(&house, "/assets/pages.js").await.body.contains("\"use strict\""));
}

#[test]
fn a_template_that_cannot_be_used_is_refused_at_the_start() {
    for (name, text, words) in [
        ("change.html", "{% if %}", "change.html: "),
        ("message.html", "{{ titel }}", "message.html: "),
        ("message.html", "{{ t(\"page-no-such\") }}", "there is no text page-no-such"),
        ("message.html", "{% include \"_missing.html\" %}", "_missing.html"),
        (
            "forgot.html",
            "<form><input name=\"login\"></form>",
            "forgot.html: the page has no field named username",
        ),
        (
            "reset.html",
            "<input name=\"new_password\"><input name=\"confirm_password\">",
            "reset.html: the page has no field named hash",
        ),
        ("forgt.html", "x", "forgt.html: there is no template of this name"),
        ("logo.png", "x", "logo.png: there is no template of this name"),
    ] {
        let message = read(&[(name, text)]).unwrap_err();
        assert!(message.contains(words), "{message}");
    }
    // Only with something wrong on the form, or with a language chosen.
    let message = read(&[("forgot.html", "<input name=\"username\">{% if failed %}{{ oops }}{% endif %}")])
        .unwrap_err();
    assert!(message.starts_with("forgot.html: "), "{message}");
    let message = read(&[("forgot.html", "<input name=\"username\">")]).unwrap_err();
    assert_eq!(message, "forgot.html: the page has no field named lang");
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    let message = Templates::from_folder(Path::new("/nowhere/at/all")).unwrap_err().to_string();
    assert!(message.contains("/nowhere/at/all"), "{message}");
    let folder = folder(&[("base.html", &"x".repeat((256 << 10) + 1))]);
    assert!(Templates::from_folder(folder.path()).unwrap_err().to_string().contains("256 KiB"));
    fs::write(folder.path().join("base.html"), b"\xff").unwrap();
    assert!(Templates::from_folder(folder.path()).unwrap_err().to_string().contains("base.html"));
}
