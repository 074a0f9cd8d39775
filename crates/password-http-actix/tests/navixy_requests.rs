//! What the Navixy dialects make of requests that are not what they should be.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use password_http_actix::HttpConfig;
use password_testkit::World;
use password_testkit::builders::new_account;
use rstest::rstest;
use serde_json::json;
use support::{FORM, House, JSON, OK, UNKNOWN, post};

use actix_web::http::Method;
use actix_web::test::TestRequest;

/// Every action, and the code of an empty request to it.
const ACTIONS: [(&str, u64); 10] = [
    ("/v2/user/password/change", 3),
    ("/v2/user/password/set", 3),
    ("/v2/user/restore_password", 7),
    ("/v2/user/auth", 7),
    ("/v2/user/logout", 3),
    ("/v2/user/session/renew", 3),
    ("/v2/panel/dealer/password/update", 3),
    ("/v2/panel/account/auth", 7),
    ("/v2/panel/account/get_permissions", 3),
    ("/v2/panel/account/logout", 3),
];

const WRONG_FORMAT: &str = r#"{"success":false,"status":{"code":5,"description":"Wrong request format"}}"#;
const WRONG_METHOD: &str = r#"{"success":false,"status":{"code":112,"description":"Wrong method"}}"#;
const WRONG_HANDLER: &str = r#"{"success":false,"status":{"code":111,"description":"Wrong handler"}}"#;

#[actix_web::test]
async fn an_empty_body_has_no_parameters_whatever_its_type() {
    let house = House::new();
    for (path, code) in ACTIONS {
        assert_eq!(house.send(post(path)).await.code(), code, "{path}");
        for content_type in [JSON, FORM, "multipart/form-data", "image/png"] {
            assert_eq!(house.post_as(path, content_type, "").await.code(), code, "{path} {content_type}");
        }
    }
}

#[actix_web::test]
async fn every_action_takes_a_slash_at_its_end() {
    let house = House::new();
    for (path, code) in ACTIONS {
        assert_eq!(house.post(&format!("{path}/"), json!({})).await.code(), code, "{path}");
        assert_eq!(house.post(&format!("{path}//"), json!({})).await.code(), 111, "{path}");
    }
}

#[rstest]
#[case::no_json(JSON, b"{")]
#[case::half_json(JSON, b"{\"login\":\"u\"")]
#[case::rest_after_json(JSON, b"{} {}")]
#[case::array(JSON, b"[]")]
#[case::text(JSON, b"\"hash\"")]
#[case::number(JSON, b"7")]
#[case::null(JSON, b"null")]
#[case::blanks(JSON, b"   ")]
#[case::byte_order_mark(JSON, b"\xef\xbb\xbf{}")]
#[case::utf16(JSON, b"{\0}\0")]
#[case::invalid_utf8(JSON, b"{\"password\":\"\xff\xfe\"}")]
#[case::lone_surrogate(JSON, b"{\"password\":\"\\ud800\"}")]
#[case::form_as_json(JSON, b"login=u&password=p")]
#[case::infinite_number(JSON, b"{\"login\":1e999}")]
#[case::percent_encoded_invalid_utf8(FORM, b"password=%ff%fe")]
#[case::percent_encoded_invalid_name(FORM, b"%c3=1")]
#[case::raw_invalid_utf8(FORM, b"password=\xc3\x28")]
#[case::no_type("", b"{}")]
#[case::plain_text("text/plain", b"{}")]
#[case::xml("application/xml", b"<a/>")]
#[case::multipart("multipart/form-data; boundary=x", b"--x--\r\n")]
#[case::no_such_type("application/json+x", b"{}")]
#[actix_web::test]
async fn a_body_that_is_not_what_it_says_is_a_wrong_format(
    #[case] content_type: &str,
    #[case] body: &'static [u8],
) {
    let house = House::new();
    for (path, _) in ACTIONS {
        let answer = house.post_as(path, content_type, body).await;
        assert_eq!((answer.status, answer.body.as_str()), (400, WRONG_FORMAT), "{path}");
        assert_eq!(answer.header("content-type"), Some(JSON));
    }
    assert_eq!((house.world.hasher.evaluations(), house.world.events.events().len()), (0, 0));
}

#[actix_web::test]
async fn deeply_nested_json_is_a_wrong_format_and_not_the_end() {
    let house = House::new();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{{\"login\":{}{}{}}}", open.repeat(100_000), "0", close.repeat(100_000));
        assert_eq!(house.post_as("/v2/user/auth", JSON, deep).await.code(), 5);
        assert_eq!(
            house
                .post_as("/v2/user/auth", JSON, format!("{{\"login\":{}", open.repeat(100_000)))
                .await
                .code(),
            5
        );
    }
    let bearable = format!("{{\"login\":{}{}}}", "[".repeat(100), "]".repeat(100));
    assert_eq!(house.post_as("/v2/user/auth", JSON, bearable).await.code(), 7);
}

#[actix_web::test]
async fn a_scalar_of_another_type_is_an_invalid_parameter() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    for value in [json!(0), json!(-1.5), json!(true), json!([]), json!(["u"]), json!({}), json!({"$gt": ""})]
    {
        for path in ["/v2/user/auth", "/v2/panel/account/auth", "/v2/user/restore_password"] {
            let answer = house.post(path, json!({"login": value, "password": value})).await;
            assert_eq!(answer.code(), 7, "{path} {value}");
            assert_eq!(answer.parameters()[0], "login");
        }
        for (path, code) in ACTIONS.into_iter().filter(|(_, code)| *code == 3) {
            assert_eq!(house.post(path, json!({"hash": value})).await.code(), code, "{path} {value}");
        }
    }
    assert_eq!((house.world.hasher.evaluations(), house.world.store.pending_requests()), (0, 0));
}

#[actix_web::test]
async fn a_hash_of_another_form_is_wrong() {
    let house = House::new();
    for (path, code) in ACTIONS.into_iter().filter(|(_, code)| *code == 3) {
        for hash in [
            "",
            " ",
            "x",
            &UNKNOWN[1..],
            &format!("{UNKNOWN}f"),
            &UNKNOWN.to_uppercase(),
            &format!("{}\0", &UNKNOWN[1..]),
            &"f".repeat(1 << 19),
        ] {
            assert_eq!(house.post(path, json!({"hash": hash})).await.code(), code, "{path}");
        }
        assert_eq!(house.post(path, json!({"hash": UNKNOWN})).await.code(), 4, "{path}");
    }
}

#[actix_web::test]
async fn of_a_repeated_field_the_last_counts_and_unknown_ones_are_ignored() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    for (content_type, body) in [
        (JSON, r#"{"login":"v","password":1,"x":[{}],"login":"u","password":"qwert1"}"#),
        (FORM, "login=v&password=x&x[]=1&login=u&password=qwert1&=&&"),
        ("Application/JSON; charset=UTF-8", r#"{"login":"u","password":"qwert1"}"#),
        ("application/x-www-form-urlencoded;charset=ISO-8859-1", "login=u&password=qwert1"),
    ] {
        assert_eq!(house.post_as("/v2/user/auth", content_type, body).await.code(), 0, "{content_type}");
    }
    assert_eq!(
        house
            .post_as("/v2/user/auth", JSON, r#"{"login":"u","password":"qwert1","password":null}"#)
            .await
            .code(),
        7
    );
}

#[actix_web::test]
async fn a_password_arrives_unchanged_in_every_encoding() {
    let password = " a+b&c=%41\u{e9}\u{1f511} ";
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), password).await;
    assert_eq!(house.post("/v2/user/auth", json!({"login": "u", "password": password})).await.code(), 0);
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("login", "u")
        .append_pair("password", password)
        .finish();
    assert_eq!(house.post_as("/v2/user/auth", FORM, form).await.code(), 0);
}

#[actix_web::test]
async fn nul_reaches_the_policy_which_refuses_it() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session("/v2/user/auth", "u", "qwert1").await;
    let form = format!("hash={hash}&old_password=qwert1&new_password=abcdef%00gh");
    let answer = house.post_as("/v2/user/password/set", FORM, form).await;
    assert_eq!((answer.code(), answer.parameters()), (7, vec!["new_password".to_owned()]));
    house.session("/v2/user/auth", "u", "qwert1").await;
}

#[actix_web::test]
async fn too_large_a_body_is_told_before_anything_else() {
    let house = House::with(World::settings(), HttpConfig { max_body: 64, ..HttpConfig::default() });
    for (path, _) in ACTIONS {
        for content_type in [JSON, FORM, "image/png", ""] {
            let answer = house.post_as(path, content_type, "x".repeat(65)).await;
            assert_eq!(answer.status, 412);
            assert_eq!(
                answer.body,
                r#"{"success":false,"status":{"code":9,"description":"Too large request"}}"#
            );
        }
        assert_eq!(house.post_as(path, JSON, "x".repeat(64)).await.code(), 5);
    }
}

#[actix_web::test]
async fn a_password_of_a_mebibyte_costs_no_evaluation() {
    let house = House::new();
    house.world.add_with_password(new_account("user", "u"), "qwert1").await;
    let hash = house.session("/v2/user/auth", "u", "qwert1").await;
    house.world.hasher.reset_evaluations();
    let long = "a".repeat((1 << 20) - 200);
    assert_eq!(house.post("/v2/user/auth", json!({"login": "u", "password": long})).await.code(), 102);
    let set = |old: &str, new: &str| json!({"hash": hash, "old_password": old, "new_password": new});
    assert_eq!(house.post("/v2/user/password/set", set("qwert1", &long)).await.code(), 7);
    assert_eq!(house.post("/v2/user/password/set", set(&long, "123456")).await.code(), 248);
    assert_eq!(house.world.hasher.evaluations(), 0);
}

#[actix_web::test]
async fn actions_take_post_alone() {
    let house = House::new();
    let made_up = Method::from_bytes(b"BREW").unwrap();
    let methods = [
        Method::GET,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::HEAD,
        Method::TRACE,
        made_up,
    ];
    for (path, _) in ACTIONS {
        for method in &methods {
            let request = TestRequest::with_uri(path).method(method.clone()).set_payload(r#"{"login":"u"}"#);
            let answer = house.send(request).await;
            assert_eq!((answer.status, answer.body.as_str()), (400, WRONG_METHOD), "{method} {path}");
        }
    }
    assert_eq!(house.world.events.events().len(), 0);
}

#[actix_web::test]
async fn unknown_paths_are_told_apart_by_their_resource() {
    let house = House::new();
    for (path, body) in [
        ("/v2", WRONG_HANDLER),
        ("/v2/", WRONG_HANDLER),
        ("/v2/tracker/list", WRONG_HANDLER),
        ("/v2/panel", WRONG_HANDLER),
        ("/v2/panel/dealer", WRONG_HANDLER),
        ("/v2/user/password/set/more", WRONG_HANDLER),
        ("/v2/../user/auth", WRONG_HANDLER),
        ("/v2/user/%ff", WRONG_METHOD),
        ("/v2/user", WRONG_METHOD),
        ("/v2/user/nothing", WRONG_METHOD),
        ("/v2/user/password", WRONG_METHOD),
        ("/v2/user/password/delete/", WRONG_METHOD),
        ("/v2/user/session/", WRONG_METHOD),
        ("/v2/user/Auth", WRONG_METHOD),
        ("/v2/panel/dealer/password/change", WRONG_METHOD),
        ("/v2/panel/account/renew", WRONG_METHOD),
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = house.send(TestRequest::with_uri(path).method(method).set_payload("{}")).await;
            assert_eq!((answer.status, answer.body.as_str()), (400, body), "{path}");
            assert_eq!(answer.header("content-type"), Some(JSON));
        }
    }
}

#[actix_web::test]
async fn the_prefix_is_the_operators() {
    let house = House::with(
        World::settings(),
        HttpConfig { navixy_prefix: "/api/v1/fleet".to_owned(), ..HttpConfig::default() },
    );
    assert_eq!(house.post("/api/v1/fleet/user/restore_password", json!({"login": "u"})).await.body, OK);
    assert_eq!(house.post("/api/v1/fleet/nothing/here", json!({})).await.code(), 111);
    assert_eq!(house.post("/v2/user/restore_password", json!({"login": "u"})).await.status, 404);
}
