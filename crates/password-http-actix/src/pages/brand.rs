//! How an operator's service shows itself on the pages: name, colour, logo, and where to get help.

use actix_web::web::Bytes;

use super::colour::Colour;

/// The most bytes of a logo; it is sent with every first visit.
pub const MAX_LOGO: usize = 256 << 10;

/// How the service shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// What people call the service; `None` for the host of the public URL.
    pub name: Option<String>,
    /// The colour of buttons and links.
    pub colour: Colour,
    /// Where people get help: `mailto:` and an address, an `https://` address, or any one line; `None` where nobody says.
    pub support: Option<String>,
    /// A picture in place of the name.
    pub logo: Option<Logo>,
}

/// A picture that pages show in place of the service's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    content_type: &'static str,
    bytes: Bytes,
}

/// The reason why a file is no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// It has more bytes than [`MAX_LOGO`].
    #[error("it has more than 256 KiB")]
    TooLarge,
    /// It is no picture that browsers show.
    #[error("it is neither SVG nor PNG, JPEG or WebP")]
    Unknown,
}

impl Logo {
    /// Takes the content of a file. What it is, its first bytes tell, and not its name.
    ///
    /// # Errors
    ///
    /// [`LogoError`] where it is too large or no SVG, PNG, JPEG or WebP.
    pub fn new(content: Vec<u8>) -> Result<Self, LogoError> {
        if content.len() > MAX_LOGO {
            return Err(LogoError::TooLarge);
        }
        let content_type = content_type(&content).ok_or(LogoError::Unknown)?;
        Ok(Self { content_type, bytes: content.into() })
    }

    /// Returns the media type.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    pub(super) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

fn content_type(content: &[u8]) -> Option<&'static str> {
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if content.starts_with(b"\xff\xd8\xff") {
        return Some("image/jpeg");
    }
    if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let text = std::str::from_utf8(content).ok()?.trim_start_matches('\u{feff}').trim_start();
    let is_markup = text.starts_with("<svg") || text.starts_with("<?xml") || text.starts_with("<!--");
    (is_markup && text.contains("<svg") && !text.contains("<html")).then_some("image/svg+xml")
}

/// Where people get help, as a page shows it.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Support {
    /// What they read.
    pub(super) text: String,
    /// Where it leads; `None` where it leads nowhere.
    pub(super) href: Option<String>,
}

impl Support {
    pub(super) fn of(brand: &Brand) -> Option<Self> {
        let line = brand.support.as_deref()?;
        let text = line.strip_prefix("mailto:").or_else(|| line.strip_prefix("https://")).unwrap_or(line);
        let href = (text.len() < line.len()).then(|| line.to_owned());
        Some(Self { text: text.to_owned(), href })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_what_its_first_bytes_say() {
        for (content, content_type) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], "image/png"),
            (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml"),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<svg/>", "image/svg+xml"),
        ] {
            assert_eq!(Logo::new(content.to_vec()).unwrap().content_type(), content_type);
        }
        for content in
            [&b""[..], b"GIF89a", b"<html><svg/></html>", b"<?xml?><html><svg/></html>", b"<svg\xff"]
        {
            assert_eq!(Logo::new(content.to_vec()), Err(LogoError::Unknown), "{content:?}");
        }
        let mut large = b"<svg/>".to_vec();
        large.resize(MAX_LOGO, b' ');
        assert!(Logo::new(large.clone()).is_ok());
        large.push(b' ');
        assert_eq!(Logo::new(large), Err(LogoError::TooLarge));
    }

    #[test]
    fn help_is_a_link_where_it_leads_somewhere() {
        for (line, text, href) in [
            ("mailto:help@example.org", "help@example.org", Some("mailto:help@example.org")),
            ("https://example.org/help", "example.org/help", Some("https://example.org/help")),
            ("Call +1 555 0100.", "Call +1 555 0100.", None),
            ("javascript:alert(1)", "javascript:alert(1)", None),
        ] {
            let support = Support::of(&Brand { support: Some(line.to_owned()), ..Brand::default() }).unwrap();
            assert_eq!((support.text.as_str(), support.href.as_deref()), (text, href));
        }
        assert_eq!(Support::of(&Brand::default()), None);
    }
}
