//! A policy as a list that fills while somebody types.

use password_domain::policy::{LengthCount, MAX_LENGTH, Policy, Rule, Violation};
use password_locales::Locale;
use serde::Serialize;

/// One line of the list.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// The code of the violation that it prevents.
    code: &'static str,
    /// What to do.
    text: String,
    /// `met` or `open` of a password that was submitted, else empty.
    state: &'static str,
    /// Whether it is shown only where it is violated.
    rare: bool,
    /// What the script decides it by, as `data-` attributes.
    data: Vec<(&'static str, String)>,
}

/// Returns a policy's lines. `refused` has the codes of what was wrong with a submitted password.
pub(super) fn lines(policy: &Policy, locale: Locale, refused: Option<&[&'static str]>) -> Vec<Line> {
    let state = |code| match refused {
        None => "",
        Some(codes) if codes.contains(&code) => "open",
        // The history is asked last, and only where nothing else is wrong.
        Some(_) if code == "reused" => "",
        Some(_) => "met",
    };
    let mut lines: Vec<Line> = locale
        .checklist(policy)
        .into_iter()
        .map(|item| Line {
            code: item.code,
            text: item.text,
            state: state(item.code),
            rare: false,
            data: data(policy, item.code),
        })
        .collect();
    for violation in policy.possible_violations() {
        let code = violation.code();
        let is_rare =
            matches!(violation, Violation::TooLong { .. } | Violation::Unprintable | Violation::Blank);
        if is_rare && lines.iter().all(|line| line.code != code) {
            lines.push(Line {
                code,
                text: locale.rule_sentence(&violation),
                state: state(code),
                rare: true,
                data: data(policy, code),
            });
        }
    }
    lines
}

fn data(policy: &Policy, code: &str) -> Vec<(&'static str, String)> {
    let length = policy.rules().iter().find_map(|rule| match rule {
        Rule::Length { min, max, count } => Some((*min, *max, *count)),
        _ => None,
    });
    match code {
        "too_short" => length.map_or_else(Vec::new, |(min, _, count)| {
            let count = if count == LengthCount::Nfc { "nfc" } else { "input" };
            vec![("min", min.to_string()), ("count", count.to_owned())]
        }),
        "too_long" => vec![("max", length.map_or(MAX_LENGTH, |(_, max, _)| max).to_string())],
        "classes" => policy.rules().iter().find_map(classes).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn classes(rule: &Rule) -> Option<Vec<(&'static str, String)>> {
    let Rule::Classes(classes) = rule else { return None };
    let names = [("upper", classes.uppercase), ("lower", classes.lowercase), ("digit", classes.digit)];
    let names: Vec<&str> = names.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name).collect();
    let special = serde_json::to_value(&classes.special).ok()?;
    Some(vec![("classes", names.join(" ")), ("special", special.as_str()?.to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(policy: &Policy, refused: Option<&[&'static str]>) -> Vec<(&'static str, &'static str)> {
        let lines = lines(policy, Locale::ENGLISH, refused);
        lines.into_iter().filter(|line| !line.rare).map(|line| (line.code, line.state)).collect()
    }

    #[test]
    fn a_line_tells_what_the_submitted_password_had() {
        let dealer = Policy::dealer();
        let state = |refused| states(&dealer, refused);
        assert_eq!(state(None), [("too_short", ""), ("classes", ""), ("too_long", ""), ("reused", "")]);
        assert_eq!(
            state(Some(&["too_short"])),
            [("too_short", "open"), ("classes", "met"), ("too_long", "met"), ("reused", "")]
        );
        assert_eq!(
            state(Some(&["reused"])),
            [("too_short", "met"), ("classes", "met"), ("too_long", "met"), ("reused", "open")]
        );
    }

    #[test]
    fn the_script_gets_the_policy_s_own_numbers() {
        let lines = lines(&Policy::dealer(), Locale::ENGLISH, None);
        let data = |code| &lines.iter().find(|line| line.code == code).unwrap().data;
        assert_eq!(data("too_short")[..], [("min", "12".to_owned()), ("count", "nfc".to_owned())]);
        assert_eq!(data("too_long")[..], [("max", "20".to_owned())]);
        assert_eq!(
            data("classes")[..],
            [("classes", "upper lower digit".to_owned()), ("special", "!@#$%^&*".to_owned())]
        );
    }

    #[test]
    fn what_hardly_ever_matters_is_there_and_rare() {
        let lines = lines(&Policy::member(), Locale::ENGLISH, None);
        let rare: Vec<_> = lines.iter().filter(|line| line.rare).map(|line| line.code).collect();
        assert_eq!(rare, ["too_long", "unprintable", "blank"]);
    }
}
