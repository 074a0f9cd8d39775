//! Stopping early without leaving a server, a folder or a database behind.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Listens to the signals that end a program. The first one lets it end by itself, a second one ends it at once.
///
/// # Errors
///
/// Where the system does not allow that.
pub(crate) fn listen() -> io::Result<()> {
    for &signal in TERM_SIGNALS {
        flag::register_conditional_shutdown(signal, 1, Arc::clone(&ASKED))?;
        flag::register(signal, Arc::clone(&ASKED))?;
    }
    Ok(())
}

/// Tells whether somebody has asked to stop.
pub(crate) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Goes on unless somebody has asked to stop.
///
/// # Errors
///
/// Where somebody has.
pub(crate) fn check() -> Result<(), String> {
    if is_asked() { Err("interrupted".to_owned()) } else { Ok(()) }
}
