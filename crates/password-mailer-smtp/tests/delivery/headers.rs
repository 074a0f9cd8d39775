use mail_parser::{MessageParser, MimeHeaders};
use password_domain::ports::Message;
use password_mailer_smtp::{MailConfig, Transport, mailer};

use crate::message::{LINK, config, every_message, reset};

/// The source of the one mail that a message becomes.
async fn source(change: impl Fn(&mut MailConfig), message: &Message) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(Transport::File { dir: dir.path().to_owned() });
    change(&mut config);
    mailer(config).unwrap().deliver(message).await.unwrap();
    let entry = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap();
    std::fs::read_to_string(entry.path()).unwrap()
}

/// Takes out what differs from mail to mail.
fn redact(mail: &str) -> String {
    let boundary = mail.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let mail = mail.replace(boundary, "[boundary]").replace("\r\n", "\n");
    mail.lines()
        .map(|line| if line.starts_with("Date: ") { "Date: [date]" } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn every_mail_looks_as_it_should() {
    let names =
        ["mail_reset_requested", "mail_password_changed", "mail_email_changed", "mail_too_many_attempts"];
    for (name, message) in names.into_iter().zip(every_message()) {
        insta::assert_snapshot!(name, redact(&source(|_| {}, &message).await));
    }
}

#[tokio::test]
async fn a_stranger_s_parser_reads_every_mail_alike() {
    for message in every_message() {
        let source = source(|_| {}, &message).await;
        assert!(source.is_ascii() && !source.replace("\r\n", "").contains(['\r', '\n']));
        let mail = MessageParser::default().parse(source.as_bytes()).unwrap();
        let from = mail.from().unwrap().first().unwrap();
        assert_eq!((from.name(), from.address()), (Some("Accounts"), Some("no-reply@example.org")));
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("ann@example.org"));
        assert_eq!(mail.to().unwrap().iter().count(), 1);
        assert!(mail.date().is_some_and(|date| date.is_valid() && date.year >= 2026));
        assert_eq!(mail.message_id(), Some("notice-17@example.org"));
        assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(mail.content_type().map(|kind| kind.subtype()), Some(Some("alternative")));
        let kinds: Vec<_> =
            mail.parts[1..].iter().map(|part| part.content_type().unwrap().subtype().unwrap()).collect();
        assert_eq!(kinds, ["plain", "html"], "text first");
        for absent in ["List-Unsubscribe", "Bcc", "Cc", "Reply-To", "Return-Receipt-To"] {
            assert!(mail.header_raw(absent).is_none(), "{absent}");
        }
        assert!(!mail.subject().unwrap().contains("Ann") && !mail.subject().unwrap().contains("ann"));
    }
}

#[tokio::test]
async fn the_link_is_in_one_piece_in_the_source() {
    for length in [0, 100, 600] {
        let prefix = "p".repeat(length);
        let source = source(
            |config| config.public_url = format!("https://id.example.org/{prefix}").parse().unwrap(),
            &reset(),
        )
        .await;
        let link =
            if length == 0 { LINK.to_owned() } else { LINK.replace("/reset", &format!("/{prefix}/reset")) };
        assert_eq!(source.split("\r\n").filter(|line| *line == link).count(), 1, "{source}");
    }
}

#[tokio::test]
async fn a_sender_s_name_may_have_any_letters() {
    for name in ["Konten f\u{fc}r alle", "\u{760a}\u{760d}", "\u{10c}esk\u{fd} \u{fa}\u{10d}et", "Team, Ltd."]
    {
        let source = source(|config| config.from = format!("{name} <no-reply@example.org>"), &reset()).await;
        let (headers, _) = source.split_once("\r\n\r\n").unwrap();
        assert!(headers.is_ascii(), "{headers}");
        let mail = MessageParser::default().parse(source.as_bytes()).unwrap();
        assert_eq!(mail.from().unwrap().first().unwrap().name(), Some(name));
    }
}

#[tokio::test]
async fn the_contact_is_told_where_there_is_one() {
    for message in every_message() {
        let with = source(|config| config.contact = Some("help@example.org".to_owned()), &message).await;
        assert_eq!(with.matches("help@example.org").count(), 2, "{with}");
        let without = source(|_| {}, &message).await;
        assert!(!without.contains("Questions") && !without.contains("How to reach"), "{without}");
    }
}

#[tokio::test]
async fn a_mail_in_any_language_keeps_its_link_whole_and_its_headers_ascii() {
    for (tag, subject) in [
        ("de", "Neues Passwort festlegen"),
        ("es", "Establezca una nueva contrase\u{f1}a"),
        ("fr", "D\u{e9}finissez un nouveau mot de passe"),
        ("pt", "Defina uma nova senha"),
        (
            "ru",
            "\u{423}\u{441}\u{442}\u{430}\u{43d}\u{43e}\u{432}\u{438}\u{442}\u{435} \u{43d}\u{43e}\u{432}\u{44b}\u{439} \u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c}",
        ),
        (
            "ar",
            "\u{62a}\u{639}\u{64a}\u{64a}\u{646} \u{643}\u{644}\u{645}\u{629} \u{645}\u{631}\u{648}\u{631} \u{62c}\u{62f}\u{64a}\u{62f}\u{629}",
        ),
        ("ja", "\u{65b0}\u{3057}\u{3044}\u{30d1}\u{30b9}\u{30ef}\u{30fc}\u{30c9}\u{306e}\u{8a2d}\u{5b9a}"),
    ] {
        let mut message = reset();
        message.locale = Some(tag.to_owned());
        let source = source(|_| {}, &message).await;
        assert_eq!(source.split("\r\n").filter(|line| *line == LINK).count(), 1, "{source}");
        let (headers, _) = source.split_once("\r\n\r\n").unwrap();
        assert!(headers.is_ascii(), "{headers}");
        assert!(source.contains("Content-Transfer-Encoding: 8bit") && !source.contains("base64"), "{source}");
        let mail = MessageParser::default().parse(source.as_bytes()).unwrap();
        assert_eq!(mail.subject(), Some(subject));
        assert!(mail.body_text(0).unwrap().contains(LINK));
        assert!(mail.body_html(0).unwrap().contains(&format!("lang=\"{tag}\"")));
    }
}
