use password_mailer_smtp::{PreviewError, Transport, preview};

use crate::message::{LINK, config, every_message, reset};

#[test]
fn a_preview_is_the_mail_that_would_leave() {
    for message in every_message() {
        let preview = preview(&config(Transport::None), &message).unwrap();
        let eml = String::from_utf8(preview.eml).unwrap();
        assert!(eml.contains("To: ann@example.org\r\n") && eml.contains("multipart/alternative"), "{eml}");
        assert!(preview.html.starts_with("<!DOCTYPE html>") && preview.html.trim_end().ends_with("</html>"));
        assert!(eml.contains(&preview.html.trim_end().replace('\n', "\r\n")));
    }
    let eml = preview(&config(Transport::None), &reset()).unwrap().eml;
    assert!(String::from_utf8(eml).unwrap().contains(&format!("\r\n{LINK}\r\n")));
}

#[test]
fn what_could_not_leave_has_no_preview() {
    let mut message = reset();
    message.to = "nobody".to_owned();
    assert!(matches!(preview(&config(Transport::None), &message), Err(PreviewError::Message(_))));
    let mut config = config(Transport::None);
    config.from = String::new();
    assert!(matches!(preview(&config, &reset()), Err(PreviewError::Config(_))));
}
