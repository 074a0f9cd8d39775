use std::path::Path;

use password_domain::ports::DeliveryError;
use password_mailer_smtp::{Transport, mailer};

use crate::message::{LINK, config, reset};

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn mails_lie_in_the_folder_in_the_order_of_their_time() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("deep/mail");
    let mailer = mailer(config(Transport::File { dir: dir.clone() })).unwrap();
    assert!(!dir.exists(), "nothing is written before the first mail");
    for n in 0..5 {
        let mut message = reset();
        message.id = format!("notice-{n}");
        mailer.deliver(&message).await.unwrap();
    }
    let names = names(&dir);
    assert_eq!(names.len(), 5, "{names:?}");
    for (n, name) in names.iter().enumerate() {
        assert!(name.ends_with(&format!("-notice-{n}.eml")), "{names:?}");
        assert!(std::fs::read_to_string(dir.join(name)).unwrap().contains(&format!("\r\n{LINK}\r\n")));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("mail");
    mailer(config(Transport::File { dir: dir.clone() })).unwrap().deliver(&reset()).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join(&names(&dir)[0])), 0o600);
}

#[tokio::test]
async fn a_reader_never_sees_half_a_mail() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().to_owned();
    let mailer = mailer(config(Transport::File { dir: dir.clone() })).unwrap();
    let writing = tokio::spawn(async move {
        for _ in 0..50 {
            mailer.deliver(&reset()).await.unwrap();
        }
    });
    while !writing.is_finished() {
        for name in names(&dir).iter().filter(|name| name.ends_with(".eml")) {
            let mail = std::fs::read_to_string(dir.join(name)).unwrap();
            assert!(mail.contains("</html>") && mail.trim_end().ends_with("--"), "{name}");
        }
        tokio::task::yield_now().await;
    }
    writing.await.unwrap();
    let names = names(&dir);
    assert_eq!(names.len(), 50);
    assert!(names.iter().all(|name| name.ends_with(".eml")), "{names:?}");
}

#[tokio::test]
async fn an_identity_does_not_lead_out_of_the_folder() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("mail");
    let mailer = mailer(config(Transport::File { dir: dir.clone() })).unwrap();
    for id in ["../../evil", "/etc/evil", "a/b", "a\0b", "", "..", &"x".repeat(5000)] {
        let mut message = reset();
        message.id = id.to_owned();
        mailer.deliver(&message).await.unwrap();
    }
    assert_eq!(names(root.path()), ["mail"]);
    assert_eq!(names(&dir).len(), 7);
}

#[tokio::test]
async fn a_folder_that_can_not_be_written_postpones() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let mailer = mailer(config(Transport::File { dir: file.join("mail") })).unwrap();
    assert!(matches!(mailer.deliver(&reset()).await, Err(DeliveryError::Postponed(_))));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let mailer = mailer(config(Transport::File { dir: root.path().to_owned() })).unwrap();
    let mut message = reset();
    message.to = "a@b.de\r\nBcc: c@d.ef".to_owned();
    assert!(matches!(mailer.deliver(&message).await, Err(DeliveryError::Refused(_))));
    assert!(names(root.path()).is_empty());
}

#[tokio::test]
async fn mail_can_be_switched_off() {
    mailer(config(Transport::None)).unwrap().deliver(&reset()).await.unwrap();
}
