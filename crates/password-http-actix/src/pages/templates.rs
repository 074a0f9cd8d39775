//! The templates, compiled in or an operator's own.
//!
//! There is one environment for each language, so that `t("page-…")` speaks it everywhere, macros included.

use std::borrow::Cow;
use std::error::Error as _;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use actix_web::web::Bytes;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use password_locales::{Locale, Value as Word};

use super::sample;

/// The templates that are compiled in.
const BUILT_IN: [(&str, &str); 6] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("fields.html", include_str!("../../templates/fields.html")),
    ("reset.html", include_str!("../../templates/reset.html")),
    ("forgot.html", include_str!("../../templates/forgot.html")),
    ("change.html", include_str!("../../templates/change.html")),
    ("message.html", include_str!("../../templates/message.html")),
];

const STYLE: (&str, &str) = ("pages.css", include_str!("../../assets/pages.css"));
const SCRIPT: (&str, &str) = ("pages.js", include_str!("../../assets/pages.js"));

/// The most bytes of one file; the largest that is compiled in has a tenth of it.
const MAX_FILE: u64 = 256 << 10;

/// The pages' templates, their style and their script. A clone shares everything.
#[derive(Clone, Debug)]
pub struct Templates(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// One for each language.
    environments: Vec<(Locale, Environment<'static>)>,
    style: Bytes,
    script: Bytes,
}

/// The reason why a folder has no usable templates.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file or the folder itself cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file or folder.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// A file replaces nothing, and no other template can mean it.
    #[error(
        "{name}: there is no template of this name; a file for your own templates to include begins with an underscore"
    )]
    Unknown {
        /// The file's name.
        name: String,
    },
    /// A file is larger than a template ever is.
    #[error("{name}: it has more than 256 KiB")]
    TooLarge {
        /// The file's name.
        name: String,
    },
    /// A template does not parse, or could not be rendered with example values.
    #[error("{name}: {message}")]
    Broken {
        /// The template's name.
        name: String,
        /// What is wrong, with the line.
        message: String,
    },
    /// A form lacks a field, so that it could not be submitted.
    #[error("{name}: the page has no field named {field}")]
    Incomplete {
        /// The template's name.
        name: String,
        /// The field.
        field: &'static str,
    },
}

static COMPILED_IN: LazyLock<Templates> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "the templates are constants, and a test renders each of them")]
    Templates::assembled(&[]).expect("the templates parse")
});

impl Default for Templates {
    /// Returns the templates that are compiled in.
    fn default() -> Self {
        COMPILED_IN.clone()
    }
}

impl Templates {
    /// Reads a folder whose files replace those that are compiled in, by name: the templates, `pages.css` and
    /// `pages.js`. Files that begin with an underscore are for the others to include, and those that are compiled in stay
    /// there as `built-in/NAME`. Every page is rendered once in every language.
    ///
    /// # Errors
    ///
    /// [`TemplateError`], naming the file, where something cannot be read, replaces nothing, does not parse, cannot be
    /// rendered, or is a form without one of its fields.
    pub fn from_folder(folder: &Path) -> Result<Self, TemplateError> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
            let path = entry.map_err(|source| unreadable(folder, source))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // What editors and version control leave behind.
            if name.starts_with('.') || name.ends_with('~') || path.is_dir() {
                continue;
            }
            let known = BUILT_IN.iter().chain(&[STYLE, SCRIPT]).any(|(built_in, _)| *built_in == name);
            if !known && !name.starts_with('_') {
                return Err(TemplateError::Unknown { name });
            }
            let size = fs::metadata(&path).map_err(|source| unreadable(&path, source))?.len();
            if size > MAX_FILE {
                return Err(TemplateError::TooLarge { name });
            }
            let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
            files.push((name, text));
        }
        let templates = Self::assembled(&files)?;
        sample::check(&templates)?;
        Ok(templates)
    }

    fn assembled(files: &[(String, String)]) -> Result<Self, TemplateError> {
        let own = |name: &str| files.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone());
        let asset = |(name, text): (&str, &'static str)| {
            own(name).map_or_else(|| Bytes::from_static(text.as_bytes()), Bytes::from)
        };
        let environments = Locale::ALL
            .into_iter()
            .map(|locale| Ok((locale, environment(locale, files)?)))
            .collect::<Result<_, TemplateError>>()?;
        Ok(Self(Arc::new(Inner { environments, style: asset(STYLE), script: asset(SCRIPT) })))
    }

    /// Renders a template in a language.
    pub(super) fn render(&self, locale: Locale, name: &str, values: Value) -> Result<String, Error> {
        let found = self.0.environments.iter().find(|(own, _)| *own == locale);
        let (_, environment) = found.ok_or_else(|| Error::from(ErrorKind::TemplateNotFound))?;
        environment.get_template(name)?.render(values)
    }

    pub(super) fn style(&self) -> Bytes {
        self.0.style.clone()
    }

    pub(super) fn script(&self) -> Bytes {
        self.0.script.clone()
    }
}

fn environment(locale: Locale, files: &[(String, String)]) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // An error would otherwise carry the page's values, tokens among them.
    environment.set_debug(false);
    environment.add_function("t", move |key: &str, values: Kwargs| told(locale, key, &values));
    let own = files.iter().filter(|(name, _)| name != STYLE.0 && name != SCRIPT.0);
    let replaced = |name: &str| files.iter().any(|(own, _)| own == name);
    let built_in = BUILT_IN.iter().flat_map(|(name, text)| {
        let plain = (!replaced(name)).then_some((Cow::Borrowed(*name), Cow::Borrowed(*text)));
        plain.into_iter().chain([(Cow::Owned(format!("built-in/{name}")), Cow::Borrowed(*text))])
    });
    let own = own.map(|(name, text)| (Cow::Owned(name.clone()), Cow::Owned(text.clone())));
    for (name, text) in built_in.chain(own) {
        let named = name.clone().into_owned();
        environment.add_template_owned(name, text).map_err(|error| broken(&named, &error))?;
    }
    Ok(environment)
}

/// The function `t` of the templates: a text of the pages, with its variables.
fn told(locale: Locale, key: &str, values: &Kwargs) -> Result<String, Error> {
    let mut owned = Vec::new();
    for name in values.args() {
        owned.push((name, values.get::<Value>(name)?));
    }
    let words: Vec<(&str, Word<'_>)> = owned
        .iter()
        .map(|(name, value)| {
            let number = if value.is_number() { i64::try_from(value.clone()).ok() } else { None };
            match number {
                Some(number) => Ok((*name, Word::Number(number))),
                None => value.as_str().map(|text| (*name, Word::Text(text))).ok_or_else(|| {
                    Error::new(ErrorKind::InvalidOperation, "a text's values are texts and numbers")
                }),
            }
        })
        .collect::<Result<_, Error>>()?;
    let text = locale.text(key, &words);
    if text == key {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("there is no text {key}")));
    }
    Ok(text)
}

fn unreadable(path: &Path, source: std::io::Error) -> TemplateError {
    TemplateError::Read { path: path.display().to_string(), source }
}

/// Names the template with all that led there: an error in an included one is a cause of the one that includes it.
pub(super) fn broken(name: &str, error: &Error) -> TemplateError {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    TemplateError::Broken { name: name.to_owned(), message }
}

impl TemplateError {
    pub(super) fn incomplete(name: &str, field: &'static str) -> Self {
        Self::Incomplete { name: name.to_owned(), field }
    }
}
