//! Which language somebody gets.

use crate::Locale;

/// The most ranges of an `Accept-Language` that are looked at; browsers send fewer than ten.
const MAX_RANGES: usize = 32;

/// The most bytes of an `Accept-Language` that are looked at.
const MAX_BYTES: usize = 2048;

impl Locale {
    /// Returns the language of a BCP 47 tag such as an account's (`de-AT`, also `de_AT`); English where there is none or
    /// nobody speaks it here.
    #[must_use]
    pub fn for_tag(tag: Option<&str>) -> Self {
        tag.and_then(Self::of_range).unwrap_or(Self::ENGLISH)
    }

    /// Returns the language that an `Accept-Language` header prefers (RFC 9110, section 12.5.4); English where it names
    /// none.
    ///
    /// The highest weight wins, of equal ones the first. `*` stands for the languages that the header does not name, in the
    /// order of [`Locale::ALL`]; a weight of 0 refuses. Whatever cannot be read is passed over, and no more than the first
    /// 32 ranges are looked at.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let end = accept_language.floor_char_boundary(MAX_BYTES);
        let ranges: Vec<(&str, u16)> =
            accept_language[..end].split(',').take(MAX_RANGES).filter_map(range).collect();
        let named: Vec<Self> = ranges.iter().filter_map(|(range, _)| Self::of_range(range)).collect();
        let mut best = None;
        for (range, weight) in ranges {
            let locale = if range == "*" {
                Self::ALL.into_iter().find(|locale| !named.contains(locale))
            } else {
                Self::of_range(range)
            };
            if let Some(locale) = locale
                && weight > best.map_or(0, |(_, best)| best)
            {
                best = Some((locale, weight));
            }
        }
        best.map_or(Self::ENGLISH, |(locale, _)| locale)
    }

    /// Compares the first part alone: there is one form of each language.
    fn of_range(range: &str) -> Option<Self> {
        let primary = range.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }
}

/// Reads `fr-CH;q=0.8`; the weight is told in thousandths.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = match parts.next() {
        None => 1000,
        Some(weight) => thousandths(weight.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=')?.trim())?,
    };
    Some((range, weight))
}

/// Reads a weight (RFC 9110, section 12.4.2): 0 to 1 with at most three digits behind the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0", fraction) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(None, "en")]
    #[case(Some(""), "en")]
    #[case(Some("de"), "de")]
    #[case(Some("de-AT"), "de")]
    #[case(Some("de_CH"), "de")]
    #[case(Some("PT-br"), "pt")]
    #[case(Some("ar-EG-u-nu-arab"), "ar")]
    #[case(Some(" ja "), "ja")]
    #[case(Some("deu"), "en")]
    #[case(Some("d"), "en")]
    #[case(Some("tlh"), "en")]
    #[case(Some("*"), "en")]
    #[case(Some("../../etc/passwd"), "en")]
    #[case(Some("\u{202e}de"), "en")]
    fn an_account_gets_its_language(#[case] tag: Option<&str>, #[case] chosen: &str) {
        assert_eq!(Locale::for_tag(tag).tag(), chosen);
    }

    #[rstest]
    #[case("", "en")]
    #[case("fr", "fr")]
    #[case("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr")]
    #[case("en;q=0.3, ru;q=0.9, de;q=0.9", "ru")]
    #[case("tlh, sv;q=0.9, ja;q=0.1", "ja")]
    #[case("tlh", "en")]
    #[case("*", "en")]
    #[case("en;q=0, *", "de")]
    #[case("de;q=0", "en")]
    #[case("*;q=0.5, es;q=0.4", "en")]
    #[case("DE-at ; Q=0.5 , es;q=0.499", "de")]
    #[case("de;q=1.000, es", "de")]
    #[case("de;q=1.5, de;q=-1, de;q=NaN, de;q=0.1234, de;x=1, es;q=0.001", "es")]
    #[case(",,;,;q=1,pt", "pt")]
    #[case("ar\r\nSet-Cookie: a=b", "en")]
    fn a_browser_gets_what_it_prefers(#[case] header: &str, #[case] chosen: &str) {
        assert_eq!(Locale::negotiate(header).tag(), chosen, "{header}");
    }

    #[test]
    fn a_hostile_header_is_looked_at_in_part() {
        let long = format!("{}de", "x,".repeat(MAX_RANGES));
        assert_eq!(Locale::negotiate(&long).tag(), "en");
        let wide = format!("de;q=0.1,{}", "\u{65e5}".repeat(1_000_000));
        assert_eq!(Locale::negotiate(&wide).tag(), "de");
    }
}
