//! Drops mails.

use async_trait::async_trait;
use password_domain::ports::{DeliveryError, Mailer, Message};

use crate::render;

/// Logs that there would have been a mail, and drops it.
pub(crate) struct NoneMailer;

#[async_trait]
impl Mailer for NoneMailer {
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        tracing::info!(
            realm = message.realm.as_str(),
            notice = render::notice(&message.content),
            "mail is switched off, a notice was dropped"
        );
        Ok(())
    }

    fn is_silent(&self) -> bool {
        true
    }
}
