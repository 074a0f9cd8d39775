//! Which language somebody reads.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use password_locales::Locale;

/// The language of a page, and who said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language {
    /// The language.
    pub(crate) locale: Locale,
    /// Whether a person chose it, by a link or in a form that this one led to; what they open next keeps it.
    pub(crate) chosen: bool,
}

impl Language {
    /// Returns what `?lang=` chooses, else what the browser prefers.
    pub(crate) fn of(headers: &HeaderMap, query: &str) -> Self {
        let preferred: Vec<&str> =
            headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok()).collect();
        let negotiated = Self { locale: Locale::negotiate(&preferred.join(",")), chosen: false };
        let asked = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "lang").last();
        asked.map_or(negotiated, |(_, tag)| negotiated.or_chosen(&tag))
    }

    /// Returns the language of this tag where there is one, else this one.
    pub(crate) fn or_chosen(self, tag: &str) -> Self {
        let chosen = Locale::ALL.into_iter().find(|locale| locale.tag() == tag);
        chosen.map_or(self, |locale| Self { locale, chosen: true })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn of(query: &str, headers: &[&[u8]]) -> (&'static str, bool) {
        let mut request = TestRequest::default();
        for value in headers {
            let value = actix_web::http::header::HeaderValue::from_bytes(value).unwrap();
            request = request.append_header((ACCEPT_LANGUAGE, value));
        }
        let language = Language::of(request.to_http_request().headers(), query);
        (language.locale.tag(), language.chosen)
    }

    #[test]
    fn a_choice_outweighs_a_preference() {
        assert_eq!(of("", &[]), ("en", false));
        assert_eq!(of("", &[b"de-AT, en;q=0.5"]), ("de", false));
        assert_eq!(of("lang=ar", &[b"de"]), ("ar", true));
        assert_eq!(of("token=x&lang=ja&lang=fr", &[]), ("fr", true));
    }

    #[test]
    fn what_is_no_language_chooses_nothing() {
        for query in
            ["lang=", "lang=tlh", "lang=DE", "lang=de-AT", "lang=%22%3E", "lang=%ff", "lang", "LANG=de"]
        {
            assert_eq!(of(query, &[b"es"]), ("es", false), "{query}");
        }
    }

    #[test]
    fn hostile_preferences_are_borne() {
        let long = b"de,".repeat(5_000);
        assert_eq!(of("", &[&long]).0, "de");
        for value in [&b"\xff\xfe"[..], b";;;,,,", b"q=9", b"*;q=nan", b"de;q=-1", "\u{fc}".as_bytes()] {
            assert_eq!(of("", &[value]).0, "en", "{value:?}");
        }
        assert_eq!(of("", &[b"\xff", b"fr"]).0, "fr");
    }
}
