//! The texts of every language, ready to be told.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::Locale;
use crate::language::{LANGUAGES, Language};

type Bundle = FluentBundle<FluentResource>;

/// In the order of [`Locale::ALL`].
static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| LANGUAGES.iter().map(bundle).collect());

/// What a text's variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Words, told as they are.
    Text(&'a str),
    /// A number, which can also decide between plural forms.
    Number(i64),
}

impl Locale {
    /// Returns the text of a key with its variables filled in; in English where this language does not have it, and the key
    /// itself where nobody has.
    #[must_use]
    pub fn text(self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let value = match value {
                Value::Text(text) => FluentValue::from(*text),
                Value::Number(number) => FluentValue::from(*number),
            };
            arguments.set(*name, value);
        }
        [self, Self::ENGLISH]
            .into_iter()
            .find_map(|locale| format(&BUNDLES[locale.index()], key, &arguments, &mut Vec::new()))
            .unwrap_or_else(|| key.to_owned())
    }
}

/// Makes a language's texts of its files. What is wrong with them stays out, and a test names it.
fn bundle(language: &Language) -> Bundle {
    let mut bundle = Bundle::new_concurrent(language.tag.parse::<LanguageIdentifier>().into_iter().collect());
    bundle.set_use_isolating(language.right_to_left);
    for source in language.sources {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        // Fails for a key that stands twice; the first one counts.
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// Returns a text and adds what is wrong with it; `None` where there is no such key.
pub(crate) fn format(
    bundle: &Bundle,
    key: &str,
    arguments: &FluentArgs<'_>,
    errors: &mut Vec<FluentError>,
) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    Some(bundle.format_pattern(pattern, Some(arguments), errors).into_owned())
}

/// Returns the texts of a language.
#[cfg(test)]
pub(crate) fn of(locale: Locale) -> &'static Bundle {
    &BUNDLES[locale.index()]
}
