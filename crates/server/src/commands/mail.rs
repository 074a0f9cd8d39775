//! `server mail`.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use password_domain::account::AccountId;
use password_domain::ports::{Content, Message};
use password_domain::time::Timestamp;
use password_domain::token::Token;

use crate::cli::{Notice, PreviewMail};
use crate::config::Config;
use crate::failure::{Failure, with_causes};
use crate::out;

/// A token that opens nothing.
const SAMPLE_TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The lifetime of a link in a realm that is not configured.
const SAMPLE_LIFETIME: Duration = Duration::from_secs(3600);

/// An address for documentation (RFC 5737).
const SAMPLE_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// Writes the mail that a sample account would get, as configured. Connects to nothing.
pub(super) fn preview(args: &PreviewMail, config: &Config) -> Result<(), Failure> {
    let message = sample(args, config);
    let look = config.mail.look(&config.public_url, &config.brand);
    let preview = password_mailer_smtp::preview(&look, &message)?;
    // The tag goes into a file's name.
    let tag: String =
        args.locale.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    let cannot = |path: &Path, error: io::Error| {
        Failure::new(format!("{} can't be written: {}", path.display(), with_causes(&error)))
    };
    fs::create_dir_all(&args.out).map_err(|error| cannot(&args.out, error))?;
    for (ending, content) in [("eml", preview.eml.as_slice()), ("html", preview.html.as_bytes())] {
        let path = args.out.join(format!("{}.{tag}.{ending}", name(args.notice)));
        fs::write(&path, content).map_err(|error| cannot(&path, error))?;
        out::line(path.display())?;
    }
    Ok(())
}

fn name(notice: Notice) -> &'static str {
    match notice {
        Notice::ResetRequested => "reset_requested",
        Notice::PasswordChanged => "password_changed",
        Notice::EmailChanged => "email_changed",
        Notice::TooManyAttempts => "too_many_attempts",
    }
}

fn sample(args: &PreviewMail, config: &Config) -> Message {
    let at = Timestamp::from_micros(jiff::Timestamp::now().as_microsecond());
    let realms = config.realms.settings(&config.policies.resolved());
    let lifetime = realms.get(&args.realm).map_or(SAMPLE_LIFETIME, |realm| realm.reset_ttl);
    let content = match args.notice {
        Notice::ResetRequested => Content::ResetRequested {
            token: Token::new(SAMPLE_TOKEN),
            user_key: AccountId::from(42),
            lifetime,
            requested_at: at,
            from: Some(SAMPLE_ADDRESS),
        },
        Notice::PasswordChanged => Content::PasswordChanged { at, from: Some(SAMPLE_ADDRESS) },
        Notice::EmailChanged => Content::EmailChanged { at },
        Notice::TooManyAttempts => Content::TooManyAttempts { at, from: Some(SAMPLE_ADDRESS) },
    };
    Message {
        id: "preview".to_owned(),
        to: "ann@example.org".to_owned(),
        realm: args.realm.clone(),
        login: "ann".to_owned(),
        first_name: "Ann".to_owned(),
        last_name: "Example".to_owned(),
        locale: Some(args.locale.clone()),
        content,
    }
}
