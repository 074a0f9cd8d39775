//! No secret lies in the database, the logs, or a page.

use acceptance::{Options, Server, on_each_database};
use serde_json::json;

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

on_each_database! {
    fn passwords_and_tokens_are_nowhere_in_clear(backend) {
        let tables = "[log]\nlevel = \"trace\"".to_owned();
        let mut server = Server::start_with(backend, &Options { tables, limits: true, ..Options::default() });
        let (old, new, wrong) = ("canary-old-1", "canary-new-2", "canary-wrong-3");
        server.add("user", "ann", "ann@example.org", old, &[]);
        server.add("member", "bea", "bea@example.org", "Canary-Member-4", &[]);
        let client = server.client_key();
        let api_key = server.expect(&["api-key", "create", "--realm", "user", "--login", "ann"], "");
        let session = server.session("user", "ann");
        let auth = server.post("/v2/user/auth", &json!({"login": "ann", "password": old})).json();
        let other = auth["hash"].as_str().unwrap().to_owned();
        server.post("/v2/user/auth", &json!({"login": wrong, "password": wrong}));
        let set = |old: &str, new: &str| {
            server.post(&format!("/v2/user/password/set?hash={session}"), &json!({"old_password": old, "new_password": new}))
        };
        assert_eq!(set(wrong, new).code(), 248);
        server.post("/v2/user/restore_password", &json!({"login": "ann"}));
        server.post("/v2/user/restore_password", &json!({"login": wrong}));
        let restore = server.reset_mail_to("ann@example.org", 1).parameter("hash");
        server.get(&format!("/reset/user?hash={restore}"));
        acceptance::json(&server.url("/api/v1/user/login/"), &[("apikey", &client)], &json!({"username": "bea", "password": "Canary-Member-4"}));
        server.post("/password/check", &json!({"policy": "user", "password": new, "account": {"login": wrong}}));
        server.get(&format!("/{restore}/{new}?x={wrong}"));
        assert_eq!(set(old, new).code(), 0);
        server.post("/v2/user/password/set", &json!({"hash": session, "x": [old, new]}));
        acceptance::raw("POST", &server.url("/v2/user/password/set"), &[("Content-Type", "application/json"), ("Referer", &format!("http://x/{new}"))], format!("{{\"hash\":\"{session}\",\"password\":{new}").as_bytes());

        let notice = || server.mails_to("ann@example.org").len() == 2;
        acceptance::eventually("the outbox is empty", || notice().then_some(()));
        assert!(server.terminate());
        let stored = server.database.dump();
        let log = server.log();
        let secrets = [old, new, wrong, "Canary-Member-4", &client, &api_key, &session, &other, &restore];
        for secret in secrets {
            assert!(!contains(&stored, secret), "{secret} is in the database");
            assert!(!log.contains(secret), "{secret} is in the log");
        }
        assert!(!log.contains("acceptance-secret"), "the server's own secret is in the log");
        for private in ["ann@example.org", "bea@example.org"] {
            assert!(!log.contains(private), "{private} is in the log");
        }
    }
}
