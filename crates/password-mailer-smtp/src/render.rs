//! Turns a message into subject, text and HTML. Knows nothing of headers or sending.

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use password_domain::ports::{Content, Message};
use url::Url;

use crate::link::Links;
use crate::{clean, words};

/// The languages that there are texts in; the first is for everybody else.
const LANGUAGES: &[&str] = &["en"];

/// Every template, compiled in.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../templates/base.html")),
    ("en/reset_requested/subject.txt", include_str!("../templates/en/reset_requested/subject.txt")),
    ("en/reset_requested/body.txt", include_str!("../templates/en/reset_requested/body.txt")),
    ("en/reset_requested/body.html", include_str!("../templates/en/reset_requested/body.html")),
    ("en/password_changed/subject.txt", include_str!("../templates/en/password_changed/subject.txt")),
    ("en/password_changed/body.txt", include_str!("../templates/en/password_changed/body.txt")),
    ("en/password_changed/body.html", include_str!("../templates/en/password_changed/body.html")),
    ("en/email_changed/subject.txt", include_str!("../templates/en/email_changed/subject.txt")),
    ("en/email_changed/body.txt", include_str!("../templates/en/email_changed/body.txt")),
    ("en/email_changed/body.html", include_str!("../templates/en/email_changed/body.html")),
];

/// A template that does not compile or does not find what it names. Never tells a value.
#[derive(Debug, thiserror::Error)]
#[error("the template {template} can't be rendered: {kind}")]
pub(crate) struct RenderError {
    template: String,
    kind: minijinja::ErrorKind,
}

/// What a mail says. Not printable: it may carry a token.
pub(crate) struct Rendered {
    /// One line, the same for everybody.
    pub(crate) subject: String,
    /// Lines that end in `\n`; a link stands alone on its line.
    pub(crate) text: String,
    /// A whole HTML document.
    pub(crate) html: String,
}

/// Renders messages.
pub(crate) struct Renderer {
    environment: Environment<'static>,
    links: Links,
    contact: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Text,
    Html,
}

impl Renderer {
    /// Compiles the templates.
    pub(crate) fn new(links: Links, contact: Option<String>) -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Errors would otherwise carry the variables, and so the token.
        environment.set_debug(false);
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "txt")) => AutoEscape::None,
            _ => AutoEscape::Html,
        });
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).map_err(|error| failed(name, &error))?;
        }
        Ok(Self { environment, links, contact })
    }

    /// Renders a message in its reader's language.
    pub(crate) fn render(&self, message: &Message) -> Result<Rendered, RenderError> {
        let language = language(message.locale.as_deref());
        let notice = notice(&message.content);
        let name = |file: &str| format!("{language}/{notice}/{file}");
        Ok(Rendered {
            // Without any variable, so that none can get there.
            subject: self.fill(&name("subject.txt"), context! {})?.trim().to_owned(),
            text: tidy(&self.fill(&name("body.txt"), self.context(message, language, Format::Text))?),
            html: self.fill(&name("body.html"), self.context(message, language, Format::Html))?,
        })
    }

    fn fill(&self, name: &str, context: Value) -> Result<String, RenderError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(context))
            .map_err(|error| failed(name, &error))
    }

    fn context(&self, message: &Message, lang: &str, format: Format) -> Value {
        let common = context! {
            lang,
            name => clean::name(&message.first_name, &message.last_name),
            login => clean::login(&message.login, &message.to),
            site => self.links.site(),
            contact => self.contact.as_deref(),
        };
        match &message.content {
            Content::ResetRequested { token, user_key, lifetime, requested_at, from } => context! {
                link => link(&self.links.reset(&message.realm, user_key, token), format),
                lifetime => words::lifetime(*lifetime),
                at => words::moment(*requested_at),
                from => from.map(|from| from.to_string()),
                ..common
            },
            Content::PasswordChanged { at, from } => context! {
                forgot => link(&self.links.forgot(&message.realm), format),
                at => words::moment(*at),
                from => from.map(|from| from.to_string()),
                ..common
            },
            Content::EmailChanged { at } => context! { at => words::moment(*at), ..common },
        }
    }
}

/// Returns a notice's stable name, which is also its folder's.
pub(crate) fn notice(content: &Content) -> &'static str {
    match content {
        Content::ResetRequested { .. } => "reset_requested",
        Content::PasswordChanged { .. } => "password_changed",
        Content::EmailChanged { .. } => "email_changed",
    }
}

/// Returns the language to write in, by the first part of a BCP 47 tag.
fn language(locale: Option<&str>) -> &'static str {
    let wanted = locale.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or_default();
    LANGUAGES.iter().find(|known| known.eq_ignore_ascii_case(wanted)).copied().unwrap_or("en")
}

/// The engine would escape the slashes of a link too, which no reader of the source could copy.
fn link(url: &Url, format: Format) -> Value {
    match format {
        Format::Text => Value::from(url.as_str()),
        Format::Html => Value::from_safe_string(
            url.as_str()
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#x27;"),
        ),
    }
}

/// Joins the blank lines that absent paragraphs leave, and ends the text with one line end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn failed(template: &str, error: &minijinja::Error) -> RenderError {
    RenderError { template: template.to_owned(), kind: error.kind() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use password_domain::account::{AccountId, Realm};
    use password_domain::time::Timestamp;
    use password_domain::token::Token;

    use super::*;

    const AT: Timestamp = Timestamp::from_micros(1_795_321_800_000_000);

    fn renderer(contact: Option<&str>) -> Renderer {
        let links = Links::new(&Url::parse("https://id.example.org/account/").unwrap()).unwrap();
        Renderer::new(links, contact.map(str::to_owned)).unwrap()
    }

    fn message(realm: Realm, content: Content) -> Message {
        Message {
            id: "1".to_owned(),
            to: "ann@example.org".to_owned(),
            realm,
            login: "ann".to_owned(),
            first_name: "Ann".to_owned(),
            last_name: "O'Neill".to_owned(),
            locale: None,
            content,
        }
    }

    fn reset() -> Content {
        Content::ResetRequested {
            token: Token::new("22eac1c27af4be7b9d04da2ce1af111b"),
            user_key: AccountId::from(42),
            lifetime: Duration::from_secs(3600),
            requested_at: AT,
            from: Some([192, 0, 2, 7].into()),
        }
    }

    fn every_content() -> [Content; 3] {
        let changed = Content::PasswordChanged { at: AT, from: Some([192, 0, 2, 7].into()) };
        [reset(), changed, Content::EmailChanged { at: AT }]
    }

    #[test]
    fn every_notice_reads_as_it_should() {
        for content in every_content() {
            let name = notice(&content);
            let rendered =
                renderer(Some("help@example.org")).render(&message(Realm::member(), content)).unwrap();
            let whole = format!("{}\n\n{}\n{}", rendered.subject, rendered.text, rendered.html);
            insta::assert_snapshot!(name, whole);
        }
    }

    #[test]
    fn every_notice_can_do_without_what_may_be_unknown() {
        let unknown = [
            Content::PasswordChanged { at: AT, from: None },
            Content::EmailChanged { at: AT },
            match reset() {
                Content::ResetRequested { token, user_key, lifetime, requested_at, .. } => {
                    Content::ResetRequested { token, user_key, lifetime, requested_at, from: None }
                }
                other => other,
            },
        ];
        for content in unknown {
            let mut message = message(Realm::user(), content);
            (message.first_name, message.last_name) = (String::new(), String::new());
            let Rendered { text, .. } = renderer(None).render(&message).unwrap();
            assert!(text.starts_with("Hello,\n\n"), "{text}");
            assert!(!text.contains("\n\n\n") && text.ends_with(".\n"), "{text}");
            assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 100), "{text}");
        }
    }

    #[test]
    fn the_link_stands_alone_on_its_line() {
        for (realm, link) in [
            (
                Realm::user(),
                "https://id.example.org/account/reset/user?hash=22eac1c27af4be7b9d04da2ce1af111b",
            ),
            (
                Realm::member(),
                "https://id.example.org/account/reset/member?user=42&token=22eac1c27af4be7b9d04da2ce1af111b",
            ),
        ] {
            let Rendered { text, html, .. } = renderer(None).render(&message(realm, reset())).unwrap();
            assert_eq!(text.lines().filter(|line| *line == link).count(), 1, "{text}");
            assert_eq!(text.matches("https://").count(), 1, "{text}");
            assert!(html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))), "{html}");
        }
    }

    #[test]
    fn only_the_reset_mail_leads_to_a_reset() {
        for content in every_content() {
            let is_reset = notice(&content) == "reset_requested";
            let rendered = renderer(None).render(&message(Realm::user(), content)).unwrap();
            for part in [&rendered.text, &rendered.html] {
                assert_eq!(part.contains("/reset/"), is_reset, "{part}");
                assert_eq!(part.contains("22eac1c27af4be7b9d04da2ce1af111b"), is_reset, "{part}");
            }
        }
    }

    #[test]
    fn names_reach_neither_the_subject_nor_the_markup() {
        for content in every_content() {
            let plain = renderer(None).render(&message(Realm::user(), content.clone())).unwrap();
            for bad in [
                "<img src=x onerror=alert(1)>",
                "\"><script>alert(1)</script>",
                "{{ 7 * 7 }}",
                "{% raw %}",
                "\r\nBcc: eve@evil.example\r\n\r\n",
                "\n.\n",
                "\u{760a}\u{760d}",
                "\u{2028}x",
                "&amp;lt;",
                "http://evil.example/",
            ] {
                let mut message = message(Realm::user(), content.clone());
                (message.first_name, message.login) = (bad.to_owned(), bad.to_owned());
                message.locale = Some(bad.to_owned());
                let rendered = renderer(None).render(&message).unwrap();
                assert_eq!(rendered.subject, plain.subject);
                assert_eq!(rendered.text.lines().count(), plain.text.lines().count(), "{bad:?}");
                assert!(!rendered.text.contains("http://evil") && !rendered.text.contains("evil.example/"));
                assert!(!rendered.text.contains("49") && !rendered.text.contains("\n."));
                assert_eq!(rendered.html.matches('<').count(), plain.html.matches('<').count(), "{bad:?}");
            }
        }
    }

    #[test]
    fn there_is_nothing_to_load_and_nothing_to_track() {
        for content in every_content() {
            let html = renderer(None).render(&message(Realm::user(), content)).unwrap().html;
            for foreign in ["<img", "<link", "<script", "src=", "url(", "@import"] {
                assert!(!html.contains(foreign), "{foreign}");
            }
        }
    }

    #[test]
    fn every_language_has_every_text() {
        for language in LANGUAGES {
            for content in every_content() {
                for file in ["subject.txt", "body.txt", "body.html"] {
                    let name = format!("{language}/{}/{file}", notice(&content));
                    assert!(TEMPLATES.iter().any(|(known, _)| *known == name), "{name}");
                }
            }
        }
        for (tag, chosen) in
            [(None, "en"), (Some("en-GB"), "en"), (Some("EN_us"), "en"), (Some("../x"), "en")]
        {
            assert_eq!(language(tag), chosen);
        }
    }
}
