//! `[http]`: how the service is reached.

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};
use url::Url;

use super::problem::Problems;
use super::units::Size;

/// The paths that the service keeps for itself.
const RESERVED: [&str; 8] =
    ["reset", "forgot", "change", "assets", "password", "health", ".well-known", "demo"];

/// Less would refuse an ordinary form.
const LEAST_BODY: usize = 1 << 10;
/// A request is held in memory.
const MOST_BODY: usize = 64 << 20;
/// More threads than this are a slip of the pen.
const MOST_WORKERS: usize = 1_024;

/// How the service is reached.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Where the two Navixy dialects live.
    pub navixy_prefix: String,
    /// Where the Epixel dialect lives.
    pub epixel_prefix: String,
    /// The largest body that is read.
    pub max_body: Size,
    /// Networks whose `X-Forwarded-For` is believed; a single address counts as a network.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Origins whose pages may call the APIs.
    pub cors_origins: Vec<String>,
    /// Whether a session hash in the query is taken.
    pub query_hash: bool,
    /// Whether answers ask browsers to come back by HTTPS only.
    pub hsts: bool,
    /// How many threads answer requests; `None` for one per processor.
    pub workers: Option<usize>,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            navixy_prefix: "/v2".to_owned(),
            epixel_prefix: "/api/v1".to_owned(),
            max_body: Size(1 << 20),
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            query_hash: true,
            hsts: false,
            workers: None,
        }
    }
}

impl Http {
    pub(super) fn check(&self, problems: &mut Problems) {
        for (key, prefix) in
            [("http.navixy_prefix", &self.navixy_prefix), ("http.epixel_prefix", &self.epixel_prefix)]
        {
            check_prefix(key, prefix, problems);
        }
        let (navixy, epixel) = (format!("{}/", self.navixy_prefix), format!("{}/", self.epixel_prefix));
        problems.require(
            !navixy.starts_with(&epixel) && !epixel.starts_with(&navixy),
            "http.epixel_prefix",
            "it must not lie in http.navixy_prefix, nor the other way round",
        );
        problems.require(
            (LEAST_BODY..=MOST_BODY).contains(&self.max_body.0),
            "http.max_body",
            "it must be from 1KiB to 64MiB",
        );
        for origin in &self.cors_origins {
            problems.require(
                is_origin(origin),
                "http.cors_origins",
                &format!("{origin:?} is not an origin such as \"https://app.example.org\""),
            );
        }
        problems.require(
            self.workers.is_none_or(|workers| (1..=MOST_WORKERS).contains(&workers)),
            "http.workers",
            "it must be from 1 to 1024",
        );
    }
}

fn check_prefix(key: &str, prefix: &str, problems: &mut Problems) {
    let segment = |s: &str| {
        !s.is_empty()
            && s != "."
            && s != ".."
            && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
    };
    let good = prefix.strip_prefix('/').is_some_and(|rest| rest.split('/').all(segment));
    problems.require(good, key, &format!("{prefix:?} is not a path such as \"/api/v1\""));
    let first = prefix.split('/').nth(1).unwrap_or_default();
    problems.require(!RESERVED.contains(&first), key, &format!("\"/{first}\" is the service's own"));
}

fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
    })
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| {
            text.parse()
                .or_else(|_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address)))
                .map_err(|_| {
                    de::Error::custom(format!(
                        "{text:?} is not a network such as \"10.0.0.0/8\" or an address"
                    ))
                })
        })
        .collect()
}
