//! The languages that there are texts in.

use std::fmt;

/// A language that there are texts in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locale(usize);

/// What is known of a language.
pub(crate) struct Language {
    pub(crate) tag: &'static str,
    pub(crate) own_name: &'static str,
    pub(crate) right_to_left: bool,
    /// Its files.
    pub(crate) sources: [&'static str; 3],
}

/// Names a language and compiles its files in.
macro_rules! language {
    ($tag:literal, $own_name:literal, $right_to_left:literal) => {
        Language {
            tag: $tag,
            own_name: $own_name,
            right_to_left: $right_to_left,
            sources: [
                include_str!(concat!("../locales/", $tag, "/mails.ftl")),
                include_str!(concat!("../locales/", $tag, "/rules.ftl")),
                include_str!(concat!("../locales/", $tag, "/pages.ftl")),
            ],
        }
    };
}

/// Every language; the first is for everybody else.
pub(crate) static LANGUAGES: [Language; 8] = [
    language!("en", "English", false),
    language!("de", "Deutsch", false),
    language!("es", "Español", false),
    language!("fr", "Français", false),
    language!("pt", "Português", false),
    language!("ru", "Русский", false),
    language!("ar", "العربية", true),
    language!("ja", "日本語", false),
];

impl Locale {
    /// The language of everybody whose own there are no texts in.
    pub const ENGLISH: Self = Self(0);

    /// Every language, English first.
    pub const ALL: [Self; LANGUAGES.len()] = {
        let mut all = [Self::ENGLISH; LANGUAGES.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = Self(at);
            at += 1;
        }
        all
    };

    /// Returns the BCP 47 tag, for `lang` attributes and `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.language().tag
    }

    /// Returns the direction of writing, for `dir` attributes: `ltr` or `rtl`.
    #[must_use]
    pub fn direction(self) -> &'static str {
        if self.language().right_to_left { "rtl" } else { "ltr" }
    }

    /// Returns the language's name in the language itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        self.language().own_name
    }

    pub(crate) fn language(self) -> &'static Language {
        &LANGUAGES[self.0]
    }

    /// Returns the place in [`Locale::ALL`].
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Locale").field(&self.tag()).finish()
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
