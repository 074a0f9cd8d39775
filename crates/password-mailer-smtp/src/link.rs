//! Links into the hosted pages, built from the configured public URL alone.

use password_domain::account::{AccountId, Realm};
use password_domain::token::Token;
use url::Url;

/// Builds links.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    base: Url,
}

impl Links {
    /// Takes the public URL; says what is wrong with it where it can't carry links.
    pub(crate) fn new(base: &Url) -> Result<Self, &'static str> {
        if !matches!(base.scheme(), "http" | "https") {
            return Err("it is neither http:// nor https://");
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err("it has a query or a fragment");
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err("it has a user name or a password");
        }
        Ok(Self { base: base.clone() })
    }

    /// Returns the link to set a new password: with the token alone for the realm `user`, with the user key for others.
    pub(crate) fn reset(&self, realm: &Realm, user_key: &AccountId, token: &Token) -> Url {
        let mut url = self.page("reset", realm);
        if *realm == Realm::user() {
            url.query_pairs_mut().append_pair("hash", token.expose());
        } else {
            url.query_pairs_mut().append_pair("user", user_key.as_str()).append_pair("token", token.expose());
        }
        url
    }

    /// Returns the page on which a new password can be asked for.
    pub(crate) fn forgot(&self, realm: &Realm) -> Url {
        self.page("forgot", realm)
    }

    /// Returns the host, and the port where it is not the scheme's own, as people know the service.
    pub(crate) fn site(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    fn page(&self, page: &str, realm: &Realm) -> Url {
        let mut url = self.base.clone();
        // An http(s) URL always has a path to extend.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend([page, realm.as_str()]);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(base: &str) -> Links {
        Links::new(&Url::parse(base).unwrap()).unwrap()
    }

    #[test]
    fn a_user_gets_the_hash_and_everybody_else_key_and_token() {
        let (id, token) = (AccountId::from(7), Token::new("ab12"));
        let links = links("https://id.example.org");
        assert_eq!(
            links.reset(&Realm::user(), &id, &token).as_str(),
            "https://id.example.org/reset/user?hash=ab12"
        );
        for realm in ["dealer", "member", "staff"] {
            assert_eq!(
                links.reset(&Realm::new(realm).unwrap(), &id, &token).as_str(),
                format!("https://id.example.org/reset/{realm}?user=7&token=ab12")
            );
        }
    }

    #[test]
    fn a_path_of_the_public_url_is_kept() {
        for base in ["http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080/a/b/"] {
            assert_eq!(
                links(base).forgot(&Realm::member()).as_str(),
                "http://127.0.0.1:8080/a/b/forgot/member"
            );
        }
        assert_eq!(links("http://127.0.0.1:8080").site(), "127.0.0.1:8080");
        assert_eq!(links("https://id.example.org:443/x").site(), "id.example.org");
    }

    #[test]
    fn what_goes_into_a_link_is_encoded() {
        let id = AccountId::new("a&token=x#/?\"<>").unwrap();
        let url = links("https://e.org").reset(&Realm::member(), &id, &Token::new("t t&\r\n"));
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs[0], ("user".to_owned(), "a&token=x#/?\"<>".to_owned()));
        assert_eq!(pairs[1], ("token".to_owned(), "t t&\r\n".to_owned()));
        assert!(url.as_str().bytes().all(|b| b.is_ascii_graphic()));
    }

    #[test]
    fn a_public_url_that_could_mislead_is_refused() {
        for bad in [
            "ftp://e.org",
            "data:x",
            "https://e.org/?a=b",
            "https://e.org/#a",
            "https://u@e.org",
            "https://:p@e.org",
        ] {
            assert!(Links::new(&Url::parse(bad).unwrap()).is_err(), "{bad}");
        }
    }
}
