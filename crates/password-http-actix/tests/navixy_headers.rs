//! What surrounds every request: headers, origins, the access log, and the place where a panic ends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use actix_web::http::Method;
use actix_web::test::TestRequest;
use actix_web::{HttpResponse, web};
use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use serde_json::json;
use support::{Answer, House, JSON, OK, post};

fn assert_headers(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action '"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}: {name}");
    }
    for absent in ["strict-transport-security", "set-cookie", "server", "access-control-allow-origin"] {
        assert_eq!(answer.header(absent), None, "{what}: {absent}");
    }
}

async fn panics() -> HttpResponse {
    panic!("a secret in a panic")
}

fn with_panics(cfg: &mut web::ServiceConfig) {
    // Below no scope of a dialect, and yet below its prefix in the case of the second one.
    cfg.route("/panic", web::to(panics));
}

#[actix_web::test]
async fn every_response_has_its_headers() {
    let house = House::with(World::settings(), HttpConfig { max_body: 500, ..HttpConfig::default() });
    let restore = "/v2/user/restore_password";
    for (what, request, status) in [
        ("success", post(restore).insert_header(("content-type", JSON)).set_payload(r#"{"login":"u"}"#), 200),
        ("parameters", post(restore), 400),
        ("format", post(restore).set_payload("x"), 400),
        ("size", post(restore).set_payload("x".repeat(501)), 412),
        ("method", TestRequest::get().uri(restore), 400),
        ("handler", post("/v2/nothing/here"), 400),
        ("no such page", TestRequest::get().uri("/nothing"), 404),
        ("no such page, in depth", post("/a/b/c/d"), 404),
        (
            "preflight without origins",
            TestRequest::with_uri(restore)
                .method(Method::OPTIONS)
                .insert_header(("origin", "https://a.example")),
            400,
        ),
    ] {
        let answer = house.send(request).await;
        assert_eq!(answer.status, status, "{what}");
        assert_headers(&answer, what);
    }
    house.world.store.go_down();
    let answer = house.post(restore, json!({"login": "u"})).await;
    assert_eq!((answer.status, answer.code()), (503, 14));
    assert_headers(&answer, "database down");
}

#[actix_web::test]
async fn a_panic_ends_in_an_answer() {
    let house = House::new();
    let answer = house.send_to(TestRequest::get().uri("/panic"), with_panics).await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("secret"));
    assert_headers(&answer, "panic");
}

#[actix_web::test]
async fn a_panic_below_a_prefix_has_the_dialects_envelope() {
    // The dialect lives elsewhere, and its prefix is taken by a handler that panics.
    let config = HttpConfig { navixy_prefix: "/panic".to_owned(), ..HttpConfig::default() };
    let house = House::with(World::settings(), config);
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let service = actix_web::test::init_service(
        actix_web::App::new()
            .app_data(web::Data::from(house.api.clone()))
            .route("/panic/user/auth", web::to(panics))
            .wrap(actix_web::middleware::from_fn(password_http_actix::middleware::around)),
    )
    .await;
    use actix_web::dev::Service;
    let error = service.call(post("/panic/user/auth").to_request()).await.map(|_| ()).unwrap_err();
    let response = error.error_response();
    assert_eq!(response.status(), 500);
    let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
    assert_eq!(body, r#"{"success":false,"status":{"code":6,"description":"Unexpected error"}}"#);
}

#[actix_web::test]
async fn transport_security_is_the_operators_choice() {
    let house = House::with(World::settings(), HttpConfig { hsts: true, ..HttpConfig::default() });
    for path in ["/v2/user/auth", "/nothing"] {
        let answer = house.send(post(path)).await;
        assert!(answer.header("strict-transport-security").unwrap().starts_with("max-age="), "{path}");
    }
}

#[actix_web::test]
async fn scripts_of_configured_origins_alone_may_use_the_apis() {
    let config =
        HttpConfig { cors_origins: vec!["https://app.example.org".to_owned()], ..HttpConfig::default() };
    let house = House::with(World::settings(), config);
    let from = |origin: &str| {
        post("/v2/user/restore_password")
            .insert_header(("content-type", JSON))
            .insert_header(("origin", origin.to_owned()))
            .set_payload(r#"{"login":"u"}"#)
    };
    let answer = house.send(from("https://app.example.org")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, OK));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example.org"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));

    for origin in ["https://evil.example", "https://app.example.org.evil.example", "null"] {
        let answer = house.send(from(origin)).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
    }

    let preflight = |origin: &str, path: &str| {
        TestRequest::with_uri(path)
            .method(Method::OPTIONS)
            .insert_header(("origin", origin.to_owned()))
            .insert_header(("access-control-request-method", "POST"))
            .insert_header(("access-control-request-headers", "authorization, content-type"))
    };
    let answer = house.send(preflight("https://app.example.org", "/v2/user/auth")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example.org"));
    let answer = house.send(preflight("https://evil.example", "/v2/user/auth")).await;
    assert_eq!(answer.code(), 5);
    assert_eq!(answer.header("access-control-allow-origin"), None);

    // The pages are nobody's to script.
    for request in [
        TestRequest::get().uri("/nothing").insert_header(("origin", "https://app.example.org")),
        preflight("https://app.example.org", "/nothing"),
    ] {
        let answer = house.send(request).await;
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
    }
}

#[actix_web::test]
async fn hosts_and_forwarding_headers_decide_nothing() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let ask = |headers: &[(&'static str, &'static str)]| {
        let mut request = post("/v2/user/restore_password").insert_header(("content-type", JSON));
        for header in headers {
            request = request.insert_header(*header);
        }
        request.set_payload(r#"{"login":"u"}"#)
    };
    let plain = house.send(ask(&[])).await;
    for headers in [
        &[("host", "evil.example")] as &[_],
        &[("host", "evil.example:99999"), ("x-forwarded-host", "evil.example")],
        &[
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-port", "1"),
            ("x-forwarded-prefix", "//evil.example"),
        ],
        &[("forwarded", "for=1.2.3.4;host=evil.example;proto=https")],
        &[("x-original-url", "/admin"), ("x-rewrite-url", "/admin"), ("x-http-method-override", "DELETE")],
        &[("origin", "https://evil.example"), ("referer", "https://evil.example/")],
    ] {
        let answer = house.send(ask(headers)).await;
        assert_eq!((answer.status, &answer.body), (plain.status, &plain.body), "{headers:?}");
        assert_eq!(format!("{:?}", answer.headers), format!("{:?}", plain.headers), "{headers:?}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn the_log_names_routes_and_never_what_a_client_wrote() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let house = House::new();
    house.world.add_with_password(new_account("user", "canary-login"), "canary-pass").await;
    let hash = house.session("/v2/user/auth", "canary-login", "canary-pass").await;
    let mut secrets: Vec<String> = vec![hash.clone()];
    for request in [
        post(&format!("/v2/user/session/renew/?hash={hash}"))
            .insert_header(("referer", "https://canary-referer/")),
        post("/v2/canary-path/x")
            .insert_header(("authorization", "NVX canary-header"))
            .insert_header(("user-agent", "canary-agent")),
        TestRequest::get().uri("/canary-page?token=canary-token").insert_header(("cookie", "canary-cookie")),
        TestRequest::with_uri("/v2/user/auth").method(Method::from_bytes(b"CANARY-METHOD").unwrap()),
        post("/v2/user/password/set").insert_header(("content-type", JSON)).set_payload(format!(
            r#"{{"hash":"{hash}","old_password":"canary-old","new_password":"canary-new1"}}"#
        )),
        post("/v2/user/auth").set_payload("canary-body"),
        TestRequest::get().uri("/panic?canary-panic"),
    ] {
        house.send_to(request, with_panics).await;
    }
    house.world.store.go_down();
    house.post("/v2/user/auth", json!({"login": "canary-login", "password": "canary-pass"})).await;
    house.world.store.come_back();

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    secrets.extend(["canary", "CANARY", "a secret in a panic"].map(str::to_owned));
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} in:\n{text}");
    }
    for told in [
        r#"method="POST" route="/v2/user/session/renew" status=200"#,
        r#"method="POST" route="-" status=400"#,
        r#"method="GET" route="-" status=404"#,
        r#"method="other" route="/v2/user/auth" status=400"#,
        r#"route="/v2/user/password/set" status=400"#,
        "status=500",
        "source=192.0.2.1",
        "the store is unavailable: the test took the store down",
        "a handler panicked",
    ] {
        assert!(text.contains(told), "{told} not in:\n{text}");
    }
}
