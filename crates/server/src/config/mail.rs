//! `[mail]`: how mails leave.

use std::path::PathBuf;

use password_mailer_smtp::{MailConfig, SmtpConfig, Transport as MailTransport};
use serde::Deserialize;
use url::Url;

use super::brand::Brand;
use super::problem::Problems;
use super::secret::Secret;

/// How mails leave.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The way out; `serve` has no default.
    pub transport: Option<Transport>,
    /// The folder of the transport `file`.
    pub file_dir: PathBuf,
    /// The server of the transport `smtp`, with user and password.
    pub smtp_url: Option<Secret>,
    /// A file with `smtp_url`.
    pub smtp_url_file: Option<PathBuf>,
    /// Speaks plain text, to the loopback interface only.
    pub smtp_plain: bool,
    /// The authorities to trust instead of the system's, PEM.
    pub smtp_ca_file: Option<PathBuf>,
    /// The sender.
    pub from: String,
    /// How readers of a mail reach the people behind the service; the brand's support where absent.
    pub contact: Option<String>,
}

/// A way out for mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// To a mail server.
    Smtp,
    /// Into a folder.
    File,
    /// Nowhere.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            transport: None,
            file_dir: PathBuf::from("data/mail"),
            smtp_url: None,
            smtp_url_file: None,
            smtp_plain: false,
            smtp_ca_file: None,
            from: "Accounts <no-reply@example.org>".to_owned(),
            contact: None,
        }
    }
}

impl Mail {
    /// Returns what the mailer needs; `None` where no transport was chosen.
    pub fn mailer(&self, public_url: &Url, brand: &Brand) -> Option<MailConfig> {
        let transport = match self.transport? {
            Transport::Smtp => {
                let mut smtp = SmtpConfig::new(self.smtp_url.as_ref().map_or("", Secret::expose));
                smtp.plain = self.smtp_plain;
                smtp.ca_file.clone_from(&self.smtp_ca_file);
                MailTransport::Smtp(smtp)
            }
            Transport::File => MailTransport::File { dir: self.file_dir.clone() },
            Transport::None => MailTransport::None,
        };
        Some(MailConfig { transport, ..self.look(public_url, brand) })
    }

    /// Returns how mails look, with no way out for them.
    pub fn look(&self, public_url: &Url, brand: &Brand) -> MailConfig {
        let mut config = MailConfig::new(public_url.clone(), self.from.clone(), MailTransport::None);
        config.contact = self.contact.clone().or_else(|| brand.support.clone());
        config.brand = brand.in_mails();
        config
    }

    /// What `serve` needs beyond what can be read.
    pub(super) fn check_for_serve(
        &self,
        public_url: &Url,
        brand: &Brand,
        problems: &mut Problems,
        warnings: &mut Vec<String>,
    ) {
        match self.transport {
            None => problems.add(
                "mail.transport",
                "it has no default: choose \"smtp\", \"file\" (into mail.file_dir) or \"none\"",
            ),
            Some(Transport::Smtp) if self.smtp_url.is_none() => {
                problems.add("mail.smtp_url", "it is needed for mail.transport = \"smtp\"");
            }
            Some(transport) => {
                if transport == Transport::Smtp && self.from == Self::default().from {
                    warnings.push("mail.from is the example address no-reply@example.org".to_owned());
                }
                // The mailer knows best what it can't use; it connects to nothing yet.
                if let Some(Err(error)) = self.mailer(public_url, brand).map(password_mailer_smtp::mailer) {
                    problems.add("mail", crate::failure::with_causes(&error));
                }
            }
        }
    }
}
