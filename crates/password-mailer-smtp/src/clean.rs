//! What people typed, made fit for a mail: one line, short, and nothing that a mail reader turns into a link.
//!
//! Whoever can choose a name could otherwise make this service send their own text, with a link in it, to anybody.

/// The most characters of a name or login in a mail; the rest becomes three dots.
const MAX_CHARACTERS: usize = 64;

/// Top-level domains of more than two letters that mail readers are known to recognise without a scheme.
const COMMON_DOMAINS: &[&str] = &[
    "app", "asia", "biz", "blog", "cat", "click", "cloud", "club", "com", "dev", "digital", "edu", "email",
    "fun", "gov", "help", "host", "icu", "info", "int", "jobs", "link", "live", "lol", "mil", "mobi", "mov",
    "museum", "name", "net", "network", "news", "one", "online", "org", "page", "pro", "shop", "site",
    "space", "store", "support", "tech", "tel", "top", "travel", "vip", "website", "work", "world", "xxx",
    "xyz", "zip",
];

/// Returns the name to greet somebody with; `None` where there is none, or where it looks like a link.
pub(crate) fn name(first: &str, last: &str) -> Option<String> {
    let name = one_line(&format!("{first} {last}"));
    if name.is_empty() || looks_like_a_link(&name) { None } else { Some(shorten(&name)) }
}

/// Returns a login as a mail can show it: as it is where it can't become a link, else with its dots and colons in
/// brackets. The reader's own address stays as it is.
pub(crate) fn login(login: &str, own_address: &str) -> String {
    let login = one_line(login);
    let harmless =
        is_address(&login) || login == own_address || !(has_scheme_or_path(&login) || is_host(&login));
    let login = shorten(&login);
    if harmless { login } else { disarm(&login) }
}

/// An address becomes a `mailto:` at most.
fn is_address(login: &str) -> bool {
    login.matches('@').count() == 1
        && login.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | '+' | '-'))
}

/// Removes controls, line ends and marks that change the direction of writing, and joins blanks.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
        .filter(|c| !is_invisible(*c))
        .collect();
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Joiners stay: some scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= MAX_CHARACTERS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MAX_CHARACTERS - 3).collect();
    format!("{}...", kept.trim_end())
}

/// The dots that browsers take for one in a host name (UTS 46), and the plain one.
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{2024}')
}

/// A name has no need of slashes, colons, at signs or dots within a word; `John B. Smith, Jr.` has none of these.
fn looks_like_a_link(name: &str) -> bool {
    let mut before = ' ';
    let dotted = name.chars().any(|c| {
        let hit = is_dot(before) && c.is_alphanumeric();
        before = c;
        hit
    });
    dotted || has_scheme_or_path(name) || name.contains('@')
}

fn has_scheme_or_path(text: &str) -> bool {
    let lower = text.to_lowercase();
    let www = lower.match_indices("www").any(|(at, _)| lower[at + 3..].chars().next().is_some_and(is_dot));
    www || text.contains(['/', '\\', ':', '\u{ff0f}', '\u{ff1a}', '\u{2044}', '\u{2215}', '<', '>'])
}

/// Whether some word of the text ends like a host name that a reader would recognise by itself.
fn is_host(text: &str) -> bool {
    text.split(' ').any(|word| {
        let labels: Vec<&str> =
            word.split(is_dot).map(|l| l.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        labels.iter().skip(1).any(|label| {
            let letters = label.chars().count();
            letters == 2 && label.chars().all(char::is_alphabetic)
                || letters > 1 && !label.is_ascii()
                || COMMON_DOMAINS.contains(&label.to_ascii_lowercase().as_str())
                || label.to_ascii_lowercase().starts_with("xn--")
        })
    })
}

fn disarm(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if is_dot(c) => out.push_str("[.]"),
            ':' | '\u{ff1a}' => out.push_str("[:]"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_as_it_is() {
        assert_eq!(name("John B.", "Smith, Jr.").as_deref(), Some("John B. Smith, Jr."));
        assert_eq!(
            name("Zo\u{eb}", "O'Brien-\u{141}ukasz").as_deref(),
            Some("Zo\u{eb} O'Brien-\u{141}ukasz")
        );
        assert_eq!(name("", ""), None);
        assert_eq!(name(" ", "\u{200b}"), None);
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(name("A\r\n\r\nClick", "\0\u{2028}here").as_deref(), Some("A Click here"));
        assert_eq!(name("\u{202e}abc", "\u{2066}d").as_deref(), Some("abc d"));
        let long = name(&"n".repeat(300), "").unwrap();
        assert_eq!(long.chars().count(), MAX_CHARACTERS);
        assert!(long.ends_with("..."));
    }

    #[test]
    fn a_name_that_could_become_a_link_is_left_out() {
        for bad in [
            "http://evil.example",
            "hxxp:evil",
            "evil.example",
            "go to evil.com now",
            "www.evil",
            "WWW\u{3002}evil",
            "evil\u{ff0e}com",
            "evil.\u{200b}com",
            "a@b.de",
            "a/b",
            "a\\b",
            "<a href=x>",
            "mailto:x",
        ] {
            assert_eq!(name(bad, ""), None, "{bad:?}");
            assert_eq!(name("Ann", bad), None, "{bad:?}");
        }
        assert_eq!(name("evil.", "com").as_deref(), Some("evil. com"), "a blank between them makes no link");
    }

    #[test]
    fn an_ordinary_login_is_told_as_it_is() {
        for good in [
            "john",
            "john.doe",
            "john_doe-1",
            "j.r.r.tolkien",
            "alice@example.org",
            "\u{436}\u{435}\u{43d}\u{44f}",
        ] {
            assert_eq!(login(good, "me@example.org"), good);
        }
        assert_eq!(login("own.name@example.org", "own.name@example.org"), "own.name@example.org");
    }

    #[test]
    fn a_login_that_could_become_a_link_is_disarmed() {
        for (bad, shown) in [
            ("http://evil.example/x", "http[:]//evil[.]example/x"),
            ("evil.com", "evil[.]com"),
            ("see evil.de, now", "see evil[.]de, now"),
            ("evil.com.john", "evil[.]com[.]john"),
            ("www.evil", "www[.]evil"),
            ("evil\u{3002}com", "evil[.]com"),
            ("a.xn--p1ai", "a[.]xn--p1ai"),
            ("evil.com x@y.de", "evil[.]com x@y[.]de"),
            ("http://a@evil.com", "http[:]//a@evil[.]com"),
            ("x\r\ny", "x y"),
        ] {
            assert_eq!(login(bad, "me@example.org"), shown);
        }
    }
}
