//! What an operator sets, and the one way to a mailer.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use password_domain::ports::Mailer;
use url::Url;

use crate::address::{self, AddressError};
use crate::brand::{Brand, Contact};
use crate::compose::Composer;
use crate::file::FileMailer;
use crate::link::Links;
use crate::none::NoneMailer;
use crate::render::{Look, Renderer};
use crate::smtp::SmtpMailer;

/// The longest that one delivery may take: the port promises an answer within 30 seconds, and two more may go by in
/// taking leave of the server.
const MAX_TIMEOUT: Duration = Duration::from_secs(25);

/// How mails look and how they leave.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Where people reach the hosted pages; `http` or `https`, a path is kept. Every link is built from it alone.
    pub public_url: Url,
    /// The sender: an address, or `Name <address>`. Its domain is also that of every `Message-ID`.
    pub from: String,
    /// How readers reach the people behind the service, `mailto:` and an address or any one line; `None` leaves it out.
    pub contact: Option<String>,
    /// How the service shows itself.
    pub brand: Brand,
    /// How mails leave.
    pub transport: Transport,
}

impl MailConfig {
    /// Takes what has no default; there is no contact and no brand.
    pub fn new(public_url: Url, from: impl Into<String>, transport: Transport) -> Self {
        Self { public_url, from: from.into(), contact: None, brand: Brand::default(), transport }
    }

    /// Makes what turns messages into mails.
    pub(crate) fn composer(&self) -> Result<Composer, ConfigError> {
        let links = Links::new(&self.public_url).map_err(ConfigError::PublicUrl)?;
        let from = address::sender(&self.from).map_err(ConfigError::From)?;
        let look = Look {
            name: self.brand.name()?,
            colour: self.brand.colour()?,
            contact: self.contact.as_deref().map(Contact::parse).transpose()?,
        };
        let renderer = Renderer::new(links, look).map_err(|error| ConfigError::Templates(error.into()))?;
        Ok(Composer::new(renderer, from))
    }
}

/// How mails leave.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(SmtpConfig),
    /// Into a folder, one `.eml` each, written aside and renamed, mode 0600.
    File {
        /// The folder; created where absent, mode 0700, since mails carry tokens.
        dir: PathBuf,
    },
    /// Nowhere: every message is logged by kind and realm, and dropped.
    None,
}

/// Which mail server to use, and how.
#[derive(Clone)]
pub struct SmtpConfig {
    /// `smtp://user:password@host:port` (STARTTLS with a valid certificate is required; port 587 where none is given)
    /// or `smtps://…` (implicit TLS; port 465). User and password are percent-encoded and may be absent.
    pub url: String,
    /// Speaks plain text to an `smtp://` server, which must be on the loopback interface.
    pub plain: bool,
    /// A file with the PEM certificates of the authorities to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest that one delivery may take; at most 25 seconds.
    pub timeout: Duration,
}

impl SmtpConfig {
    /// Takes the server's URL; TLS is required, the system's authorities are trusted, the timeout is 25 seconds.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), plain: false, ca_file: None, timeout: MAX_TIMEOUT }
    }
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL has a password in it.
        f.debug_struct("SmtpConfig")
            .field("url", &"***")
            .field("plain", &self.plain)
            .field("ca_file", &self.ca_file)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// The reason why no mailer can be made of a configuration. Never tells a password.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Links can't be built from the public URL.
    #[error("the public URL can't carry links: {0}")]
    PublicUrl(&'static str),
    /// The sender is none.
    #[error("the sender (mail.from) is refused")]
    From(#[source] AddressError),
    /// The contact is not one line of at most 200 characters, or begins with `mailto:` and is no address.
    #[error("the contact must be mailto: and an address, or one line of at most 200 characters")]
    Contact,
    /// The brand's name is not one line of at most 64 characters.
    #[error("the brand's name must be one line of at most 64 characters")]
    BrandName,
    /// The brand's colour is none.
    #[error("the brand's colour must be written #rrggbb")]
    BrandColour,
    /// The mail server's URL is none.
    #[error("the mail server's URL (mail.smtp_url) can't be used: {0}")]
    SmtpUrl(&'static str),
    /// Plain text is asked for with a server elsewhere, or with TLS.
    #[error("plain text (mail.smtp_plain) is for smtp:// to the loopback interface only")]
    Plain,
    /// The timeout is zero or too long.
    #[error("the mail timeout must be over 0 and at most 25 seconds")]
    Timeout,
    /// The file with the authorities can't be read or has none.
    #[error("the certificates in {path} can't be used")]
    CaFile {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// TLS can't be set up.
    #[error("TLS can't be set up")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A template does not compile.
    #[error("a mail template is broken")]
    Templates(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Makes the mailer that a configuration asks for. Connects to nothing and writes nothing yet.
///
/// # Errors
///
/// [`ConfigError`] naming the key that can't be used.
pub fn mailer(config: MailConfig) -> Result<Arc<dyn Mailer>, ConfigError> {
    let composer = config.composer()?;
    Ok(match config.transport {
        Transport::Smtp(smtp) => {
            if smtp.timeout.is_zero() || smtp.timeout > MAX_TIMEOUT {
                return Err(ConfigError::Timeout);
            }
            Arc::new(SmtpMailer::new(composer, &smtp)?)
        }
        Transport::File { dir } => Arc::new(FileMailer::new(composer, dir)),
        Transport::None => Arc::new(NoneMailer),
    })
}
