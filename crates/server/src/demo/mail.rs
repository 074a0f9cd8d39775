//! Reads the mails that the demonstration keeps.
//!
//! They are our own mailer's: two parts, neither of them encoded, and a subject that is where it is not ASCII.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A mail, as far as the inbox shows it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mail {
    /// The file's name without its ending.
    pub(super) id: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) date: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl Mail {
    /// Returns the link that the text has on a line of its own.
    pub(super) fn link(&self) -> Option<&str> {
        self.text.lines().map(str::trim).find(|line| line.starts_with("http://") && line.contains("/reset/"))
    }
}

/// Returns every mail in the folder, the newest first; none where there is no folder yet.
pub(super) fn all(folder: &Path) -> io::Result<Vec<Mail>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut mails = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(id) =
            name.to_str().and_then(|name| name.strip_suffix(".eml")).filter(|id| !id.starts_with('.'))
        else {
            continue;
        };
        let content = String::from_utf8_lossy(&fs::read(folder.join(&name))?).replace("\r\n", "\n");
        mails.push(parse(id, &content));
    }
    // Names begin with the time.
    mails.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(mails)
}

fn parse(id: &str, content: &str) -> Mail {
    let (head, body) = content.split_once("\n\n").unwrap_or((content, ""));
    let mut mail = Mail {
        id: id.to_owned(),
        to: header(head, "to"),
        subject: decoded(&header(head, "subject")),
        date: header(head, "date"),
        ..Mail::default()
    };
    let kind = header(head, "content-type");
    let Some(boundary) = kind.split_once("boundary=").map(|(_, rest)| rest.trim_matches(['"', ';', ' ']))
    else {
        mail.text = body.to_owned();
        return mail;
    };
    for part in body.split(&format!("--{boundary}")) {
        let (head, content) = part.trim_start().split_once("\n\n").unwrap_or(("", ""));
        match header(head, "content-type") {
            kind if kind.starts_with("text/plain") => mail.text = content.to_owned(),
            kind if kind.starts_with("text/html") => mail.html = content.to_owned(),
            _ => {}
        }
    }
    mail
}

/// Returns a header's text, with its further lines; empty where there is none.
fn header(head: &str, name: &str) -> String {
    let mut lines = head.lines().skip_while(|line| {
        !line.split_once(':').is_some_and(|(found, _)| found.trim().eq_ignore_ascii_case(name))
    });
    let first = lines.next().and_then(|line| line.split_once(':')).map_or("", |(_, text)| text.trim());
    lines
        .take_while(|line| line.starts_with([' ', '\t']))
        .fold(first.to_owned(), |text, line| format!("{text} {}", line.trim()))
}

/// Decodes the encoded words of a header (RFC 2047), as far as our mailer writes them: UTF-8 in base64.
fn decoded(text: &str) -> String {
    let (mut out, mut after_encoded) = (String::new(), false);
    for word in text.split(' ') {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        let plain = inner.and_then(|inner| String::from_utf8(STANDARD.decode(inner).ok()?).ok());
        // The blank between two encoded words is none.
        if !(out.is_empty() || (after_encoded && plain.is_some())) {
            out.push(' ');
        }
        after_encoded = plain.is_some();
        out.push_str(plain.as_deref().unwrap_or(word));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "Date: now\r\nTo: a@b\r\nSubject: Set a\r\n new password\r\n\
        Content-Type: multipart/alternative;\r\n boundary=\"xyz\"\r\n\r\n\
        --xyz\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
        Hello,\r\n\r\nhttp://127.0.0.1:1/reset/user?hash=ab\r\n\r\n\
        --xyz\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>\r\n--xyz--\r\n";

    #[test]
    fn a_mail_is_taken_apart() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("1.eml"), MAIL).unwrap();
        fs::write(dir.path().join("2.eml"), "To: c@d\r\n\r\nonly text").unwrap();
        fs::write(dir.path().join(".3.part"), "half").unwrap();
        let mails = all(dir.path()).unwrap();
        assert_eq!(mails.iter().map(|mail| mail.id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
        assert_eq!(
            (mails[0].to.as_str(), mails[0].text.as_str(), mails[0].link()),
            ("c@d", "only text", None)
        );
        let mail = &mails[1];
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("a@b", "Set a new password"));
        assert_eq!(mail.link(), Some("http://127.0.0.1:1/reset/user?hash=ab"));
        assert_eq!(mail.html.trim(), "<p>Hello</p>");
    }

    #[test]
    fn a_subject_in_any_language_can_be_read() {
        assert_eq!(decoded("Set a new password"), "Set a new password");
        assert_eq!(decoded("=?utf-8?b?UGFzc3fDtnJ0ZXI=?="), "Passw\u{f6}rter");
        assert_eq!(decoded("Neu: =?utf-8?b?w6Q=?= =?utf-8?b?w7Y=?= da"), "Neu: \u{e4}\u{f6} da");
        assert_eq!(decoded("=?utf-8?b?%?= x"), "=?utf-8?b?%?= x");
    }

    #[test]
    fn there_are_no_mails_before_the_first_one() {
        assert_eq!(all(Path::new("does/not/exist")).unwrap(), []);
    }
}
