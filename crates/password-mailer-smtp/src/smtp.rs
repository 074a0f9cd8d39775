//! Sends mails to a mail server.
//!
//! Drives the mail library's connection command by command, for three reasons: what an error means depends on how far
//! the exchange had come, which the library's own transport does not tell; its timeout covers connecting alone; and its
//! pool hands out connections that the server has closed. Every mail has a connection of its own.

mod failure;
mod relay;
mod stream;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use password_domain::ports::{DeliveryError, Mailer, Message};

use self::failure::{Failure, Step};
use self::relay::Relay;
use crate::compose::{Composer, Draft};
use crate::config::{ConfigError, SmtpConfig};

/// How long to wait for the server's farewell once it has taken the mail; then the connection is dropped.
const FAREWELL: Duration = Duration::from_secs(2);

/// Sends each message over a connection of its own.
pub(crate) struct SmtpMailer {
    composer: Composer,
    relay: Relay,
    timeout: Duration,
}

impl SmtpMailer {
    /// Takes a server; connects to nothing yet.
    pub(crate) fn new(composer: Composer, config: &SmtpConfig) -> Result<Self, ConfigError> {
        Ok(Self { composer, relay: Relay::new(config)?, timeout: config.timeout })
    }

    /// Hands the mail over; sets `leaving` before the first byte of it leaves.
    async fn send(&self, draft: &Draft, leaving: &AtomicBool) -> Result<AsyncSmtpConnection, DeliveryError> {
        let mut connection = self.relay.connect().await.map_err(DeliveryError::from)?;
        let server = connection.server_info();
        let eight_bit = server.supports_feature(Extension::EightBitMime);
        let utf8 = !(draft.to.user().is_ascii() && draft.from.user().is_ascii());
        if utf8 && !(eight_bit && server.supports_feature(Extension::SmtpUtfEight)) {
            return Err(Failure::NoUtf8.into());
        }
        let bytes = draft.bytes(SystemTime::now(), eight_bit)?;
        let mut parameters = Vec::new();
        if utf8 {
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let mail = Mail::new(Some(draft.from.clone()), parameters);
        connection.command(mail).await.map_err(Failure::at(Step::Mail))?;
        connection.command(Rcpt::new(draft.to.clone(), Vec::new())).await.map_err(Failure::at(Step::Rcpt))?;
        let go_on = connection.command(Data).await.map_err(Failure::at(Step::Data))?;
        if !go_on.has_code(354) {
            let code = go_on.code().to_string();
            return Err(Failure::Answer { step: Step::Data, code, permanent: false }.into());
        }
        leaving.store(true, Ordering::Relaxed);
        connection.message(&bytes).await.map_err(Failure::at(Step::Content))?;
        Ok(connection)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let draft = self.composer.draft(message)?;
        let leaving = AtomicBool::new(false);
        match tokio::time::timeout(self.timeout, self.send(&draft, &leaving)).await {
            Ok(Ok(mut connection)) => {
                // The mail is the server's by now, whatever becomes of the farewell.
                let _ = tokio::time::timeout(FAREWELL, connection.quit()).await;
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(Failure::Timeout { leaving: leaving.load(Ordering::Relaxed) }.into()),
        }
    }
}
