//! Messages to send.

use std::time::Duration;

use password_domain::account::{AccountId, Realm};
use password_domain::ports::{Content, Message};
use password_domain::time::Timestamp;
use password_domain::token::Token;
use password_mailer_smtp::{MailConfig, Transport};

pub(crate) const TOKEN: &str = "22eac1c27af4be7b9d04da2ce1af111b";
pub(crate) const LINK: &str = "https://id.example.org/reset/user?hash=22eac1c27af4be7b9d04da2ce1af111b";
const AT: Timestamp = Timestamp::from_micros(1_795_321_800_000_000);

pub(crate) fn config(transport: Transport) -> MailConfig {
    MailConfig::new("https://id.example.org".parse().unwrap(), "Accounts <no-reply@example.org>", transport)
}

pub(crate) fn message(content: Content) -> Message {
    Message {
        id: "notice-17".to_owned(),
        to: "ann@example.org".to_owned(),
        realm: Realm::user(),
        login: "ann".to_owned(),
        first_name: "Ann".to_owned(),
        last_name: "Neill".to_owned(),
        locale: None,
        content,
    }
}

pub(crate) fn reset() -> Message {
    message(Content::ResetRequested {
        token: Token::new(TOKEN),
        user_key: AccountId::from(42),
        lifetime: Duration::from_secs(3600),
        requested_at: AT,
        from: Some([192, 0, 2, 7].into()),
    })
}

pub(crate) fn every_message() -> [Message; 4] {
    let changed = message(Content::PasswordChanged { at: AT, from: None });
    let attempts = message(Content::TooManyAttempts { at: AT, from: Some([192, 0, 2, 7].into()) });
    [reset(), changed, message(Content::EmailChanged { at: AT }), attempts]
}
