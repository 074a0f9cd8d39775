use std::sync::Arc;
use std::time::{Duration, Instant};

use password_domain::ports::{DeliveryError, Mailer};
use password_mailer_smtp::{SmtpConfig, Transport, mailer};
use rstest::rstest;

use crate::message::{LINK, TOKEN, config, reset};
use crate::sink::{Act, At, Script, Sink};
use crate::tls::Authority;

fn plain(sink: &Sink) -> SmtpConfig {
    SmtpConfig { plain: true, ..SmtpConfig::new(format!("smtp://127.0.0.1:{}", sink.port)) }
}

fn mailer_of(smtp: SmtpConfig) -> Arc<dyn Mailer> {
    mailer(config(Transport::Smtp(smtp))).unwrap()
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Sent,
    Refused,
    Postponed,
    Unknown,
}

/// Delivers, and makes sure that no error tells the token, the address or the password.
async fn deliver(smtp: SmtpConfig) -> Outcome {
    let outcome = mailer_of(smtp).deliver(&reset()).await;
    if let Err(error) = &outcome {
        let mut told = format!("{error:?} {error}");
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            told.push_str(&format!(" {error:?} {error}"));
            cause = error.source();
        }
        for secret in [TOKEN, "ann@example.org", "p@ss"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    match outcome {
        Ok(()) => Outcome::Sent,
        Err(DeliveryError::Refused(_)) => Outcome::Refused,
        Err(DeliveryError::Postponed(_)) => Outcome::Postponed,
        Err(DeliveryError::Unknown(_)) => Outcome::Unknown,
    }
}

#[tokio::test]
async fn a_mail_is_handed_over() {
    let sink = Sink::start(Script::default()).await;
    assert_eq!(deliver(plain(&sink)).await, Outcome::Sent);
    let commands = sink.commands();
    assert!(commands[0].starts_with("EHLO "), "{commands:?}");
    assert_eq!(
        commands[1..],
        ["MAIL FROM:<no-reply@example.org>", "RCPT TO:<ann@example.org>", "DATA", "QUIT"]
    );
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains(&format!("\r\n{LINK}\r\n")), "{}", mails[0]);
}

#[rstest]
#[case::greeting_4xx(At::Greeting, Act::Answer("421 4.3.2 busy"), Outcome::Postponed)]
#[case::greeting_5xx(At::Greeting, Act::Answer("554 5.3.2 no service"), Outcome::Postponed)]
#[case::greeting_nonsense(At::Greeting, Act::Answer("HTTP/1.1 400 Bad Request"), Outcome::Postponed)]
#[case::greeting_close(At::Greeting, Act::Close, Outcome::Postponed)]
#[case::greeting_stall(At::Greeting, Act::Stall, Outcome::Postponed)]
#[case::ehlo_5xx(At::Ehlo, Act::Answer("550 5.7.1 go away"), Outcome::Postponed)]
#[case::mail_4xx(At::Mail, Act::Answer("451 4.3.0 later"), Outcome::Postponed)]
#[case::mail_5xx(At::Mail, Act::Answer("553 5.1.8 sender unknown"), Outcome::Refused)]
#[case::mail_wants_auth(At::Mail, Act::Answer("530 5.7.0 authentication required"), Outcome::Postponed)]
#[case::mail_close(At::Mail, Act::Close, Outcome::Postponed)]
#[case::rcpt_4xx(At::Rcpt, Act::Answer("451 4.7.1 greylisted"), Outcome::Postponed)]
#[case::rcpt_5xx(At::Rcpt, Act::Answer("550 5.1.1 <ann@example.org> unknown"), Outcome::Refused)]
#[case::rcpt_5xx_without_text(At::Rcpt, Act::Answer("550 "), Outcome::Refused)]
#[case::rcpt_bare_5xx_which_the_library_does_not_read(At::Rcpt, Act::Answer("550"), Outcome::Postponed)]
#[case::rcpt_stall(At::Rcpt, Act::Stall, Outcome::Postponed)]
#[case::data_4xx(At::Data, Act::Answer("452 4.3.1 full"), Outcome::Postponed)]
#[case::data_5xx(At::Data, Act::Answer("554 5.5.1 no valid recipients"), Outcome::Refused)]
#[case::data_close(At::Data, Act::Close, Outcome::Postponed)]
#[case::data_out_of_step(At::Data, Act::Answer("250 2.0.0 ok"), Outcome::Postponed)]
#[case::data_stall(At::Data, Act::Stall, Outcome::Postponed)]
#[case::content_4xx(At::Content, Act::Answer("451 4.3.0 later"), Outcome::Postponed)]
#[case::content_5xx(At::Content, Act::Answer("554 5.7.1 looks like spam"), Outcome::Refused)]
#[case::content_nonsense(At::Content, Act::Answer("what?"), Outcome::Unknown)]
#[case::content_close(At::Content, Act::Close, Outcome::Unknown)]
#[case::content_stall(At::Content, Act::Stall, Outcome::Unknown)]
#[case::quit_close(At::Quit, Act::Close, Outcome::Sent)]
#[case::quit_5xx(At::Quit, Act::Answer("500 what"), Outcome::Sent)]
#[tokio::test]
async fn a_failure_says_whether_the_mail_may_have_left(
    #[case] at: At,
    #[case] act: Act,
    #[case] expected: Outcome,
) {
    let sink = Sink::start(Script::acting(at, act)).await;
    let timeout = if matches!(act, Act::Stall) { Duration::from_secs(2) } else { Duration::from_secs(20) };
    assert_eq!(deliver(SmtpConfig { timeout, ..plain(&sink) }).await, expected);
    assert_eq!(sink.mails().len(), usize::from(expected == Outcome::Sent));
}

#[tokio::test]
async fn a_server_that_does_not_take_leave_holds_nobody_up() {
    let sink = Sink::start(Script::acting(At::Quit, Act::Stall)).await;
    let start = Instant::now();
    assert_eq!(deliver(plain(&sink)).await, Outcome::Sent);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_is_down_postpones() {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let smtp = SmtpConfig { plain: true, ..SmtpConfig::new(format!("smtp://127.0.0.1:{port}")) };
    assert_eq!(deliver(smtp).await, Outcome::Postponed);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_costs_no_mail() {
    let sink = Sink::start(Script { connections: 1, ..Script::acting(At::Content, Act::Close) }).await;
    let mailer = mailer_of(plain(&sink));
    assert!(matches!(mailer.deliver(&reset()).await, Err(DeliveryError::Unknown(_))));
    for _ in 0..3 {
        mailer.deliver(&reset()).await.unwrap();
    }
    let mails = sink.mails();
    assert_eq!(mails.len(), 3);
    let id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert!(
        mails.iter().all(|mail| id(mail) == "Message-ID: <notice-17@example.org>"),
        "every try has one id"
    );
}

fn encrypted(port: u16, scheme: &str, authority: &Authority) -> SmtpConfig {
    let url = format!("{scheme}://us%40er:p%40ss%3A%2F@localhost:{port}");
    SmtpConfig { ca_file: Some(authority.file()), ..SmtpConfig::new(url) }
}

#[tokio::test]
async fn credentials_and_mail_go_over_starttls() {
    let authority = Authority::new();
    let sink = Sink::start(Script { tls: Some(authority.acceptor("localhost")), ..Script::default() }).await;
    assert_eq!(deliver(encrypted(sink.port, "smtp", &authority)).await, Outcome::Sent);
    let commands = sink.commands();
    assert!(commands[0].starts_with("EHLO ") && commands[1] == "STARTTLS", "{commands:?}");
    assert!(commands[2..].iter().all(|command| command.starts_with("tls ")), "{commands:?}");
    // base64 of "\0us@er\0p@ss:/"
    assert!(commands.contains(&"tls AUTH PLAIN AHVzQGVyAHBAc3M6Lw==".to_owned()), "{commands:?}");
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn credentials_and_mail_go_over_implicit_tls() {
    let authority = Authority::new();
    let tls = Some(authority.acceptor("localhost"));
    let sink = Sink::start(Script { tls, implicit: true, ..Script::default() }).await;
    assert_eq!(deliver(encrypted(sink.port, "smtps", &authority)).await, Outcome::Sent);
    assert!(sink.commands().iter().all(|command| command.starts_with("tls ")));
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_where_starttls_was_stripped() {
    let authority = Authority::new();
    let sink = Sink::start(Script::default()).await;
    assert_eq!(deliver(encrypted(sink.port, "smtp", &authority)).await, Outcome::Postponed);
    let commands = sink.commands();
    assert!(commands.iter().all(|command| command.starts_with("EHLO ") || command == "QUIT"), "{commands:?}");
}

#[rstest]
#[case::refused(Act::Answer("454 4.7.0 not now"))]
#[case::closed(Act::Close)]
#[case::answers_slipped_in(Act::Answer(
    "220 go\r\n250-sink.example\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n235 ok"
))]
#[tokio::test]
async fn nothing_is_sent_where_starttls_fails(#[case] act: Act) {
    let authority = Authority::new();
    let tls = Some(authority.acceptor("localhost"));
    let sink = Sink::start(Script { tls, ..Script::acting(At::StartTls, act) }).await;
    assert_eq!(deliver(encrypted(sink.port, "smtp", &authority)).await, Outcome::Postponed);
    assert!(
        !sink.commands().iter().any(|c| c.contains("AUTH") || c.contains("MAIL")),
        "{:?}",
        sink.commands()
    );
}

#[rstest]
#[case::starttls("smtp", false)]
#[case::implicit("smtps", true)]
#[tokio::test]
async fn nothing_is_sent_to_a_server_that_can_not_be_trusted(#[case] scheme: &str, #[case] implicit: bool) {
    let (authority, stranger) = (Authority::new(), Authority::new());
    for tls in [stranger.acceptor("localhost"), authority.acceptor("other.example")] {
        let sink = Sink::start(Script { tls: Some(tls), implicit, ..Script::default() }).await;
        assert_eq!(deliver(encrypted(sink.port, scheme, &authority)).await, Outcome::Postponed);
        assert!(
            !sink.commands().iter().any(|c| c.contains("AUTH") || c.contains("MAIL")),
            "{:?}",
            sink.commands()
        );
    }
}

#[rstest]
#[case::wrong(At::Auth, Act::Answer("535 5.7.8 wrong user or password p@ss"))]
#[case::close(At::Auth, Act::Close)]
#[tokio::test]
async fn credentials_that_do_not_work_postpone(#[case] at: At, #[case] act: Act) {
    let authority = Authority::new();
    let tls = Some(authority.acceptor("localhost"));
    let sink = Sink::start(Script { tls, ..Script::acting(at, act) }).await;
    assert_eq!(deliver(encrypted(sink.port, "smtp", &authority)).await, Outcome::Postponed);
}

#[tokio::test]
async fn no_address_reaches_out_of_its_command() {
    let sink = Sink::start(Script { features: &["8BITMIME", "SMTPUTF8"], ..Script::default() }).await;
    let mailer = mailer_of(plain(&sink));
    for bad in [
        "ann@example.org\r\nRCPT TO:<eve@evil.example>",
        "ann@example.org>\r\nDATA\r\n",
        "ann\r\n@example.org",
        "ann\n@example.org",
        "ann\0@example.org",
        "ann\u{760a}@example.org",
        "ann\u{10d}\u{10a}@example.org",
        "\"ann\r\n\"@example.org",
        "ann@example.org, eve@evil.example",
        "<ann@example.org>",
        "ann@example.org> NOTIFY=NEVER",
        "",
    ] {
        let mut message = reset();
        message.to = bad.to_owned();
        assert!(matches!(mailer.deliver(&message).await, Err(DeliveryError::Refused(_))), "{bad:?}");
    }
    assert!(sink.commands().is_empty(), "{:?}", sink.commands());
}

#[tokio::test]
async fn nothing_that_people_typed_reaches_a_command_or_a_header() {
    let sink = Sink::start(Script::default()).await;
    let mailer = mailer_of(plain(&sink));
    for bad in [
        "x\r\n.\r\nMAIL FROM:<eve@evil.example>",
        "x\r\nBcc: eve@evil.example",
        "\r\n.\r\n",
        ".",
        "\u{760a}.\u{760d}",
    ] {
        let mut message = reset();
        (message.id, message.login, message.first_name, message.last_name, message.locale) =
            (bad.to_owned(), bad.to_owned(), bad.to_owned(), bad.to_owned(), Some(bad.to_owned()));
        mailer.deliver(&message).await.unwrap();
    }
    assert_eq!(sink.commands().iter().filter(|command| command.starts_with("MAIL FROM")).count(), 5);
    for mail in sink.mails() {
        let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(!headers.contains("Bcc:") && !headers.contains("\r\n.\r\n"), "{headers}");
        assert!(mail.contains(&format!("\r\n{LINK}\r\n")));
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_needs_a_server_that_takes_it() {
    let mut message = reset();
    message.to = "m\u{131}ke@m\u{fc}nchen.example".to_owned();

    let sink = Sink::start(Script { features: &["8BITMIME", "SMTPUTF8"], ..Script::default() }).await;
    mailer_of(plain(&sink)).deliver(&message).await.unwrap();
    let commands = sink.commands();
    assert!(
        commands.contains(&"MAIL FROM:<no-reply@example.org> SMTPUTF8 BODY=8BITMIME".to_owned()),
        "{commands:?}"
    );
    assert!(commands.contains(&"RCPT TO:<m\u{131}ke@xn--mnchen-3ya.example>".to_owned()), "{commands:?}");

    let sink = Sink::start(Script::default()).await;
    assert!(matches!(mailer_of(plain(&sink)).deliver(&message).await, Err(DeliveryError::Refused(_))));
    assert!(!sink.commands().iter().any(|command| command.starts_with("MAIL")));
}

#[rstest]
#[case::eight_bit(&["8BITMIME"], "8bit")]
#[case::seven_bit(&[], "base64")]
#[tokio::test]
async fn a_name_beyond_ascii_goes_as_the_server_can_take_it(
    #[case] features: &'static [&'static str],
    #[case] encoding: &str,
) {
    let sink = Sink::start(Script { features, ..Script::default() }).await;
    let mut message = reset();
    message.first_name = "Zo\u{eb}".to_owned();
    mailer_of(plain(&sink)).deliver(&message).await.unwrap();
    let mail = sink.mails().remove(0);
    assert!(mail.contains(&format!("Content-Transfer-Encoding: {encoding}\r\n")), "{mail}");
    let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
    assert!(parsed.body_text(0).unwrap().contains("Hello Zo\u{eb} Neill,"));
    assert!(parsed.body_text(0).unwrap().lines().any(|line| line == LINK));
}
