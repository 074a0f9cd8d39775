use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;

use crate::account::{Account, AccountId, Realm};
use crate::time::Timestamp;
use crate::token::Token;

/// A message to one person, to be rendered and sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// Identity, the same on every further try of one notice, for a stable `Message-ID`.
    pub id: String,
    /// The address to send to, as stored.
    pub to: String,
    /// The account's realm, which decides where links lead.
    pub realm: Realm,
    /// The account's login.
    pub login: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// The reader's language, a BCP 47 tag; `None` where unknown.
    pub locale: Option<String>,
    /// What to tell.
    pub content: Content,
}

impl Message {
    /// Addresses a message to an account.
    pub fn to_account(account: &Account, id: String, content: Content) -> Self {
        Self {
            id,
            to: account.email.clone(),
            realm: account.realm.clone(),
            login: account.login.clone(),
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            locale: account.locale.clone(),
            content,
        }
    }
}

/// What a message tells.
#[derive(Clone, Debug)]
pub enum Content {
    /// A link to set a new password.
    ResetRequested {
        /// The token that the link carries.
        token: Token,
        /// The account, as the link names it.
        user_key: AccountId,
        /// How long the link works from now.
        lifetime: Duration,
        /// When it was asked for.
        requested_at: Timestamp,
        /// The address that asked, where one is known.
        from: Option<IpAddr>,
    },
    /// The password was changed.
    PasswordChanged {
        /// When it was changed.
        at: Timestamp,
        /// The address that changed it, where one is known.
        from: Option<IpAddr>,
    },
    /// The account's address was changed.
    EmailChanged {
        /// When it was changed.
        at: Timestamp,
    },
    /// Somebody tried many wrong passwords. Nothing was changed.
    TooManyAttempts {
        /// When the last one was tried.
        at: Timestamp,
        /// The address that it came from, where one is known.
        from: Option<IpAddr>,
    },
}

/// The reason why a message was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The message certainly did not leave, and never will: its address is refused for good.
    #[error("the message was refused")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The message certainly did not leave; a later try may succeed.
    #[error("the message could not be sent now")]
    Postponed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The message may have left, or not.
    #[error("it is unknown whether the message was sent")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Delivers messages.
///
/// An implementation MUST answer within 30 seconds, MUST build links from configuration alone, MUST refuse an address
/// or name that would reach into a header, and MUST NOT put a password into a message, or a token into one that is not
/// [`Content::ResetRequested`].
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Delivers one message: when this returns `Ok`, somebody else has taken responsibility for it.
    ///
    /// # Errors
    ///
    /// [`DeliveryError`] saying whether the message may have left and whether another try makes sense.
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError>;

    /// Tells whether nobody ever gets a message, whatever this mailer is told. Then no notice is queued for it; what
    /// somebody asks for is looked up as always.
    fn is_silent(&self) -> bool {
        false
    }
}
