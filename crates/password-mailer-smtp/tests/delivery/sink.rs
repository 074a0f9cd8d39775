//! A mail server on the loopback interface that does what its script says, and remembers what it was told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

/// Where a script can interfere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Content,
    Quit,
}

/// What happens there instead of the usual answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Answer(&'static str),
    Close,
    Stall,
}

#[derive(Clone)]
pub(crate) struct Script {
    /// STARTTLS is offered, or spoken from the first byte where `implicit`.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) implicit: bool,
    /// What EHLO announces besides STARTTLS.
    pub(crate) features: &'static [&'static str],
    pub(crate) acts: Vec<(At, Act)>,
    /// How many connections follow `acts`; the ones after do not.
    pub(crate) connections: usize,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            tls: None,
            implicit: false,
            features: &["8BITMIME", "AUTH PLAIN LOGIN"],
            acts: Vec::new(),
            connections: usize::MAX,
        }
    }
}

impl Script {
    pub(crate) fn acting(at: At, act: Act) -> Self {
        Self { acts: vec![(at, act)], ..Self::default() }
    }

    fn act(&self, at: At) -> Option<Act> {
        self.acts.iter().find(|(known, _)| *known == at).map(|(_, act)| *act)
    }
}

#[derive(Default)]
struct Memory {
    commands: Vec<String>,
    mails: Vec<String>,
}

pub(crate) struct Sink {
    pub(crate) port: u16,
    memory: Arc<Mutex<Memory>>,
    task: AbortHandle,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sink {
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let memory = Arc::new(Mutex::new(Memory::default()));
        let kept = Arc::clone(&memory);
        let task = tokio::spawn(async move {
            let mut sessions = tokio::task::JoinSet::new();
            let mut script = script;
            while let Ok((stream, _)) = listener.accept().await {
                match script.connections.checked_sub(1) {
                    Some(left) => script.connections = left,
                    None => script.acts.clear(),
                }
                sessions.spawn(session(stream, script.clone(), Arc::clone(&kept)));
            }
        });
        Self { port, memory, task: task.abort_handle() }
    }

    /// Every command so far; `tls ` goes before those that came encrypted.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.memory.lock().unwrap().commands.clone()
    }

    /// Every mail that was taken.
    pub(crate) fn mails(&self) -> Vec<String> {
        self.memory.lock().unwrap().mails.clone()
    }
}

async fn session(stream: TcpStream, script: Script, memory: Arc<Mutex<Memory>>) {
    match (&script.tls, script.implicit) {
        (Some(tls), true) => {
            if let Ok(stream) = tls.accept(stream).await {
                talk(stream, &script, &memory, true, true).await;
            }
        }
        (tls, _) => {
            let Some(stream) = talk(stream, &script, &memory, false, true).await else { return };
            if let Some(tls) = tls
                && let Ok(stream) = tls.accept(stream).await
            {
                talk(stream, &script, &memory, true, false).await;
            }
        }
    }
}

/// Returns the stream where it is to be encrypted.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    script: &Script,
    memory: &Mutex<Memory>,
    encrypted: bool,
    greet: bool,
) -> Option<S> {
    let mut stream = BufReader::new(stream);
    if greet && !answer(&mut stream, script.act(At::Greeting), "220 sink.example ESMTP").await {
        return None;
    }
    loop {
        let line = line(&mut stream).await?;
        let prefix = if encrypted { "tls " } else { "" };
        memory.lock().unwrap().commands.push(format!("{prefix}{line}"));
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let (at, usual) = match verb.as_str() {
            "EHLO" => (At::Ehlo, ehlo(script, encrypted)),
            "STARTTLS" => (At::StartTls, "220 go ahead".to_owned()),
            "AUTH" => (At::Auth, "235 2.7.0 welcome".to_owned()),
            "MAIL" => (At::Mail, "250 2.1.0 ok".to_owned()),
            "RCPT" => (At::Rcpt, "250 2.1.5 ok".to_owned()),
            "DATA" => (At::Data, "354 go on".to_owned()),
            "QUIT" => (At::Quit, "221 bye".to_owned()),
            _ => (At::Quit, "500 what".to_owned()),
        };
        let act = script.act(at);
        if !answer(&mut stream, act, &usual).await {
            return None;
        }
        match at {
            At::StartTls if !matches!(act, Some(Act::Answer(no)) if !no.starts_with("220")) => {
                return Some(stream.into_inner());
            }
            At::Data if act.is_none() => {
                let mail = content(&mut stream).await?;
                let act = script.act(At::Content);
                if act.is_none() {
                    memory.lock().unwrap().mails.push(mail);
                }
                if !answer(&mut stream, act, "250 2.0.0 taken").await {
                    return None;
                }
            }
            At::Quit => return None,
            _ => {}
        }
    }
}

fn ehlo(script: &Script, encrypted: bool) -> String {
    let starttls = (script.tls.is_some() && !encrypted).then_some("STARTTLS");
    let mut lines = vec!["sink.example"];
    lines.extend(starttls);
    lines.extend(script.features);
    let last = lines.len() - 1;
    let lines: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(n, line)| format!("250{}{line}", if n == last { ' ' } else { '-' }))
        .collect();
    lines.join("\r\n")
}

/// Tells whether the talk goes on.
async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    act: Option<Act>,
    usual: &str,
) -> bool {
    let text = match act {
        None => usual,
        Some(Act::Answer(text)) => text,
        Some(Act::Close) => return false,
        Some(Act::Stall) => std::future::pending().await,
    };
    stream.write_all(format!("{text}\r\n").as_bytes()).await.is_ok() && stream.flush().await.is_ok()
}

async fn line<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await.ok().filter(|read| *read > 0)?;
    let line = String::from_utf8(line).expect("a command is UTF-8");
    Some(line.strip_suffix("\r\n").expect("a line ends in CR LF").to_owned())
}

/// Reads up to the lone dot and takes the doubled dots back.
async fn content<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut mail = String::new();
    loop {
        let line = line(stream).await?;
        if line == "." {
            return Some(mail);
        }
        assert!(!line.contains('\r'), "a bare carriage return");
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
        mail.push_str("\r\n");
    }
}
