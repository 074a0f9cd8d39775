//! How the service shows itself in a mail.

use crate::address;
use crate::config::ConfigError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The most characters of a name, so that it stands on one line.
const MAX_NAME: usize = 64;

/// The most characters of a contact, so that it stands on about two lines.
const MAX_CONTACT: usize = 200;

/// The colour of a button where the operator has chosen none.
const COLOUR: Colour = Colour([0x1d, 0x4e, 0xd8]);

/// How the service shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// What people call the service, at most 64 characters; `None` for the host of the public URL.
    pub name: Option<String>,
    /// The colour of buttons, `#rrggbb`; `None` for blue.
    pub colour: Option<String>,
}

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

/// How readers reach the people behind the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    /// What they read.
    pub(crate) text: String,
    /// Where it leads; `None` where it leads nowhere.
    pub(crate) href: Option<String>,
}

/// What a `mailto:` URL has as it is (RFC 6068), beside letters and digits.
const ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_');

impl Brand {
    /// Returns the name, checked.
    pub(crate) fn name(&self) -> Result<Option<String>, ConfigError> {
        match &self.name {
            None => Ok(None),
            Some(name) if name.trim().is_empty() || name.chars().count() > MAX_NAME || has_line_end(name) => {
                Err(ConfigError::BrandName)
            }
            Some(name) => Ok(Some(name.trim().to_owned())),
        }
    }

    /// Returns the colour, checked.
    pub(crate) fn colour(&self) -> Result<Colour, ConfigError> {
        self.colour.as_deref().map_or(Ok(COLOUR), |text| Colour::parse(text).ok_or(ConfigError::BrandColour))
    }
}

impl Contact {
    /// Reads `mailto:` and an address, or any one line.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.chars().count() > MAX_CONTACT || has_line_end(text) {
            return Err(ConfigError::Contact);
        }
        match text.strip_prefix("mailto:") {
            None => Ok(Self { text: text.to_owned(), href: None }),
            Some(to) => {
                let to = address::address(to).map_err(|_| ConfigError::Contact)?.to_string();
                Ok(Self { href: Some(format!("mailto:{}", utf8_percent_encode(&to, ADDRESS))), text: to })
            }
        }
    }
}

impl Colour {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Returns the colour as CSS has it.
    pub(crate) fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Returns the colour to write on this one with: white or black, whichever has more contrast (WCAG 2.2, 1.4.3); one of
    /// them always has over 4.5:1.
    pub(crate) fn text(self) -> &'static str {
        let white = 1.05 / (self.luminance() + 0.05);
        let black = (self.luminance() + 0.05) / 0.05;
        if white >= black { "#ffffff" } else { "#000000" }
    }

    /// The relative luminance of WCAG 2.2.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

fn has_line_end(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(Colour::parse("#1D4ed8"), Some(COLOUR));
        assert_eq!(COLOUR.css(), "#1d4ed8");
        for bad in
            ["", "#", "1d4ed8", "#1d4ed", "#1d4ed80", "#1d4edg", "#+1+2+3", "red", "#\u{e9}\u{e9}\u{e9}"]
        {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_button_can_be_read_in_every_colour() {
        for (colour, text) in
            [("#1d4ed8", "#ffffff"), ("#000000", "#ffffff"), ("#ffffff", "#000000"), ("#facc15", "#000000")]
        {
            assert_eq!(Colour::parse(colour).unwrap().text(), text, "{colour}");
        }
        for grey in 0..=255 {
            let colour = Colour([grey; 3]);
            let light = colour.luminance() + 0.05;
            let contrast = if colour.text() == "#ffffff" { 1.05 / light } else { light / 0.05 };
            assert!(contrast >= 4.5, "{grey}: {contrast}");
        }
    }

    #[test]
    fn a_contact_is_an_address_or_a_line() {
        let text = |text: &str| Contact::parse(text).unwrap();
        assert_eq!(text("Call us"), Contact { text: "Call us".into(), href: None });
        assert_eq!(text("help@example.org").href, None);
        let link = text("mailto:help+me&you@example.org");
        assert_eq!(link.text, "help+me&you@example.org");
        assert_eq!(link.href.as_deref(), Some("mailto:help%2Bme%26you@example.org"));
        for bad in ["a\nb", "a\u{2028}b", "mailto:", "mailto:a@b?subject=c", "mailto:a b@c.de"] {
            assert!(matches!(Contact::parse(bad), Err(ConfigError::Contact)), "{bad:?}");
        }
        assert!(Contact::parse(&"x".repeat(MAX_CONTACT + 1)).is_err());
    }

    #[test]
    fn a_name_is_one_short_line() {
        let name = |name: &str| Brand { name: Some(name.to_owned()), colour: None }.name();
        assert_eq!(name(" Acme ").unwrap().as_deref(), Some("Acme"));
        for bad in ["", " ", "a\r\nb", "a\u{2028}b", &"x".repeat(MAX_NAME + 1)] {
            assert!(matches!(name(bad), Err(ConfigError::BrandName)), "{bad:?}");
        }
    }
}
