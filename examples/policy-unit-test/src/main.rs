//! Policies alone: data in, violations out. No runtime, no database, no mail, no server.
//!
//! A policy decides what a good password is, and nothing else decides it: the API, the pages, the command line and this
//! little program ask the same value. Run it with `cargo run -p example-policy-unit-test`; the tests below are plain
//! synchronous unit tests, which is how a policy of your own is best tested.

use password_domain::policy::{Attributes, CommonList, Facts, PolicyOverlay};

/// What an operator writes into the configuration: the built-in policy `member`, a bit stricter.
const STAFF: &str = r#"
base     = "member"
length   = { min = 12 }
strength = { min_score = 3 }
"#;

/// The password to check. (A real program would not have one in its source.)
const PASSWORD: &str = "Beatrice1";

#[allow(clippy::print_stdout, reason = "a program for people to look at")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = toml::from_str::<PolicyOverlay>(STAFF)?.policy("staff")?;
    // What the rules may know of the world is handed in.
    let beatrice = Attributes { login: "beatrice".into(), ..Attributes::none() };
    let common = CommonList::from_lines(["password1", "qwerty123"]);
    let facts = Facts::new(&beatrice, &common);

    println!("The policy asks for:");
    for item in policy.checklist() {
        println!("  [{}] {}", item.code, item.text);
    }
    println!("A password manager reads: {}", policy.password_rules());
    println!("{PASSWORD:?} violates:");
    for violation in policy.check(PASSWORD, &facts) {
        println!("  [{}] {}", violation.code(), violation.sentence());
    }
    assert!(policy.check("a Zebra plays 9 violins", &facts).is_empty());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use password_domain::policy::{CommonPasswords, Policy, Rule};

    fn codes(policy: &Policy, password: &str, facts: &Facts<'_>) -> Vec<&'static str> {
        policy.check(password, facts).iter().map(|violation| violation.code()).collect()
    }

    #[test]
    fn a_built_in_policy_names_everything_that_is_wrong_at_once() {
        let nobody = Facts::none();
        assert_eq!(codes(&Policy::member(), "1234567", &nobody), ["too_short", "numeric", "classes"]);
        assert_eq!(codes(&Policy::user(), "Seven77", &nobody), [""; 0]);
    }

    #[test]
    fn whether_the_history_knows_a_password_is_a_fact_like_any_other() {
        let fresh = Facts::none();
        assert_eq!(codes(&Policy::dealer(), "Correct-Horse-7!", &fresh), [""; 0]);
        assert_eq!(codes(&Policy::dealer(), "Correct-Horse-7!", &fresh.with_reused(true)), ["reused"]);
    }

    #[test]
    fn the_same_policy_is_read_from_toml_and_json_and_written_in_code()
    -> Result<(), Box<dyn std::error::Error>> {
        let from_toml: Policy = toml::from_str(
            r#"rules = [{ rule = "length", min = 16, max = 64 }, { rule = "history", depth = 5 }]"#,
        )?;
        let from_json: Policy = serde_json::from_str(
            r#"{"rules":[{"rule":"length","min":16,"max":64},{"rule":"history","depth":5}]}"#,
        )?;
        let in_code = Policy::new(vec![Rule::length(16, 64), Rule::History { depth: 5 }])?;
        assert_eq!(from_toml, in_code);
        assert_eq!(from_json, in_code);
        Ok(())
    }

    #[test]
    fn an_overlay_changes_what_it_names_and_keeps_the_rest() -> Result<(), Box<dyn std::error::Error>> {
        let staff = toml::from_str::<PolicyOverlay>(STAFF)?.policy("staff")?;
        assert_eq!(codes(&staff, "Short-But-9", &Facts::none()), ["too_short"], "12 instead of 8");
        assert_eq!(codes(&staff, "nocapital-nor-digit", &Facts::none()), ["classes"], "as in `member`");
        assert_eq!(codes(&staff, "Password1234!", &Facts::none()), ["too_weak"], "added");
        Ok(())
    }

    #[test]
    fn nonsense_is_refused_when_the_policy_is_read() {
        assert!(toml::from_str::<Policy>(r#"rules = [{ rule = "length", min = 20, max = 10 }]"#).is_err());
        assert!(toml::from_str::<PolicyOverlay>("lenght = { min = 8 }").is_err(), "an unknown key");
    }

    /// Anything that can tell whether it knows a password is a list: a file, a Bloom filter, a rule.
    struct OurProducts;

    impl CommonPasswords for OurProducts {
        fn contains(&self, folded: &str) -> bool {
            folded.contains("acme")
        }
    }

    #[test]
    fn a_list_of_ones_own_is_asked_like_any_other() {
        let nobody = Attributes::none();
        let facts = Facts::new(&nobody, &OurProducts);
        assert_eq!(
            codes(&Policy::member(), "I-love-ACME-42", &facts),
            ["common"],
            "folded before it is asked"
        );
        assert_eq!(codes(&Policy::member(), "I-love-cats-42!", &facts), [""; 0]);
    }
}
