//! The command line.

use acceptance::{Backend, Options, Server, on_each_database};
use serde_json::{Value, json};

on_each_database! {
    fn serve_refuses_a_database_that_is_not_migrated(backend) {
        let server = Server::prepare(backend, &Options::default());
        let output = server.run(&["serve"], "");
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("server migrate"));
        let output = server.run(&["account", "list", "--realm", "user"], "");
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("server migrate"));
        server.expect(&["migrate"], "");
        server.expect(&["migrate"], "");
        assert_eq!(server.expect(&["account", "list", "--realm", "user"], ""), "");
    }

    fn an_import_takes_hashes_and_passwords_and_can_be_run_again(backend) {
        let server = Server::start(backend);
        let django = "pbkdf2_sha256$1000$seasalt$ehwPQHXmZi6XX19mHMFzROHzAg0RU2O9mOIhQi9Zhfw=";
        let rows = [
            json!({"realm": "member", "login": "pia", "email": "pia@example.org", "password": "Zebra-Crossing-7"}),
            json!({"realm": "user", "login": "ida", "email": "ida@example.org", "password": "x", "skip_policy": true, "demo": true}),
            json!({"realm": "user", "login": "weak", "email": "weak@example.org", "password": "x"}),
            json!({"realm": "member", "login": "dj", "email": "dj@example.org", "password_hash": django, "first_name": "D", "active": true}),
            json!({"realm": "member", "login": "bomb", "email": "b@example.org", "password_hash": "$argon2id$v=19$m=4194304,t=9,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"}),
            json!({"realm": "dealer", "login": "deb", "email": "deb@example.org", "password": "Hh6FXTt%E!Rx*%f3", "permissions": ["password:update"]}),
            json!({"realm": "nowhere", "login": "n", "email": "n@example.org", "password": "x"}),
        ];
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let output = server.run(&["account", "import", "-"], &format!("{text}not json\n"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        for line in ["3", "5", "7", "8"] {
            assert!(said.contains(line), "{said}");
        }
        assert!(!said.contains("somesalt") && !said.contains(django));
        let auth = server.post("/v2/panel/account/auth", &json!({"login": "deb", "password": "Hh6FXTt%E!Rx*%f3"}));
        assert_eq!(auth.json()["permissions"], json!({"password": ["update"]}));
        let again = server.run(&["account", "import", "-"], &text);
        assert!(!String::from_utf8_lossy(&again.stderr).contains("panicked"));
        assert_eq!(server.expect(&["account", "list", "--realm", "member"], "").lines().count(), 2);
        let shown: Value = serde_json::from_str(&server.expect(&["account", "show", "--realm", "user", "--login", "IDA"], "")).unwrap();
        assert_eq!((&shown["login"], &shown["demo"]), (&json!("ida"), &json!(true)));
        assert!(!shown.to_string().contains("argon2"));
    }

    fn an_operators_password_is_one_change_like_any_other(backend) {
        let server = Server::start(backend);
        server.add("dealer", "dan", "dan@example.org", "qwerty", &["--permission", "password:update"]);
        let hash = server.session("dealer", "dan");
        let set = |password: &str, more: &[&str]| {
            let mut arguments = vec!["account", "set-password", "--realm", "dealer", "--login", "dan", "--password-stdin"];
            arguments.extend_from_slice(more);
            server.run(&arguments, password).status.success()
        };
        assert!(!set("weak", &[]));
        assert!(set("Hh6FXTt%E!Rx*%f3\n", &[]), "one trailing newline is stripped");
        assert_eq!(server.post("/v2/panel/account/get_permissions", &json!({"hash": hash})).code(), 4);
        server.mail_to("dan@example.org", 1);
        let auth = server.post("/v2/panel/account/auth", &json!({"login": "dan", "password": "Hh6FXTt%E!Rx*%f3"})).json();
        let update = json!({"hash": auth["hash"], "old_password": "Hh6FXTt%E!Rx*%f3", "new_password": "Aa1!qwertyqwerty"});
        assert_eq!(server.post("/v2/panel/dealer/password/update", &update).code(), 0);
        assert!(!set("Hh6FXTt%E!Rx*%f3", &[]), "an operator's password joins the history");
        server.expect(&["account", "send-reset", "--realm", "dealer", "--login", "dan"], "");
        assert_eq!(server.reset_mail_to("dan@example.org", 1).parameter("token").len(), 64);
        server.expect(&["account", "delete", "--realm", "dealer", "--login", "dan"], "");
        assert!(!server.run(&["account", "show", "--realm", "dealer", "--login", "dan"], "").status.success());
    }

    fn sessions_and_keys_are_listed_and_revoked(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let of = ["--realm", "user", "--login", "ann"];
        let run = |command: &[&str]| server.expect(&[command, &of[..]].concat(), "");
        let hash = run(&["session", "issue"]);
        let key = run(&["api-key", "create"]);
        assert_eq!((hash.len(), key.len()), (32, 32));
        let listed = run(&["session", "list"]);
        assert!(listed.lines().count() == 1 && !listed.contains(&hash));
        let keys = run(&["api-key", "list"]);
        assert!(keys.lines().count() == 1 && !keys.contains(&key));
        run(&["session", "revoke"]);
        assert_eq!(server.post("/v2/user/session/renew", &json!({"hash": hash})).code(), 4);
        run(&["api-key", "revoke"]);
        assert_eq!(run(&["api-key", "list"]), "");
        let client = server.client_key();
        let clients = server.expect(&["client", "list"], "");
        assert!(clients.contains("acceptance") && !clients.contains(&client));
    }
}

#[test]
fn a_configuration_is_checked_with_clear_words() {
    let server = Server::prepare(Backend::Sqlite, &Options::default());
    server.expect(&["config", "check"], "");
    assert!(server.expect(&["config", "print-default"], "").contains("public_url"));
    for (options, word) in [
        (Options { keys: "speling = 1".to_owned(), ..Options::default() }, "speling"),
        (Options { hashing: Some("memory_kib = 64".to_owned()), ..Options::default() }, "allow_weak"),
        (
            Options { mail: Some("from = \"A <a@example.org>\"".to_owned()), ..Options::default() },
            "transport",
        ),
        (
            Options { tables: "[realms.user]\nreset_ttl = \"48h\"".to_owned(), ..Options::default() },
            "reset_ttl",
        ),
        (Options { tables: "[realms.user]\npolicy = \"absent\"".to_owned(), ..Options::default() }, "absent"),
    ] {
        server.write_config(&options);
        let output = server.run(&["serve"], "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(word), "{word}: {said}");
        assert!(!said.contains("acceptance-secret"), "{said}");
    }
}
