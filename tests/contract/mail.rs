//! What people find in their inbox.

use acceptance::{Server, on_each_database};
use serde_json::json;

on_each_database! {
    fn mails_are_well_formed_and_go_to_the_stored_address(backend) {
        let server = Server::start(backend);
        server.add("member", "mike", "Mike@Example.org", "Zebra-Crossing-7", &["--first-name", "Mike\u{202e} <b>http://evil.example</b>"]);
        let key = server.client_key();
        let ask = |email: &str| {
            acceptance::json(&server.url("/api/v1/user/forgot-password/"), &[("apikey", &key)], &json!({"email": email})).status
        };
        assert_eq!(ask("m\u{131}ke@example.org"), 401, "an address that only looks alike is nobody's");
        assert_eq!(ask("mike@EXAMPLE.ORG"), 200);
        let mail = server.reset_mail_to("Mike@Example.org", 1);
        assert!(mail.header("Message-ID").ends_with("@example.org>"), "{}", mail.header("Message-ID"));
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
        assert!(!mail.header("Subject").contains("Mike"));
        assert!(!mail.raw.contains("http://evil.example") && !mail.raw.contains("<b>"));
        let (text, html) = (mail.raw.find("text/plain").unwrap(), mail.raw.find("text/html").unwrap());
        assert!(text < html);
        assert_eq!(mail.parameter("token").len(), 64);
        use std::os::unix::fs::PermissionsExt as _;
        for entry in std::fs::read_dir(server.mail_folder()).unwrap().flatten() {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    fn three_links_live_and_a_fourth_voids_the_oldest(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let mut hashes = Vec::new();
        for count in 1..=4 {
            server.post("/v2/user/restore_password", &json!({"login": "ann"}));
            hashes.push(server.reset_mail_to("ann@example.org", count).parameter("hash"));
        }
        let change = |hash: &str, password: &str| server.post("/v2/user/password/change", &json!({"hash": hash, "password": password})).code();
        let live: Vec<i64> = hashes.iter().map(|hash| change(hash, "x")).collect();
        assert_eq!(live, [4, 7, 7, 7]);
        assert_eq!(change(&hashes[1], "12@14Y$"), 0);
        assert_eq!((change(&hashes[2], "other-12"), change(&hashes[3], "other-12")), (4, 4), "a change voids the others");
    }

    fn a_new_address_kills_older_links_and_is_told_to_both(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        server.post("/v2/user/restore_password", &json!({"login": "ann"}));
        let hash = server.reset_mail_to("ann@example.org", 1).parameter("hash");
        server.expect(&["account", "update", "--realm", "user", "--login", "ann", "--email", "new@example.org"], "");
        assert_eq!(server.post("/v2/user/password/change", &json!({"hash": hash, "password": "12@14Y$"})).code(), 4);
        for address in ["ann@example.org", "new@example.org"] {
            acceptance::eventually("both addresses are told", || server.mails_to(address).into_iter().find(|mail| mail.link().is_none()));
        }
        server.post("/v2/user/restore_password", &json!({"login": "ann"}));
        server.reset_mail_to("new@example.org", 1);
    }
}
