//! `server config`.

use crate::config::{Config, DEFAULT_TOML};
use crate::failure::Failure;
use crate::out;
use crate::serve::check_look;

/// Tells whether `serve` could start with this configuration. Connects to nothing and creates nothing.
pub(super) fn check(config: &Config) -> Result<(), Failure> {
    for warning in config.check_for_serve()? {
        out::note(format_args!("server: warning: {warning}"));
    }
    check_look(config)?;
    config.common_passwords.load().map_err(|(path, error)| {
        Failure::new(format!("common_passwords.files: {}: {error}", path.display()))
    })?;
    out::note("server: the configuration is right");
    Ok(())
}

/// Prints every key with its default.
pub(super) fn print_default() -> Result<(), Failure> {
    Ok(out::text(DEFAULT_TOML)?)
}
