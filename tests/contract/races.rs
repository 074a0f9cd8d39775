//! Of any number of racing changes exactly one wins.

use std::sync::Barrier;
use std::thread;

use acceptance::{Server, on_each_database};
use serde_json::json;

/// Runs the same call on many threads at once and returns the answers.
fn at_once<T: Send>(count: usize, call: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(count);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (barrier, call) = (&barrier, &call);
                scope.spawn(move || {
                    barrier.wait();
                    call(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn history_rows(server: &Server, login: &str) -> usize {
    // The command line shows the audit's effect through what can be signed in with; rows are counted by mails.
    server.mails_to(&format!("{login}@example.org")).iter().filter(|mail| mail.link().is_none()).count()
}

on_each_database! {
    fn of_sixteen_submits_of_one_token_exactly_one_wins(backend) {
        let server = Server::start(backend);
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        server.post("/v2/user/restore_password", &json!({"login": "ann"}));
        let hash = server.reset_mail_to("ann@example.org", 1).parameter("hash");
        let codes = at_once(16, |number| {
            let body = json!({"hash": hash, "password": format!("racing-{number}")});
            server.post("/v2/user/password/change", &body).code()
        });
        let winner = codes.iter().position(|code| *code == 0).expect("one wins");
        assert_eq!(codes.iter().filter(|code| **code == 4).count(), 15, "{codes:?}");
        let auth = json!({"login": "ann", "password": format!("racing-{winner}")});
        assert_eq!(server.post("/v2/user/auth", &auth).code(), 0);
        server.mail_to("ann@example.org", 2);
        assert_eq!(history_rows(&server, "ann"), 1, "one notice");
    }

    fn of_twelve_changes_at_once_exactly_one_wins(backend) {
        let server = Server::start(backend);
        server.add("dealer", "dan", "dan@example.org", "qwerty", &["--permission", "password:update"]);
        let sessions: Vec<String> = (0..12).map(|_| server.session("dealer", "dan")).collect();
        let codes = at_once(12, |number| {
            let body = json!({
                "hash": sessions[number], "old_password": "qwerty", "new_password": format!("Racing-No!{number:04}"),
            });
            server.post("/v2/panel/dealer/password/update", &body).code()
        });
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
        assert!(codes.iter().all(|code| matches!(code, 0 | 4 | 248)), "{codes:?}");
        server.mail_to("dan@example.org", 1);
        assert_eq!(history_rows(&server, "dan"), 1, "one notice");
        for session in sessions {
            assert_eq!(server.post("/v2/panel/account/get_permissions", &json!({"hash": session})).code(), 4);
        }
    }

    fn two_servers_on_one_database_agree(backend) {
        let first = Server::start(backend);
        let second = first.second(&acceptance::Options::default());
        first.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let hash = first.session("user", "ann");
        let renew = |server: &Server| server.post("/v2/user/session/renew", &json!({"hash": hash})).code();
        assert_eq!((renew(&first), renew(&second)), (0, 0));
        let sessions: Vec<String> = (0..12).map(|_| first.session("user", "ann")).collect();
        let codes = at_once(12, |number| {
            let server = if number % 2 == 0 { &first } else { &second };
            let body = json!({"hash": sessions[number], "old_password": "qwert1", "new_password": format!("racing-{number}")});
            server.post("/v2/user/password/set", &body).code()
        });
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
        assert_eq!((renew(&first), renew(&second)), (4, 4), "a change ends sessions on every server at once");
        acceptance::eventually("the notice arrives once", || {
            (first.mails_to("ann@example.org").len() + second.mails_to("ann@example.org").len() == 1).then_some(())
        });
    }

    fn a_login_is_given_to_one_of_many_at_once(backend) {
        let server = Server::start(backend);
        let won = at_once(6, |number| {
            let email = format!("{number}@example.org");
            let login = if number % 2 == 0 { "Same" } else { "sAME" };
            let arguments = ["account", "add", "--realm", "user", "--login", login, "--email", &email, "--password-stdin"];
            server.run(&arguments, "qwert1").status.success()
        });
        assert_eq!(won.iter().filter(|won| **won).count(), 1);
    }
}
