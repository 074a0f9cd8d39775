//! The member API.

use acceptance::{Reply, Server, form, json, multipart, on_each_database, raw};
use serde_json::json;

const OK: &str = r#"{"status_code":200,"errors":{},"data":{}}"#;
const OLD: &str = "Zebra-Crossing-7";
const NEW: &str = "Marble.Fountain.42";

fn failure(status: u16, field: &str, sentences: &[&str]) -> (u16, String) {
    let list: Vec<String> = sentences.iter().map(|sentence| format!("{sentence:?}")).collect();
    (status, format!(r#"{{"status_code":{status},"errors":{{"{field}":[{}]}},"data":{{}}}}"#, list.join(",")))
}

fn refusal(status: u16, sentence: &str) -> (u16, String) {
    (status, format!(r#"{{"status_code":{status},"errors":{{"detail":{sentence:?}}},"data":{{}}}}"#))
}

fn told(reply: &Reply) -> (u16, String) {
    (reply.status, reply.body.clone())
}

struct Member {
    server: Server,
    key: String,
}

impl Member {
    fn new(backend: acceptance::Backend) -> Self {
        Self::on(Server::start(backend))
    }

    fn on(server: Server) -> Self {
        let names = ["--first-name", "Beatrice", "--last-name", "Winterbottom"];
        server.add("member", "bea", "bea@example.org", OLD, &names);
        let key = server.client_key();
        Self { server, key }
    }

    fn path(&self, action: &str) -> String {
        self.server.url(&format!("/api/v1/user/{action}/"))
    }

    fn call(&self, action: &str, fields: &[(&str, &str)]) -> Reply {
        multipart(&self.path(action), &[("apikey", &self.key)], fields)
    }

    fn change(&self, access: &str, old: &str, new: &str, confirm: &str) -> Reply {
        let bearer = format!("Bearer {access}");
        let headers = [("apikey", self.key.as_str()), ("Authorization", &bearer)];
        let fields = [("old_password", old), ("new_password", new), ("confirm_password", confirm)];
        multipart(&self.path("profile/change-password"), &headers, &fields)
    }

    fn login(&self, username: &str, password: &str) -> Reply {
        self.call("login", &[("username", username), ("password", password)])
    }

    fn access(&self) -> String {
        self.server.session("member", "bea")
    }
}

on_each_database! {
    fn a_member_signs_in_changes_the_password_and_is_signed_out(backend) {
        let member = Member::new(backend);
        let pair = member.login("bea", OLD).json();
        let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
        assert_eq!(pair.as_object().unwrap().len(), 2);
        let refreshed = member.call("token/refresh", &[("refresh", refresh)]);
        assert_eq!((refreshed.status, refreshed.json().as_object().unwrap().len()), (200, 1));
        let next = refreshed.json()["access"].as_str().unwrap().to_owned();
        assert_eq!(told(&member.change(access, OLD, NEW, NEW)), (200, OK.to_owned()));
        for dead in [access, &next] {
            assert_eq!(member.change(dead, NEW, OLD, OLD).status, 401);
        }
        let over = member.call("token/refresh", &[("refresh", refresh)]);
        assert_eq!(told(&over), refusal(401, "Token is invalid or expired"));
        let old = member.login("bea", OLD);
        assert_eq!(told(&old), refusal(401, "The supplied authentication credentials are invalid."));
        assert_eq!(member.login("bea", NEW).status, 200);
        let notice = member.server.mail_to("bea@example.org", 1);
        assert!(notice.link().is_none());
    }

    fn every_refusal_of_a_change_has_its_sentence(backend) {
        let member = Member::new(backend);
        let access = member.access();
        assert_eq!(told(&member.change(&access, OLD, NEW, "other")), failure(400, "confirm_password", &["The two password fields didn't match."]));
        assert_eq!(told(&member.change(&access, OLD, "beatricewint", "beatricewint")), failure(400, "password", &[
            "Your password can't be too similar to your other personal information.",
            "Your password must contain at least one capital letter, small letter, number and special character.",
        ]));
        assert_eq!(told(&member.change(&access, OLD, "1234567", "1234567")), failure(400, "password", &[
            "Your password must contain at least 8 characters.",
            "Your password can't be a commonly used password.",
            "Your password can't be entirely numeric.",
            "Your password must contain at least one capital letter, small letter, number and special character.",
        ]));
        let both = member.change(&access, OLD, "short", "other").json();
        let mut fields: Vec<_> = both["errors"].as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, ["confirm_password", "password"]);
        assert_eq!(told(&member.change(&access, "wrong", NEW, NEW)), refusal(401, "Your old password was entered incorrectly. Please enter it again."));
        let missing = member.change(&access, "", "", "").json();
        for field in ["old_password", "new_password", "confirm_password"] {
            assert_eq!(missing["errors"][field], json!(["This field is required."]));
        }
        assert_eq!(member.change("nonsense", OLD, NEW, NEW).status, 401);
        assert_eq!(told(&member.change(&access, OLD, OLD, OLD)), (200, OK.to_owned()), "the new password may equal the old one");
    }

    fn forgot_and_submit_by_every_body_encoding(backend) {
        let member = Member::new(backend);
        let headers = [("apikey", member.key.as_str())];
        let passwords = [NEW, "Granite_Harbour_9", "Copper&Lantern#3"];
        for (count, password) in passwords.iter().enumerate() {
            let url = member.path("forgot-password");
            let asked = match count {
                0 => multipart(&url, &headers, &[("email", "bea@example.org")]),
                1 => form(&url, &headers, &[("email", "BEA")]),
                _ => json(&url, &headers, &json!({"email": "Bea@EXAMPLE.org"})),
            };
            assert_eq!(told(&asked), (200, OK.to_owned()));
            let mail = member.server.reset_mail_to("bea@example.org", count + 1);
            let (user, token) = (mail.parameter("user"), mail.parameter("token"));
            let url = member.path("forgot-password-submit");
            let fields = [("user", user.as_str()), ("token", token.as_str()), ("new_password", password)];
            let done = match count {
                0 => multipart(&url, &headers, &fields),
                1 => form(&url, &headers, &fields),
                _ => json(&url, &headers, &json!({"user": user, "token": token, "new_password": password})),
            };
            assert_eq!(told(&done), (200, OK.to_owned()));
            assert_eq!(member.login("bea", password).status, 200);
        }
    }

    fn every_refusal_of_a_submit_has_its_sentence(backend) {
        let member = Member::new(backend);
        member.call("forgot-password", &[("email", "bea")]);
        let mail = member.server.reset_mail_to("bea@example.org", 1);
        let (user, token) = (mail.parameter("user"), mail.parameter("token"));
        let submit = |user: &str, token: &str, password: &str| {
            member.call("forgot-password-submit", &[("user", user), ("token", token), ("new_password", password)])
        };
        let invalid = failure(400, "token", &["The token is invalid. Enter the correct token that send to your email."]);
        assert_eq!(told(&submit(&user, "0000", NEW)), invalid);
        assert_eq!(told(&submit("999999", &token, NEW)), invalid);
        assert_eq!(told(&submit("", &token, NEW)), failure(400, "user", &["This field is required."]));
        assert_eq!(submit(&user, &token, "12345").status, 400);
        assert_eq!(told(&submit(&user, &token, NEW)), (200, OK.to_owned()), "a refused policy spends nothing");
        assert_eq!(told(&submit(&user, &token, NEW)), invalid);
    }

    fn an_unknown_and_a_shared_address_are_told_unless_configured_otherwise(backend) {
        let member = Member::new(backend);
        for login in ["twin1", "twin2"] {
            member.server.add("member", login, "twins@example.org", OLD, &[]);
        }
        let unknown = member.call("forgot-password", &[("email", "nobody@example.org")]);
        assert_eq!(told(&unknown), refusal(401, "This username or email does not exist in the system."));
        let shared = member.call("forgot-password", &[("email", "twins@example.org")]);
        assert_eq!(told(&shared), refusal(401, "There is multiple users are registered with the specified E-Mail address.Please enter the username"));

        let options = acceptance::Options { tables: "[privacy]\nreveal_unknown_accounts = false".to_owned(), ..Default::default() };
        let discreet = Member::on(Server::start_with(backend, &options));
        for login in ["twin1", "twin2"] {
            discreet.server.add("member", login, "twins@example.org", OLD, &[]);
        }
        for email in ["nobody@example.org", "twins@example.org", "bea"] {
            assert_eq!(told(&discreet.call("forgot-password", &[("email", email)])), (200, OK.to_owned()));
        }
        let mails = [discreet.server.reset_mail_to("twins@example.org", 1), discreet.server.reset_mail_to("twins@example.org", 2)];
        for login in ["twin1", "twin2"] {
            assert_eq!(mails.iter().filter(|mail| mail.raw.contains(login)).count(), 1, "one mail names {login}");
        }
    }

    fn a_client_application_must_name_itself_first(backend) {
        let member = Member::new(backend);
        for headers in [&[][..], &[("apikey", "wrong")][..]] {
            let reply = multipart(&member.path("forgot-password"), headers, &[("email", "bea")]);
            assert_eq!(reply.status, 401);
            assert!(reply.json()["errors"]["detail"].is_string());
        }
        let slashless = member.server.url("/api/v1/user/login");
        let fields = [("username", "bea"), ("password", OLD)];
        assert_eq!(form(&slashless, &[("apikey", &member.key)], &fields).status, 200);
        member.server.expect(&["client", "revoke", "--name", "acceptance"], "");
        assert_eq!(member.login("bea", OLD).status, 401);
    }

    fn wrong_paths_methods_and_types_are_told_in_the_envelope(backend) {
        let member = Member::new(backend);
        let apikey = ("apikey", member.key.as_str());
        let cases = [
            (raw("POST", &member.server.url("/api/v1/user/nothing/"), &[apikey], b""), 404),
            (raw("GET", &member.path("login"), &[apikey], b""), 405),
            (raw("POST", &member.path("login"), &[apikey, ("Content-Type", "text/xml")], b"<x/>"), 415),
            (raw("POST", &member.path("login"), &[apikey, ("Content-Type", "application/json")], b"{"), 400),
            (raw("POST", &member.path("login"), &[apikey], &vec![b'x'; 1_100_000]), 412),
        ];
        for (reply, status) in cases {
            assert_eq!((reply.status, &reply.json()["status_code"]), (status, &json!(status)));
            assert!(reply.json()["errors"]["detail"].is_string(), "{reply:?}");
        }
    }

    fn a_demo_member_and_a_blocked_one_are_told_late(backend) {
        let member = Member::new(backend);
        member.server.add("member", "demo", "demo@example.org", OLD, &["--demo"]);
        let access = member.server.session("member", "demo");
        let demo = refusal(403, "In demo mode this function is disabled");
        assert_eq!(told(&member.change(&access, "", "", "")), demo);
        member.call("forgot-password", &[("email", "demo")]);
        let mail = member.server.reset_mail_to("demo@example.org", 1);
        let fields = [("user", mail.parameter("user")), ("token", mail.parameter("token")), ("new_password", "x".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(told(&member.call("forgot-password-submit", &fields)), demo);
        member.server.expect(&["account", "block", "--realm", "member", "--login", "bea"], "");
        assert_eq!(told(&member.login("bea", "wrong")), refusal(401, "The supplied authentication credentials are invalid."));
        assert_eq!(told(&member.login("bea", OLD)), refusal(401, "No active account found with the given credentials"));
    }
}
