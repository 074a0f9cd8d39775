//! What policies and the strength estimate cost.
//!
//! [`DEAREST`] has the dearest inputs that a search found (hill climbing over texts and attributes, from random starts). Whoever
//! finds a worse one adds it there.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::sync::Arc;

use divan::{Bencher, black_box};
use password_domain::policy::{
    Attributes, BuiltinCommonPasswords, Classes, Facts, Policy, Rule, Special, estimate,
};
use password_domain::settings::Settings;
use password_domain::use_cases::UseCases;
use password_testkit::World;

fn main() {
    // The first estimate of a process builds zxcvbn's dictionaries.
    let _ = estimate("warm", &Attributes::none());
    divan::main();
}

fn beatrice() -> Attributes {
    Attributes {
        login: "beatrice".into(),
        email: "beatrice.lindqvist@example.org".into(),
        first_name: "Beatrice".into(),
        last_name: "Lindqvist".into(),
    }
}

/// A name and a password: a text, repeated.
#[derive(Clone, Copy)]
struct Case(&'static str, &'static str, usize);

impl Case {
    fn text(&self) -> String {
        self.1.repeat(self.2)
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Words and digits, as people choose them; the longest; what is not ASCII.
const PASSWORDS: [Case; 9] = [
    Case("ordinary_10", "Sunshine24", 1),
    Case("ordinary_12", "Hh6FXTt%E!Rx", 1),
    Case("ordinary_17", "Marble.Fountain42", 1),
    Case("ordinary_20", "Correct-Horse-Bat-77", 1),
    Case("ascii_128", "aB3$", 32),
    Case("cyrillic_17", "Мраморный-Фонтан7", 1),
    Case("cyrillic_128", "Щж", 64),
    Case("fractions_128", "½", 128),
    Case("joined_emoji_128", "\u{1f468}\u{200d}", 64),
];

const REFUSED: [Case; 6] = [
    Case("refused_common", "Password123", 1),
    Case("refused_similar", "beatrice.1", 1),
    Case("refused_numeric", "4815162342", 1),
    Case("combining_128", "\u{1e9b}\u{323}", 64),
    Case("ligatures_1024", "\u{fdfa}", 1_024),
    Case("too_long_1025", "a", 1_025),
];

/// The dearest texts for the strength estimate, each with the words of an account that make it so.
const DEAREST: [(Case, &[&str]); 12] = [
    (Case("leet_dense", "4@8({[<369!1|70$5+%2", 2), &[]),
    (Case("leet_ambiguous", "1il|!", 6), &[]),
    (Case("dates", "11/11/1991", 3), &[]),
    (Case("digit_sequences", "0123456789", 3), &[]),
    (Case("keyboard_walks", "qwertyuiop", 3), &[]),
    (Case("one_character", "@", 28), &[]),
    (Case("pairs", "aabbccddeeffgghhiijjkkllmmnn", 1), &[]),
    (Case("climbed_repeats", "%!bbob1919119191119111191101", 1), &[]),
    (Case("climbed_dates", "12345X%$11/11/1161.9.9%8g%8<", 1), &["1", "{", "8"]),
    (Case("climbed_words", "$+aabb%oE51qaz2wsx001Yi2", 1), &["E51"]),
    (Case("climbed_attributes", "as77sasaZas117sasasasa11", 1), &["3", "as", "c", "asasasa", "aa", "1"]),
    (Case("climbed_ones", "[111[111111[111[11111111111[", 1), &["1", "2", "1111", "11111"]),
];

/// The dearest attributes: as long as they are looked at, of parts as long as are compared with a long password.
const LONG: [Case; 4] = [
    Case("ascii_words", "abcdefgh.", 60),
    Case("cyrillic_words", "ꙁжщыэюяё.", 60),
    Case("combining", "\u{301}\u{323}", 300),
    Case("one_word", "\u{1e9e}", 508),
];

fn check(bencher: Bencher<'_, '_>, policy: &Policy, case: &Case, attributes: &Attributes) {
    let (password, facts) = (case.text(), Facts::new(attributes, &BuiltinCommonPasswords));
    bencher.bench_local(|| policy.check(black_box(&password), &facts));
}

/// What every policy checks: length, forbidden characters, blank.
#[divan::bench(args = PASSWORDS)]
fn floor(bencher: Bencher<'_, '_>, case: Case) {
    check(bencher, &Policy::new(vec![]).unwrap(), &case, &Attributes::none());
}

mod class {
    //! Each rule of one character class alone. A policy has a floor beside its rules: take `floor` away.

    use super::*;

    fn alone(bencher: Bencher<'_, '_>, case: &Case, classes: Classes) {
        let policy = Policy::new(vec![Rule::Classes(classes)]).unwrap();
        check(bencher, &policy, case, &Attributes::none());
    }

    #[divan::bench(args = PASSWORDS)]
    fn uppercase(bencher: Bencher<'_, '_>, case: Case) {
        alone(bencher, &case, Classes { uppercase: true, ..Classes::default() });
    }

    #[divan::bench(args = PASSWORDS)]
    fn lowercase(bencher: Bencher<'_, '_>, case: Case) {
        alone(bencher, &case, Classes { lowercase: true, ..Classes::default() });
    }

    #[divan::bench(args = PASSWORDS)]
    fn digit(bencher: Bencher<'_, '_>, case: Case) {
        alone(bencher, &case, Classes { digit: true, ..Classes::default() });
    }

    #[divan::bench(args = PASSWORDS)]
    fn special(bencher: Bencher<'_, '_>, case: Case) {
        alone(bencher, &case, Classes { special: Special::NotAlphanumeric, ..Classes::default() });
    }

    #[divan::bench(args = PASSWORDS)]
    fn special_of_set(bencher: Bencher<'_, '_>, case: Case) {
        alone(
            bencher,
            &case,
            Classes { special: Special::OneOf("!@#$%^&*".to_owned()), ..Classes::default() },
        );
    }
}

mod built_in {
    //! The built-in policies, with an account's attributes and the built-in list of common passwords.

    use super::*;

    fn cases() -> impl Iterator<Item = Case> {
        PASSWORDS.into_iter().chain(REFUSED)
    }

    #[divan::bench(args = cases())]
    fn user(bencher: Bencher<'_, '_>, case: Case) {
        check(bencher, &Policy::user(), &case, &beatrice());
    }

    #[divan::bench(args = cases())]
    fn dealer(bencher: Bencher<'_, '_>, case: Case) {
        check(bencher, &Policy::dealer(), &case, &beatrice());
    }

    #[divan::bench(args = cases())]
    fn member(bencher: Bencher<'_, '_>, case: Case) {
        check(bencher, &Policy::member(), &case, &beatrice());
    }
}

/// The strength estimate alone.
#[divan::bench(args = PASSWORDS)]
fn strength(bencher: Bencher<'_, '_>, case: Case) {
    let (password, attributes) = (case.text(), beatrice());
    bencher.bench_local(|| estimate(black_box(&password), &attributes));
}

mod whole {
    //! Violations and score, as `POST /password/check` asks for them.

    use super::*;

    fn whole(bencher: Bencher<'_, '_>, password: &str, attributes: &Attributes) {
        let settings = Settings { common: Arc::new(BuiltinCommonPasswords), ..World::settings() };
        let check = UseCases::new(World::new().ports(), settings).check_password;
        bencher.bench_local(|| check.check("member", black_box(password), attributes).unwrap());
    }

    #[divan::bench(args = PASSWORDS)]
    fn ordinary(bencher: Bencher<'_, '_>, case: Case) {
        whole(bencher, &case.text(), &beatrice());
    }

    #[divan::bench(args = DEAREST.map(|(case, _)| case))]
    fn dearest(bencher: Bencher<'_, '_>, case: Case) {
        let words = DEAREST.iter().find(|(other, _)| other.0 == case.0).map_or(&[][..], |(_, words)| words);
        let attributes = Attributes { login: words.join("."), ..Attributes::none() };
        whole(bencher, &case.text(), &attributes);
    }

    /// The dearest text of all with the dearest attributes behind it, up to the length that is accepted.
    #[divan::bench(args = LONG)]
    fn long_attributes(bencher: Bencher<'_, '_>, case: Case) {
        let (dearest, long) = (DEAREST[7].0.text(), case.text());
        let password: String = dearest.chars().chain(long.chars().cycle()).take(128).collect();
        let attributes = Attributes {
            login: long.clone(),
            email: long.clone(),
            first_name: long.clone(),
            last_name: long,
        };
        whole(bencher, &password, &attributes);
    }

    /// The longest text whose every character is still looked at.
    #[divan::bench(args = LONG)]
    fn longest_text(bencher: Bencher<'_, '_>, case: Case) {
        let (dearest, long) = (DEAREST[7].0.text(), case.text());
        let password: String = dearest.chars().chain(long.chars().cycle()).take(1_024).collect();
        let attributes = Attributes { login: password.clone(), email: long, ..Attributes::none() };
        whole(bencher, &password, &attributes);
    }
}
