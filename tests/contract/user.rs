//! The fleet platform's user API.

use acceptance::{Reply, Server, form, json, on_each_database, raw};
use serde_json::json;

const SUCCESS: &str = r#"{"success":true}"#;

fn failure(code: i64, description: &str) -> String {
    format!(r#"{{"success":false,"status":{{"code":{code},"description":"{description}"}}}}"#)
}

fn is_failure(reply: &Reply, status: u16, code: i64, description: &str) {
    assert_eq!((reply.status, reply.body.as_str()), (status, failure(code, description).as_str()));
    assert!(reply.header("content-type").starts_with("application/json"), "{reply:?}");
}

fn with_user(server: &Server) -> String {
    server.add("user", "user@example.org", "user@example.org", "qwert1", &[]);
    server.session("user", "user@example.org")
}

on_each_database! {
    fn the_documented_set_request_changes_the_password(backend) {
        let server = Server::start(backend);
        let hash = with_user(&server);
        let body = format!(r#"{{"hash": "{hash}", "old_password": "qwert1", "new_password": "12@14Y$"}}"#);
        let reply = raw("POST", &server.url("/v2/user/password/set"), &[("Content-Type", "application/json")], body.as_bytes());
        assert_eq!((reply.status, reply.body.as_str()), (200, SUCCESS));
        let auth = |password: &str| server.post("/v2/user/auth", &json!({"login": "user@example.org", "password": password}));
        is_failure(&auth("qwert1"), 400, 102, "Wrong login or password");
        let let_in = auth("12@14Y$").json();
        assert_eq!(let_in["type"], "authenticated");
        assert_eq!(let_in["hash"].as_str().unwrap().len(), 32);
    }

    fn a_restore_mail_changes_the_password_once(backend) {
        let server = Server::start(backend);
        let session = with_user(&server);
        let asked = server.post("/v2/user/restore_password", &json!({"login": "user@example.org"}));
        assert_eq!((asked.status, asked.body.as_str()), (200, SUCCESS));
        let hash = server.reset_mail_to("user@example.org", 1).parameter("hash");
        assert!(hash.len() == 32 && hash != session);
        let change = |hash: &str, password: &str| {
            server.post("/v2/user/password/change", &json!({"hash": hash, "password": password}))
        };
        let weak = change(&hash, "12345");
        assert_eq!(weak.body, r#"{"success":false,"status":{"code":7,"description":"Invalid parameters"},"errors":[{"parameter":"password","error":"Your password must contain at least 6 characters."}]}"#);
        is_failure(&change(&session, "12@14Y$"), 400, 4, "User or API key not found or session ended");
        let done = change(&hash, "12@14Y$");
        assert_eq!((done.status, done.body.as_str()), (200, SUCCESS));
        is_failure(&change(&hash, "other-123"), 400, 4, "User or API key not found or session ended");
        let renewed = server.post("/v2/user/session/renew", &json!({"hash": session}));
        is_failure(&renewed, 400, 4, "User or API key not found or session ended");
        let notice = server.mail_to("user@example.org", 2);
        assert!(notice.link().is_none() && !notice.raw.contains(&hash) && !notice.raw.contains("12@14Y$"));
    }

    fn every_error_comes_in_its_order(backend) {
        let server = Server::start(backend);
        let hash = with_user(&server);
        server.add("user", "demo", "demo@example.org", "qwert1", &["--demo"]);
        let demo = server.session("user", "demo");
        let key = server.expect(&["api-key", "create", "--realm", "user", "--login", "user@example.org"], "");
        let set = |hash: &str, old: &str, new: &str| {
            server.post("/v2/user/password/set", &json!({"hash": hash, "old_password": old, "new_password": new}))
        };
        is_failure(&set("", "qwert1", "12@14Y$"), 400, 3, "Wrong hash");
        is_failure(&set(&hash.to_uppercase(), "qwert1", "12@14Y$"), 400, 3, "Wrong hash");
        is_failure(&set("22eac1c27af4be7b9d04da2ce1af111b", "x", "y"), 400, 4, "User or API key not found or session ended");
        is_failure(&set(&key, "qwert1", "12@14Y$"), 400, 4, "User or API key not found or session ended");
        is_failure(&set(&demo, "", "x"), 403, 101, "In demo mode this function is disabled");
        assert_eq!(set(&hash, "qwert1", "").code(), 7);
        is_failure(&set(&hash, "x", "x"), 400, 245, "New password must be different");
        is_failure(&set(&hash, "wrong1", "12@14Y$"), 400, 248, "Wrong password");
        assert_eq!(set(&hash, "wrong1", "x").code(), 7);
        assert_eq!(server.post("/v2/user/password/set", &json!({"hash": hash})).json()["errors"].as_array().unwrap().len(), 2);
        is_failure(&server.get("/v2/user/password/set"), 400, 112, "Wrong method");
        is_failure(&server.post("/v2/user/password/unknown", &json!({})), 400, 112, "Wrong method");
        is_failure(&server.post("/v2/nothing/here", &json!({})), 400, 111, "Wrong handler");
        assert_eq!(set(&hash, "qwert1", "12@14Y$").body, SUCCESS);
    }

    fn the_hash_comes_from_the_header_before_the_body_before_the_query(backend) {
        let server = Server::start(backend);
        let hash = with_user(&server);
        let wrong = "22eac1c27af4be7b9d04da2ce1af111b";
        let renew = |path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]| {
            form(&server.url(path), headers, fields).code()
        };
        let path = "/v2/user/session/renew";
        let query = format!("{path}?hash={hash}");
        let right = format!("NVX {hash}");
        assert_eq!(renew(&query, &[], &[]), 0);
        assert_eq!(renew(&query, &[], &[("hash", wrong)]), 4);
        assert_eq!(renew(path, &[("Authorization", &right)], &[("hash", wrong)]), 0);
        assert_eq!(renew(path, &[("Authorization", "NVX nonsense")], &[("hash", &hash)]), 3);
        assert_eq!(renew(path, &[("Authorization", "Bearer x")], &[("hash", &hash)]), 0);
        assert_eq!(renew(path, &[], &[("hash", wrong), ("hash", &hash)]), 0);
        assert_eq!(renew(&format!("{path}/"), &[], &[("hash", &hash)]), 0);
    }

    fn states_of_an_account_are_told_only_after_a_right_password(backend) {
        let server = Server::start(backend);
        server.add("user", "idle", "idle@example.org", "qwert1", &["--inactive"]);
        server.add("user", "shut", "shut@example.org", "qwert1", &[]);
        let session = server.session("user", "shut");
        server.expect(&["account", "block", "--realm", "user", "--login", "shut"], "");
        let auth = |login: &str, password: &str| server.post("/v2/user/auth", &json!({"login": login, "password": password}));
        for login in ["idle", "shut", "nobody"] {
            is_failure(&auth(login, "wrong1"), 400, 102, "Wrong login or password");
        }
        is_failure(&auth("idle", "qwert1"), 400, 103, "User not activated");
        is_failure(&auth("shut", "qwert1"), 403, 11, "Access denied");
        let renew = || server.post("/v2/user/session/renew", &json!({"hash": session})).code();
        assert_eq!(renew(), 4);
        server.expect(&["account", "unblock", "--realm", "user", "--login", "shut"], "");
        assert_eq!(renew(), 4, "what a block has ended stays ended");
        server.expect(&["account", "activate", "--realm", "user", "--login", "idle"], "");
        assert_eq!(auth("IDLE", "qwert1").code(), 0);
    }

    fn restore_answers_alike_for_every_name(backend) {
        let server = Server::start(backend);
        with_user(&server);
        server.add("user", "demo", "demo@example.org", "qwert1", &["--demo"]);
        server.add("user", "shut", "shut@example.org", "qwert1", &[]);
        server.expect(&["account", "block", "--realm", "user", "--login", "shut"], "");
        let ask = |login: &str| {
            let mut reply = server.post("/v2/user/restore_password", &json!({"login": login}));
            reply.headers.retain(|(name, _)| name != "date");
            reply.headers.sort();
            (reply.status, reply.headers, reply.body)
        };
        let known = ask("user@example.org");
        for login in ["nobody", "demo", "shut", &"x".repeat(5_000), "\u{0}", "a\r\nBcc: b@example.org"] {
            assert_eq!(ask(login), known);
        }
        assert_eq!(server.post("/v2/user/restore_password", &json!({})).code(), 7);
        let hash = server.reset_mail_to("demo@example.org", 1).parameter("hash");
        let change = json!({"hash": hash, "password": "12@14Y$"});
        assert_eq!(server.post("/v2/user/password/change", &change).code(), 101);
        server.reset_mail_to("user@example.org", 1);
        assert!(server.mails_to("shut@example.org").is_empty());
    }

    fn logout_ends_the_session_and_nothing_else(backend) {
        let server = Server::start(backend);
        let (first, second) = (with_user(&server), server.session("user", "user@example.org"));
        let call = |action: &str, hash: &str| json(&server.url(action), &[], &json!({"hash": hash})).code();
        assert_eq!(call("/v2/user/logout", &first), 0);
        assert_eq!(call("/v2/user/logout", &first), 4);
        assert_eq!(call("/v2/user/session/renew", &second), 0);
    }
}
