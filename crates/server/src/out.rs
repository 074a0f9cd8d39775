//! The one place that writes to standard output and standard error for people and scripts.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes one line to standard output: the value that a command was asked for.
///
/// # Errors
///
/// An error of standard output; a reader that has gone away (`head`) is none.
pub fn line(value: impl Display) -> io::Result<()> {
    text(format_args!("{value}\n"))
}

/// Writes text to standard output as it is.
///
/// # Errors
///
/// As [`line()`].
pub fn text(value: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match write!(out, "{value}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes one line to standard error. There is nobody left to tell where that fails.
pub fn note(value: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{value}");
}
