//! The sentences of a policy's rules.

use password_domain::policy::{ChecklistItem, Classes, Policy, Rule, Special, Violation};

use crate::{Locale, Value};

impl Locale {
    /// Returns the sentence that tells what a password violates, with the policy's own numbers.
    ///
    /// In English it is [`Violation::sentence`], word for word.
    #[must_use]
    pub fn rule_sentence(self, violation: &Violation) -> String {
        match violation {
            Violation::Similar => self.text("rule-similar", &[]),
            Violation::TooShort { minimum } => self.counted("rule-too-short", *minimum),
            Violation::Common => self.text("rule-common", &[]),
            Violation::Numeric => self.text("rule-numeric", &[]),
            Violation::Classes { needed } => self.listed("rule-classes", needed),
            Violation::TooLong { maximum } => self.counted("rule-too-long", *maximum),
            Violation::Unprintable => self.text("rule-unprintable", &[]),
            Violation::Blank => self.text("rule-blank", &[]),
            Violation::Reused => self.text("rule-reused", &[]),
            Violation::TooWeak => self.text("rule-too-weak", &[]),
            other => other.sentence(),
        }
    }

    /// Returns a policy's checklist; each line as [`Locale::checklist_sentence`] has it.
    #[must_use]
    pub fn checklist(self, policy: &Policy) -> Vec<ChecklistItem> {
        let mut items = policy.checklist();
        for item in &mut items {
            item.text = self.checklist_sentence(item, policy);
        }
        items
    }

    /// Returns one line of a policy's checklist, with the policy's own numbers.
    ///
    /// In English it is the item's own text, word for word.
    #[must_use]
    pub fn checklist_sentence(self, item: &ChecklistItem, policy: &Policy) -> String {
        let rule = policy.rules().iter().find_map(|rule| match (item.code, rule) {
            ("too_short", Rule::Length { min, .. }) => Some(self.counted("checklist-too-short", *min)),
            ("too_long", Rule::Length { max, .. }) => Some(self.counted("checklist-too-long", *max)),
            ("classes", Rule::Classes(classes)) => Some(self.listed("checklist-classes", classes)),
            ("reused", Rule::History { depth: 1 }) => Some(self.text("checklist-reused-current", &[])),
            ("reused", Rule::History { depth }) => Some(self.counted("checklist-reused", *depth)),
            _ => None,
        });
        rule.unwrap_or_else(|| match item.code {
            "similar" => self.text("checklist-similar", &[]),
            "common" => self.text("checklist-common", &[]),
            "numeric" => self.text("checklist-numeric", &[]),
            "unprintable" => self.text("checklist-unprintable", &[]),
            "too_weak" => self.text("checklist-too-weak", &[]),
            _ => item.text.clone(),
        })
    }

    fn counted(self, key: &str, count: usize) -> String {
        self.text(key, &[("count", Value::Number(i64::try_from(count).unwrap_or(i64::MAX)))])
    }

    fn listed(self, key: &str, classes: &Classes) -> String {
        self.text(key, &[("list", Value::Text(&self.class_list(classes)))])
    }

    /// Names the classes in one of two sets of words, as the domain does: two published APIs have one each.
    fn class_list(self, classes: &Classes) -> String {
        let panel = matches!(classes.special, Special::OneOf(_));
        let [uppercase, lowercase, digit, end] = if panel {
            ["class-uppercase", "class-lowercase", "class-digit", "list-end-comma"]
        } else {
            ["class-capital", "class-small", "class-number", "list-end"]
        };
        let mut names: Vec<String> =
            [(classes.uppercase, uppercase), (classes.lowercase, lowercase), (classes.digit, digit)]
                .into_iter()
                .filter(|(needed, _)| *needed)
                .map(|(_, key)| self.text(key, &[]))
                .collect();
        match &classes.special {
            Special::None => {}
            Special::NotAlphanumeric => names.push(self.text("class-special", &[])),
            Special::OneOf(set) => {
                // Has no letter that would tell its direction, and would run backwards in a right-to-left sentence.
                let set = match self.direction() {
                    "rtl" => format!("\u{2066}{set}\u{2069}"),
                    _ => set.clone(),
                };
                names.push(self.text("class-special-of", &[("set", Value::Text(&set))]));
            }
        }
        let join = |key: &str, next: &str, first: &str, second: &str| {
            self.text(key, &[("first", Value::Text(first)), (next, Value::Text(second))])
        };
        match names.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first, last] => join("list-pair", "last", first, last),
            [first, more @ .., last] => {
                let most =
                    more.iter().fold(first.clone(), |most, next| join("list-more", "next", &most, next));
                join(end, "last", &most, last)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use password_domain::policy::LengthCount;

    use super::*;

    fn policies() -> Vec<Policy> {
        let mut policies = vec![Policy::user(), Policy::dealer(), Policy::member()];
        for special in [Special::None, Special::NotAlphanumeric, Special::OneOf("#!".to_owned())] {
            for bits in 1..8 {
                let classes = Classes {
                    uppercase: bits & 1 != 0,
                    lowercase: bits & 2 != 0,
                    digit: bits & 4 != 0,
                    special: special.clone(),
                };
                policies.push(Policy::new(vec![Rule::Classes(classes)]).unwrap());
            }
        }
        for count in [1, 2, 5, 11, 21, 100] {
            policies.push(
                Policy::new(vec![
                    Rule::Similar { max_similarity: 0.7 },
                    Rule::Length { min: count, max: count, count: LengthCount::Input },
                    Rule::Common,
                    Rule::Numeric,
                    Rule::Printable,
                    Rule::History { depth: count },
                    Rule::Strength { min_score: 3 },
                ])
                .unwrap(),
            );
        }
        policies
    }

    #[test]
    fn english_is_what_the_domain_says() {
        for policy in policies() {
            for violation in policy.possible_violations() {
                assert_eq!(Locale::ENGLISH.rule_sentence(&violation), violation.sentence());
            }
            assert_eq!(Locale::ENGLISH.checklist(&policy), policy.checklist());
        }
    }

    #[test]
    fn every_sentence_is_translated() {
        for locale in Locale::ALL.into_iter().skip(1) {
            for policy in policies() {
                for violation in policy.possible_violations() {
                    assert_ne!(locale.rule_sentence(&violation), violation.sentence(), "{locale}");
                }
                for (translated, item) in locale.checklist(&policy).iter().zip(policy.checklist()) {
                    assert_eq!(translated.code, item.code);
                    assert_ne!(translated.text, item.text, "{locale}");
                }
            }
        }
    }

    #[test]
    fn lists_and_plurals_read_as_people_write_them() {
        let classes = Violation::Classes { needed: Classes::all(Special::NotAlphanumeric) };
        let short = |minimum| Violation::TooShort { minimum };
        for (tag, violation, sentence) in [
            (
                "de",
                &classes,
                "Ihr Passwort muss mindestens einen Großbuchstaben, einen Kleinbuchstaben, eine Ziffer und ein \
                 Sonderzeichen enthalten.",
            ),
            (
                "ru",
                &classes,
                "Пароль должен содержать хотя бы одну заглавную букву, одну строчную букву, одну цифру и один \
                 специальный символ.",
            ),
            ("ja", &classes, "パスワードには大文字、小文字、数字、記号を必ず1文字以上含めてください。"),
            ("ru", &short(8), "Пароль должен содержать не менее 8 символов."),
            ("ru", &short(21), "Пароль должен содержать не менее 21 символа."),
            ("ar", &short(2), "يجب ألا يقل طول كلمة المرور عن حرفين."),
            ("ar", &short(8), "يجب ألا يقل طول كلمة المرور عن \u{2068}8\u{2069} أحرف."),
            ("ar", &short(12), "يجب ألا يقل طول كلمة المرور عن \u{2068}12\u{2069} حرفًا."),
        ] {
            assert_eq!(Locale::for_tag(Some(tag)).rule_sentence(violation), sentence);
        }
    }
}
