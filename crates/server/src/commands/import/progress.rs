//! What a person at a terminal sees of an import. Nobody else does: the bar hides where standard error is none.

use std::fmt::Display;

use indicatif::{ProgressBar, ProgressStyle};

use crate::out;

/// A bar on standard error.
pub(super) struct Progress {
    bar: ProgressBar,
    rows: u64,
}

impl Progress {
    /// Begins to count. `bytes` is the size of the file; `None` where nobody knows it.
    pub(super) fn new(bytes: Option<u64>) -> Self {
        let (bar, template) = match bytes {
            Some(bytes) => {
                (ProgressBar::new(bytes), "{wide_bar} {bytes} of {total_bytes}, {msg}, {eta} left")
            }
            None => (ProgressBar::new_spinner(), "{spinner} {bytes}, {msg}, {elapsed}"),
        };
        // A template that cannot be read would only look otherwise.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let progress = Self { bar, rows: 0 };
        progress.tell();
        progress
    }

    /// Adds rows that are done with.
    pub(super) fn add(&mut self, rows: usize, bytes: u64) {
        self.rows += rows as u64;
        self.tell();
        self.bar.inc(bytes);
    }

    /// Writes a line to standard error without tearing the bar.
    pub(super) fn note(&self, line: impl Display) {
        self.bar.suspend(|| out::note(line));
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn tell(&self) {
        let seconds = self.bar.elapsed().as_secs_f64().max(f64::EPSILON);
        self.bar.set_message(format!("{} rows, {:.0}/s", self.rows, self.rows as f64 / seconds));
    }
}
