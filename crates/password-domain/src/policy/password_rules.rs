//! The policy as a `passwordrules` attribute, for password managers.

use super::{Classes, MAX_LENGTH, Policy, Rule, Special};

/// What a password manager draws from where any special character will do; every site accepts these.
const USUAL_SPECIALS: &str = "!@#$%^&*";

impl Policy {
    /// Returns the text of an HTML `passwordrules` attribute under which password managers generate passwords that this
    /// policy accepts.
    ///
    /// The text has characters that HTML gives a meaning, `&` first of all: escape it where it goes into a page. One
    /// `required` with several classes means any of them, so there is one `required` for each class.
    #[must_use]
    pub fn password_rules(&self) -> String {
        let mut length = (1, MAX_LENGTH);
        let mut classes = Classes::default();
        for rule in self.rules() {
            match rule {
                Rule::Length { min, max, .. } => length = (*min, *max),
                Rule::Classes(needed) => classes = needed.clone(),
                _ => {}
            }
        }
        let mut parts = vec![format!("minlength: {};", length.0)];
        if length.1 < MAX_LENGTH {
            parts.push(format!("maxlength: {};", length.1));
        }
        let named = [(classes.lowercase, "lower"), (classes.uppercase, "upper"), (classes.digit, "digit")];
        parts
            .extend(named.iter().filter(|(wanted, _)| *wanted).map(|(_, name)| format!("required: {name};")));
        match &classes.special {
            Special::None => {}
            Special::NotAlphanumeric => parts.push(format!("required: {};", custom_class(USUAL_SPECIALS))),
            Special::OneOf(set) => parts.push(format!("required: {};", custom_class(set))),
        }
        // With `required` alone only the required classes are drawn from, which is too few unless there are all four.
        let all_four = named.iter().all(|(wanted, _)| *wanted) && classes.special != Special::None;
        if !all_four {
            parts.push("allowed: ascii-printable;".to_owned());
        }
        parts.join(" ")
    }
}

/// Writes a custom class; `-` has to stand first in it and `]` last.
fn custom_class(set: &str) -> String {
    let dash = if set.contains('-') { "-" } else { "" };
    let bracket = if set.contains(']') { "]" } else { "" };
    let rest: String = set.chars().filter(|c| !matches!(c, '-' | ']')).collect();
    format!("[{dash}{rest}{bracket}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_policies_have_their_published_texts() {
        assert_eq!(Policy::user().password_rules(), "minlength: 6; maxlength: 20; allowed: ascii-printable;");
        assert_eq!(
            Policy::member().password_rules(),
            "minlength: 8; required: lower; required: upper; required: digit; required: [!@#$%^&*];"
        );
        assert_eq!(
            Policy::dealer().password_rules(),
            "minlength: 12; maxlength: 20; required: lower; required: upper; required: digit; required: [!@#$%^&*];"
        );
    }

    #[test]
    fn a_dash_stands_first_and_a_bracket_last() {
        let special = Special::OneOf("]a-".replace('a', "!"));
        let policy = Policy::new(vec![Rule::Classes(Classes { special, ..Classes::default() })]).unwrap();
        assert_eq!(policy.password_rules(), "minlength: 1; required: [-!]]; allowed: ascii-printable;");
    }
}
