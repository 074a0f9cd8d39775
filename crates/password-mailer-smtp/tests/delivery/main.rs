//! What leaves, where it goes, and what a failure means, through the crate's one way in.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod config;
mod file;
mod headers;
mod message;
mod preview;
mod sink;
mod smtp;
mod tls;
