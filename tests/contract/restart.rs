//! What a server loses when it stops, is killed, or loses its database or its mail server: nothing.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use acceptance::{Backend, Options, Server, eventually, on_each_database, run_psql};
use serde_json::json;

/// A mail server that takes everything, on a port that can be closed and opened again.
struct Sink {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    fn reserve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { port: listener.local_addr().unwrap().port(), mails: Arc::default() }
    }

    fn open(&self) {
        let listener =
            eventually("the mail port is free", || TcpListener::bind(("127.0.0.1", self.port)).ok());
        let mails = Arc::clone(&self.mails);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mails = Arc::clone(&mails);
                thread::spawn(move || serve(&stream, &mails));
            }
        });
    }

    fn options(&self) -> Options {
        let url = format!("smtp://127.0.0.1:{}", self.port);
        let mail = format!(
            "transport = \"smtp\"\nsmtp_url = {url:?}\nsmtp_plain = true\nfrom = \"Accounts <no-reply@example.org>\""
        );
        Options { mail: Some(mail), ..Options::default() }
    }
}

fn serve(stream: &TcpStream, mails: &Mutex<Vec<String>>) -> Option<()> {
    let mut say = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).lines();
    say.write_all(b"220 sink\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                say.write_all(b"354 go on\r\n").ok()?;
                let mut mail = String::new();
                for line in lines.by_ref().map_while(Result::ok).take_while(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push_str("\r\n");
                }
                mails.lock().unwrap().push(mail);
                "250 taken"
            }
            "QUIT" => {
                say.write_all(b"221 bye\r\n").ok()?;
                return Some(());
            }
            _ => "250 sink",
        };
        say.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}

on_each_database! {
    fn a_mail_waits_for_its_server_through_a_restart(backend) {
        let sink = Sink::reserve();
        let mut server = Server::start_with(backend, &sink.options());
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        assert_eq!(server.post("/v2/user/restore_password", &json!({"login": "ann"})).status, 200);
        eventually("a send was tried", || server.log().contains("notice_postponed").then_some(()));
        assert!(server.terminate());
        sink.open();
        server.launch();
        let mail = eventually("the mail arrives", || sink.mails.lock().unwrap().first().cloned());
        let hash = mail.lines().find_map(|line| line.split_once("hash=")).expect("a link").1.to_owned();
        let change = json!({"hash": hash, "password": "12@14Y$"});
        assert_eq!(server.post("/v2/user/password/change", &change).code(), 0);
        eventually("the notice arrives too", || (sink.mails.lock().unwrap().len() == 2).then_some(()));
    }

    fn a_request_in_flight_finishes_when_the_server_is_told_to_end(backend) {
        let hashing = "memory_kib = 65536\niterations = 6";
        let mut server =
            Server::start_with(backend, &Options { hashing: Some(hashing.to_owned()), ..Options::default() });
        server.add("user", "ann", "ann@example.org", "qwert1", &[]);
        let hash = server.session("user", "ann");
        let url = server.url("/v2/user/password/set");
        let body = json!({"hash": hash, "old_password": "qwert1", "new_password": "12@14Y$"});
        let request = thread::spawn(move || acceptance::json(&url, &[], &body));
        let threads = format!("/proc/{}/stat", server.process_id());
        let before = processor_time(&threads);
        eventually("the hashing has begun", || (processor_time(&threads) > before + 3).then_some(()));
        assert!(server.terminate(), "the server ends well");
        assert_eq!(request.join().unwrap().code(), 0);
        server.launch();
        assert_eq!(server.post("/v2/user/auth", &json!({"login": "ann", "password": "12@14Y$"})).code(), 0);
        server.mail_to("ann@example.org", 1);
    }

    fn a_server_killed_in_the_middle_of_changes_leaves_each_whole_or_undone(backend) {
        let mut server = Server::start(backend);
        server.add("dealer", "dan", "dan@example.org", "Passw0rd-No!0000", &["--permission", "password:update"]);
        let mut current = "Passw0rd-No!0000".to_owned();
        for round in 1..=3 {
            let next = format!("Passw0rd-No!{round:04}");
            let body = json!({"hash": server.session("dealer", "dan"), "old_password": current, "new_password": next});
            let url = server.url("/v2/panel/dealer/password/update");
            let request = thread::spawn(move || {
                std::panic::catch_unwind(|| acceptance::json(&url, &[], &body).code()).ok()
            });
            server.kill();
            let answer = request.join().unwrap();
            server.launch();
            let auth = |password: &str| {
                server.post("/v2/panel/account/auth", &json!({"login": "dan", "password": password})).code() == 0
            };
            let (old, new) = (auth(&current), auth(&next));
            assert!(old != new, "one of the two passwords is right");
            assert!(answer != Some(0) || new, "what was confirmed is there");
            if new {
                current = next;
            }
        }
    }
}

#[test]
fn a_lost_postgresql_connection_recovers_by_itself() {
    if !Backend::postgresql_is_there() {
        return;
    }
    let server = Server::start(Backend::Postgresql);
    server.add("user", "ann", "ann@example.org", "qwert1", &[]);
    let hash = server.session("user", "ann");
    let renew = || server.post("/v2/user/session/renew", &json!({"hash": hash}));
    assert_eq!(renew().code(), 0);
    let name = server.database.url.rsplit('/').next().unwrap().to_owned();
    let admin = server.database.url.replace(&format!("/{name}"), "/postgres");
    run_psql(&admin, &format!("alter database {name} allow_connections false")).unwrap();
    let terminate =
        format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    run_psql(&admin, &terminate).unwrap();
    let down = eventually("the loss is told", || Some(renew()).filter(|reply| reply.status != 200));
    assert_eq!((down.status, down.code()), (503, 14));
    assert_eq!(server.get("/health/ready").status, 503);
    assert_eq!(server.get("/health/live").status, 200);
    run_psql(&admin, &format!("alter database {name} allow_connections true")).unwrap();
    eventually("the server recovers", || (renew().status == 200).then_some(()));
}

/// Returns how long a process has computed, in ticks.
fn processor_time(stat: &str) -> u64 {
    let text = std::fs::read_to_string(stat).expect("the process runs");
    let after_name = text.rsplit_once(") ").expect("a name in brackets").1;
    after_name.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
}
