use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn codes(policy: &Policy, password: &str) -> Vec<&'static str> {
    codes_with(policy, password, &Facts::none())
}

fn codes_with(policy: &Policy, password: &str, facts: &Facts<'_>) -> Vec<&'static str> {
    policy.check(password, facts).iter().map(Violation::code).collect()
}

#[rstest]
#[case("abcdef", &[])]
#[case("12345678901234567890", &[])]
#[case("abcde", &["too_short"])]
#[case("123456789012345678901", &["too_long"])]
#[case("", &["too_short"])]
#[case("      ", &["blank"])]
#[case("  ", &["too_short", "blank"])]
#[case("\u{a0}\u{2003}\u{3000}\u{2003}\u{2003}\u{2003}", &["blank"])]
#[case("pass word", &[])]
#[case(" abcd ", &[])]
#[case("a\0bcdef", &["unprintable"])]
#[case("abc\tdef", &["unprintable"])]
#[case("abcdef\u{7f}", &["unprintable"])]
#[case("abcdef\u{85}", &["unprintable"])]
#[case("abcdef\u{2028}", &["unprintable"])]
#[case("abcdef\u{2029}", &["unprintable"])]
#[case("abcdef\u{e000}", &["unprintable"])]
#[case("abcdef\u{378}", &["unprintable"])]
#[case("abcdef\u{ffff}", &["unprintable"])]
#[case("\n\n\n\n\n\n", &["unprintable", "blank"])]
#[case("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{fe0f}", &[])]
#[case("\u{202e}abcde", &[])]
#[case("😀😀😀😀😀😀", &[])]
#[case("😀😀😀😀😀", &["too_short"])]
#[case("e\u{301}e\u{301}e\u{301}", &["too_short"])]
#[case("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", &[])]
#[case("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}x", &["too_long"])]
#[case("пароль", &[])]
fn the_user_policy(#[case] password: &str, #[case] expected: &[&str]) {
    assert_eq!(codes(&Policy::user(), password), expected);
}

#[rstest]
#[case("Abcdefghij1!", &[])]
#[case("Abcdefghij12345678!!", &[])]
#[case("Abcdefghij12345678!!!", &["too_long"])]
#[case("Abcdefghi1!", &["too_short"])]
#[case("abcdefghij1!", &["classes"])]
#[case("ABCDEFGHIJ1!", &["classes"])]
#[case("Abcdefghijk!", &["classes"])]
#[case("Abcdefghijk1", &["classes"])]
#[case("Abcdefghij1?", &["classes"])]
#[case("Abcdefghij1?!", &[])]
#[case("Жбвгдежзийк٣&", &[])]
#[case("Abcdefghij²!", &["classes"])]
#[case("abc", &["too_short", "classes"])]
#[case("A1!e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", &["too_short"])]
#[case("A1!xe\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", &[])]
#[case("Abcdefghij1!\u{e000}\u{2028}", &[])]
#[case("Abcdefghij1!\u{1}", &["unprintable"])]
#[case("", &["too_short", "classes"])]
fn the_dealer_policy(#[case] password: &str, #[case] expected: &[&str]) {
    assert_eq!(codes(&Policy::dealer(), password), expected);
}

#[rstest]
#[case("Abcdef1!", &[])]
#[case("Abcde1!", &["too_short"])]
#[case("Abcdef1 ", &[])]
#[case("Abcdef1_", &[])]
#[case("Abcdef1😀", &[])]
#[case("Abcdef1\u{301}", &[])]
#[case("Abcdef12", &["classes"])]
#[case("Abcdef1²", &["classes"])]
#[case("Abcdef1中", &["classes"])]
#[case("12345678", &["numeric", "classes"])]
#[case("1234567", &["too_short", "numeric", "classes"])]
#[case("٠١٢٣٤٥٦٧", &["numeric", "classes"])]
#[case("①②③④⑤⑥⑦⑧", &["numeric", "classes"])]
#[case("½½½½½½½½", &["classes"])]
#[case("Ab1\u{301}\u{301}\u{301}\u{301}\u{301}", &[])]
#[case("Abcdef1!\u{2029}", &[])]
#[case("Abcdef1!\0", &["unprintable"])]
#[case("        ", &["classes", "blank"])]
#[case("", &["too_short", "classes"])]
fn the_member_policy(#[case] password: &str, #[case] expected: &[&str]) {
    assert_eq!(codes(&Policy::member(), password), expected);
}

#[test]
fn no_policy_allows_more_than_128_characters() {
    let filler = "😀".repeat(124);
    for policy in [Policy::member(), Policy::new(vec![]).unwrap(), Policy::new(vec![Rule::Numeric]).unwrap()]
    {
        assert!(codes(&policy, &format!("Aa1!{filler}")).is_empty());
        assert_eq!(
            policy.check(&format!("Aa1!{filler}x"), &Facts::none()),
            [Violation::TooLong { maximum: 128 }]
        );
    }
}

#[test]
fn a_policy_without_rules_still_has_a_floor() {
    let policy = Policy::new(vec![]).unwrap();
    for (password, expected) in [
        ("x", &[][..]),
        ("", &["too_short"]),
        (" ", &["blank"]),
        ("x\0", &["unprintable"]),
        ("\u{e000}", &[]),
    ] {
        assert_eq!(codes(&policy, password), expected, "{password:?}");
    }
}

#[test]
fn the_minimum_counts_the_composed_form_only_where_the_rule_says_so() {
    let decomposed = "e\u{301}".repeat(3);
    let rule = |count| Policy::new(vec![Rule::Length { min: 4, max: 5, count }]).unwrap();
    assert_eq!(codes(&rule(LengthCount::Input), &decomposed), ["too_long"]);
    assert_eq!(codes(&rule(LengthCount::Nfc), &decomposed), ["too_short", "too_long"]);
}

#[test]
fn every_violation_at_once_stands_in_the_order_of_the_contract() {
    let policy = Policy::new(vec![
        Rule::Strength { min_score: 4 },
        Rule::History { depth: 1 },
        Rule::Printable,
        Rule::Classes(Classes::all(Special::NotAlphanumeric)),
        Rule::Numeric,
        Rule::Common,
        Rule::length(8, 9),
        Rule::Similar { max_similarity: 0.7 },
    ])
    .unwrap();
    let attributes = Attributes { login: "1111".into(), ..Attributes::none() };
    let common = CommonList::from_lines(["1111"]);
    let facts = Facts::new(&attributes, &common).with_reused(true);
    assert_eq!(
        codes_with(&policy, "1111", &facts),
        ["similar", "too_short", "common", "numeric", "classes", "reused", "too_weak"]
    );
    assert_eq!(
        codes_with(&policy, &"\u{2028}".repeat(10), &facts),
        ["classes", "too_long", "unprintable", "blank", "reused", "too_weak"]
    );
    let all: Vec<_> = policy.possible_violations().iter().map(Violation::code).collect();
    assert_eq!(
        all,
        [
            "similar",
            "too_short",
            "common",
            "numeric",
            "classes",
            "too_long",
            "unprintable",
            "blank",
            "reused",
            "too_weak"
        ]
    );
}

#[test]
fn the_sentences_are_those_of_the_contract() {
    let sentences = |policy: Policy| -> Vec<String> {
        policy.possible_violations().iter().map(Violation::sentence).collect()
    };
    assert_eq!(
        sentences(Policy::member()),
        [
            "Your password can't be too similar to your other personal information.",
            "Your password must contain at least 8 characters.",
            "Your password can't be a commonly used password.",
            "Your password can't be entirely numeric.",
            "Your password must contain at least one capital letter, small letter, number and special character.",
            "Your password must contain at most 128 characters.",
            "Your password contains characters that can't be used.",
            "Your password can't be blank.",
        ]
    );
    assert_eq!(
        sentences(Policy::dealer()),
        [
            "Your password must contain at least 12 characters.",
            "Your password must contain at least one uppercase letter, lowercase letter, digit, and special character (!@#$%^&*).",
            "Your password must contain at most 20 characters.",
            "Your password contains characters that can't be used.",
            "Your password can't be blank.",
            "Your password was recently used.",
        ]
    );
    assert_eq!(Violation::TooWeak.sentence(), "Your password is too easy to guess.");
    assert_eq!(
        Violation::TooShort { minimum: 1 }.sentence(),
        "Your password must contain at least 1 character."
    );
}

#[test]
fn only_the_classes_that_are_needed_are_named() {
    let sentence = |uppercase, digit, special| {
        Violation::Classes { needed: Classes { uppercase, lowercase: false, digit, special } }.sentence()
    };
    assert_eq!(
        sentence(true, false, Special::None),
        "Your password must contain at least one capital letter."
    );
    assert_eq!(
        sentence(true, true, Special::None),
        "Your password must contain at least one capital letter and number."
    );
    assert_eq!(
        sentence(false, true, Special::OneOf("-".into())),
        "Your password must contain at least one digit and special character (-)."
    );
}

#[test]
fn the_checklist_says_what_to_do() {
    let lines = |policy: Policy| -> Vec<(&'static str, String)> {
        policy.checklist().into_iter().map(|item| (item.code, item.text)).collect()
    };
    let line = |code, text: &str| (code, text.to_owned());
    assert_eq!(
        lines(Policy::user()),
        [
            line("too_short", "At least 6 characters"),
            line("too_long", "At most 20 characters"),
            line("unprintable", "Printable characters only"),
        ]
    );
    assert_eq!(
        lines(Policy::dealer()),
        [
            line("too_short", "At least 12 characters"),
            line(
                "classes",
                "At least one uppercase letter, lowercase letter, digit, and special character (!@#$%^&*)"
            ),
            line("too_long", "At most 20 characters"),
            line("reused", "None of your last 10 passwords"),
        ]
    );
    assert_eq!(
        lines(Policy::member()),
        [
            line("similar", "Not too similar to your other personal information"),
            line("too_short", "At least 8 characters"),
            line("common", "Not a commonly used password"),
            line("numeric", "Not entirely numeric"),
            line("classes", "At least one capital letter, small letter, number and special character"),
        ]
    );
}

#[test]
fn the_history_is_asked_only_by_a_policy_that_has_one() {
    let reused = Facts::none().with_reused(true);
    assert_eq!(codes_with(&Policy::dealer(), "Abcdefghij1!", &reused), ["reused"]);
    assert!(codes_with(&Policy::user(), "Abcdefghij1!", &reused).is_empty());
    assert_eq!(
        [Policy::dealer(), Policy::user(), Policy::member()].map(|policy| policy.history_depth()),
        [10, 0, 0]
    );
}

#[test]
fn the_strength_rule_knows_the_account() {
    let policy = Policy::new(vec![Rule::Strength { min_score: 2 }]).unwrap();
    let attributes = Attributes { login: "zyxommaquill".into(), ..Attributes::none() };
    assert!(codes(&policy, "zyxommaquill").is_empty());
    assert_eq!(
        codes_with(&policy, "zyxommaquill", &Facts::new(&attributes, &NoCommonPasswords)),
        ["too_weak"]
    );
}

#[rstest]
#[case(Rule::length(0, 5), "rule `length`: `min` must be from 1 to 128")]
#[case(Rule::length(5, 129), "rule `length`: `max` must be from 1 to 128")]
#[case(Rule::length(129, 200), "rule `length`: `min` must be from 1 to 128")]
#[case(Rule::length(6, 5), "rule `length`: `min` is 6 and `max` only 5")]
#[case(Rule::History { depth: 0 }, "rule `history`: `depth` must be from 1 to 100")]
#[case(Rule::History { depth: 101 }, "rule `history`: `depth` must be from 1 to 100")]
#[case(Rule::Strength { min_score: 0 }, "rule `strength`: `min_score` must be from 1 to 4")]
#[case(Rule::Strength { min_score: 5 }, "rule `strength`: `min_score` must be from 1 to 4")]
#[case(Rule::Similar { max_similarity: 0.05 }, "rule `similar`: `max_similarity` must be from 0.1 to 1.0")]
#[case(Rule::Similar { max_similarity: f64::NAN }, "rule `similar`: `max_similarity` must be from 0.1 to 1.0")]
#[case(
    Rule::Classes(Classes::default()),
    "rule `classes`: needs at least one of `uppercase`, `lowercase`, `digit`, `special`"
)]
fn a_rule_without_sense_is_refused(#[case] rule: Rule, #[case] message: &str) {
    assert_eq!(Policy::new(vec![rule]).unwrap_err().to_string(), message);
}

#[test]
fn a_special_set_has_distinct_punctuation_only() {
    for set in ["", "!!", "a", " ", "é", "!\n", "0"] {
        let rule = Rule::Classes(Classes::all(Special::OneOf(set.to_owned())));
        assert_eq!(Policy::new(vec![rule]), Err(PolicyError::SpecialSet), "{set:?}");
    }
}

#[test]
fn two_rules_of_one_kind_are_refused() {
    let rules = vec![Rule::length(1, 5), Rule::Common, Rule::length(2, 6)];
    assert_eq!(Policy::new(rules), Err(PolicyError::Duplicate { rule: "length" }));
}

#[test]
fn the_built_in_policies_have_names_and_pass_their_own_validation() {
    for name in Policy::BUILT_IN {
        let policy = Policy::built_in(name).unwrap();
        assert_eq!(Policy::new(policy.rules().to_vec()).unwrap(), policy);
    }
    assert_eq!(Policy::built_in("User"), None);
}

#[test]
fn the_json_of_a_policy_is_stable() {
    assert_eq!(
        serde_json::to_value(Policy::dealer()).unwrap(),
        serde_json::json!({"rules": [
            {"rule": "length", "min": 12, "max": 20, "count": "nfc"},
            {"rule": "classes", "uppercase": true, "lowercase": true, "digit": true, "special": "!@#$%^&*"},
            {"rule": "history", "depth": 10},
        ]})
    );
    assert_eq!(
        serde_json::to_value(Policy::member()).unwrap()["rules"][0],
        serde_json::json!({"rule": "similar", "max_similarity": 0.7})
    );
}

#[test]
fn a_policy_survives_toml_and_json() {
    for name in Policy::BUILT_IN {
        let policy = Policy::built_in(name).unwrap();
        assert_eq!(toml::from_str::<Policy>(&toml::to_string(&policy).unwrap()).unwrap(), policy);
        assert_eq!(serde_json::from_str::<Policy>(&serde_json::to_string(&policy).unwrap()).unwrap(), policy);
    }
}

#[test]
fn reading_a_policy_validates_it() {
    for (json, part) in [
        (r#"{"rules":[{"rule":"history","depth":0}]}"#, "`depth` must be from 1 to 100"),
        (r#"{"rules":[{"rule":"common"},{"rule":"common"}]}"#, "rule `common` stands twice"),
        (r#"{"rules":[{"rule":"magic"}]}"#, "unknown variant `magic`"),
        (r#"{"rules":[{"rule":"history","depth":3,"deep":1}]}"#, "unknown field `deep`"),
        (r#"{"rules":[{"rule":"classes","upper":true}]}"#, "unknown field `upper`"),
        (r#"{"rules":[],"name":"x"}"#, "unknown field `name`"),
        (r#"{}"#, "missing field `rules`"),
    ] {
        let message = serde_json::from_str::<Policy>(json).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_mebibyte_is_checked_in_linear_time() {
    let policy = Policy::member()
        .overlaid(
            &toml::from_str("history = { depth = 3 }\nstrength = { min_score = 1 }\nprintable = true")
                .unwrap(),
        )
        .unwrap();
    let common = CommonList::from_lines(["x"]);
    for unit in ["a.", "4@8({[<369!1|70$5+%2", "Σ'", "\u{301}\u{323}"] {
        let text = unit.repeat((1 << 20) / unit.len());
        let attributes = Attributes {
            login: text.clone(),
            email: format!("{} {text}", "b".repeat(1 << 19)),
            ..Attributes::none()
        };
        let started = std::time::Instant::now();
        for password in [text.as_str(), "Abcdef1!"] {
            let violations = policy.check(password, &Facts::new(&attributes, &common));
            assert_eq!(
                violations.contains(&Violation::TooLong { maximum: 128 }),
                password.len() > 128,
                "{unit}"
            );
        }
        // Unoptimised it is tenths of a second; one quadratic step would be minutes.
        assert!(started.elapsed().as_secs() < 20, "{unit}: {:?}", started.elapsed());
    }
}

/// Draws a password as a password manager would, from the text alone.
fn generated(rules: &str, mut random: impl FnMut(usize) -> usize) -> String {
    let printable: Vec<char> = (' '..='~').collect();
    let class = |name: &str| -> Vec<char> {
        match name {
            "lower" => ('a'..='z').collect(),
            "upper" => ('A'..='Z').collect(),
            "digit" => ('0'..='9').collect(),
            "ascii-printable" => printable.clone(),
            custom => custom.trim_start_matches('[').strip_suffix(']').unwrap().chars().collect(),
        }
    };
    let (mut min, mut max, mut required, mut pool) = (0, 128, Vec::new(), Vec::new());
    for part in rules.split("; ").map(|part| part.trim_end_matches(';')) {
        match part.split_once(": ").unwrap() {
            ("minlength", number) => min = number.parse().unwrap(),
            ("maxlength", number) => max = number.parse().unwrap(),
            ("required", name) => {
                required.push(class(name));
                pool.extend(class(name));
            }
            ("allowed", name) => pool.extend(class(name)),
            (other, _) => panic!("{other}"),
        }
    }
    let length = min + random(max - min + 1);
    let mut password: Vec<char> = required.iter().map(|class| class[random(class.len())]).collect();
    while password.len() < length {
        password.insert(random(password.len() + 1), pool[random(pool.len())]);
    }
    password.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_password_managers_generate_is_accepted(mut seed: u64) {
        let mut random = |below: usize| {
            // A linear congruential step; the high bits are good enough to draw letters.
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        for policy in Policy::BUILT_IN.map(|name| Policy::built_in(name).unwrap()) {
            let password = generated(&policy.password_rules(), &mut random);
            prop_assert_eq!(policy.check(&password, &Facts::none()), [], "{}", password);
        }
    }
}

proptest! {
    #[test]
    fn violations_are_sorted_once_each_and_possible(password: String, login: String, reused: bool) {
        let attributes = Attributes { login, ..Attributes::none() };
        let facts = Facts::new(&attributes, &NoCommonPasswords).with_reused(reused);
        for policy in Policy::BUILT_IN.map(|name| Policy::built_in(name).unwrap()) {
            let violations = policy.check(&password, &facts);
            let possible = policy.possible_violations();
            prop_assert!(violations.windows(2).all(|pair| pair[0].position() < pair[1].position()));
            prop_assert!(violations.iter().all(|violation| possible.contains(violation)));
        }
    }

    #[test]
    fn length_counts_scalar_values(password in "\\PC{0,160}", min in 1_usize..100) {
        let policy = Policy::new(vec![Rule::length(min, 100)]).unwrap();
        let length = password.chars().count();
        let found = codes(&policy, &password);
        prop_assert_eq!(found.contains(&"too_short"), length < min);
        prop_assert_eq!(found.contains(&"too_long"), length > 100);
    }

    #[test]
    fn any_valid_policy_survives_json(min in 1_usize..=128, more in 0_usize..=128, depth in 1_usize..=100, similarity in 0.1..=1.0_f64) {
        let max = (min + more).min(MAX_LENGTH);
        let rules = vec![Rule::length(min, max), Rule::History { depth }, Rule::Similar { max_similarity: similarity }];
        let policy = Policy::new(rules).unwrap();
        let json = serde_json::to_string(&policy).unwrap();
        // Reading a decimal fraction back can be off by one in the last place.
        let read: Policy = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read.rules().len(), 3);
        prop_assert_eq!(&read.rules()[1..], &policy.rules()[1..]);
    }
}
