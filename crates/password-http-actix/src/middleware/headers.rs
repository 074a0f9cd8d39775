//! The headers of every response.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use super::Dialect;
use crate::HttpConfig;

/// Nothing is loaded or submitted that is not our own, and nobody frames a page (ASVS 3.4).
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// An answer to a program is no document.
const API_POLICY: &str = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Two years, as the preload lists ask for.
const HSTS: &str = "max-age=63072000";

/// Sets the headers that a handler has not set otherwise.
pub(super) fn apply(headers: &mut HeaderMap, dialect: Dialect, config: &HttpConfig) {
    let api = dialect.is_api();
    // Scripts of the configured origins read the APIs' answers; nobody else's read anything.
    let foreign = if api && !config.cors_origins.is_empty() { "cross-origin" } else { "same-origin" };
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(CONTENT_SECURITY_POLICY, if api { API_POLICY } else { PAGE_POLICY });
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), foreign);
    set(X_FRAME_OPTIONS, "DENY");
    set(CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("x-robots-tag"), "noindex");
    if config.hsts {
        set(STRICT_TRANSPORT_SECURITY, HSTS);
    }
}
