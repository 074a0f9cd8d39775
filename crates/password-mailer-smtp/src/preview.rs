//! A mail to look at, instead of one to send.

use std::time::SystemTime;

use password_domain::ports::{DeliveryError, Message};

use crate::config::{ConfigError, MailConfig};

/// A mail as it would leave.
pub struct Preview {
    /// The whole mail, headers included.
    pub eml: Vec<u8>,
    /// Its HTML part alone, a whole document.
    pub html: String,
}

/// The reason why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The configuration can't be used.
    #[error("the mail configuration can't be used")]
    Config(#[from] ConfigError),
    /// The message can't become a mail.
    #[error("the message can't become a mail")]
    Message(#[from] DeliveryError),
}

/// Makes the mail of a message as [`mailer`](crate::mailer) would, and hands it back. The transport is not looked at.
///
/// # Errors
///
/// [`PreviewError::Config`] naming the key that can't be used, [`PreviewError::Message`] where the recipient is none.
pub fn preview(config: &MailConfig, message: &Message) -> Result<Preview, PreviewError> {
    let draft = config.composer()?.draft(message).map_err(DeliveryError::from)?;
    let eml = draft.bytes(SystemTime::now(), true).map_err(DeliveryError::from)?;
    Ok(Preview { eml, html: draft.into_html() })
}
