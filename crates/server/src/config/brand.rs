//! `[brand]`: how the service shows itself in mails and on pages.

use std::path::PathBuf;

use serde::Deserialize;

use super::problem::Problems;

/// The most characters of a name, so that it stands on one line.
const MOST_NAME: usize = 64;

/// The most characters of a line that tells where to get help.
const MOST_SUPPORT: usize = 200;

/// How the service shows itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Brand {
    /// What people call the service; the host of `public_url` where absent.
    pub name: Option<String>,
    /// The colour of buttons, `#rrggbb`.
    pub colour: String,
    /// Where people get help: `mailto:` and an address, on pages also an `https://` address, or any one line.
    pub support: Option<String>,
    /// A picture that pages show in place of the name.
    pub logo: Option<PathBuf>,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: None, colour: "#1d4ed8".to_owned(), support: None, logo: None }
    }
}

impl Brand {
    /// Returns what mails show of it.
    pub(super) fn in_mails(&self) -> password_mailer_smtp::Brand {
        password_mailer_smtp::Brand { name: self.name.clone(), colour: Some(self.colour.clone()) }
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let is_line = |text: &String, most: usize| {
            !text.trim().is_empty()
                && text.chars().count() <= most
                && !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
        };
        problems.require(
            self.name.as_ref().is_none_or(|name| is_line(name, MOST_NAME)),
            "brand.name",
            "it must be one line of at most 64 characters",
        );
        let digits = self.colour.strip_prefix('#').unwrap_or_default();
        problems.require(
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "brand.colour",
            "it must be written #rrggbb",
        );
        let is_address =
            |address: &str| address.contains('@') && !address.contains([' ', '?', '&', '<', '>']);
        problems.require(
            self.support.as_ref().is_none_or(|support| {
                is_line(support, MOST_SUPPORT) && support.strip_prefix("mailto:").is_none_or(is_address)
            }),
            "brand.support",
            "it must be mailto: and an address, or one line of at most 200 characters",
        );
    }
}
