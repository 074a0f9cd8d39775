//! Turns a message into subject, text and HTML. Knows nothing of headers or sending.

use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, context};
use password_domain::ports::{Content, Message};
use password_locales::{Locale, Value as Word};
use url::Url;

use crate::brand::{Colour, Contact};
use crate::link::Links;
use crate::wrap::wrap;
use crate::{clean, words};

/// Every template, compiled in.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.txt", include_str!("../templates/base.txt")),
    ("base.html", include_str!("../templates/base.html")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("reset_requested/body.txt", include_str!("../templates/reset_requested/body.txt")),
    ("reset_requested/body.html", include_str!("../templates/reset_requested/body.html")),
    ("password_changed/body.txt", include_str!("../templates/password_changed/body.txt")),
    ("password_changed/body.html", include_str!("../templates/password_changed/body.html")),
    ("email_changed/body.txt", include_str!("../templates/email_changed/body.txt")),
    ("email_changed/body.html", include_str!("../templates/email_changed/body.html")),
    ("too_many_attempts/body.txt", include_str!("../templates/too_many_attempts/body.txt")),
    ("too_many_attempts/body.html", include_str!("../templates/too_many_attempts/body.html")),
];

/// A template that does not compile or does not find what it names. Never tells a value.
#[derive(Debug, thiserror::Error)]
#[error("the template {template} can't be rendered: {kind}")]
pub(crate) struct RenderError {
    template: String,
    kind: ErrorKind,
}

/// What a mail says. Not printable: it may carry a token.
pub(crate) struct Rendered {
    /// One line, the same for everybody of one language.
    pub(crate) subject: String,
    /// Lines that end in `\n`; a link stands alone on its line.
    pub(crate) text: String,
    /// A whole HTML document.
    pub(crate) html: String,
}

/// How the service shows itself.
pub(crate) struct Look {
    /// What people call it; `None` for its host.
    pub(crate) name: Option<String>,
    /// The colour of buttons.
    pub(crate) colour: Colour,
    /// How readers reach the people behind it.
    pub(crate) contact: Option<Contact>,
}

/// Renders messages.
pub(crate) struct Renderer {
    environment: Environment<'static>,
    links: Links,
    look: Look,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Text,
    Html,
}

impl Renderer {
    /// Compiles the templates.
    pub(crate) fn new(links: Links, look: Look) -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Errors would otherwise carry the variables, and so the token.
        environment.set_debug(false);
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "txt")) => AutoEscape::None,
            _ => AutoEscape::Html,
        });
        environment.add_function("t", translate);
        environment.add_filter("wrap", |text: String| wrap(&text));
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).map_err(|error| failed(name, &error))?;
        }
        Ok(Self { environment, links, look })
    }

    /// Renders a message in its reader's language.
    pub(crate) fn render(&self, message: &Message) -> Result<Rendered, RenderError> {
        let locale = Locale::for_tag(message.locale.as_deref());
        let fill = |file: &str, format| {
            let name = format!("{}/{file}", notice(&message.content));
            self.environment
                .get_template(&name)
                .and_then(|template| template.render(self.context(message, locale, format)))
                .map_err(|error| failed(&name, &error))
        };
        Ok(Rendered {
            subject: subject(&message.content, locale),
            text: tidy(&fill("body.txt", Format::Text)?),
            html: fill("body.html", Format::Html)?,
        })
    }

    fn context(&self, message: &Message, locale: Locale, format: Format) -> Value {
        let common = context! {
            lang => locale.tag(),
            dir => locale.direction(),
            subject => subject(&message.content, locale),
            name => clean::name(&message.first_name, &message.last_name),
            login => clean::login(&message.login, &message.to),
            site => self.look.name.clone().unwrap_or_else(|| self.links.site()),
            contact => self.look.contact.as_ref().map(|contact| shown(contact, format)),
            help => match message.content {
                Content::ResetRequested { .. } | Content::TooManyAttempts { .. } => "mail-help-questions",
                Content::PasswordChanged { .. } | Content::EmailChanged { .. } => "mail-help-reach",
            },
            button_colour => self.look.colour.css(),
            button_text => self.look.colour.text(),
        };
        match &message.content {
            Content::ResetRequested { token, user_key, lifetime, requested_at, from } => context! {
                link => link(&self.links.reset(&message.realm, user_key, token), format),
                lifetime => words::lifetime(locale, *lifetime),
                at => words::moment(locale, *requested_at),
                from => from.map(|from| from.to_string()),
                ..common
            },
            Content::PasswordChanged { at, from } | Content::TooManyAttempts { at, from } => context! {
                forgot => link(&self.links.forgot(&message.realm), format),
                at => words::moment(locale, *at),
                from => from.map(|from| from.to_string()),
                ..common
            },
            Content::EmailChanged { at } => context! { at => words::moment(locale, *at), ..common },
        }
    }
}

/// Returns a notice's stable name, which is also its folder's.
pub(crate) fn notice(content: &Content) -> &'static str {
    match content {
        Content::ResetRequested { .. } => "reset_requested",
        Content::PasswordChanged { .. } => "password_changed",
        Content::EmailChanged { .. } => "email_changed",
        Content::TooManyAttempts { .. } => "too_many_attempts",
    }
}

/// Returns a notice's subject. It has no variables, so that no name can get there.
fn subject(content: &Content, locale: Locale) -> String {
    let key = match content {
        Content::ResetRequested { .. } => "mail-reset-subject",
        Content::PasswordChanged { .. } => "mail-changed-subject",
        Content::EmailChanged { .. } => "mail-email-subject",
        Content::TooManyAttempts { .. } => "mail-attempts-subject",
    };
    locale.text(key, &[])
}

/// The templates' `t("key", name=value, …)`: the text of a key in the mail's language.
///
/// In HTML each value is escaped and isolated, whatever direction it runs in; texts have no markup of their own.
fn translate(state: &State, key: &str, values: Kwargs) -> Result<Value, Error> {
    let html = matches!(state.auto_escape(), AutoEscape::Html);
    let lang = state.lookup("lang").unwrap_or_default();
    let locale = Locale::for_tag(lang.as_str());
    let names: Vec<&str> = values.args().collect();
    let mut texts = Vec::with_capacity(names.len());
    for name in names {
        let value: Value = values.get(name)?;
        let text = value.as_str().ok_or_else(|| Error::from(ErrorKind::UndefinedError))?;
        texts.push((
            name,
            match (html, value.is_safe()) {
                (false, _) | (true, true) => text.to_owned(),
                (true, false) => format!("<bdi>{}</bdi>", escape(text)),
            },
        ));
    }
    let words: Vec<_> = texts.iter().map(|(name, text)| (*name, Word::Text(text))).collect();
    let text = locale.text(key, &words);
    Ok(if html { Value::from_safe_string(text) } else { Value::from(text) })
}

/// The engine would escape the slashes of a link too, which no reader of the source could copy.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}

fn link(url: &Url, format: Format) -> Value {
    match format {
        Format::Text => Value::from(url.as_str()),
        Format::Html => Value::from_safe_string(escape(url.as_str())),
    }
}

/// Returns how to reach people: an address as a link.
fn shown(contact: &Contact, format: Format) -> Value {
    let text = &contact.text;
    match (format, &contact.href) {
        (Format::Html, Some(href)) => Value::from_safe_string(format!(
            "<a class=\"link\" href=\"{}\" style=\"color:#1d4ed8\"><bdi>{}</bdi></a>",
            escape(href),
            escape(text)
        )),
        _ => Value::from(text.as_str()),
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

fn failed(template: &str, error: &Error) -> RenderError {
    RenderError { template: template.to_owned(), kind: error.kind() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use password_domain::account::{AccountId, Realm};
    use password_domain::time::Timestamp;
    use password_domain::token::Token;

    use super::*;
    use crate::brand::Brand;

    const AT: Timestamp = Timestamp::from_micros(1_795_321_800_000_000);

    fn renderer(contact: Option<&str>) -> Renderer {
        let links = Links::new(&Url::parse("https://id.example.org/account/").unwrap()).unwrap();
        let contact = contact.map(|contact| Contact::parse(contact).unwrap());
        let look = Look { name: None, colour: Brand::default().colour().unwrap(), contact };
        Renderer::new(links, look).unwrap()
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

    fn every_content() -> [Content; 4] {
        let from = Some([192, 0, 2, 7].into());
        let changed = Content::PasswordChanged { at: AT, from };
        [reset(), changed, Content::EmailChanged { at: AT }, Content::TooManyAttempts { at: AT, from }]
    }

    #[test]
    fn every_notice_reads_as_it_should_in_every_language() {
        for locale in Locale::ALL {
            for content in every_content() {
                let name = format!("{}_{locale}", notice(&content));
                let mut message = message(Realm::member(), content);
                message.locale = Some(locale.to_string());
                let rendered = renderer(Some("mailto:help@example.org")).render(&message).unwrap();
                let whole = format!("{}\n\n{}\n{}", rendered.subject, rendered.text, rendered.html);
                assert!(!whole.contains("mail-") && !whole.contains("{{"), "a key is told: {whole}");
                insta::assert_snapshot!(name, whole);
            }
        }
    }

    #[test]
    fn the_language_and_its_direction_are_told() {
        for (tag, lang, dir) in [
            (None, "en", "ltr"),
            (Some("de-AT"), "de", "ltr"),
            (Some("ar-EG"), "ar", "rtl"),
            (Some("../x"), "en", "ltr"),
        ] {
            for content in every_content() {
                let mut message = message(Realm::user(), content);
                message.locale = tag.map(str::to_owned);
                let html = renderer(None).render(&message).unwrap().html;
                assert_eq!(html.matches(&format!("lang=\"{lang}\" dir=\"{dir}\"")).count(), 2, "{html}");
                let align = if dir == "rtl" { "text-align:right" } else { "text-align:left" };
                assert!(html.contains(align), "{html}");
            }
        }
    }

    #[test]
    fn a_value_is_kept_apart_from_the_sentence() {
        for locale in Locale::ALL {
            let mut message = message(Realm::user(), reset());
            message.locale = Some(locale.to_string());
            let rendered = renderer(None).render(&message).unwrap();
            assert!(rendered.html.contains("<bdi>ann</bdi>"));
            assert!(rendered.html.contains("<bdi>192.0.2.7</bdi>"));
            assert_eq!(rendered.text.contains("\u{2068}ann\u{2069}"), locale.direction() == "rtl");
        }
    }

    #[test]
    fn a_brand_is_shown_and_can_not_become_markup() {
        let links = Links::new(&Url::parse("https://id.example.org").unwrap()).unwrap();
        let brand = Brand { name: Some("A & B <b>".to_owned()), colour: Some("#FACC15".to_owned()) };
        let look = Look {
            name: brand.name().unwrap(),
            colour: brand.colour().unwrap(),
            contact: Some(Contact::parse("mailto:help@example.org").unwrap()),
        };
        let rendered = Renderer::new(links, look).unwrap().render(&message(Realm::user(), reset())).unwrap();
        assert!(rendered.text.contains("your account at A & B <b>"), "{}", rendered.text);
        assert!(rendered.html.contains("A &amp; B &lt;b&gt;") && !rendered.html.contains("<b>"));
        assert!(rendered.html.contains("background:#facc15;color:#000000"), "{}", rendered.html);
        assert!(rendered.html.contains("href=\"mailto:help@example.org\""), "{}", rendered.html);
        assert!(rendered.text.ends_with("Questions? help@example.org\n"), "{}", rendered.text);
    }

    #[test]
    fn dark_mode_is_asked_for_and_answered() {
        for content in every_content() {
            let html = renderer(None).render(&message(Realm::user(), content)).unwrap().html;
            assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
            assert!(html.contains("@media (prefers-color-scheme: dark)"));
        }
    }

    #[test]
    fn every_notice_can_do_without_what_may_be_unknown() {
        let unknown = [
            Content::PasswordChanged { at: AT, from: None },
            Content::EmailChanged { at: AT },
            Content::TooManyAttempts { at: AT, from: None },
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
            for locale in Locale::ALL {
                let mut message = message(realm.clone(), reset());
                message.locale = Some(locale.to_string());
                let Rendered { text, html, .. } = renderer(None).render(&message).unwrap();
                assert_eq!(text.lines().filter(|line| *line == link).count(), 1, "{text}");
                assert_eq!(text.matches("https://").count(), 1, "{text}");
                let link = link.replace('&', "&amp;");
                assert_eq!(
                    html.matches(&format!("href=\"{link}\"")).count(),
                    2,
                    "a button and a text: {html}"
                );
                assert!(html.contains(&format!(">{link}</a>")), "{html}");
            }
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
                // A name that is left out takes its isolation with it.
                let marks = |html: &str| html.replace("<bdi>", "").replace("</bdi>", "").matches('<').count();
                assert_eq!(marks(&rendered.html), marks(&plain.html), "{bad:?}");
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
}
