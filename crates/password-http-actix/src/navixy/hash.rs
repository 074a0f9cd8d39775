//! The session hash of a request.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use password_domain::token::TokenForm;
use zeroize::Zeroizing;

use crate::body::{Fields, WrongType};

/// The first hash that a request has: in `Authorization: NVX`, else in its body, else in its query. A hash that is
/// present decides, also where it is malformed.
pub(super) struct Hash(Option<Zeroizing<String>>);

impl Hash {
    pub(super) fn of(request: &HttpRequest, fields: &Fields, from_query: bool) -> Self {
        let text = from_header(request).or_else(|| match fields.text("hash") {
            Ok(text) => text.map(str::to_owned),
            // Present, and certainly not of the form.
            Err(WrongType) => Some(String::new()),
        });
        let query = || from_query.then(|| from_query_string(request.query_string())).flatten();
        Self(text.or_else(query).map(Zeroizing::new))
    }

    /// Returns the hash if it is there and has the form of one.
    pub(super) fn well_formed(&self) -> Option<&str> {
        self.0.as_deref().map(String::as_str).filter(|hash| TokenForm::Hash.matches(hash))
    }
}

/// Returns what follows the scheme `NVX`; other schemes are not ours to read.
fn from_header(request: &HttpRequest) -> Option<String> {
    request.headers().get_all(AUTHORIZATION).find_map(|value| {
        let value = value.as_bytes().trim_ascii();
        let (scheme, rest) =
            value.split_at(value.iter().position(|byte| *byte == b' ').unwrap_or(value.len()));
        // Schemes are case-insensitive (RFC 9110, section 11.1).
        scheme.eq_ignore_ascii_case(b"NVX").then(|| String::from_utf8_lossy(rest.trim_ascii()).into_owned())
    })
}

fn from_query_string(query: &str) -> Option<String> {
    let hashes = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "hash");
    hashes.last().map(|(_, hash)| hash.into_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const GOOD: &str = "22eac1c27af4be7b9d04da2ce1af111b";
    const OTHER: &str = "00000000000000000000000000000001";

    fn found(authorization: &[&str], body: &str, query: &str) -> Option<String> {
        let mut request = TestRequest::with_uri(&format!("/v2/user/logout{query}"));
        for value in authorization {
            request = request.append_header((AUTHORIZATION, *value));
        }
        let fields = Fields::from_json(body.as_bytes()).unwrap();
        Hash::of(&request.to_http_request(), &fields, true).well_formed().map(str::to_owned)
    }

    #[test]
    fn the_first_hash_that_is_present_decides() {
        let (header, body, query) =
            (format!("NVX {GOOD}"), format!(r#"{{"hash":"{GOOD}"}}"#), format!("?hash={GOOD}"));
        let other = format!(r#"{{"hash":"{OTHER}"}}"#);
        let good = Some(GOOD.to_owned());
        assert_eq!(found(&[&header], &other, &format!("?hash={OTHER}")), good);
        assert_eq!(found(&[], &body, &format!("?hash={OTHER}")), good);
        assert_eq!(found(&[], "{}", &query), good);
        assert_eq!(found(&[], "{}", ""), None);
        assert_eq!(found(&[], r#"{"hash":null}"#, &query), good);
        assert_eq!(found(&[], "{}", &format!("?hash={OTHER}&hash={GOOD}")), good);
    }

    #[test]
    fn a_malformed_hash_hides_the_good_one_behind_it() {
        let (body, query) = (format!(r#"{{"hash":"{GOOD}"}}"#), format!("?hash={GOOD}"));
        for header in ["NVX", "NVX ", "nvx x", "NVX 22EAC1C27AF4BE7B9D04DA2CE1AF111B"] {
            assert_eq!(found(&[header], &body, &query), None, "{header}");
        }
        for bad in [
            r#"{"hash":""}"#,
            r#"{"hash":0}"#,
            r#"{"hash":[]}"#,
            r#"{"hash":{"$gt":""}}"#,
            r#"{"hash":true}"#,
        ] {
            assert_eq!(found(&[], bad, &query), None, "{bad}");
        }
    }

    #[test]
    fn other_schemes_are_not_read() {
        let body = format!(r#"{{"hash":"{GOOD}"}}"#);
        for header in [format!("Bearer {OTHER}"), format!("NVXX {OTHER}"), OTHER.to_owned(), String::new()] {
            assert_eq!(found(&[&header], &body, ""), Some(GOOD.to_owned()), "{header}");
        }
        assert_eq!(
            found(&[&format!("Bearer {OTHER}"), &format!("nvx  {GOOD}")], "{}", ""),
            Some(GOOD.to_owned())
        );
    }

    #[test]
    fn the_query_can_be_switched_off() {
        let request = TestRequest::with_uri(&format!("/?hash={GOOD}")).to_http_request();
        assert_eq!(Hash::of(&request, &Fields::default(), false).well_formed(), None);
    }
}
