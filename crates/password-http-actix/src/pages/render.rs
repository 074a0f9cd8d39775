//! The templates, and every way to make a response of one.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder};
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};

use super::problem::Problems;
use super::site::Place;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, source) in [
        ("base.html", include_str!("../../templates/base.html")),
        ("fields.html", include_str!("../../templates/fields.html")),
        ("reset.html", include_str!("../../templates/reset.html")),
        ("forgot.html", include_str!("../../templates/forgot.html")),
        ("change.html", include_str!("../../templates/change.html")),
        ("message.html", include_str!("../../templates/message.html")),
    ] {
        #[allow(
            clippy::expect_used,
            reason = "the templates are constants, and a test renders each of them"
        )]
        templates.add_template(name, source).expect("a template");
    }
    templates
});

/// Renders a realm's form with what is wrong with it. `more` is what this form needs beside what all forms need.
pub(super) fn form(place: &Place<'_>, page: &str, problems: &Problems, more: Value) -> HttpResponse {
    let values = context! {
        base => address(place.site.base),
        failed => !problems.is_empty(),
        problems => Serde(&problems.list),
        action => address(&place.address(page, "")),
        forgot => address(&place.address("forgot", "")),
        checklist => Serde(place.policy.checklist()),
        password_rules => place.policy.password_rules(),
        ..more
    };
    let mut response = html(problems.status, &format!("{page}.html"), values);
    if let Some(wait) = problems.retry_after {
        let seconds = HeaderValue::from(crate::retry_after_seconds(wait));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// Renders a page that only says something.
pub(super) fn message(
    place: &Place<'_>,
    status: StatusCode,
    title: &str,
    text: &str,
    link: Link,
) -> HttpResponse {
    let (href, label) = match link {
        Link::None => (None, ""),
        Link::Forgot(label) => (Some(address(&place.address("forgot", ""))), label),
        Link::Change(label) => (Some(address(&place.address("change", ""))), label),
    };
    let failed = !status.is_success();
    html(
        status,
        "message.html",
        context! { base => address(place.site.base), failed, title, text, href, label },
    )
}

/// Where a message leads, and what the link says.
pub(super) enum Link {
    /// Nowhere.
    None,
    /// To the page that asks for a mail.
    Forgot(&'static str),
    /// To the page that changes a password.
    Change(&'static str),
}

/// Renders the page for a request that no page could be found or shown for. Without a `base` it loads nothing.
pub(super) fn failure(base: Option<&str>, status: StatusCode) -> HttpResponse {
    let (title, text) = match status {
        StatusCode::BAD_REQUEST => ("Bad request", "The request could not be understood."),
        StatusCode::FORBIDDEN => {
            ("Refused", "This form was sent from another site. Open the page itself and try again.")
        }
        StatusCode::NOT_FOUND => ("Page not found", "There is no page at this address."),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("Method not allowed", "This address does not take such a request.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("Request too large", "What was sent is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("Unsupported type", "Only a submitted form is accepted here."),
        StatusCode::SERVICE_UNAVAILABLE => ("Service unavailable", "Wait a moment, then try again."),
        status if status.is_server_error() => ("Something went wrong", "Try again later."),
        _ => ("Request failed", "The request could not be carried out."),
    };
    html(status, "message.html", context! { base => base.map(address), failed => true, title, text })
}

/// Marks an address as ready for an attribute, so that its slashes stay slashes. A URL's path and a realm's name have no
/// other character that ends an attribute or means something in one.
fn address(path: &str) -> Value {
    Value::from_safe_string(path.replace('&', "&amp;"))
}

fn html(status: StatusCode, template: &str, values: Value) -> HttpResponse {
    let rendered = TEMPLATES.get_template(template).and_then(|template| template.render(values));
    match rendered {
        Ok(page) => HttpResponseBuilder::new(status).content_type("text/html; charset=utf-8").body(page),
        Err(error) => {
            tracing::error!(template, kind = %error.kind(), "a template could not be rendered");
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body("Something went wrong.")
        }
    }
}
