//! Every page once with example values, so that a broken template is found before anybody opens a page.

use std::time::Duration;

use minijinja::context;
use password_domain::policy::{Classes, Policy, Rule, Special};
use password_locales::Locale;

use super::brand::Brand;
use super::language::Language;
use super::problem::Problems;
use super::render::{Form, Look};
use super::templates::{TemplateError, Templates, broken};

/// What each page must have for its form to be of use.
const PAGES: [(&str, &[&str]); 3] = [
    ("reset", &["new_password", "confirm_password"]),
    ("forgot", &["username"]),
    ("change", &["username", "current_password", "new_password", "confirm_password"]),
];

/// Renders every page in every language.
///
/// # Errors
///
/// [`TemplateError::Broken`] or [`TemplateError::Incomplete`], naming the page.
pub(super) fn check(templates: &Templates) -> Result<(), TemplateError> {
    let mut rules = vec![
        Rule::Similar { max_similarity: 0.7 },
        Rule::length(8, 64),
        Rule::Common,
        Rule::Numeric,
        Rule::Classes(Classes::all(Special::OneOf("!&\"".to_owned()))),
        Rule::Printable,
        Rule::History { depth: 3 },
    ];
    let plain = Policy::new(vec![rules.remove(1)]);
    rules.push(Rule::length(8, 64));
    let policies = [plain, Policy::new(rules)];
    let logo = super::brand::Logo::new(b"<svg/>".to_vec()).ok();
    let brands = [
        Brand::default(),
        Brand {
            name: Some("Example".to_owned()),
            support: Some("mailto:help@example.org".to_owned()),
            logo,
            ..Brand::default()
        },
    ];
    for locale in Locale::ALL {
        for (chosen, (brand, policy)) in [false, true].into_iter().zip(brands.iter().zip(&policies)) {
            let Ok(policy) = policy else { continue };
            let look =
                Look { base: "/accounts", language: Language { locale, chosen }, brand, host: "example.org" };
            render_all(templates, &look, policy)?;
        }
    }
    Ok(())
}

fn render_all(templates: &Templates, look: &Look<'_>, policy: &Policy) -> Result<(), TemplateError> {
    let everything = Problems::policy(&policy.possible_violations()).and("username", "page-missing-login");
    for (page, fields) in PAGES {
        for problems in [&Problems::none(), &Problems::throttled(Duration::from_secs(90)), &everything] {
            let more = match page {
                "reset" => vec![
                    (context! { hash => "abc" }, vec!["hash"]),
                    (context! { user => "7", token => "abc" }, vec!["user", "token"]),
                ],
                _ => vec![(context! { username => "beatrice" }, vec![])],
            };
            for (more, proof) in more {
                let form = Form {
                    page,
                    action: format!("/{page}/member"),
                    forgot: "/forgot/member".to_owned(),
                    policy,
                    policy_name: Some("member"),
                    problems,
                    kept: &[("token", "abc")],
                };
                let name = format!("{page}.html");
                let html = templates
                    .render(look.language.locale, &name, form.values(look, more))
                    .map_err(|error| broken(&name, &error))?;
                let lang = look.language.chosen.then_some("lang");
                for field in fields.iter().copied().chain(proof).chain(lang) {
                    if !html.contains(&format!("name=\"{field}\"")) {
                        return Err(TemplateError::incomplete(&name, field));
                    }
                }
            }
        }
    }
    for link in [None, Some(("/forgot/member".to_owned(), "Ask again".to_owned()))] {
        let values = look.message(true, "Title".to_owned(), "Text".to_owned(), link, Some(&[]));
        templates
            .render(look.language.locale, "message.html", values)
            .map_err(|error| broken("message.html", &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_is_whole() {
        check(&Templates::default()).unwrap();
    }
}
