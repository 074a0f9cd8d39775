//! Attempts are limited, and a stranger cannot lock a victim out.

use acceptance::{Options, Reply, Server, json, on_each_database};
use serde_json::json;

fn server(backend: acceptance::Backend) -> Server {
    let http = "trusted_proxies = [\"127.0.0.1/32\"]".to_owned();
    let server = Server::start_with(backend, &Options { limits: true, http, ..Options::default() });
    server.add("user", "ann", "ann@example.org", "qwert1", &[]);
    server
}

fn auth(server: &Server, from: &str, login: &str, password: &str) -> Reply {
    let body = json!({"login": login, "password": password});
    json(&server.url("/v2/user/auth"), &[("X-Forwarded-For", from)], &body)
}

/// Guesses until the limit is told, and returns after how many guesses it was.
fn spend(server: &Server, from: &str, login: &str) -> usize {
    (0..400).find(|_| auth(server, from, login, "wrong1").code() == 105).expect("the limit is told")
}

on_each_database! {
    fn guesses_are_limited_alike_for_known_and_unknown_names(backend) {
        let server = server(backend);
        let known = spend(&server, "192.0.2.1", "ann");
        let unknown = spend(&server, "192.0.2.2", "nobody");
        assert_eq!(known, unknown);
        let limited = auth(&server, "192.0.2.1", "ann", "qwert1");
        assert_eq!((limited.status, limited.code()), (400, 105), "also with the right password");
        assert!(limited.body.contains("Login attempts limit exceeded, try again later"));
    }

    fn a_stranger_cannot_lock_out_an_address_that_signed_in_before(backend) {
        let server = server(backend);
        assert_eq!(auth(&server, "198.51.100.7", "ann", "qwert1").code(), 0);
        for number in 1..=60 {
            let from = format!("192.0.2.{number}");
            if auth(&server, &from, "ann", "wrong1").code() == 105 {
                break;
            }
            spend(&server, &from, "ann");
        }
        assert_eq!(auth(&server, "203.0.113.9", "ann", "qwert1").code(), 105, "the name's own budget is spent");
        assert_eq!(auth(&server, "198.51.100.7", "ann", "qwert1").code(), 0, "the victim still gets in");
    }

    fn the_owner_is_told_once_that_somebody_tries_many_passwords(backend) {
        let server = server(backend);
        let spray = |login: &str| {
            let mut sources = (0..400).map(|number| format!("192.0.2.{}", number % 250));
            let refused = sources.find(|from| auth(&server, from, login, "wrong1").code() == 105);
            assert!(refused.is_some(), "{login}: the limit is told");
        };
        spray("nobody");
        spray("ann");
        let mail = server.mail_to("ann@example.org", 1);
        assert!(mail.link().is_none() && !mail.raw.contains("/reset/"), "{}", mail.raw);
        assert!(mail.raw.contains("/forgot/user"), "{}", mail.raw);
        assert!(mail.raw.contains("From the IP address: 192.0.2."), "{}", mail.raw);
        spray("ann");
        // A mail that was asked for later is there: whatever was queued before it has left.
        assert_eq!(json(&server.url("/v2/user/restore_password"), &[("X-Forwarded-For", "198.51.100.7")], &json!({"login": "ann"})).code(), 0);
        server.reset_mail_to("ann@example.org", 1);
        assert_eq!(server.mails_to("ann@example.org").len(), 2);
        assert_eq!(std::fs::read_dir(server.mail_folder()).unwrap().count(), 2, "nobody else was told anything");
    }

    fn a_forged_forwarding_header_counts_for_nothing_without_a_proxy(backend) {
        let server = Server::start_with(backend, &Options { limits: true, ..Options::default() });
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let limited = (0..400).any(|number| auth(&server, &format!("192.0.{}.{}", number / 250, number % 250), "ann", "wrong1").code() == 105);
        assert!(limited);
    }

    fn a_session_ends_after_too_many_wrong_old_passwords(backend) {
        let server = server(backend);
        let (guessing, other) = (server.session("user", "ann"), server.session("user", "ann"));
        let set = |hash: &str, old: &str| {
            server.post("/v2/user/password/set", &json!({"hash": hash, "old_password": old, "new_password": "12@14Y$"})).code()
        };
        let wrong = (0..100).take_while(|_| set(&guessing, "wrong1") == 248).count();
        assert!((3..100).contains(&wrong), "{wrong}");
        assert_eq!(set(&guessing, "qwert1"), 4);
        assert_eq!(set(&other, "qwert1"), 0, "another session goes on");
    }

    fn reset_requests_over_a_names_budget_are_answered_alike_and_send_nothing(backend) {
        let server = server(backend);
        let ask = |from: &str, login: &str| {
            json(&server.url("/v2/user/restore_password"), &[("X-Forwarded-For", from)], &json!({"login": login}))
        };
        for count in 1..=10 {
            assert_eq!(ask("192.0.2.1", "ann").code(), 0);
            server.reset_mail_to("ann@example.org", count);
        }
        assert_eq!(ask("192.0.2.1", "ann").body, r#"{"success":true}"#);
        let over = (0..400).map(|number| ask("192.0.2.1", &format!("nobody{number}"))).find(|reply| reply.status != 200);
        let over = over.expect("the address has a budget");
        assert_eq!((over.status, over.code()), (429, 15));
        assert!(over.header("retry-after").parse::<u64>().unwrap() > 0);
        server.add("user", "zoe", "zoe@example.org", "qwert1", &[]);
        ask("192.0.2.77", "zoe");
        server.reset_mail_to("zoe@example.org", 1);
        assert_eq!(server.mails_to("ann@example.org").len(), 10, "a later request was served, the one over budget was not");
    }
}
