//! What the use cases do, on fakes of every port: counted, raced, interrupted and attacked.
//!
//! One file for each use case; `limits`, `history`, `faults` and `attacks` go across them. `scene` is the stage that
//! all of them play on, `tap` the wire between a use case and its ports.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod scene;
mod tap;

mod attacks;
mod change_password;
mod check_password;
mod complete_reset;
mod deliver_notices;
mod faults;
mod history;
mod limits;
mod manage_accounts;
mod purge;
mod request_reset;
mod sessions;
mod sign_in;
