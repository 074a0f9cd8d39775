//! What holds for every file of every language.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;

use crate::language::Language;
use crate::{Locale, Value, catalogue};

/// The plural forms that each language tells apart for whole numbers (CLDR).
const PLURALS: &[(&str, &[&str])] = &[
    ("en", &["one", "other"]),
    ("de", &["one", "other"]),
    ("es", &["one", "other"]),
    ("fr", &["one", "other"]),
    ("pt", &["one", "other"]),
    ("ru", &["few", "many", "one", "other"]),
    ("ar", &["few", "many", "one", "other", "two", "zero"]),
    ("ja", &["other"]),
];

/// Texts that are the same as in English on purpose: punctuation, and words that both languages have.
const SAME: &[(&str, &str)] = &[
    ("*", "mail-detail"),
    ("*", "list-more"),
    ("*", "list-pair"),
    ("fr", "mail-minutes"),
    ("es", "page-title-failed"),
];

/// What a message says of itself: its variables, and the plural forms of each of its choices.
#[derive(Debug, Default, PartialEq)]
struct Shape<'a> {
    variables: BTreeSet<&'a str>,
    choices: Vec<BTreeSet<&'a str>>,
}

impl<'a> Shape<'a> {
    fn of(pattern: &Pattern<&'a str>) -> Self {
        let mut shape = Self::default();
        shape.read(pattern);
        shape
    }

    fn read(&mut self, pattern: &Pattern<&'a str>) {
        for element in &pattern.elements {
            let PatternElement::Placeable { expression } = element else { continue };
            match expression {
                Expression::Inline(inline) => self.inline(inline),
                Expression::Select { selector, variants } => {
                    self.inline(selector);
                    let mut forms = BTreeSet::new();
                    for variant in variants {
                        if let VariantKey::Identifier { name } = &variant.key {
                            forms.insert(*name);
                        }
                        self.read(&variant.value);
                    }
                    if !forms.is_empty() {
                        self.choices.push(forms);
                    }
                }
            }
        }
    }

    fn inline(&mut self, expression: &InlineExpression<&'a str>) {
        match expression {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name);
            }
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            other => panic!("a translator needs no more than variables: {other:?}"),
        }
    }
}

fn language(locale: Locale) -> &'static Language {
    locale.language()
}

/// Returns every message of one file; a test fails where the file cannot be read or says a key twice.
fn messages(source: &'static str) -> BTreeMap<&'static str, Pattern<&'static str>> {
    let resource = parser::parse(source).expect("a file without errors");
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                assert!(message.attributes.is_empty(), "{} has attributes", message.id.name);
                let value = message.value.expect("a message has a text");
                assert!(
                    messages.insert(message.id.name, value).is_none(),
                    "{} stands twice",
                    message.id.name
                );
            }
            Entry::Term(term) => panic!("{} is a term", term.id.name),
            _ => {}
        }
    }
    messages
}

/// Returns the number that a variable may be; `None` for text.
fn number_of(variable: &str, number: i64) -> Option<i64> {
    match variable {
        "count" => Some(number),
        "month" => Some(number % 12 + 1),
        "met" | "total" => Some(number),
        _ => None,
    }
}

#[test]
fn every_language_has_the_keys_and_variables_of_english() {
    for locale in Locale::ALL {
        for (file, (english, own)) in
            language(Locale::ENGLISH).sources.into_iter().zip(language(locale).sources).enumerate()
        {
            let (english, own) = (messages(english), messages(own));
            assert_eq!(
                own.keys().collect::<Vec<_>>(),
                english.keys().collect::<Vec<_>>(),
                "file {file} of {locale}"
            );
            for (key, pattern) in &own {
                assert_eq!(
                    Shape::of(pattern).variables,
                    Shape::of(&english[key]).variables,
                    "{key} of {locale}"
                );
            }
        }
    }
}

#[test]
fn no_key_stands_in_two_files() {
    let all: Vec<_> = language(Locale::ENGLISH).sources.into_iter().flat_map(messages).collect();
    let distinct: BTreeSet<_> = all.iter().map(|(key, _)| key).collect();
    assert_eq!(all.len(), distinct.len());
    for (key, _) in all {
        let prefixes = ["mail-", "rule-", "checklist-", "class-", "list-", "page-"];
        assert!(prefixes.iter().any(|prefix| key.starts_with(prefix)), "{key}");
    }
}

#[test]
fn every_choice_has_all_plural_forms_of_its_language() {
    assert_eq!(PLURALS.len(), Locale::ALL.len());
    for (tag, forms) in PLURALS {
        let forms: BTreeSet<_> = forms.iter().copied().collect();
        for (key, pattern) in language(Locale::for_tag(Some(tag))).sources.into_iter().flat_map(messages) {
            for choice in Shape::of(&pattern).choices {
                assert_eq!(choice, forms, "{key} of {tag}");
            }
        }
    }
}

#[test]
fn every_text_can_be_told_with_every_number() {
    for locale in Locale::ALL {
        for (key, pattern) in language(locale).sources.into_iter().flat_map(messages) {
            for number in [0, 1, 2, 3, 5, 11, 21, 22, 25, 100, 101, 128, 1_000_000] {
                let mut arguments = FluentArgs::new();
                for variable in Shape::of(&pattern).variables {
                    let value = number_of(variable, number).map_or(FluentValue::from("x"), FluentValue::from);
                    arguments.set(variable, value);
                }
                let mut errors = Vec::new();
                let text = catalogue::format(catalogue::of(locale), key, &arguments, &mut errors);
                assert!(errors.is_empty(), "{key} of {locale}: {errors:?}");
                let text = text.expect("the key is there");
                assert!(!text.trim().is_empty() && !text.contains('{'), "{key} of {locale}: {text}");
                assert!(locale.direction() == "rtl" || !text.contains('\u{2068}'), "{key}");
            }
        }
    }
}

#[test]
fn no_language_leaves_a_text_in_english() {
    let english: BTreeMap<_, _> = language(Locale::ENGLISH).sources.into_iter().flat_map(messages).collect();
    for locale in Locale::ALL.into_iter().skip(1) {
        for (key, pattern) in language(locale).sources.into_iter().flat_map(messages) {
            let same = SAME.iter().any(|(tag, known)| *known == key && (*tag == "*" || *tag == locale.tag()));
            assert!(same || pattern != english[key], "{key} of {locale} is English");
        }
    }
}

#[test]
fn no_text_has_markup_or_marks_of_its_own() {
    for locale in Locale::ALL {
        for source in language(locale).sources {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                let text = line.replace("->", "");
                assert!(!text.contains(['<', '>', '&', '\t', '\u{200e}', '\u{200f}']), "{locale}: {line}");
                assert!(
                    locale != Locale::ENGLISH || text.is_ascii(),
                    "an English mail has seven bits: {line}"
                );
            }
        }
    }
}

#[test]
fn every_file_begins_with_its_glossary() {
    for locale in Locale::ALL {
        for source in language(locale).sources {
            let top: String = source.lines().take_while(|line| line.starts_with('#')).collect();
            assert!(top.contains("password") && top.contains("< >"), "{locale}: {top}");
        }
    }
}

#[test]
fn russian_and_arabic_count_as_people_do() {
    let text = |tag, key, number| Locale::for_tag(Some(tag)).text(key, &[("count", Value::Number(number))]);
    for (number, words) in [
        (1, "1 минуту"),
        (2, "2 минуты"),
        (5, "5 минут"),
        (11, "11 минут"),
        (21, "21 минуту"),
        (24, "24 минуты"),
        (112, "112 минут"),
    ] {
        assert_eq!(text("ru", "mail-minutes", number), words);
    }
    for (number, words) in [
        (1, "ساعة واحدة"),
        (2, "ساعتين"),
        (3, "\u{2068}3\u{2069} ساعات"),
        (10, "\u{2068}10\u{2069} ساعات"),
        (11, "\u{2068}11\u{2069} ساعة"),
        (100, "\u{2068}100\u{2069} ساعة"),
    ] {
        assert_eq!(text("ar", "mail-hours", number), words);
    }
}

#[test]
fn a_key_that_nobody_has_is_told_as_it_is() {
    for locale in Locale::ALL {
        assert_eq!(locale.text("no-such-key", &[]), "no-such-key");
        assert_eq!(locale.text("", &[]), "");
        assert_eq!(locale.text("../etc\n{ $x }", &[]), "../etc\n{ $x }");
    }
}

#[test]
fn a_value_is_not_read_as_a_text() {
    let hostile = "{ $site } { -term } \u{2069}";
    for locale in Locale::ALL {
        let text = locale.text("mail-greeting-named", &[("name", Value::Text(hostile))]);
        assert!(text.contains(hostile), "{text}");
    }
}

#[test]
fn arabic_alone_is_written_from_the_right() {
    for locale in Locale::ALL {
        assert_eq!(locale.direction() == "rtl", locale.tag() == "ar");
        assert_eq!(Locale::for_tag(Some(locale.tag())), locale);
        assert!(!locale.own_name().is_empty());
    }
    assert_eq!((Locale::ALL[0], format!("{:?}", Locale::ALL[1])), (Locale::ENGLISH, "Locale(\"de\")".into()));
}
