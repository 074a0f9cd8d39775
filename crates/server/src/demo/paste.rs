//! Requests that can be pasted into a shell.

use std::fmt::Write;

use super::seed::{DEALER, MEMBER, Person, Seeded, USER};
use crate::config::Config;

/// Returns what the demonstration prints: accounts, requests for each API, pages. Each recovery sets the
/// first password anew.
pub(super) fn page(config: &Config, seeded: &Seeded) -> String {
    let base = config.public_url.as_str().trim_end_matches('/');
    let navixy = format!("{base}{}", config.http.navixy_prefix);
    let epixel = format!("{base}{}", config.http.epixel_prefix);
    let inbox = format!("{base}/demo/inbox");
    let mut page = String::new();
    let mut line = |text: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{text}");
    };

    line(&format!("The password server is running at {base} (a demonstration; Ctrl-C ends it)"));
    line("");
    for (realm, person) in [("user", &USER), ("dealer", &DEALER), ("member", &MEMBER)] {
        line(&format!("  {realm:<7} login {:<17} password {}", person.login, person.password));
    }
    line("");
    line(&format!("  inbox     {inbox}"));
    line(&format!("  pages     {base}/change/user  {base}/forgot/member"));
    line(&format!("  policies  {base}/password/policies"));

    line("\n# User API: change the password in a session");
    line(&json(
        &format!("{navixy}/user/password/set"),
        &[("hash", seeded.user.expose()), ("old_password", USER.password), ("new_password", USER.next)],
    ));
    line("\n# User API: ask for the mail, then set a password with the hash from it");
    line(&json(&format!("{navixy}/user/restore_password"), &[("login", USER.login)]));
    line(&newest_link(&inbox, &USER));
    line("HASH=${LINK#*hash=}");
    line(&form(&format!("{navixy}/user/password/change"), &["hash=$HASH"], &[("password", USER.password)]));

    line("\n# Panel API: change the password in a session");
    line(&json(
        &format!("{navixy}/panel/dealer/password/update"),
        &[("hash", seeded.dealer.expose()), ("old_password", DEALER.password), ("new_password", DEALER.next)],
    ));
    line("\n# Panel API: sign in with the new password");
    line(&json(
        &format!("{navixy}/panel/account/auth"),
        &[("login", DEALER.login), ("password", DEALER.next)],
    ));

    let apikey = format!("-H {}", quoted(&format!("apikey: {}", seeded.client.expose())));
    line("\n# Member API: change the password with an access token");
    line(&format!(
        "curl -sS -X POST {} \\\n  {apikey} \\\n  -H {} \\\n  {}; echo",
        quoted(&format!("{epixel}/user/profile/change-password/")),
        quoted(&format!("Authorization: Bearer {}", seeded.member.expose())),
        fields(&[
            ("old_password", MEMBER.password),
            ("new_password", MEMBER.next),
            ("confirm_password", MEMBER.next)
        ]),
    ));
    line("\n# Member API: ask for the mail, then set a password with user key and token from it");
    line(&format!(
        "curl -sS -X POST {} \\\n  {apikey} \\\n  {}; echo",
        quoted(&format!("{epixel}/user/forgot-password/")),
        fields(&[("email", MEMBER.login)]),
    ));
    line(&newest_link(&inbox, &MEMBER));
    line("KEY=${LINK#*user=}; KEY=${KEY%%&*}; TOKEN=${LINK#*token=}");
    line(&format!(
        "curl -sS -X POST {} \\\n  {apikey} \\\n  --form-string \"user=$KEY\" --form-string \"token=$TOKEN\" \\\n  {}; echo",
        quoted(&format!("{epixel}/user/forgot-password-submit/")),
        fields(&[("new_password", MEMBER.password)]),
    ));
    page
}

/// Returns a request with a JSON body.
fn json(url: &str, fields: &[(&str, &str)]) -> String {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\": {}", serde_json::Value::from(*value)))
        .collect();
    format!(
        "curl -sS -X POST {} \\\n  -H 'Content-Type: application/json' \\\n  -d {}; echo",
        quoted(url),
        quoted(&format!("{{{}}}", body.join(", ")))
    )
}

/// Returns a request with a form; `open` fields are for the shell to fill in.
fn form(url: &str, open: &[&str], fields: &[(&str, &str)]) -> String {
    let open = open.iter().map(|field| format!("--data-urlencode \"{field}\""));
    let fixed =
        fields.iter().map(|(name, value)| format!("--data-urlencode {}", quoted(&format!("{name}={value}"))));
    let all: Vec<String> = open.chain(fixed).collect();
    format!("curl -sS -X POST {} \\\n  {}; echo", quoted(url), all.join(" "))
}

/// Returns multipart fields.
fn fields(fields: &[(&str, &str)]) -> String {
    let all: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("--form-string {}", quoted(&format!("{name}={value}"))))
        .collect();
    all.join(" ")
}

/// Returns the command that puts the link of somebody's newest mail into `LINK`, once the mail is there.
fn newest_link(inbox: &str, person: &Person) -> String {
    format!("LINK=$(curl -sS {})", quoted(&format!("{inbox}/link?to={}", person.email)))
}

/// Quotes a text so that no shell changes anything in it, `!` and `$` included.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use password_domain::token::Token;

    use super::*;

    #[test]
    fn a_shell_changes_nothing_in_quotes() {
        assert_eq!(quoted("12@14Y$!"), "'12@14Y$!'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn the_page_has_the_requests_of_every_api() {
        let seeded = Seeded {
            user: Token::new("aa"),
            dealer: Token::new("bb"),
            member: Token::new("cc"),
            client: Token::new("dd"),
        };
        let page = page(&Config::default(), &seeded);
        for expected in [
            r#"'{"hash": "aa", "old_password": "qwert1", "new_password": "12@14Y$"}'"#,
            r#"'{"hash": "bb", "old_password": "qwerty", "new_password": "Hh6FXTt%E!Rx*%f3"}'"#,
            "-H 'Authorization: Bearer cc'",
            "-H 'apikey: dd'",
            "'http://127.0.0.1:8080/v2/panel/dealer/password/update'",
            "--form-string 'confirm_password=Copper!Kettle-58'",
            "http://127.0.0.1:8080/demo/inbox",
        ] {
            assert!(page.contains(expected), "{expected}\n{page}");
        }
    }
}
