//! The command line, from outside: the built binary on a SQLite file in a temporary folder.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a configuration whose hashing is quick.
struct Place {
    dir: TempDir,
}

impl Place {
    /// A place whose database is migrated.
    fn new() -> Self {
        let place = Self::unmigrated();
        place.ok(&["migrate"], "");
        place
    }

    fn unmigrated() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = "database_url = 'sqlite://password.db'\n\
            [mail]\ntransport = 'file'\n\
            [hashing]\nallow_weak = true\nmemory_kib = 64\niterations = 1\nworkers = 1\n";
        fs::write(dir.path().join("server.toml"), config).unwrap();
        Self { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn spawn(&self, args: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_server"))
            .args(args)
            .current_dir(self.path())
            .env_remove("PASSWORD_SECRET")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.spawn(args);
        // A command that reads nothing may have gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Runs a command that must succeed, and returns what it printed.
    fn ok(&self, args: &[&str], input: &str) -> String {
        let output = self.run(args, input);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a command that must be refused, and returns what it said.
    fn refused(&self, args: &[&str], input: &str) -> String {
        let output = self.run(args, input);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", text(&output.stderr));
        text(&output.stderr)
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(args, "")).unwrap()
    }

    fn add(&self, realm: &str, login: &str, password: &str) -> String {
        let email = format!("{login}@example.org");
        let args =
            ["account", "add", "--realm", realm, "--login", login, "--email", &email, "--password-stdin"];
        self.ok(&args, password)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.strip_suffix('\n')
        .is_some_and(|text| text.len() == digits && text.bytes().all(|b| b"0123456789abcdef".contains(&b)))
}

#[test]
fn the_defaults_are_printed_and_can_be_read_again() {
    let place = Place::unmigrated();
    let printed = place.ok(&["config", "print-default"], "");
    assert!(printed.contains("[hashing]") && printed.contains("listen = \"127.0.0.1:8080\""));
    fs::write(place.path().join("printed.toml"), printed).unwrap();
    let said = place.refused(&["config", "check", "--config", "printed.toml"], "");
    assert!(said.contains("mail.transport: it has no default"), "{said}");
}

#[test]
fn a_good_configuration_passes_without_a_word_on_standard_output() {
    let place = Place::unmigrated();
    assert_eq!(place.ok(&["config", "check"], ""), "");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is created");
}

#[test]
fn a_bad_configuration_is_refused_with_its_line_or_variable() {
    let place = Place::unmigrated();
    fs::write(place.path().join("bad.toml"), "\n\nlistenn = 'x'\n").unwrap();
    let said = place.refused(&["--config", "bad.toml", "config", "check"], "");
    assert!(said.contains("bad.toml, line 3: unknown field `listenn`"), "{said}");
    assert!(place.refused(&["config", "check", "--config", "no.toml"], "").contains("no.toml can't be read"));

    let output = Command::new(env!("CARGO_BIN_EXE_server"))
        .args(["config", "check"])
        .current_dir(place.path())
        .env("PASSWORD_HASHING__ALLOW_WEAK", "false")
        .env("PASSWORD_TYPO", "x")
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("hashing: memory_kib, iterations and parallelism are below"), "{said}");
}

#[test]
fn a_command_line_that_is_none_is_told_apart() {
    let place = Place::unmigrated();
    for args in [&["nonsense"][..], &["account", "show", "--realm", "staff", "--login", "x"]] {
        assert_eq!(place.run(args, "").status.code(), Some(2), "{args:?}");
    }
    assert!(place.run(&["--help"], "").status.success());
}

#[test]
fn an_unmigrated_database_is_refused() {
    let place = Place::unmigrated();
    for args in [&["account", "list", "--realm", "user"][..], &["serve"]] {
        let said = place.refused(args, "");
        assert!(said.contains("run `server migrate` first"), "{said}");
    }
    assert_eq!(place.ok(&["migrate"], ""), "");
    assert_eq!(place.ok(&["migrate"], ""), "");
    assert_eq!(place.ok(&["account", "list", "--realm", "user"], ""), "");
}

#[test]
fn an_account_is_added_shown_and_listed() {
    let place = Place::new();
    let args = [
        "account",
        "add",
        "--realm",
        "dealer",
        "--login",
        "Bob",
        "--email",
        "Bob@example.org",
        "--first-name",
        "B",
        "--last-name",
        "O'B",
        "--locale",
        "en",
        "--permission",
        "password:update",
        "--demo",
        "--inactive",
        "--password-stdin",
    ];
    let id = place.ok(&args, "Hh6FXTt%E!Rx*%f3\n");
    let shown = place.json(&["account", "show", "--realm", "dealer", "--login", "bOB"]);
    let expected = serde_json::json!({
        "id": id.trim_end(), "realm": "dealer", "login": "Bob", "email": "Bob@example.org", "first_name": "B",
        "last_name": "O'B", "locale": "en", "status": "inactive", "demo": true, "permissions": ["password:update"],
    });
    assert_eq!(shown, expected);
    assert_eq!(place.json(&["account", "list", "--realm", "dealer"]), expected);
    assert_eq!(place.ok(&["account", "list", "--realm", "user"], ""), "");

    assert!(place.refused(&args, "Hh6FXTt%E!Rx*%f3\n").contains("the login is taken"));
    let said = place.refused(&["account", "show", "--realm", "user", "--login", "Bob"], "");
    assert!(said.contains("there is no user \"Bob\""), "{said}");
}

#[test]
fn a_password_must_meet_the_policy_unless_an_operator_says_otherwise() {
    let place = Place::new();
    let mut args = vec![
        "account",
        "add",
        "--realm",
        "member",
        "--login",
        "m",
        "--email",
        "m@example.org",
        "--password-stdin",
    ];
    let said = place.refused(&args, "s3cret\n");
    assert!(said.contains("Your password must contain at least 8 characters."), "{said}");
    assert!(!said.contains("s3cret"));
    args.push("--skip-policy");
    place.ok(&args, "s3cret\n");

    let set = ["account", "set-password", "--realm", "member", "--login", "m", "--password-stdin"];
    assert!(place.refused(&set, "12345678\n").contains("entirely numeric"));
    assert_eq!(place.ok(&set, "Copper!Kettle-58\r\n"), "");
}

#[test]
fn the_status_of_an_account_moves_as_its_commands_say() {
    let place = Place::new();
    place.add("user", "u", "qwert1");
    let status = || place.json(&["account", "show", "--realm", "user", "--login", "u"])["status"].clone();
    let who = ["--realm", "user", "--login", "u"];
    let run = |what: &str| place.ok(&[&["account", what][..], &who].concat(), "");
    run("block");
    assert_eq!(status(), "blocked");
    assert!(place.refused(&[&["account", "activate"][..], &who].concat(), "").contains("account unblock"));
    assert!(place.refused(&[&["session", "issue"][..], &who].concat(), "").contains("not active"));
    assert!(place.refused(&[&["account", "send-reset"][..], &who].concat(), "").contains("not active"));
    run("unblock");
    assert_eq!(status(), "active");
    run("activate");
    run("send-reset");
    run("delete");
    assert!(place.refused(&[&["account", "show"][..], &who].concat(), "").contains("there is no user"));
}

#[test]
fn an_account_is_updated() {
    let place = Place::new();
    place.add("dealer", "d", "Hh6FXTt%E!Rx*%f3");
    let update = ["account", "update", "--realm", "dealer", "--login", "d"];
    let show = || place.json(&["account", "show", "--realm", "dealer", "--login", "d"]);
    place.ok(&[&update[..], &["--permission", "password:update", "--permission", "a:b"]].concat(), "");
    assert_eq!(show()["permissions"], serde_json::json!(["a:b", "password:update"]));
    place.ok(&[&update[..], &["--email", "new@example.org"]].concat(), "");
    assert_eq!(show()["email"], "new@example.org");
    assert_eq!(show()["permissions"].as_array().unwrap().len(), 2);
    place.ok(&[&update[..], &["--no-permissions"]].concat(), "");
    assert_eq!(show()["permissions"], serde_json::json!([]));
    assert!(
        place.refused(&[&update[..], &["--email", "nobody"]].concat(), "").contains("not an e-mail address")
    );
}

#[test]
fn sessions_are_issued_in_the_form_of_their_api() {
    let place = Place::new();
    place.add("user", "u", "qwert1");
    place.add("dealer", "d", "Hh6FXTt%E!Rx*%f3");
    place.add("member", "m", "Copper!Kettle-58");
    assert!(is_hex(&place.ok(&["session", "issue", "--realm", "user", "--login", "u"], ""), 32));
    assert!(is_hex(&place.ok(&["session", "issue", "--realm", "dealer", "--login", "d"], ""), 32));
    let token = place.ok(&["session", "issue", "--realm", "member", "--login", "m"], "");
    assert_eq!(token.trim_end().split('.').count(), 3);

    let listed = place.json(&["session", "list", "--realm", "dealer", "--login", "d"]);
    assert_eq!(listed["kind"], "panel");
    assert!(listed["expires_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(place.ok(&["session", "revoke", "--realm", "dealer", "--login", "d"], ""), "");
    assert_eq!(place.ok(&["session", "list", "--realm", "dealer", "--login", "d"], ""), "");
}

#[test]
fn api_keys_are_created_listed_and_revoked() {
    let place = Place::new();
    place.add("user", "u", "qwert1");
    place.add("dealer", "d", "Hh6FXTt%E!Rx*%f3");
    let who = ["--realm", "user", "--login", "u"];
    let key = place.ok(&[&["api-key", "create"][..], &who].concat(), "");
    assert!(is_hex(&key, 32));
    let listed = place.ok(&[&["api-key", "list"][..], &who].concat(), "");
    assert!(!listed.contains(key.trim_end()));
    let id = serde_json::from_str::<Value>(&listed).unwrap()["id"].to_string();
    let revoke = [&["api-key", "revoke"][..], &who, &["--id", &id]].concat();
    place.ok(&revoke, "");
    assert!(place.refused(&revoke, "").contains("no API key"));
    assert_eq!(place.ok(&[&["api-key", "list"][..], &who].concat(), ""), "");
    let said = place.refused(&["api-key", "create", "--realm", "dealer", "--login", "d"], "");
    assert!(said.contains("only accounts of the realm user"), "{said}");
}

#[test]
fn clients_are_created_listed_and_revoked() {
    let place = Place::new();
    let key = place.ok(&["client", "create", "--name", "app"], "");
    assert!(is_hex(&key, 64));
    assert!(place.refused(&["client", "create", "--name", "app"], "").contains("already"));
    assert_eq!(place.json(&["client", "list"])["name"], "app");
    assert_eq!(place.ok(&["client", "revoke", "--name", "app"], ""), "");
    assert!(place.refused(&["client", "revoke", "--name", "app"], "").contains("there is no client"));
}

#[test]
fn a_password_is_checked_against_a_policy() {
    let place = Place::unmigrated();
    let check = ["password", "check", "--policy", "member", "--login", "beatrice", "--stdin"];
    let good: Value = serde_json::from_str(&place.ok(&check, "correct Horse 7 battery\n")).unwrap();
    assert_eq!((&good["ok"], &good["violations"]), (&Value::Bool(true), &serde_json::json!([])));
    let output = place.run(&check, "beatrice1");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "");
    let bad: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(bad["violations"][0]["code"], "similar");
    assert!(
        place
            .refused(&["password", "check", "--policy", "none", "--stdin"], "")
            .contains("there is no policy")
    );
}

#[test]
fn an_import_takes_the_good_rows_and_can_be_run_again() {
    let place = Place::new();
    let rows = concat!(
        r#"{"realm":"user","login":"a","email":"a@example.org","password":"qwert1"}"#,
        "\n",
        "\n",
        r#"{"realm":"user","login":"b","email":"b@example.org","password":"x"}"#,
        "\n",
        r#"{"realm":"dealer","login":"c","email":"c@example.org","password":"x","skip_policy":true,"permissions":["password:update"]}"#,
        "\n",
        r#"{"realm":"user","login":"A","email":"other@example.org","password":"qwert1"}"#,
        "\n",
        "broken\n",
        r#"{"realm":"user","login":"d","email":"d@example.org","password_hash":"$2b$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}"#,
        "\n",
        r#"{"realm":"staff","login":"e","email":"e@example.org"}"#,
    );
    let output = place.run(&["account", "import", "-"], rows);
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), "3\n"), "{said}");
    for expected in [
        "line 3: the password breaks the policy: too_short",
        "line 5: the login is another account's",
        "line 6: it is not JSON",
        "line 8: there is no realm staff",
        "imported 3, skipped 0 that were there already, refused 4",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    assert!(!said.contains("qwert1"));

    let good: String = rows
        .lines()
        .filter(|line| line.contains(r#":"a""#) || line.contains(r#":"c""#))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(place.path().join("good.ndjson"), good).unwrap();
    let again = place.run(&["account", "import", "good.ndjson"], "");
    assert_eq!((again.status.code(), text(&again.stdout).as_str()), (Some(0), "0\n"));
    assert!(text(&again.stderr).contains("imported 0, skipped 2"));
}

#[test]
fn an_import_that_is_killed_is_finished_by_the_next_one() {
    const ROWS: usize = 12_345;
    let place = Place::new();
    let rows: String = (0..ROWS)
        .map(|n| {
            let password = if n % 5_000 == 0 { r#""password":"qwert1","# } else { "" };
            format!(r#"{{"realm":"user","login":"u{n}",{password}"email":"u{n}@example.org"}}"#) + "\n"
        })
        .collect();
    let listed = || place.ok(&["account", "list", "--realm", "user"], "").lines().count();

    let mut killed = place.spawn(&["account", "import", "-"]);
    // Not closed, so that it waits for more and never stores its last rows.
    let mut input = killed.stdin.take().unwrap();
    input.write_all(rows.as_bytes()).unwrap();
    let mut stored = 0;
    while stored == 0 {
        assert_eq!(killed.try_wait().unwrap(), None, "it ended by itself");
        stored = listed();
    }
    killed.kill().unwrap();
    killed.wait().unwrap();

    let stored = listed();
    let missing = ROWS - stored;
    assert!(stored > 0 && missing > 0, "{stored} were stored");
    for (imported, skipped) in [(missing, stored), (0, ROWS)] {
        let output = place.run(&["account", "import", "-"], &rows);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), format!("{imported}\n")));
        let said = text(&output.stderr);
        assert!(said.ends_with(&format!(
            "imported {imported}, skipped {skipped} that were there already, refused 0\n"
        )));
        assert_eq!(listed(), ROWS);
    }
}

#[test]
fn the_secret_beside_the_database_is_made_once() {
    let place = Place::new();
    place.add("user", "u", "qwert1");
    let secret = fs::read(place.path().join("password.db.secret")).unwrap();
    place.ok(&["session", "issue", "--realm", "user", "--login", "u"], "");
    assert_eq!(fs::read(place.path().join("password.db.secret")).unwrap(), secret);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for file in ["password.db.secret", "password.db"] {
            let mode = fs::metadata(place.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{file}");
        }
    }
}

#[test]
fn a_notice_can_be_looked_at_in_every_language() {
    let place = Place::unmigrated();
    let config = place.path().join("server.toml");
    let more = "\n[brand]\nname = 'Acme'\ncolour = '#facc15'\nsupport = 'mailto:help@example.org'\n";
    fs::write(&config, fs::read_to_string(&config).unwrap() + more).unwrap();
    for notice in ["reset_requested", "password_changed", "email_changed", "too_many_attempts"] {
        for locale in ["en", "de", "es", "fr", "pt-BR", "ru", "ar", "ja"] {
            let printed =
                place.ok(&["mail", "preview", notice, "--locale", locale, "--out", "deep/mails"], "");
            let files: Vec<_> = printed.lines().collect();
            assert_eq!(
                files,
                [format!("deep/mails/{notice}.{locale}.eml"), format!("deep/mails/{notice}.{locale}.html")]
            );
            let eml = fs::read_to_string(place.path().join(files[0])).unwrap();
            let html = fs::read_to_string(place.path().join(files[1])).unwrap();
            assert!(eml.contains("To: ann@example.org\r\n") && eml.contains("Acme"), "{eml}");
            let language = locale.split('-').next().unwrap();
            assert!(html.contains(&format!("<html lang=\"{language}\"")), "{html}");
            assert!(html.contains("mailto:help@example.org"), "{html}");
            assert_eq!(html.contains("background:#facc15"), notice != "email_changed", "{html}");
        }
    }
    let lost = place.refused(&["mail", "preview", "email_changed", "--out", "server.toml/x"], "");
    assert!(lost.contains("server.toml/x can't be written"), "{lost}");
}
