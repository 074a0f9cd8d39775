//! A real browser: Chromium without a window, driven over the WebDriver protocol.

mod axe;
mod driver;
mod look;
mod page;
mod picture;

pub use axe::Axe;
pub use look::Look;
pub use page::Browser;
pub use picture::compress;

/// Says that a test was skipped for want of a tool.
///
/// # Panics
///
/// Where `REQUIRE_SERVICES` is `1`.
fn skip(missing: &str) {
    let required = std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1");
    assert!(!required, "no {missing}, and REQUIRE_SERVICES=1");
    eprintln!("skipped: no {missing}");
}
