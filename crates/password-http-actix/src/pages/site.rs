//! Addresses, realms and the language, as pages name them.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use password_domain::account::Realm;
use password_domain::policy::Policy;
use zeroize::Zeroizing;

use super::language::Language;
use super::render;
use crate::Api;

/// The pages as the outside sees them.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) api: &'a Api,
    /// The path that the public address ends with, without a slash at its end; usually empty.
    pub(super) base: &'a str,
    /// What its reader reads.
    pub(super) language: Language,
}

/// The pages of one realm.
pub(super) struct Place<'a> {
    /// Where it lies.
    pub(super) site: Site<'a>,
    /// Whose pages these are.
    pub(super) realm: Realm,
    /// What a new password must satisfy.
    pub(super) policy: &'a Policy,
}

impl<'a> Site<'a> {
    /// Returns the pages of this server, for whoever sent a request.
    pub(super) fn of(request: &HttpRequest, api: &'a Api) -> Self {
        Self::in_language(Language::of(request.headers(), request.query_string()), api)
    }

    /// Returns the pages of this server in a language.
    pub(super) fn in_language(language: Language, api: &'a Api) -> Self {
        Self { api, base: api.config.public_url.path().trim_end_matches('/'), language }
    }

    /// Returns the pages in the language that a form says, where there is one.
    pub(super) fn or_chosen(self, tag: &str) -> Self {
        Self { language: self.language.or_chosen(tag), ..self }
    }

    /// Returns the page for a request that no page could be found or shown for.
    pub(super) fn failure(self, status: StatusCode) -> HttpResponse {
        render::failure(self, status)
    }

    /// Returns the pages of a realm; `None` where there is none of this name.
    pub(super) fn place(self, realm: &str) -> Option<Place<'a>> {
        let realm = Realm::new(realm).ok()?;
        let policy = self.api.use_cases.check_password.policy_of(&realm)?;
        Some(Place { site: self, realm, policy })
    }
}

impl Place<'_> {
    /// Returns the address of one of the realm's pages: `reset`, `reset` with an ending such as `/done`.
    pub(super) fn address(&self, page: &str, ending: &str) -> String {
        format!("{}/{page}/{}{ending}", self.site.base, self.realm)
    }

    /// Returns the address of one of the realm's pages in the language that was chosen, if one was.
    pub(super) fn next(&self, page: &str, ending: &str) -> String {
        let address = self.address(page, ending);
        let language = self.site.language;
        if language.chosen { format!("{address}?lang={}", language.locale) } else { address }
    }

    /// Leads on to a page that can be reloaded without sending anything again.
    pub(super) fn see_other(&self, page: &str, ending: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((LOCATION, self.next(page, ending))).finish()
    }

    /// Returns a name of the realm's policy, for the check while somebody types; `None` where it has none.
    pub(super) fn policy_name(&self) -> Option<&str> {
        let mut policies = self.site.api.use_cases.check_password.policies();
        policies.find(|(_, policy)| *policy == self.policy).map(|(name, _)| name)
    }
}

/// Returns parameters of the query, the last of each name; an absent one is empty. They may be tokens.
pub(super) fn query<const N: usize>(request: &HttpRequest, names: [&str; N]) -> [Zeroizing<String>; N] {
    let mut found = names.map(|_| Zeroizing::new(String::new()));
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if let Some(at) = names.iter().position(|wanted| *wanted == name) {
            found[at] = Zeroizing::new(value.into_owned());
        }
    }
    found
}
