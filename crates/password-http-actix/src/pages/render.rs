//! What the templates get, and every way to make a response of one.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderValue, RETRY_AFTER, VARY};
use actix_web::{HttpResponse, HttpResponseBuilder};
use minijinja::context;
use minijinja::value::{Serde, Value, merge_maps};
use password_domain::policy::Policy;
use password_locales::Locale;
use serde::Serialize;

use super::brand::{Brand, Support};
use super::checklist;
use super::language::Language;
use super::problem::Problems;
use super::site::{Place, Site};

/// What all pages share.
pub(super) struct Look<'a> {
    /// Stands before every address.
    pub(super) base: &'a str,
    /// What the reader reads.
    pub(super) language: Language,
    /// How the service shows itself.
    pub(super) brand: &'a Brand,
    /// The service's name where the operator gave none.
    pub(super) host: &'a str,
}

/// A form, before it is put into words.
pub(super) struct Form<'a> {
    /// The template's name without its ending.
    pub(super) page: &'a str,
    /// Where it is sent to.
    pub(super) action: String,
    /// The page that asks for a mail.
    pub(super) forgot: String,
    /// What a new password must satisfy.
    pub(super) policy: &'a Policy,
    /// The policy's name, for the check while somebody types.
    pub(super) policy_name: Option<&'a str>,
    /// What is wrong with it.
    pub(super) problems: &'a Problems,
    /// The parameters that another language's link keeps.
    pub(super) kept: &'a [(&'a str, &'a str)],
}

/// A language to choose.
#[derive(Serialize)]
struct Choice {
    tag: &'static str,
    name: &'static str,
    href: String,
    current: bool,
}

impl<'a> Look<'a> {
    fn of(site: Site<'a>) -> Self {
        let config = &site.api.config;
        Self {
            base: site.base,
            language: site.language,
            brand: &config.brand,
            host: config.public_url.host_str().unwrap_or_default(),
        }
    }

    fn locale(&self) -> Locale {
        self.language.locale
    }

    /// Returns what every template gets. Without `kept` nobody is asked for a language: the page could not be opened again.
    fn values(&self, failed: bool, title: String, kept: Option<&[(&str, &str)]>) -> Value {
        let locale = self.locale();
        context! {
            lang => locale.tag(),
            dir => locale.direction(),
            chosen => self.language.chosen,
            languages => Serde(kept.map_or_else(Vec::new, |kept| self.choices(kept))),
            base => address(self.base),
            brand => context! {
                name => self.brand.name.as_deref().unwrap_or(self.host),
                logo => self.brand.logo.is_some(),
                support => Serde(Support::of(self.brand)),
            },
            // Only a name that somebody gave says more than the address bar.
            suffix => self.brand.name.as_deref(),
            failed,
            title,
        }
    }

    fn choices(&self, kept: &[(&str, &str)]) -> Vec<Choice> {
        let choice = |locale: Locale| {
            let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
            query.extend_pairs(kept).append_pair("lang", locale.tag());
            Choice {
                tag: locale.tag(),
                name: locale.own_name(),
                href: query.finish(),
                current: locale == self.locale(),
            }
        };
        Locale::ALL.into_iter().map(choice).collect()
    }

    /// Returns what a page that only says something gets. `link` has an address and what it says.
    pub(super) fn message(
        &self,
        failed: bool,
        title: String,
        text: String,
        link: Option<(String, String)>,
        kept: Option<&[(&str, &str)]>,
    ) -> Value {
        let (href, label) = link.map_or((None, None), |(href, label)| (Some(address(&href)), Some(label)));
        context! { text, href, label, ..self.values(failed, title, kept) }
    }
}

impl Form<'_> {
    /// Returns what the form's template gets; `more` is what this form has beside what all forms have.
    pub(super) fn values(&self, look: &Look<'_>, more: Value) -> Value {
        let locale = look.locale();
        let title = locale.text(&format!("page-{}-title", self.page), &[]);
        let refused = self.problems.refused.as_deref();
        context! {
            problems => Serde(self.problems.told(locale)),
            action => address(&self.action),
            forgot => address(&self.forgot),
            checklist => Serde(checklist::lines(self.policy, locale, refused)),
            password_rules => self.policy.password_rules(),
            policy => self.policy_name,
            ..merge_maps([more, look.values(!self.problems.is_empty(), title, Some(self.kept))])
        }
    }
}

/// Renders a realm's form with what is wrong with it. `kept` are the parameters that its address has, `more` is what this
/// form needs beside what all forms need.
pub(super) fn form(
    place: &Place<'_>,
    page: &str,
    problems: &Problems,
    kept: &[(&str, &str)],
    more: Value,
) -> HttpResponse {
    let form = Form {
        page,
        action: place.address(page, ""),
        forgot: place.next("forgot", ""),
        policy: place.policy,
        policy_name: place.policy_name(),
        problems,
        kept,
    };
    let values = form.values(&Look::of(place.site), more);
    let mut response = html(place.site, problems.status, &format!("{page}.html"), values);
    if let Some(wait) = problems.retry_after {
        let seconds = HeaderValue::from(crate::retry_after_seconds(wait));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// What a page that only says something says: the texts `page-NAME-title` and `page-NAME-text`.
pub(super) struct Message {
    /// The middle of the keys.
    pub(super) name: &'static str,
    /// The page that it leads to, and the key of what the link says.
    pub(super) link: Option<(&'static str, &'static str)>,
}

/// Renders a page that only says something.
pub(super) fn message(place: &Place<'_>, status: StatusCode, message: &Message) -> HttpResponse {
    let site = place.site;
    let text = |key: &str| site.language.locale.text(key, &[]);
    let [title, words] = ["title", "text"].map(|part| text(&format!("page-{}-{part}", message.name)));
    let link = message.link.map(|(page, key)| (place.next(page, ""), text(key)));
    // What failed was sent, and cannot be opened again.
    let kept = status.is_success().then_some(&[][..]);
    let values = Look::of(site).message(!status.is_success(), title, words, link, kept);
    html(site, status, "message.html", values)
}

/// Renders the page for a request that no page could be found or shown for.
pub(super) fn failure(site: Site<'_>, status: StatusCode) -> HttpResponse {
    let name = match status {
        StatusCode::BAD_REQUEST => "bad-request",
        StatusCode::FORBIDDEN => "cross-site",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        status if status.is_server_error() => "unexpected",
        _ => "failed",
    };
    let [title, text] =
        ["title", "text"].map(|part| site.language.locale.text(&format!("page-{name}-{part}"), &[]));
    html(site, status, "message.html", Look::of(site).message(true, title, text, None, None))
}

/// Marks an address as ready for an attribute, so that its slashes stay slashes. A URL's path and a realm's name have no
/// other character that ends an attribute or means something in one.
fn address(path: &str) -> Value {
    Value::from_safe_string(path.replace('&', "&amp;"))
}

fn html(site: Site<'_>, status: StatusCode, template: &str, values: Value) -> HttpResponse {
    let locale = site.language.locale;
    match site.api.config.templates.render(locale, template, values) {
        Ok(page) => HttpResponseBuilder::new(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_LANGUAGE, locale.tag()))
            .insert_header((VARY, "Accept-Language"))
            .body(page),
        Err(error) => {
            tracing::error!(template, kind = %error.kind(), "a template could not be rendered");
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body("Something went wrong.")
        }
    }
}
