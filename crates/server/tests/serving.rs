//! The binary while it serves: it starts, answers, and ends in order.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server. Killed where a test fails.
struct Running(Child);

impl Running {
    fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.0.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    fn wait(&mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.args(args).current_dir(folder).env("TMPDIR", folder).stdin(Stdio::null());
    command
}

/// Hands the lines of a stream over, so that waiting for one has a deadline.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn wait_for(lines: &Receiver<String>, part: &str) -> String {
    loop {
        let line = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {part}"));
        if line.contains(part) {
            return line;
        }
    }
}

/// Sends one request on a connection of its own and returns the whole answer.
fn request(address: SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn serve(folder: &Path) -> (Running, Receiver<String>, SocketAddr) {
    let config = "listen = '127.0.0.1:0'\ndatabase_url = 'sqlite://password.db'\n\
        [mail]\ntransport = 'file'\nfile_dir = 'mail'\n\
        [hashing]\nallow_weak = true\nmemory_kib = 64\niterations = 1\nworkers = 1\n[log]\nformat = 'json'\n";
    fs::write(folder.join("server.toml"), config).unwrap();
    assert!(command(folder, &["migrate"]).status().unwrap().success());
    let mut child = command(folder, &["serve"]).stderr(Stdio::piped()).spawn().unwrap();
    let stderr: ChildStderr = child.stderr.take().unwrap();
    let running = Running(child);
    let log = lines(stderr);
    let listening: serde_json::Value = serde_json::from_str(&wait_for(&log, "\"listening\"")).unwrap();
    let address = listening["address"].as_str().unwrap().parse().unwrap();
    (running, log, address)
}

#[test]
fn a_server_answers_while_commands_change_its_database_and_ends_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, log, address) = serve(dir.path());
    assert!(request(address, "GET /health/ready", "").starts_with("HTTP/1.1 200"));

    let mut add = command(
        dir.path(),
        &[
            "account",
            "add",
            "--realm",
            "user",
            "--login",
            "u",
            "--email",
            "u@example.org",
            "--password-stdin",
        ],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::null())
    .spawn()
    .unwrap();
    add.stdin.take().unwrap().write_all(b"qwert1\n").unwrap();
    assert!(add.wait().unwrap().success());

    let answer = request(address, "POST /v2/user/auth", r#"{"login":"u","password":"qwert1"}"#);
    assert!(answer.contains(r#""type":"authenticated""#), "{answer}");
    let event = wait_for(&log, "signed_in");
    let event: serde_json::Value = serde_json::from_str(&event).unwrap();
    assert_eq!((event["target"].as_str(), event["realm"].as_str()), (Some("event"), Some("user")));

    // A connection that nobody uses must not keep the server from ending.
    let _idle = TcpStream::connect(address).unwrap();
    server.signal("TERM");
    assert!(server.wait().success());
    let rest: Vec<String> = log.iter().collect();
    assert!(rest.iter().any(|line| line.contains("\"stopped\"")), "{rest:?}");
    assert!(rest.iter().all(|line| !line.contains("qwert1")));
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_mail_that_a_command_asks_for_is_delivered_by_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, _log, _) = serve(dir.path());
    let row = r#"{"realm":"member","login":"m","email":"m@example.org"}"#;
    fs::write(dir.path().join("rows"), row).unwrap();
    let who = ["--realm", "member", "--login", "m"];
    for args in [&["account", "import", "rows"][..], &[&["account", "send-reset"][..], &who].concat()] {
        assert!(command(dir.path(), args).stdout(Stdio::null()).status().unwrap().success(), "{args:?}");
    }
    let began = std::time::Instant::now();
    let mail = loop {
        let found = fs::read_dir(dir.path().join("mail")).ok().and_then(|entries| {
            entries
                .map(|entry| entry.unwrap().path())
                .find(|path| path.extension().is_some_and(|e| e == "eml"))
        });
        if let Some(path) = found {
            break fs::read_to_string(path).unwrap();
        }
        assert!(began.elapsed() < PATIENCE, "no mail");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(mail.contains("http://127.0.0.1:8080/reset/member?user="), "{mail}");
    server.signal("INT");
    assert!(server.wait().success());
}

#[test]
fn an_address_that_is_taken_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (_server, _log, address) = serve(dir.path());
    let output =
        command(dir.path(), &["serve"]).env("PASSWORD_LISTEN", address.to_string()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains(&format!("can't listen at {address}")), "{said}");
}

#[test]
fn the_demonstration_prints_requests_keeps_its_mail_and_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let mut child =
        command(dir.path(), &["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    let mut demo = Running(child);
    let printed = lines(stdout);
    let first = wait_for(&printed, "running at http://");
    let address = first.split("http://").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();

    let set = wait_for(&printed, "\"old_password\": \"qwert1\"");
    let body = set.trim().strip_prefix("-d '").unwrap().strip_suffix("'; echo").unwrap();
    let answer = request(address, "POST /v2/user/password/set", body);
    assert!(answer.ends_with(r#"{"success":true}"#), "{answer}");

    request(address, "POST /v2/user/restore_password", r#"{"login":"user@example.org"}"#);
    let link = request(address, "GET /demo/inbox/link?to=user@example.org", "");
    assert!(link.contains(&format!("http://{address}/reset/user?hash=")), "{link}");
    let inbox = request(address, "GET /demo/inbox", "");
    assert!(inbox.starts_with("HTTP/1.1 200") && inbox.contains("user@example.org"), "{inbox}");
    assert!(request(address, "GET /demo/inbox/..%2f..%2fpassword.db", "").starts_with("HTTP/1.1 404"));

    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    demo.signal("TERM");
    assert!(demo.wait().success());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "the folder is gone");
}

#[test]
fn the_demonstration_is_for_this_machine_alone() {
    let dir = tempfile::tempdir().unwrap();
    let output = command(dir.path(), &["demo", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("a loopback address only"));
}
