//! Puts a rendered message into an envelope and under headers.

use std::time::SystemTime;

use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use password_domain::ports::{DeliveryError, Message};

use crate::address::{self, AddressError};
use crate::render::{RenderError, Rendered, Renderer};

/// The longest line that may be sent as it is, without its line end (RFC 5322, section 2.1.1).
const MAX_LINE: usize = 998;

/// The most bytes of a message's identity that go into a `Message-ID` or a file name.
const MAX_ID: usize = 160;

/// The reason why a message can't become a mail.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ComposeError {
    /// The recipient's address is none.
    #[error("the recipient's address is refused")]
    Recipient(#[source] AddressError),
    /// A template fails.
    #[error("the message can't be rendered")]
    Render(#[source] RenderError),
    /// The mail library refuses.
    #[error("the mail can't be put together")]
    Build(#[source] lettre::error::Error),
}

impl From<ComposeError> for DeliveryError {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Recipient(_) => Self::Refused(error.into()),
            ComposeError::Render(_) | ComposeError::Build(_) => Self::Postponed(error.into()),
        }
    }
}

/// Makes mails of messages: everything but the sending.
pub(crate) struct Composer {
    renderer: Renderer,
    from: Mailbox,
}

/// A rendered mail to one person, not yet in bytes. Not printable: it may carry a token.
pub(crate) struct Draft {
    /// Where the mail comes from.
    pub(crate) from: Address,
    /// Where the mail goes to.
    pub(crate) to: Address,
    /// The message's identity, fit for a header and a file name.
    pub(crate) id: String,
    sender: Mailbox,
    rendered: Rendered,
}

impl Composer {
    /// Composes mails from this sender.
    pub(crate) fn new(renderer: Renderer, from: Mailbox) -> Self {
        Self { renderer, from }
    }

    /// Checks the recipient and renders the message.
    pub(crate) fn draft(&self, message: &Message) -> Result<Draft, ComposeError> {
        Ok(Draft {
            to: address::address(&message.to).map_err(ComposeError::Recipient)?,
            from: self.from.email.clone(),
            id: safe_id(&message.id),
            sender: self.from.clone(),
            rendered: self.renderer.render(message).map_err(ComposeError::Render)?,
        })
    }
}

impl Draft {
    /// Returns the mail as it is sent or stored.
    ///
    /// ASCII goes as it is, so that a link is in one piece in the source too. Anything else goes as it is where
    /// `eight_bit` allows, and in base64 where not.
    pub(crate) fn bytes(&self, date: SystemTime, eight_bit: bool) -> Result<Vec<u8>, ComposeError> {
        let alternatives = MultiPart::alternative()
            .singlepart(part(ContentType::TEXT_PLAIN, &self.rendered.text, eight_bit))
            .singlepart(part(ContentType::TEXT_HTML, &self.rendered.html, eight_bit));
        let message = lettre::Message::builder()
            .date(date)
            .message_id(Some(format!("<{}@{}>", self.id, self.from.domain())))
            .from(self.sender.clone())
            .to(Mailbox::new(None, self.to.clone()))
            .subject(self.rendered.subject.as_str())
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("X-Auto-Response-Suppress", "All"))
            .multipart(alternatives)
            .map_err(ComposeError::Build)?;
        Ok(message.formatted())
    }

    /// Returns the HTML part alone.
    pub(crate) fn into_html(self) -> String {
        self.rendered.html
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn part(kind: ContentType, content: &str, eight_bit: bool) -> SinglePart {
    let short = content.lines().all(|line| line.len() <= MAX_LINE);
    let crlf = content.lines().collect::<Vec<_>>().join("\r\n").into_bytes();
    let body = if short && content.is_ascii() {
        Body::dangerous_pre_encoded(crlf, ContentTransferEncoding::SevenBit)
    } else if short && eight_bit {
        Body::dangerous_pre_encoded(crlf, ContentTransferEncoding::EightBit)
    } else {
        // Base64 takes everything.
        Body::new_with_encoding(crlf, ContentTransferEncoding::Base64)
            .unwrap_or_else(|raw| Body::dangerous_pre_encoded(raw, ContentTransferEncoding::Binary))
    };
    SinglePart::builder().header(kind).body(body)
}

/// Keeps letters, digits, `-` and `_`, and writes every other byte as `=` and two digits, so that two stay two.
fn safe_id(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes().take(MAX_ID) {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("={byte:02X}"));
        }
    }
    if out.is_empty() { "=".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_can_not_leave_its_place() {
        assert_eq!(safe_id("notice-17_a"), "notice-17_a");
        assert_eq!(safe_id("a\r\nBcc: x@y"), "a=0D=0ABcc=3A=20x=40y");
        assert_eq!(safe_id("../../etc"), "=2E=2E=2F=2E=2E=2Fetc");
        assert_eq!(safe_id(""), "=");
        assert!(safe_id(&"\u{760a}".repeat(1000)).len() <= 3 * MAX_ID);
    }

    #[test]
    fn text_beyond_ascii_is_encoded_only_where_it_must_be() {
        for (content, eight_bit, encoding) in [
            ("plain\n".to_owned(), false, "7bit"),
            ("plain\n".to_owned(), true, "7bit"),
            ("Zo\u{eb}\n".to_owned(), true, "8bit"),
            ("Zo\u{eb}\n".to_owned(), false, "base64"),
            ("x".repeat(MAX_LINE + 1), true, "base64"),
        ] {
            let part =
                String::from_utf8(part(ContentType::TEXT_PLAIN, &content, eight_bit).formatted()).unwrap();
            assert!(part.contains(&format!("Content-Transfer-Encoding: {encoding}\r\n")), "{part}");
        }
    }
}
