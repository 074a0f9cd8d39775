//! Values that must never be shown.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Deserializer, de};
use zeroize::Zeroizing;

/// A text that no error, log or `Debug` shows. Wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Reads a file; one trailing newline does not count.
    ///
    /// # Errors
    ///
    /// The file's own error; its content is never told.
    pub fn from_file(path: &Path) -> io::Result<Self> {
        let text = Zeroizing::new(fs::read_to_string(path)?);
        Ok(Self::new(without_newline(&text)))
    }

    /// Returns the text in clear.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Returns a text without one newline at its end, `\n` or `\r\n`.
pub(crate) fn without_newline(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Serde's own message would show a value of another type.
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => Ok(Self::new(text)),
            _ => Err(de::Error::custom("this must be text")),
        }
    }
}

/// Reads a list of secrets; serde's own message would show what is no list.
pub(super) fn secrets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Secret>, D::Error> {
    let all = match toml::Value::deserialize(deserializer)? {
        toml::Value::Array(items) => items
            .into_iter()
            .map(|item| if let toml::Value::String(text) = item { Some(Secret::new(text)) } else { None })
            .collect(),
        _ => None,
    };
    all.ok_or_else(|| de::Error::custom("this must be a list of texts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(***)");
    }

    #[test]
    fn one_newline_at_the_end_does_not_count() {
        for (text, without) in
            [("a", "a"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a\r", "a\r"), (" a ", " a ")]
        {
            assert_eq!(without_newline(text), without, "{text:?}");
        }
    }
}
