//! What the dialects stand on.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ipnet::IpNet;
use password_domain::ports::{ClientStore, PortError, TokenSource};
use password_domain::use_cases::UseCases;
use url::Url;

use crate::pages::{Brand, Templates};

/// The use cases, the few ports that only a transport needs, and the configuration. One for all workers, in
/// `web::Data`.
pub struct Api {
    /// Everything that can be done.
    pub use_cases: UseCases,
    /// The registered client applications.
    pub clients: Arc<dyn ClientStore>,
    /// Digests the keys of client applications.
    pub tokens: Arc<dyn TokenSource>,
    /// Whether the server can do its work.
    pub readiness: Arc<dyn Readiness>,
    /// What an operator decided.
    pub config: HttpConfig,
}

/// Tells whether what the server stands on can be reached, for its orchestrator.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Checks it now.
    ///
    /// # Errors
    ///
    /// A sentence for the log where the server cannot do its work; it MUST NOT hold a secret.
    async fn check(&self) -> Result<(), String>;
}

/// What an operator decides about HTTP.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Where the Navixy dialects live: begins with `/`, does not end with one, not empty.
    pub navixy_prefix: String,
    /// Where the Epixel dialect lives: begins with `/`, does not end with one, not empty.
    pub epixel_prefix: String,
    /// The most bytes of a request's body.
    pub max_body: usize,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The origins whose scripts may use the APIs: scheme, host and port, such as `https://app.example.org`. An
    /// application with anything else here does not start.
    pub cors_origins: Vec<String>,
    /// Whether a session's hash is also taken from the query, where logs and histories of others may keep it.
    pub query_hash: bool,
    /// Whether browsers are told to come back by TLS only.
    pub hsts: bool,
    /// The address that links are built from. Nothing in a request changes it.
    pub public_url: Url,
    /// How the pages show the service.
    pub brand: Brand,
    /// What the pages are rendered from.
    pub templates: Templates,
}

impl Default for HttpConfig {
    /// Returns the defaults of the configuration file (contract, section 7).
    fn default() -> Self {
        #[allow(clippy::expect_used, reason = "the text is a constant, and a test parses it")]
        let public_url = Url::parse("http://127.0.0.1:8080").expect("a URL");
        Self {
            navixy_prefix: "/v2".to_owned(),
            epixel_prefix: "/api/v1".to_owned(),
            max_body: 1 << 20,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            query_hash: true,
            hsts: false,
            public_url,
            brand: Brand::default(),
            templates: Templates::default(),
        }
    }
}

/// Logs a failure that the caller is told nothing about, with all its causes.
pub fn report(error: &PortError) {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        // Transparent errors repeat their cause's text.
        if !text.ends_with(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    match error {
        PortError::Overloaded { .. } => tracing::warn!(error = %text, "a request was turned away"),
        PortError::Store(_) | PortError::Unexpected(_) => tracing::error!(error = %text, "a request failed"),
    }
}

/// Returns the value of a `Retry-After` header: whole seconds, rounded up, at least 1.
pub fn retry_after_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_configuration_file() {
        let config = HttpConfig::default();
        assert_eq!((config.navixy_prefix.as_str(), config.epixel_prefix.as_str()), ("/v2", "/api/v1"));
        assert_eq!(config.max_body, 1_048_576);
        assert!(config.query_hash && !config.hsts);
        assert!(config.trusted_proxies.is_empty() && config.cors_origins.is_empty());
    }

    #[test]
    fn nobody_is_asked_to_come_back_too_early() {
        for (wait, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            assert_eq!(retry_after_seconds(Duration::from_millis(wait)), seconds, "{wait} ms");
        }
    }
}
