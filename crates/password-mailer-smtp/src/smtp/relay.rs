//! Which server to speak to, and how safely.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use tokio::net::ToSocketAddrs;
use url::{Host, Url};

use super::failure::{Failure, Step};
use super::stream::CautiousStream;
use crate::config::{ConfigError, SmtpConfig};

/// A mail server. There is no way to speak plain text to one that is not on the loopback interface.
pub(super) struct Relay {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// How long to wait for one of the server's addresses before the next is tried.
    patience: Duration,
}

enum Security {
    StartTls(TlsParameters),
    Implicit(TlsParameters),
    /// Where to connect: loopback addresses, not a name that a resolver could send elsewhere.
    Plain(Vec<IpAddr>),
}

impl Relay {
    /// Reads the configuration.
    pub(super) fn new(config: &SmtpConfig) -> Result<Self, ConfigError> {
        let url = Url::parse(&config.url).map_err(|_| ConfigError::SmtpUrl("it is not a URL"))?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(ConfigError::SmtpUrl("it is neither smtp:// nor smtps://")),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(ConfigError::SmtpUrl("something follows the port"));
        }
        let host = host(&url)?;
        let security = match (implicit, config.plain) {
            (false, true) => Security::Plain(loopback(&host).ok_or(ConfigError::Plain)?),
            (true, true) => return Err(ConfigError::Plain),
            (false, false) => Security::StartTls(tls(&host, config.ca_file.as_deref())?),
            (true, false) => Security::Implicit(tls(&host, config.ca_file.as_deref())?),
        };
        let port = url.port().unwrap_or(if implicit { SUBMISSIONS_PORT } else { SUBMISSION_PORT });
        Ok(Self {
            host,
            port,
            security,
            credentials: credentials(&url)?,
            hello: hello(),
            patience: config.timeout / 3,
        })
    }

    /// Connects, secures the connection and signs in.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let mut connection = match &self.security {
            Security::StartTls(tls) => {
                let mut connection = self.open((self.host.as_str(), self.port)).await?;
                connection.starttls(tls.clone(), &self.hello).await.map_err(Failure::at(Step::Tls))?;
                connection
            }
            Security::Implicit(tls) => AsyncSmtpConnection::connect_tokio1(
                (self.host.as_str(), self.port),
                Some(self.patience),
                &self.hello,
                Some(tls.clone()),
                None,
            )
            .await
            .map_err(Failure::at(Step::Connect))?,
            Security::Plain(addresses) => {
                let addresses: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, self.port)).collect();
                self.open(addresses.as_slice()).await?
            }
        };
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await
                .map_err(Failure::at(Step::Auth))?;
        }
        Ok(connection)
    }

    async fn open(&self, server: impl ToSocketAddrs) -> Result<AsyncSmtpConnection, Failure> {
        let stream = CautiousStream::connect(server, self.patience)
            .await
            .map_err(|error| Failure::Broken { step: Step::Connect, source: error.into() })?;
        AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello)
            .await
            .map_err(Failure::at(Step::Connect))
    }
}

/// Returns the host, an IPv6 address without its brackets.
fn host(url: &Url) -> Result<String, ConfigError> {
    const NO_HOST: ConfigError = ConfigError::SmtpUrl("it has no valid host");
    // The `url` crate takes the host of this scheme as it is, so it is read once more as that of a web address is.
    match Host::parse(url.host_str().ok_or(NO_HOST)?).map_err(|_| NO_HOST)? {
        Host::Domain(domain) => Ok(domain),
        Host::Ipv4(ip) => Ok(ip.to_string()),
        Host::Ipv6(ip) => Ok(ip.to_string()),
    }
}

fn loopback(host: &str) -> Option<Vec<IpAddr>> {
    if host == "localhost" {
        return Some(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    host.parse::<IpAddr>().ok().filter(IpAddr::is_loopback).map(|ip| vec![ip])
}

/// Reads user and password; both or neither.
fn credentials(url: &Url) -> Result<Option<Credentials>, ConfigError> {
    let decode = |text: &str| -> Result<String, ConfigError> {
        let text = percent_decode_str(text)
            .decode_utf8()
            .map_err(|_| ConfigError::SmtpUrl("user or password is not UTF-8"))?;
        // A NUL separates the two in AUTH PLAIN.
        if text.chars().any(char::is_control) {
            return Err(ConfigError::SmtpUrl("user or password has a control character"));
        }
        Ok(text.into_owned())
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err(ConfigError::SmtpUrl("it has a password but no user")),
        (_, None) => Err(ConfigError::SmtpUrl("it has a user but no password")),
        (user, Some(password)) => Ok(Some(Credentials::new(decode(user)?, decode(password)?))),
    }
}

fn tls(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, ConfigError> {
    let mut builder: TlsParametersBuilder = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca_file {
        let refused = |source| ConfigError::CaFile { path: path.to_owned(), source };
        let pem = fs::read(path).map_err(|error| refused(error.into()))?;
        if !pem.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----") {
            return Err(refused("there is no certificate in it".into()));
        }
        let certificate = Certificate::from_pem(&pem).map_err(|error| refused(error.into()))?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(certificate);
    }
    builder.build().map_err(|error| ConfigError::Tls(error.into()))
}

/// The host's name where it is fit for a command, else a loopback address.
fn hello() -> ClientId {
    match ClientId::default() {
        ClientId::Domain(name) if !name.is_empty() && name.bytes().all(is_host_byte) => {
            ClientId::Domain(name)
        }
        ClientId::Domain(_) => ClientId::Ipv4(Ipv4Addr::LOCALHOST),
        other => other,
    }
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(url: &str) -> Result<Relay, ConfigError> {
        Relay::new(&SmtpConfig { plain: true, ..SmtpConfig::new(url) })
    }

    #[test]
    fn plain_text_stays_on_the_loopback_interface() {
        for good in [
            "smtp://localhost",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
            "smtp://127.8.8.8",
            "smtp://LOCALHOST",
        ] {
            assert!(plain(good).is_ok(), "{good}");
        }
        for bad in [
            "smtp://mail.example.org",
            "smtp://10.0.0.1",
            "smtp://localhost.example.org",
            "smtps://localhost",
            "smtp://0.0.0.0",
        ] {
            assert!(matches!(plain(bad), Err(ConfigError::Plain)), "{bad}");
        }
    }

    #[test]
    fn a_url_that_is_no_mail_server_is_refused() {
        for bad in [
            "",
            "localhost:25",
            "http://localhost",
            "smtp://",
            "smtp:localhost",
            "smtp://localhost/path",
            "smtp://localhost?tls=none",
            "smtp://user@localhost",
            "smtp://:password@localhost",
            "smtp://user:a%00b@localhost",
            "smtp://user:a%0d%0ab@localhost",
            "smtp://user:%ff@localhost",
            "smtp://a%0d%0ab",
        ] {
            assert!(matches!(plain(bad), Err(ConfigError::SmtpUrl(_))), "{bad}");
        }
    }

    #[test]
    fn the_default_ports_are_those_of_submission() {
        assert_eq!(plain("smtp://localhost").unwrap().port, 587);
        assert_eq!(plain("smtp://localhost:25").unwrap().port, 25);
    }
}
