//! `server password`.

use password_domain::policy::{Attributes, Facts, estimate};
use serde_json::json;

use super::read_password;
use crate::cli::{CheckPassword, Password};
use crate::config::Config;
use crate::failure::Failure;
use crate::out;

pub(super) fn run(command: Password, config: &Config) -> Result<(), Failure> {
    match command {
        Password::Check(args) => check(args, config),
    }
}

/// Prints what the route `POST /password/check` answers; a password that is refused is a failure.
fn check(args: CheckPassword, config: &Config) -> Result<(), Failure> {
    let CheckPassword { policy: name, login, email, first_name, last_name, stdin: _ } = args;
    let policies = config.policies.resolved();
    let policy = policies.get(&name).ok_or_else(|| Failure::new(format!("there is no policy {name:?}")))?;
    let common = config
        .common_passwords
        .load()
        .map_err(|(path, error)| Failure::new(format!("{} can't be read: {error}", path.display())))?;
    let password = read_password()?;
    let attributes = Attributes { login, email, first_name, last_name };
    let violations = policy.check(password.typed(), &Facts::new(&attributes, common.as_ref()));
    let verdict = json!({
        "ok": violations.is_empty(),
        "violations": violations
            .iter()
            .map(|violation| json!({"code": violation.code(), "message": violation.sentence()}))
            .collect::<Vec<_>>(),
        "score": estimate(password.typed(), &attributes).score(),
    });
    out::line(verdict)?;
    if violations.is_empty() { Ok(()) } else { Err(Failure::new("")) }
}
