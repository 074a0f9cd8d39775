//! The hosted pages and the service routes.

use acceptance::{Reply, Server, form, on_each_database, raw};
use serde_json::json;

const OLD: &str = "Zebra-Crossing-7";
const NEW: &str = "Marble.Fountain.42";

fn is_a_safe_page(reply: &Reply) {
    let policy = reply.header("content-security-policy");
    for directive in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(reply.header("x-frame-options"), "DENY");
    assert!(reply.header("cache-control").contains("no-store"));
    assert_eq!(reply.header("set-cookie"), "");
}

on_each_database! {
    fn a_link_from_a_mail_sets_a_password_without_a_script(backend) {
        let server = Server::start(backend);
        for (realm, login, parameters) in [("user", "ann", &["hash"][..]), ("member", "bea", &["user", "token"]), ("dealer", "dan", &["user", "token"])] {
            let email = format!("{login}@example.org");
            server.add(realm, login, &email, OLD, &[]);
            let asked = form(&server.url(&format!("/forgot/{realm}")), &[], &[("username", login), ("login", login), ("email", login)]);
            assert!(matches!(asked.status, 200 | 303), "{asked:?}");
            let mail = server.reset_mail_to(&email, 1);
            let link = mail.link().unwrap();
            let path = link.strip_prefix(&server.base).unwrap();
            assert!(path.starts_with(&format!("/reset/{realm}?")), "{path}");
            for _ in 0..5 {
                let opened = server.get(path);
                assert_eq!(opened.status, 200);
                is_a_safe_page(&opened);
                assert_eq!(raw("HEAD", &link, &[], b"").status, 200);
            }
            let submit = |new: &str, confirm: &str| {
                let mut fields = vec![("new_password", new.to_owned()), ("confirm_password", confirm.to_owned())];
                fields.extend(parameters.iter().map(|name| (*name, mail.parameter(name))));
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                form(&server.url(&format!("/reset/{realm}")), &[("Origin", "null"), ("Sec-Fetch-Site", "same-origin")], &fields)
            };
            for (new, confirm) in [(NEW, "other"), ("x", "x")] {
                let refused = submit(new, confirm);
                assert!((400..500).contains(&refused.status), "{refused:?}");
                is_a_safe_page(&refused);
                assert!(!refused.body.contains(NEW), "a page never repeats a password");
            }
            let password = if realm == "dealer" { "Hh6FXTt%E!Rx*%f3" } else { NEW };
            let done = submit(password, password);
            assert_eq!(done.status, 303, "{done:?}");
            let next = done.header("location");
            assert!(next.starts_with('/') && !next.starts_with("//"), "{next}");
            assert_eq!(server.get(next).status, 200);
            assert!((400..500).contains(&submit("Other.Fountain.43", "Other.Fountain.43").status), "a used link");
            let mail = server.mail_to(&email, 2);
            assert!(mail.link().is_none());
        }
    }

    fn the_change_page_takes_login_current_and_new_password(backend) {
        let server = Server::start(backend);
        server.add("member", "bea", "bea@example.org", OLD, &[]);
        let session = server.session("member", "bea");
        let page = server.get("/change/member");
        assert_eq!(page.status, 200);
        for hint in ["autocomplete=\"username\"", "autocomplete=\"current-password\"", "autocomplete=\"new-password\"", "passwordrules="] {
            assert!(page.body.contains(hint), "{hint}");
        }
        assert!(!page.body.contains("maxlength"));
        let change = |login: &str, current: &str, new: &str| {
            let fields = [("username", login), ("current_password", current), ("new_password", new), ("confirm_password", new)];
            form(&server.url("/change/member"), &[], &fields)
        };
        let strip = |reply: Reply, login: &str| (reply.status, reply.body.replace(&format!("\"{login}\""), "LOGIN"));
        assert_eq!(strip(change("bea", "wrong", NEW), "bea"), strip(change("nobody", "wrong", NEW), "nobody"));
        assert!((400..500).contains(&change("bea", OLD, "weak").status));
        assert_eq!(change("bea", OLD, NEW).status, 303);
        assert!((400..500).contains(&change("bea", OLD, NEW).status));
        assert!(!session.is_empty());
    }

    fn posts_from_another_site_are_refused(backend) {
        let server = Server::start(backend);
        for page in ["/reset/user", "/forgot/user", "/change/user"] {
            let reply = form(&server.url(page), &[("Sec-Fetch-Site", "cross-site")], &[("username", "ann")]);
            assert_eq!(reply.status, 403, "{page}");
            is_a_safe_page(&reply);
        }
    }

    fn a_browser_finds_the_change_page(backend) {
        let server = Server::start(backend);
        let redirect = server.get("/.well-known/change-password");
        assert!(matches!(redirect.status, 302 | 303 | 307));
        let target = redirect.header("location").trim_start_matches(&server.base).to_owned();
        assert_eq!(server.get(&target).status, 200);
        let none = server.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200");
        assert_eq!(none.status, 404);
        is_a_safe_page(&none);
    }

    fn a_password_can_be_checked_before_it_is_set(backend) {
        let server = Server::start(backend);
        let check = server.post("/password/check", &json!({
            "policy": "member", "password": "beatrice",
            "account": {"login": "bea", "email": "bea@example.org", "first_name": "Beatrice"},
        }));
        let told = check.json();
        assert_eq!((check.status, &told["ok"]), (200, &json!(false)));
        let codes: Vec<&str> = told["violations"].as_array().unwrap().iter().map(|v| v["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["similar", "common", "classes"]);
        assert_eq!(told["violations"][0]["message"], "Your password can't be too similar to your other personal information.");
        assert!(told["score"].as_u64().unwrap() <= 4);
        let good = server.post("/password/check", &json!({"policy": "member", "password": NEW})).json();
        assert_eq!((&good["ok"], &good["violations"]), (&json!(true), &json!([])));
        let policies = server.get("/password/policies").json();
        let text = policies.to_string();
        for rules in ["minlength: 6; maxlength: 20; allowed: ascii-printable;", "minlength: 12; maxlength: 20; required: lower; required: upper; required: digit; required: [!@#$%^&*];"] {
            assert!(text.contains(rules), "{text}");
        }
        assert_eq!(server.get("/health/live").status, 200);
        assert_eq!(server.get("/health/ready").status, 200);
    }
}
