//! The server that is measured: its binary, its configuration, its last words.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::options::Options;

/// Builds the server where none is named, and returns how it is to be started.
///
/// # Errors
///
/// Where it cannot be built, or a path is not there.
pub(crate) fn options(options: &Options) -> Result<acceptance::Options, String> {
    let binary = match &options.server {
        Some(path) => absolute(path)?,
        None => build()?,
    };
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let place = match (&options.dir, own.parent()) {
        (Some(dir), _) => absolute(dir)?,
        (None, Some(beside)) => beside.to_owned(),
        (None, None) => return Err("there is no target folder; give one with --dir".to_owned()),
    };
    // Nothing but the engine, so that the cost is the default one.
    let hashing = options.engine.map_or_else(String::new, |engine| format!("engine = \"{engine}\""));
    Ok(acceptance::Options {
        limits: options.limits,
        mail: options.no_mail.then(|| "transport = \"none\"".to_owned()),
        hashing: Some(hashing),
        binary: Some(binary),
        place: Some(place),
        ..acceptance::Options::default()
    })
}

fn absolute(path: &Path) -> Result<PathBuf, String> {
    path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))
}

/// Builds the server in the release profile and returns where it is.
fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "-p", "server", "--message-format=json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !built.status.success() {
        return Err("the server could not be built".to_owned());
    }
    executable(&String::from_utf8_lossy(&built.stdout)).ok_or_else(|| "cargo built no server".to_owned())
}

/// Finds the server's binary in what cargo tells.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut servers = messages.filter(|message| message["target"]["name"] == "server");
    servers.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// Reads from the server's log how many evaluations it began; `None` where it does not tell.
pub(crate) fn evaluations(log: &str) -> Option<u64> {
    let lines = log.lines().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut stopped = lines.filter(|line| line["message"] == "stopped");
    stopped.next()?["evaluations"].as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_is_the_one_that_cargo_names() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"other"},"executable":"/a/other"}
{"reason":"compiler-artifact","target":{"name":"server"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"server"},"executable":"/a/server"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages), Some(PathBuf::from("/a/server")));
        assert_eq!(executable("Finished"), None);
    }

    #[test]
    fn the_last_count_is_read() {
        let log = r#"{"message":"stopped","evaluations":1}
{"message":"listening"}
{"message":"stopped","evaluations":7}
"#;
        assert_eq!(evaluations(log), Some(7));
        assert_eq!(evaluations(r#"{"message":"stopped"}"#), None);
        assert_eq!(evaluations("half a li"), None);
    }
}
