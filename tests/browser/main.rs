//! What people meet in a real browser.
//!
//! Needs Chromium and its driver, and axe-core in `target/axe`; where one is missing, its tests say that they were
//! skipped, and with `REQUIRE_SERVICES=1` they fail.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr, reason = "tests may panic")]

mod access;
mod cast;
mod change;
mod help;
mod links;
mod pictures;
mod recovery;
mod sight;
