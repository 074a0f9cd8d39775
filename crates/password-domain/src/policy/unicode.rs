//! Character properties, in the sense of Python where the rules come from Django.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Tells whether the character is in a run of letters (L*) that people write with. Answers without a search in the big
/// table; of other letters it knows nothing.
fn is_everyday_letter(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2c1}' // Latin
        | '\u{3a3}'..='\u{3f5}' | '\u{3f7}'..='\u{481}' | '\u{48a}'..='\u{52f}' // Greek, Cyrillic
        | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}' // Hebrew, Arabic
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' // Hiragana, Katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' // Han, Hangul
    )
}

/// Tells whether no policy allows the character: control, NUL among them, or unassigned.
pub(super) fn is_forbidden(c: char) -> bool {
    if c.is_ascii() || is_everyday_letter(c) {
        return c.is_ascii_control();
    }
    matches!(c.general_category(), GeneralCategory::Control | GeneralCategory::Unassigned)
}

/// Tells whether the character is not printable in full: line and paragraph separators and private use.
pub(super) fn is_unprintable(c: char) -> bool {
    // There is one separator of each of the two categories.
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// Tells whether the character is a decimal digit of any script (Nd).
pub(super) fn is_decimal(c: char) -> bool {
    if c.is_ascii() || is_everyday_letter(c) {
        return c.is_ascii_digit();
    }
    c.general_category() == GeneralCategory::DecimalNumber
}

/// Python's `str.isalnum` of one character: a letter (L*) or a number (N*). `char::is_alphanumeric` differs, because
/// Alphabetic has combining marks and circled letters in it.
pub(super) fn is_python_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    is_everyday_letter(c)
        || matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// Python's `\w`.
pub(super) fn is_python_word(c: char) -> bool {
    c == '_' || is_python_alphanumeric(c)
}

/// Python's `str.isdigit` of one character: `Numeric_Type` is Decimal or Digit.
pub(super) fn is_python_digit(c: char) -> bool {
    is_decimal(c)
        || DIGITS_BESIDE_ND
            .binary_search_by(|(first, last)| {
                if *last < c {
                    std::cmp::Ordering::Less
                } else if *first > c {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            })
            .is_ok()
}

/// What Python's `str.strip` takes off: `White_Space` and the four information separators.
pub(super) fn is_python_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The characters of `Numeric_Type` Digit: superscripts, subscripts, circled digits and the like. From
/// `UnicodeData.txt`, by Python's `unicodedata` 14.0; Unicode gives no new character this type any more.
const DIGITS_BESIDE_ND: &[(char, char)] = &[
    ('\u{b2}', '\u{b3}'),
    ('\u{b9}', '\u{b9}'),
    ('\u{1369}', '\u{1371}'),
    ('\u{19da}', '\u{19da}'),
    ('\u{2070}', '\u{2070}'),
    ('\u{2074}', '\u{2079}'),
    ('\u{2080}', '\u{2089}'),
    ('\u{2460}', '\u{2468}'),
    ('\u{2474}', '\u{247c}'),
    ('\u{2488}', '\u{2490}'),
    ('\u{24ea}', '\u{24ea}'),
    ('\u{24f5}', '\u{24fd}'),
    ('\u{24ff}', '\u{24ff}'),
    ('\u{2776}', '\u{277e}'),
    ('\u{2780}', '\u{2788}'),
    ('\u{278a}', '\u{2792}'),
    ('\u{10a40}', '\u{10a43}'),
    ('\u{10e60}', '\u{10e68}'),
    ('\u{11052}', '\u{1105a}'),
    ('\u{1f100}', '\u{1f10a}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digit_table_is_sorted_and_has_128_characters() {
        assert!(DIGITS_BESIDE_ND.iter().all(|(first, last)| first <= last));
        assert!(DIGITS_BESIDE_ND.windows(2).all(|pair| pair[0].1 < pair[1].0));
        let count: u32 = DIGITS_BESIDE_ND.iter().map(|(first, last)| *last as u32 - *first as u32 + 1).sum();
        assert_eq!(count, 128);
        assert!(DIGITS_BESIDE_ND.iter().all(|(first, last)| (*first..=*last).all(|c| !is_decimal(c))));
    }

    #[test]
    fn short_cuts_lead_where_the_table_does() {
        for c in '\0'..=char::MAX {
            let category = c.general_category();
            let group = c.general_category_group();
            assert!(!is_everyday_letter(c) || group == GeneralCategoryGroup::Letter, "{c:?}");
            let letter_or_number =
                matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number);
            assert_eq!(is_python_alphanumeric(c), letter_or_number, "{c:?}");
            assert_eq!(is_decimal(c), category == GeneralCategory::DecimalNumber, "{c:?}");
            let forbidden = matches!(category, GeneralCategory::Control | GeneralCategory::Unassigned);
            assert_eq!(is_forbidden(c), forbidden, "{c:?}");
            let unprintable = matches!(
                category,
                GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
                    | GeneralCategory::PrivateUse
            );
            assert_eq!(is_unprintable(c), unprintable, "{c:?}");
        }
    }

    #[test]
    fn digits_are_those_of_python() {
        for c in ['0', '9', '²', '₉', '①', '⓿', '٣', '９', '፩', '🄀'] {
            assert!(is_python_digit(c), "{c}");
        }
        for c in ['a', ' ', '½', 'Ⅷ', '⑩', '一', '௰', '.'] {
            assert!(!is_python_digit(c), "{c}");
        }
    }

    #[test]
    fn alphanumeric_is_not_what_rust_calls_so() {
        for c in ['\u{345}', 'ⓐ', '🅰'] {
            assert!(c.is_alphanumeric() && !is_python_alphanumeric(c), "{c}");
        }
        for c in ['a', 'ß', '中', '²', '½', 'Ⅷ', 'ª'] {
            assert!(is_python_alphanumeric(c), "{c}");
        }
        assert!(is_python_word('_') && !is_python_alphanumeric('_'));
    }

    #[test]
    fn separators_and_controls_are_told_apart() {
        for c in ['\0', '\n', '\u{7f}', '\u{85}', '\u{378}', '\u{ffff}', '\u{10ffff}'] {
            assert!(is_forbidden(c), "{c:?}");
        }
        for c in ['\u{2028}', '\u{2029}', '\u{e000}', '\u{100000}'] {
            assert!(is_unprintable(c) && !is_forbidden(c), "{c:?}");
        }
        for c in [' ', '\u{a0}', '\u{200d}', '\u{ad}', '\u{fe0f}', '😀', '\u{301}'] {
            assert!(!is_unprintable(c) && !is_forbidden(c), "{c:?}");
        }
    }
}
