//! The contract, asked of the real binary.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr, reason = "tests may panic")]

mod attacks;
mod commands;
mod dealer;
mod hostile;
mod limits;
mod mail;
mod member;
mod pages;
mod races;
mod restart;
mod secrets;
mod user;
