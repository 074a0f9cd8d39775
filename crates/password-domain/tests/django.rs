//! The `member` policy's rules decide like Django's validators, on vectors that Django itself decided.
//!
//! `tests/vectors/django/generate.py` in the workspace wrote the vectors and says how to write them again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use password_domain::policy::{Attributes, CommonList, Facts, Policy, Rule, Violation};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    common: Vec<String>,
    cases: Vec<Case>,
}

/// Password, login, first name, last name, e-mail, verdicts.
#[derive(Deserialize)]
struct Case(String, String, String, String, String, String);

fn verdicts(violations: &[Violation]) -> String {
    violations
        .iter()
        .filter_map(|violation| match violation {
            Violation::Similar => Some('s'),
            Violation::TooShort { .. } => Some('t'),
            Violation::Common => Some('c'),
            Violation::Numeric => Some('n'),
            _ => None,
        })
        .collect()
}

#[test]
fn the_member_policy_decides_like_django() {
    let vectors: Vectors = serde_json::from_str(include_str!("django_vectors.json")).unwrap();
    assert!(vectors.cases.len() > 1000);
    let common = CommonList::from_lines(&vectors.common);
    let policy = Policy::member();
    let mut differences = Vec::new();
    for Case(password, login, first_name, last_name, email, expected) in vectors.cases {
        let attributes = Attributes { login, first_name, last_name, email };
        let found = verdicts(&policy.check(&password, &Facts::new(&attributes, &common)));
        if found != expected {
            let values: Vec<_> = attributes.iter().collect();
            differences.push(format!("{password:?} {values:?}: {found:?}, Django says {expected:?}"));
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn the_vectors_have_every_verdict() {
    let vectors: Vectors = serde_json::from_str(include_str!("django_vectors.json")).unwrap();
    for letter in "stcn".chars() {
        let with = vectors.cases.iter().filter(|case| case.5.contains(letter)).count();
        assert!(with > 50 && with < vectors.cases.len() - 50, "{letter}: {with}");
    }
    assert_eq!(Policy::member().rules().len(), 5, "a new rule of the policy wants vectors too");
    assert!(Policy::member().rules().contains(&Rule::Numeric));
}
