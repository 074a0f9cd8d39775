//! A form that arrived.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::{HttpRequest, web};
use url::Url;

use crate::Api;
use crate::body::{self, BodyError, Encoding, Fields};

/// The fields of a submitted form.
pub(super) struct Submission(Fields);

impl Submission {
    /// Reads a form.
    ///
    /// # Errors
    ///
    /// The status to answer with: 403 where another site has sent it, 413, 415 and 400 for what is no form.
    pub(super) async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        api: &Api,
    ) -> Result<Self, StatusCode> {
        let fields =
            body::read(request, payload, &[Encoding::Form, Encoding::Multipart], api.config.max_body).await;
        if is_foreign(request.headers(), &api.config.public_url) {
            return Err(StatusCode::FORBIDDEN);
        }
        fields.map(Self).map_err(|error| match error {
            BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Malformed => StatusCode::BAD_REQUEST,
            BodyError::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        })
    }

    /// Returns a field; an absent one is empty.
    pub(super) fn text(&self, name: &str) -> &str {
        // A form has texts only.
        self.0.text(name).ok().flatten().unwrap_or_default()
    }
}

/// Tells whether a browser says that another site's page has sent the form. `Origin: null` is what a page of our own
/// sends, because it asks for `no-referrer` (Fetch, section 3.2).
fn is_foreign(headers: &HeaderMap, public_url: &Url) -> bool {
    // What the browser itself says of the two sites outweighs a comparison with an address that only we know.
    let mut sites = headers.get_all("sec-fetch-site").peekable();
    if sites.peek().is_some() {
        return sites.any(|site| site == "cross-site");
    }
    let own = public_url.origin();
    let is_own =
        |origin: &str| origin == "null" || Url::parse(origin).is_ok_and(|origin| origin.origin() == own);
    headers.get_all(ORIGIN).any(|origin| !origin.to_str().is_ok_and(is_own))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn foreign(headers: &[(&'static str, &'static str)]) -> bool {
        let mut request = TestRequest::default();
        for header in headers {
            request = request.append_header(*header);
        }
        is_foreign(request.to_http_request().headers(), &Url::parse("https://example.org/accounts").unwrap())
    }

    #[test]
    fn a_page_of_our_own_may_send_a_form() {
        for headers in [
            &[][..],
            &[("Origin", "null")],
            &[("Origin", "https://example.org")],
            &[("Origin", "https://example.org:443")],
            &[("Sec-Fetch-Site", "same-origin")],
            &[("Sec-Fetch-Site", "same-site")],
            &[("Sec-Fetch-Site", "none")],
            &[("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],
            &[("Host", "evil.example"), ("X-Forwarded-Host", "evil.example")],
        ] {
            assert!(!foreign(headers), "{headers:?}");
        }
    }

    #[test]
    fn a_page_of_another_site_may_not() {
        for headers in [
            &[("Sec-Fetch-Site", "cross-site")][..],
            &[("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
            &[("Origin", "https://evil.example")],
            &[("Origin", "http://example.org")],
            &[("Origin", "https://example.org:8443")],
            &[("Origin", "https://example.org.evil.example")],
            &[("Origin", "")],
            &[("Origin", "null"), ("Origin", "https://evil.example")],
        ] {
            assert!(foreign(headers), "{headers:?}");
        }
    }
}
