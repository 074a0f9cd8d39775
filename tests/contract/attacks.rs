//! How peers were broken, tried on the real binary; `docs/ATTACKS.md` says which test answers which attack.

use std::sync::Barrier;
use std::thread;

use acceptance::{Backend, Mail, Options, Reply, Server, form, json, on_each_database, raw};
use serde_json::{Value, json};

const PASSWORD: &str = "Zebra-Crossing-7";
const NEW: &str = "Marble.Fountain.42";

/// A way to ask about a login.
type Route<'a> = &'a dyn Fn(&str) -> Reply;

/// A server with one account of each kind.
fn house(backend: Backend, options: &Options) -> Server {
    let server = Server::start_with(backend, options);
    server.add("user", "ann", "ann@example.org", PASSWORD, &[]);
    server.add("dealer", "dan", "dan@example.org", PASSWORD, &["--permission", "password:update"]);
    server.add("member", "bea", "bea@example.org", PASSWORD, &[]);
    server
}

fn limited(backend: Backend) -> Server {
    let http = "trusted_proxies = [\"127.0.0.1/32\"]".to_owned();
    house(backend, &Options { limits: true, http, ..Options::default() })
}

fn forgot(server: &Server, key: &str, content_type: &str, body: &[u8]) -> Reply {
    let headers = [("apikey", key), ("Content-Type", content_type)];
    raw("POST", &server.url("/api/v1/user/forgot-password/"), &headers, body)
}

/// Everything that a stranger sees, without what differs by time and without what they typed themselves.
fn seen(reply: Reply, typed: &str) -> (u16, Vec<(String, String)>, String) {
    let mut headers = reply.headers;
    headers.retain(|(name, _)| name != "date" && name != "content-length");
    headers.sort();
    // Where it stands as a value; "ann" is in other words too.
    (reply.status, headers, reply.body.replace(&format!("\"{typed}\""), "TYPED"))
}

/// Waits until everything that was asked for before has been delivered: requests are served in their order.
fn settled(server: &Server) {
    server.add("user", "last", "last@example.org", PASSWORD, &[]);
    assert_eq!(server.post("/v2/user/restore_password", &json!({"login": "last"})).status, 200);
    server.reset_mail_to("last@example.org", 1);
}

fn change_page(server: &Server, from: &str, login: &str, current: &str) -> Reply {
    let fields = [
        ("username", login),
        ("current_password", current),
        ("new_password", NEW),
        ("confirm_password", NEW),
    ];
    form(&server.url("/change/user"), &[("X-Forwarded-For", from)], &fields)
}

fn auth(server: &Server, from: &str, login: &str, password: &str) -> Reply {
    let body = json!({"login": login, "password": password});
    json(&server.url("/v2/user/auth"), &[("X-Forwarded-For", from)], &body)
}

on_each_database! {
    // CVE-2023-7028 and its kind: a second address beside the right one.
    fn a_list_of_addresses_sends_nothing_to_any_of_them(backend) {
        let server = house(backend, &Options::default());
        let key = server.client_key();
        for body in [
            json!({"email": ["bea@example.org", "eve@evil.example"]}),
            json!({"email": {"$gt": ""}}),
            json!({"email": {"0": "bea@example.org", "1": "eve@evil.example"}}),
            json!({"email": [["bea@example.org"]]}),
            json!({"email": 0}),
            json!({"email": true}),
            json!({"email": null}),
        ] {
            let reply = forgot(&server, &key, "application/json", body.to_string().as_bytes());
            assert_eq!(reply.status, 400, "{body}: {reply:?}");
        }
        for body in [
            "email[]=bea@example.org&email[]=eve@evil.example",
            "email=bea@example.org&email=",
            "email=bea@example.org,eve@evil.example",
            "email=bea@example.org%0aeve@evil.example",
            "email=bea@example.org%00",
            "email=bea@example.org%20",
        ] {
            let reply = forgot(&server, &key, "application/x-www-form-urlencoded", body.as_bytes());
            assert!(matches!(reply.status, 400 | 401), "{body}: {reply:?}");
        }
        let reply = server.post("/v2/user/restore_password", &json!({"login": ["ann", "eve@evil.example"]}));
        assert_eq!(reply.code(), 7);
        settled(&server);
        let mails = Mail::all(&server.mail_folder());
        assert!(mails.iter().all(|mail| mail.is_to("last@example.org")), "{mails:?}");
    }

    // CVE-2013-0233, CVE-2019-18818, CVE-2019-16109, CVE-2026-18363: a token that is blank, null, a number, a condition.
    fn nothing_but_a_live_token_sets_a_password(backend) {
        let server = house(backend, &Options::default());
        let key = server.client_key();
        let (session, zeros) = (server.session("user", "ann"), "0".repeat(32));
        let api_key = server.expect(&["api-key", "create", "--realm", "user", "--login", "ann"], "");
        let access = server.session("member", "bea");
        let strange = [json!(null), json!(""), json!(0), json!(false), json!([]), json!([""]), json!({}), json!({"$ne": null}), json!(" "), json!("%")];
        for hash in strange.iter().cloned().chain([json!(zeros), json!(session), json!(api_key)]) {
            let told = server.post("/v2/user/password/change", &json!({"hash": hash, "password": NEW}));
            assert!(matches!(told.code(), 3 | 4), "{hash}: {told:?}");
        }
        let users = ["1", "2", "3", "0", "-1", "", "bea"];
        for token in strange.iter().cloned().chain([json!(zeros.repeat(2)), json!(key), json!(access), json!(session)]) {
            for user in users {
                let body = json!({"user": user, "token": token, "new_password": NEW});
                let told = json(&server.url("/api/v1/user/forgot-password-submit/"), &[("apikey", &key)], &body);
                assert_eq!(told.status, 400, "{body}: {told:?}");
            }
        }
        assert_eq!(auth(&server, "", "ann", PASSWORD).code(), 0);
        let login = json(&server.url("/api/v1/user/login/"), &[("apikey", &key)], &json!({"username": "bea", "password": PASSWORD}));
        assert_eq!(login.status, 200);
    }

    // CVE-2023-39522, CVE-2022-39307, CVE-2021-21424: who has an account is told by nothing but a right password.
    fn a_wrong_password_is_answered_alike_to_the_byte_whoever_it_was(backend) {
        let server = house(backend, &Options::default());
        let key = server.client_key();
        for (realm, name) in [("user", "u"), ("dealer", "d"), ("member", "m")] {
            for (kind, flags) in [("demo", &["--demo"][..]), ("idle", &["--inactive"]), ("shut", &[])] {
                let login = format!("{name}{kind}");
                server.add(realm, &login, &format!("{login}@example.org"), PASSWORD, flags);
            }
            server.expect(&["account", "block", "--realm", realm, "--login", &format!("{name}shut")], "");
        }
        let member = |login: &str| json(&server.url("/api/v1/user/login/"), &[("apikey", &key)], &json!({"username": login, "password": "wrong-1"}));
        let panel = |login: &str| server.post("/v2/panel/account/auth", &json!({"login": login, "password": "wrong-1"}));
        let user = |login: &str| auth(&server, "", login, "wrong-1");
        let page = |login: &str| change_page(&server, "", login, "wrong-1");
        let routes: [(&str, &str, Route<'_>); 4] = [("u", "ann", &user), ("u", "ann", &page), ("d", "dan", &panel), ("m", "bea", &member)];
        for (name, known, ask) in routes {
            let expected = seen(ask("nobody-at-all"), "nobody-at-all");
            for login in [known, &format!("{name}demo"), &format!("{name}idle"), &format!("{name}shut")] {
                assert_eq!(seen(ask(login), login), expected, "{login}");
            }
        }
    }

    // CVE-2024-45231: a mail server that refuses must not tell who has an account.
    fn a_mail_server_that_is_down_changes_no_answer(backend) {
        let mail = "transport = \"smtp\"\nsmtp_url = \"smtp://127.0.0.1:1\"\nsmtp_plain = true\nfrom = \"Accounts <no-reply@example.org>\"".to_owned();
        let keys = "[privacy]\nreveal_unknown_accounts = false".to_owned();
        let server = house(backend, &Options { mail: Some(mail), tables: keys, ..Options::default() });
        let key = server.client_key();
        let restore = |login: &str| server.post("/v2/user/restore_password", &json!({"login": login}));
        let page = |login: &str| form(&server.url("/forgot/user"), &[], &[("username", login)]);
        let member = |login: &str| forgot(&server, &key, "application/json", json!({"email": login}).to_string().as_bytes());
        let routes: [(&str, Route<'_>); 3] = [("ann", &restore), ("ann@example.org", &page), ("bea", &member)];
        for (known, ask) in routes {
            for _ in 0..3 {
                assert_eq!(seen(ask(known), known), seen(ask("nobody"), "nobody"));
            }
        }
        assert!(!server.log().contains("ann@") && !server.log().contains("bea@"), "nor does the log hold an address");
    }

    // CVE-2019-5421: guesses that arrive together are counted each.
    fn guesses_at_the_same_moment_are_all_counted(backend) {
        let server = limited(backend);
        let alone = (0..100).take_while(|_| auth(&server, "192.0.2.1", "nobody", "wrong-1").code() == 102).count();
        assert!(alone > 3 && alone < 100, "{alone}");
        let gate = Barrier::new(40);
        let answered = thread::scope(|scope| {
            let guess = || {
                gate.wait();
                auth(&server, "192.0.2.2", "ann", "wrong-1").code()
            };
            let threads: Vec<_> = (0..40).map(|_| scope.spawn(guess)).collect();
            let codes: Vec<i64> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            assert!(codes.iter().all(|code| matches!(code, 102 | 105)), "{codes:?}");
            codes.iter().filter(|code| **code == 102).count()
        });
        assert_eq!(answered, alone);
    }

    // The same under a session that somebody has stolen: it survives so many, however many arrive together.
    fn guesses_at_an_old_password_at_the_same_moment_are_all_counted(backend) {
        let server = limited(backend);
        let set = |hash: &str, from: &str, old: &str| {
            let body = json!({"hash": hash, "old_password": old, "new_password": "12@14Y$"});
            json(&server.url("/v2/user/password/set"), &[("X-Forwarded-For", from)], &body).code()
        };
        let first = server.session("user", "ann");
        let alone = (0..100).take_while(|_| set(&first, "192.0.2.1", "wrong-1") == 248).count();
        assert_eq!(set(&first, "192.0.2.1", PASSWORD), 4, "the session ended after {alone}");

        let second = server.session("user", "ann");
        let gate = Barrier::new(40);
        let codes: Vec<i64> = thread::scope(|scope| {
            let guess = || {
                gate.wait();
                set(&second, "192.0.2.2", "wrong-1")
            };
            let threads: Vec<_> = (0..40).map(|_| scope.spawn(guess)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(alone < 40 && codes.iter().all(|code| matches!(code, 248 | 15 | 4)), "{codes:?}");
        assert_eq!(codes.iter().filter(|code| **code == 248).count(), alone, "{codes:?}");
        assert_eq!(set(&second, "192.0.2.2", PASSWORD), 4, "and then it ends");
    }

    // CVE-2024-4629, CVE-2025-64526, CVE-2025-54879: another route, another spelling, another body, the same budget.
    fn no_route_and_no_spelling_buys_a_further_guess(backend) {
        let server = limited(backend);
        server.add("user", "zo\u{eb}", "zoe@example.org", PASSWORD, &[]);
        let alone = (0..100).take_while(|_| auth(&server, "192.0.2.1", "nobody", "wrong-1").code() == 102).count();
        let spellings = ["zo\u{eb}", "ZO\u{cb}", "zoe\u{308}", "Zoe\u{308}"];
        let json_body = |login: &str, count: usize| {
            let body = json!({"login": login, "password": "wrong-1", "email": format!("{count}@example.org"), "x": count});
            json(&server.url("/v2/user/auth/"), &[("X-Forwarded-For", "192.0.2.2")], &body).code()
        };
        let mut answered = 0;
        for count in 0..100 {
            let login = spellings[count % 4];
            let refused = match count % 3 {
                0 => json_body(login, count) == 105,
                1 => change_page(&server, "192.0.2.2", login, "wrong-1").status == 429,
                _ => form(&server.url("/v2/user/auth"), &[("X-Forwarded-For", "203.0.113.9, 192.0.2.2"), ("X-Real-IP", &format!("203.0.113.{count}"))], &[("login", login), ("password", "wrong-1")]).code() == 105,
            };
            if refused {
                break;
            }
            answered += 1;
        }
        assert_eq!(answered, alone);
        for login in spellings {
            assert_eq!(json_body(login, 0), 105, "{login}");
            assert_eq!(change_page(&server, "192.0.2.2", login, PASSWORD).status, 429, "{login}");
        }
    }

    // CVE-2024-56734, CVE-2025-27143, CVE-2025-71403: nothing that a request says leads elsewhere.
    fn no_redirect_leaves_the_site(backend) {
        let server = house(backend, &Options::default());
        let hosts = [("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example"), ("X-Forwarded-Prefix", "//evil.example")];
        for query in ["", "?realm=//evil.example", "?realm=%5cevil.example", "?realm=user%0d%0aSet-Cookie:a", "?realm=user&next=//evil.example", "?redirect=https://evil.example", "?realm=../../x"] {
            let reply = raw("GET", &server.url(&format!("/.well-known/change-password{query}")), &hosts, b"");
            assert!(matches!(reply.header("location"), "/change/user" | "/change/member"), "{query}: {reply:?}");
            assert_eq!(reply.header("set-cookie"), "");
        }
        let mut headers = hosts.to_vec();
        headers.push(("Origin", "null"));
        let fields = [("username", "ann"), ("next", "//evil.example"), ("redirect_uri", "https://evil.example"), ("return_to", "\\\\evil.example")];
        let reply = form(&server.url("/forgot/user?next=//evil.example"), &headers, &fields);
        assert_eq!((reply.status, reply.header("location")), (303, "/forgot/user/sent"));
    }

    // GMS-2023-528 and the like, on pages: what was typed comes back as text.
    fn what_was_typed_never_becomes_markup(backend) {
        let server = house(backend, &Options::default());
        let attacks = ["\"><script>alert(1)</script>", "' autofocus onfocus='alert(1)", "</title><svg onload=alert(1)>", "{{ 7 * 7 }}{% raw %}", "`\u{2028}\0"];
        for typed in attacks {
            let encoded: String = typed.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let pages = [
                server.get(&format!("/reset/user?hash={encoded}")),
                server.get(&format!("/reset/member?user={encoded}&token={encoded}")),
                change_page(&server, "", typed, "wrong-1"),
                form(&server.url("/reset/member"), &[], &[("user", typed), ("token", typed), ("new_password", typed), ("confirm_password", "x")]),
                server.get(&format!("/forgot/{encoded}")),
                server.get(&format!("/{encoded}")),
            ];
            for page in pages {
                assert!(page.status < 500, "{typed}: {page:?}");
                for broken in ["<script>alert", "<svg", " onfocus='", "49"] {
                    assert!(!page.body.contains(broken), "{typed}: {}", page.body);
                }
                assert!(page.header("content-security-policy").contains("script-src 'self'"));
            }
        }
    }

    // CVE-2023-22894, CVE-2026-27886: nothing that reads an account reads its secrets.
    fn no_answer_and_no_listing_holds_a_stored_secret(backend) {
        let server = house(backend, &Options::default());
        let key = server.client_key();
        let api_key = server.expect(&["api-key", "create", "--realm", "user", "--login", "ann"], "");
        let signed_in = auth(&server, "", "ann", PASSWORD).json();
        let keys: Vec<&String> = signed_in.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["hash", "success", "type"]);
        let session = signed_in["hash"].as_str().unwrap().to_owned();
        server.post("/v2/user/restore_password", &json!({"login": "ann"}));
        let restore = server.reset_mail_to("ann@example.org", 1).parameter("hash");
        let told: String = [
            &["account", "show", "--realm", "user", "--login", "ann"][..],
            &["account", "list", "--realm", "user"],
            &["session", "list", "--realm", "user", "--login", "ann"],
            &["api-key", "list", "--realm", "user", "--login", "ann"],
            &["client", "list"],
            &["config", "check"],
        ]
        .iter()
        .map(|arguments| server.expect(arguments, ""))
        .collect();
        for secret in ["$argon2", "password_hash", PASSWORD, &session, &restore, &api_key, &key, "acceptance-secret"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }

    // A JWT is believed for its signature, its kind and its session, and for nothing that its bearer can write.
    fn a_forged_or_borrowed_access_token_changes_nothing(backend) {
        let server = house(backend, &Options::default());
        let key = server.client_key();
        let login = json(&server.url("/api/v1/user/login/"), &[("apikey", &key)], &json!({"username": "bea", "password": PASSWORD})).json();
        let (access, refresh) = (login["access"].as_str().unwrap(), login["refresh"].as_str().unwrap());
        let parts: Vec<&str> = access.split('.').collect();
        let refresh_claims = refresh.split('.').nth(1).unwrap();
        // {"alg":"none"} and {"alg":"None","typ":"JWT"}
        let (none, cased) = ("eyJhbGciOiJub25lIn0", "eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0");
        let forged = [
            format!("{none}.{}.", parts[1]),
            format!("{cased}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{refresh_claims}.{}", parts[0], parts[2]),
            format!("{}.{}.{}", parts[0], parts[1], "A".repeat(43)),
            format!("{}.{}", parts[0], parts[1]),
            refresh.to_owned(),
            server.session("user", "ann"),
            key.clone(),
        ];
        let change = |token: &str| {
            let headers = [("apikey", key.as_str()), ("Authorization", &format!("Bearer {token}"))];
            let body = json!({"old_password": PASSWORD, "new_password": NEW, "confirm_password": NEW});
            json(&server.url("/api/v1/user/profile/change-password/"), &headers, &body).status
        };
        for token in &forged {
            assert_eq!(change(token), 401, "{token}");
        }
        let renew = |token: &str| json(&server.url("/api/v1/user/token/refresh/"), &[("apikey", &key)], &json!({"refresh": token})).status;
        assert_eq!((renew(access), renew(&forged[0])), (401, 401));
        assert_eq!(change(access), 200);
        assert_eq!((renew(refresh), change(access)), (401, 401), "both died with the password");
    }

    // CVE-2019-19844: what only looks like an address finds nobody, and mail goes to the stored one.
    fn a_lookalike_address_moves_no_mail(backend) {
        let server = Server::start(backend);
        server.add("member", "mike", "mike@example.org", PASSWORD, &[]);
        server.add("member", "kate", "kate@example.org", PASSWORD, &[]);
        let key = server.client_key();
        let ask = |email: &str| forgot(&server, &key, "application/json", json!({"email": email}).to_string().as_bytes()).status;
        for lookalike in ["m\u{131}ke@example.org", "M\u{130}KE@example.org", "mike@examp\u{131}e.org", "\u{ff4d}ike@example.org", "mike@\u{ff45}xample.org", "mi\u{301}ke@example.org", "\u{212a}ate@example.org", "mike@example.org.", "mike@xn--example.org"] {
            assert_eq!(ask(lookalike), 401, "{lookalike}");
        }
        assert_eq!((ask("MIKE@EXAMPLE.ORG"), ask("\u{212a}ATE")), (200, 200), "an ordinary spelling, and NFC of the Kelvin sign");
        server.reset_mail_to("kate@example.org", 1);
        assert_eq!(server.reset_mail_to("mike@example.org", 1).header("To"), "mike@example.org");
        assert_eq!(Mail::all(&server.mail_folder()).len(), 2);
    }

    // Work before a refusal is bounded whatever is sent: a body of a mebibyte is one body and not a lever.
    fn one_request_of_any_content_holds_nobody_up(backend) {
        let server = house(backend, &Options::default());
        let key = server.client_key();
        let most = 1 << 20;
        let part = "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\n";
        let multipart = |filler: &str| format!("{part}{}\r\n--b--\r\n", filler.repeat((most - 200) / filler.len())).into_bytes();
        let wide = |name: &str, filler: &str| format!("{{\"{name}\":\"{}\"}}", filler.repeat((most - 50) / filler.len())).into_bytes();
        let member = "/api/v1/user/login/";
        let bodies = [
            (member, "multipart/form-data; boundary=b", multipart("\r\n--")),
            (member, "multipart/form-data; boundary=b", multipart("\r")),
            ("/v2/user/auth", "application/x-www-form-urlencoded", b"&a".repeat(most / 2)),
            ("/v2/user/auth", "application/x-www-form-urlencoded", (0..100_000).flat_map(|n| format!("{n:x}&").into_bytes()).collect()),
            ("/v2/user/auth", "application/json", format!("{{\"x\":[0{}]}}", ",0".repeat(500_000)).into_bytes()),
            ("/v2/user/restore_password", "application/json", wide("login", "\u{390}")),
            ("/v2/user/restore_password", "application/json", wide("login", "\u{301}\u{323}")),
            ("/password/check", "application/json", format!("{{\"policy\":\"member\",\"password\":\"{}\"}}", "4@8({[<".repeat(140_000)).into_bytes()),
        ];
        let began = std::time::Instant::now();
        for (path, content_type, body) in &bodies {
            let reply = raw("POST", &server.url(path), &[("apikey", &key), ("Content-Type", content_type)], body);
            assert!(reply.status < 500, "{path}: {reply:?}");
        }
        // Each takes a few hundred milliseconds without optimisation; what grows with the square would take minutes.
        assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
        let value: Value = server.get("/health/live").json();
        assert_eq!(value["status"], "live");
    }
}
