//! Why a command did not do what was asked.

use std::error::Error;

/// A sentence for the operator, on standard error. Never holds a secret.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// Takes a sentence.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the sentence.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(with_causes(&error))
    }
}

/// Returns an error's text with the texts of its causes behind it.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Some errors repeat their cause in their own text.
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
