//! Bad input gets a clear answer in the dialect's own envelope.

use acceptance::{Server, bytes, on_each_database, raw};
use serde_json::json;

const NAVIXY: [&str; 10] = [
    "/v2/user/password/change",
    "/v2/user/password/set",
    "/v2/user/restore_password",
    "/v2/user/auth",
    "/v2/user/logout",
    "/v2/user/session/renew",
    "/v2/panel/dealer/password/update",
    "/v2/panel/account/auth",
    "/v2/panel/account/get_permissions",
    "/v2/panel/account/logout",
];

const EPIXEL: [&str; 5] = [
    "/api/v1/user/profile/change-password/",
    "/api/v1/user/forgot-password/",
    "/api/v1/user/forgot-password-submit/",
    "/api/v1/user/login/",
    "/api/v1/user/token/refresh/",
];

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=b";
    let wide = r#"{"hash":0,"password":[],"old_password":{},"new_password":null,"login":{"$gt":0},"email":["a@b.c","d@e.f"],"token":true,"user":1,"username":[0],"refresh":{}}"#;
    vec![
        (json, b"".to_vec()),
        (json, b"{".to_vec()),
        (json, b"[]".to_vec()),
        (json, b"null".to_vec()),
        (json, b"\"text\"".to_vec()),
        (json, b"\xff\xfe{}".to_vec()),
        (json, b"{\"hash\":\"\xff\"}".to_vec()),
        (json, r#"{"hash":"\ud800"}"#.into()),
        (json, wide.into()),
        (json, [vec![b'['; 100_000], vec![b']'; 100_000]].concat()),
        (json, format!("{}1{}", r#"{"a":"#.repeat(20_000), "}".repeat(20_000)).into_bytes()),
        (json, format!(r#"{{"login":"ann","username":"ann","password":"{0}","old_password":"{0}","new_password":"{0}","confirm_password":"{0}"}}"#, "x".repeat(200_000)).into_bytes()),
        (json, br#"{"login":"a\u0000b","password":"a\u0000b\r\n","hash":"\u0000"}"#.to_vec()),
        (form, b"%ff=%ff&hash=%zz&password=%00".to_vec()),
        (form, b"=&&&==&a".to_vec()),
        (multipart, b"".to_vec()),
        (multipart, b"--b--\r\n".to_vec()),
        (multipart, b"--b\r\nContent-Disposition: form-data; name=\"hash\"\r\n\r\nunfinished".to_vec()),
        (multipart, b"--b\r\n\r\nnameless\r\n--b--\r\n".to_vec()),
        ("multipart/form-data", b"x".to_vec()),
        ("text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>".to_vec()),
        ("application/json; charset=utf-16", b"{}".to_vec()),
        ("not a content type", b"{}".to_vec()),
        (form, vec![b'x'; 1_200_000]),
    ]
}

on_each_database! {
    fn every_route_answers_every_body_in_its_envelope(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let key = server.client_key();
        for (content_type, body) in bodies() {
            for path in NAVIXY {
                let reply = raw("POST", &server.url(path), &[("Content-Type", content_type)], &body);
                let told = reply.json();
                let known = path.ends_with("restore_password") && told["success"] == json!(true);
                assert!(known || told["status"]["code"].is_i64(), "{path} {content_type}: {reply:?}");
                assert!(reply.status != 500 && told["status"]["code"] != json!(6), "{path} {content_type}: {reply:?}");
                if body.len() > 1_100_000 {
                    assert_eq!((reply.status, reply.code()), (412, 9));
                }
            }
            for path in EPIXEL {
                for headers in [&[("Content-Type", content_type)][..], &[("Content-Type", content_type), ("apikey", &key), ("Authorization", "Bearer x.y.z")]] {
                    let reply = raw("POST", &server.url(path), headers, &body);
                    let told = reply.json();
                    assert_eq!(told["status_code"], json!(reply.status), "{path} {content_type}");
                    assert!((400..500).contains(&reply.status), "{path} {content_type}: {reply:?}");
                }
            }
            for path in ["/password/check", "/reset/user", "/forgot/member", "/change/dealer"] {
                let reply = raw("POST", &server.url(path), &[("Content-Type", content_type)], &body);
                assert!(reply.status < 500, "{path} {content_type}: {reply:?}");
            }
        }
        assert_eq!(server.post("/v2/user/auth", &json!({"login": "ann", "password": "qwert1"})).code(), 0);
        assert_eq!(server.get("/health/ready").status, 200);
    }

    fn forged_hosts_do_not_reach_a_link(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let headers = [
            ("Host", "evil.example"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Server", "evil.example"),
            ("X-Original-Host", "evil.example"),
            ("Forwarded", "host=evil.example;proto=https"),
            ("Origin", "http://evil.example"),
            ("Referer", "http://evil.example/"),
            ("Content-Type", "application/json"),
        ];
        let reply = raw("POST", &server.url("/v2/user/restore_password"), &headers, br#"{"login":"ann"}"#);
        assert_eq!(reply.status, 200);
        let mail = server.reset_mail_to("ann@example.org", 1);
        assert!(!mail.raw.contains("evil"));
        assert!(mail.link().unwrap().starts_with(&format!("{}/reset/user?hash=", server.base)));
        let absolute = "POST http://evil.example/v2/user/restore_password HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"login\":\"ann\"}";
        assert!(bytes(&server.address, absolute.as_bytes()).contains("\"success\":true"));
        let second = server.reset_mail_to("ann@example.org", 2);
        assert!(!second.raw.contains("evil"));
    }

    fn an_endless_body_gets_an_answer(backend) {
        let server = Server::start(backend);
        let head = format!("POST /v2/user/auth HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n", server.address);
        let answer = bytes(&server.address, &[head.into_bytes(), vec![b' '; 5_000_000]].concat());
        assert!(answer.starts_with("HTTP/1.1 412") && answer.contains("\"code\":9"), "{answer}");
    }

    fn a_password_beyond_the_bound_is_refused_like_any_other(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let long = "x".repeat(1_025);
        for login in ["ann", "nobody"] {
            assert_eq!(server.post("/v2/user/auth", &json!({"login": login, "password": long})).code(), 102);
        }
        let hash = server.session("user", "ann");
        let body = json!({"hash": hash, "old_password": long, "new_password": "12@14Y$"});
        assert_eq!(server.post("/v2/user/password/set", &body).code(), 248);
    }

    fn one_password_is_one_password_on_every_device(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "caf\u{e9}-12", &[]);
        let auth = |password: &str| server.post("/v2/user/auth", &json!({"login": "ann", "password": password})).code();
        assert_eq!((auth("cafe\u{301}-12"), auth("caf\u{e9}-12"), auth("cafe-12")), (0, 0, 102));
        let body = json!({"hash": server.session("user", "ann"), "old_password": "cafe\u{301}-12", "new_password": "caf\u{e9}-12"});
        assert_eq!(server.post("/v2/user/password/set", &body).code(), 245);
        let body = json!({"hash": server.session("user", "ann"), "old_password": "caf\u{e9}-12", "new_password": "a\u{0}bcdef"});
        assert_eq!(server.post("/v2/user/password/set", &body).code(), 7);
    }
}
