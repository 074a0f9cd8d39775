//! The fleet platform's panel API.

use acceptance::{Server, on_each_database, raw};
use serde_json::json;

const PERMISSION: &[&str] = &["--permission", "password:update"];

fn update(server: &Server, hash: &str, old: &str, new: &str) -> i64 {
    let body = json!({"hash": hash, "old_password": old, "new_password": new});
    server.post("/v2/panel/dealer/password/update", &body).code()
}

fn password(number: usize) -> String {
    format!("Passw0rd-No!{number:04}")
}

on_each_database! {
    fn the_documented_request_changes_the_password(backend) {
        let server = Server::start(backend);
        server.add("dealer", "dealer", "dealer@example.org", "qwerty", PERMISSION);
        let auth = server.post("/v2/panel/account/auth", &json!({"login": "dealer", "password": "qwerty"}));
        let hash = auth.json()["hash"].as_str().unwrap().to_owned();
        assert_eq!(auth.body, format!(r#"{{"success":true,"hash":"{hash}","permissions":{{"password":["update"]}}}}"#));
        let permissions = server.post("/v2/panel/account/get_permissions", &json!({"hash": hash}));
        assert_eq!(permissions.body, r#"{"success":true,"permissions":{"password":["update"]}}"#);
        let body = format!(r#"{{"hash": "{hash}", "old_password": "qwerty", "new_password": "Hh6FXTt%E!Rx*%f3"}}"#);
        let headers = [("Content-Type", "application/json")];
        let reply = raw("POST", &server.url("/v2/panel/dealer/password/update"), &headers, body.as_bytes());
        assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"success":true}"#));
        assert_eq!(server.post("/v2/panel/account/get_permissions", &json!({"hash": hash})).code(), 4);
    }

    fn the_last_ten_passwords_are_refused_and_the_eleventh_is_free(backend) {
        let server = Server::start(backend);
        server.add("dealer", "dealer", "dealer@example.org", &password(0), PERMISSION);
        for number in 1..=10 {
            let hash = server.session("dealer", "dealer");
            let current = password(number - 1);
            for earlier in 0..number - 1 {
                if earlier + 3 >= number || earlier == 0 {
                    assert_eq!(update(&server, &hash, &current, &password(earlier)), 294, "{earlier} before {number}");
                }
            }
            assert_eq!(update(&server, &hash, &current, &current), 245);
            assert_eq!(update(&server, &hash, &current, &password(number)), 0);
        }
        let hash = server.session("dealer", "dealer");
        let body = json!({"hash": hash, "old_password": password(10), "new_password": password(1)});
        let reply = server.post("/v2/panel/dealer/password/update", &body);
        assert_eq!((reply.status, reply.code()), (400, 294));
        assert!(reply.body.contains("\"Password was recently used.\""));
        assert_eq!(update(&server, &hash, &password(10), &password(0)), 0, "after ten further changes it is free");
    }

    fn errors_come_in_their_order(backend) {
        let server = Server::start(backend);
        server.add("dealer", "dealer", "dealer@example.org", "qwerty", PERMISSION);
        server.add("dealer", "clerk", "clerk@example.org", "qwerty", &[]);
        server.add("dealer", "demo", "demo@example.org", "qwerty", &["--demo", PERMISSION[0], PERMISSION[1]]);
        server.add("user", "user", "user@example.org", "qwerty", &[]);
        let good = "Hh6FXTt%E!Rx*%f3";
        let hash = server.session("dealer", "dealer");
        assert_eq!(update(&server, &server.session("dealer", "clerk"), "", ""), 13);
        assert_eq!(update(&server, &server.session("dealer", "demo"), "", ""), 101);
        assert_eq!(update(&server, &server.session("user", "user"), "qwerty", good), 4);
        assert_eq!(update(&server, "x", "qwerty", good), 3);
        assert_eq!(update(&server, &hash, "qwerty", ""), 7);
        assert_eq!(update(&server, &hash, "qwerty", "qwerty"), 245);
        assert_eq!(update(&server, &hash, "wrong", "alllowercase1!"), 7);
        assert_eq!(update(&server, &hash, "wrong", good), 248);
        let both = json!({"hash": hash, "old_password": "qwerty", "new_password": "short"});
        let reply = server.post("/v2/panel/dealer/password/update", &both).json();
        let sentences: Vec<&str> = reply["errors"].as_array().unwrap().iter().map(|e| e["error"].as_str().unwrap()).collect();
        assert_eq!(sentences, [
            "Your password must contain at least 12 characters.",
            "Your password must contain at least one uppercase letter, lowercase letter, digit, and special character (!@#$%^&*).",
        ]);
        assert_eq!(server.post("/v2/user/session/renew", &json!({"hash": hash})).code(), 4);
        for (login, password) in [("nobody", "qwerty"), ("dealer", "wrong")] {
            let reply = server.post("/v2/panel/account/auth", &json!({"login": login, "password": password}));
            assert_eq!(reply.body, r#"{"success":false,"status":{"code":12,"description":"Dealer not found"}}"#);
        }
        assert_eq!(update(&server, &hash, "qwerty", good), 0);
    }
}
