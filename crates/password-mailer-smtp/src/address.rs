//! What may stand in an SMTP command or an address header.
//!
//! Stricter than the mail library, which takes quoted local parts and has had ways from an address into a command
//! (RUSTSEC-2026-0561): whatever could end a line is refused here, before it is asked.

use lettre::Address;
use lettre::message::Mailbox;
use password_domain::account::MAX_IDENTIFIER_CHARACTERS;
use url::Host;

/// The most characters of a sender's display name; a bound of our own, so that a header stays short.
const MAX_DISPLAY_NAME: usize = 128;

/// The reason why a text is no address that a mail can go to or come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text is longer than an address may be.
    #[error("the address is too long")]
    TooLong,
    /// The text has a character that could reach out of its place.
    #[error("the address contains a character that is not allowed")]
    Character,
    /// The text does not have the form of an address.
    #[error("this is not an e-mail address")]
    Form,
}

/// Reads one bare address; a domain beyond ASCII becomes ASCII, any other stays as it is written.
pub(crate) fn address(text: &str) -> Result<Address, AddressError> {
    if text.chars().count() > MAX_IDENTIFIER_CHARACTERS {
        return Err(AddressError::TooLong);
    }
    let (local, domain) = text.rsplit_once('@').ok_or(AddressError::Form)?;
    if local.is_empty() || domain.is_empty() {
        return Err(AddressError::Form);
    }
    if !local.chars().all(is_local) || !domain.chars().all(is_domain) {
        return Err(AddressError::Character);
    }
    let Ok(Host::Domain(ascii)) = Host::parse(domain) else { return Err(AddressError::Form) };
    Address::new(local, if domain.is_ascii() { domain } else { ascii.as_str() })
        .map_err(|_| AddressError::Form)
}

/// Reads a sender: an address, or `Name <address>`.
pub(crate) fn sender(text: &str) -> Result<Mailbox, AddressError> {
    if text.chars().any(|c| ends_a_line(c) || c.is_control()) {
        return Err(AddressError::Character);
    }
    let text = text.trim();
    let Some((name, rest)) = text.rsplit_once('<') else { return Ok(Mailbox::new(None, address(text)?)) };
    let address = address(rest.strip_suffix('>').ok_or(AddressError::Form)?)?;
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    if name.chars().count() > MAX_DISPLAY_NAME {
        return Err(AddressError::TooLong);
    }
    if name.contains(['<', '>', '"', '\\']) {
        return Err(AddressError::Character);
    }
    Ok(Mailbox::new(Some(name.to_owned()).filter(|name| !name.is_empty()), address))
}

/// The characters of an unquoted local part (RFC 5321 `Dot-string`, RFC 6531 beyond ASCII).
fn is_local(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
    } else {
        c.is_alphanumeric() && !narrows_to_a_line_end(c)
    }
}

fn is_domain(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '-' || c == '.'
    } else {
        !c.is_control() && !ends_a_line(c)
    }
}

/// U+760A and its like: cut down to one byte they are a line feed, a carriage return or a NUL.
fn narrows_to_a_line_end(c: char) -> bool {
    matches!(u32::from(c) & 0xff, 0x00 | 0x0a | 0x0d)
}

fn ends_a_line(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\0' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_taken() {
        for (text, taken) in [
            ("someone+tag@example.org", "someone+tag@example.org"),
            ("o'brien@example.org", "o'brien@example.org"),
            ("Alice@Example.ORG", "Alice@Example.ORG"),
            ("a@localhost", "a@localhost"),
            ("m\u{131}ke@example.org", "m\u{131}ke@example.org"),
            ("a@m\u{fc}nchen.example", "a@xn--mnchen-3ya.example"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), taken);
        }
    }

    #[test]
    fn nothing_that_could_leave_its_place_is_an_address() {
        for bad in [
            "",
            "@",
            "a",
            "a@",
            "@b",
            "a b@c.de",
            "a@b.de\r\nRCPT TO:<c@d.ef>",
            "a\r\nBcc: c@d.ef@b.de",
            "a\n@b.de",
            "a\0@b.de",
            "a\u{7f}@b.de",
            "a\u{85}@b.de",
            "a\u{2028}@b.de",
            "a\u{760a}@b.de",
            "a\u{760d}@b.de",
            "a\u{10d}@b.de",
            "a@b\u{2028}.de",
            "a@b.de>",
            "<a@b.de",
            "a@b.de> SIZE=1",
            "\"a\r\n\"@b.de",
            "\"a b\"@b.de",
            "a,c@b.de",
            "a;c@b.de",
            "a(comment)@b.de",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@b_c.de",
            "a@b%0a.de",
            "a@-",
            "a@.",
        ] {
            assert!(address(bad).is_err(), "{bad:?}");
        }
        assert_eq!(address(&format!("{}@b.de", "a".repeat(300))), Err(AddressError::TooLong));
    }

    #[test]
    fn a_sender_may_have_a_name() {
        let mailbox = sender("Accounts <no-reply@example.org>").unwrap();
        assert_eq!((mailbox.name.as_deref(), mailbox.email.domain()), (Some("Accounts"), "example.org"));
        assert_eq!(sender("\"The Team, Ltd.\" <a@b.de>").unwrap().name.as_deref(), Some("The Team, Ltd."));
        assert_eq!(sender("a@b.de").unwrap().name, None);
        assert_eq!(sender("<a@b.de>").unwrap().name, None);
    }

    #[test]
    fn a_sender_with_a_line_end_is_refused() {
        for bad in [
            "A\r\nBcc: x <a@b.de>",
            "A\n <a@b.de>",
            "A\0 <a@b.de>",
            "A <a@b.de",
            "A \"B\" <a@b.de>",
            "A a@b.de",
        ] {
            assert!(sender(bad).is_err(), "{bad:?}");
        }
    }
}
