//! A strength estimate that costs little whatever it is given.
//!
//! zxcvbn tries every combination of l33t substitutions that a text allows, looks at each substring of each result, and
//! compares all ways to put together what it found, so twenty characters like `4@8({[<369!1|70$5+%2` keep it busy for
//! 20 ms and a hundred of them for half a second. Here it sees the first [`SEEN_CHARS`] characters only, and attributes in
//! at most [`MAX_PLACES`] places of them. Where that would still cost too much it runs twice, on texts that have fewer
//! combinations or none, and the lower of the two results counts:
//!
//! * *opaque*, [`SEEN_OPAQUE`] characters: special characters, then digits too, are replaced one for one by private-use
//!   characters, consecutive for digits, so that repeats and sequences are still seen;
//! * *decoded*: each l33t character is replaced by a letter it stands for, so that words are still seen.
//!
//! `benches/policy.rs` keeps the dearest texts that are known.

use zeroize::Zeroizing;
use zxcvbn::feedback::{Feedback, Suggestion, Warning};
use zxcvbn::zxcvbn;

use super::{Attributes, unicode};

/// How many characters of a password are estimated. Random ones reach the highest score with 11; the rest could only raise it.
const SEEN_CHARS: usize = 28;

/// How many of them the opaque text has. A pattern that goes on for so long has shown itself.
const SEEN_OPAQUE: usize = 20;

/// The bound on (passes over the dictionaries) × (length³): a pass looks at each substring, and what it finds is put
/// together in more ways the longer the text is. Measured on one server core, optimised: at most about 0.5 ms.
const WORK_LIMIT: usize = 66_000;

/// A shorter text counts as so long, because its passes cost more than what they find.
const SHORT: usize = 18;

/// How many characters of an attribute are looked at, and how many attributes and parts of them.
const ATTRIBUTE_CHARS: usize = 256;
const MAX_INPUTS: usize = 16;

/// In how many places of a password attributes are looked for: many short ones could be everywhere.
const MAX_PLACES: usize = 12;

/// zxcvbn's table, the other way round: a character and the letters it can stand for.
const LEET: [(char, &[char]); 20] = [
    ('4', &['a']),
    ('@', &['a']),
    ('8', &['b']),
    ('(', &['c']),
    ('{', &['c']),
    ('[', &['c']),
    ('<', &['c']),
    ('3', &['e']),
    ('6', &['g']),
    ('9', &['g']),
    ('1', &['i', 'l']),
    ('!', &['i']),
    ('|', &['l', 'i']),
    ('7', &['t', 'l']),
    ('0', &['o']),
    ('$', &['s']),
    ('5', &['s']),
    ('+', &['t']),
    ('%', &['x']),
    ('2', &['z']),
];

/// zxcvbn gives one warning and at most four suggestions.
const MAX_HINTS: usize = 5;

/// How hard a password is to guess.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strength {
    score: u8,
    guesses_log10: f64,
    hints: [Option<&'static str>; MAX_HINTS],
}

impl Strength {
    /// Returns the score: 0 (guessed at once) to 4 (very hard to guess), zxcvbn's scale.
    #[must_use]
    pub fn score(&self) -> u8 {
        self.score
    }

    /// Returns the order of magnitude of the guesses that are needed, 0.0 for an empty password.
    #[must_use]
    pub fn guesses_log10(&self) -> f64 {
        self.guesses_log10
    }

    /// Returns the codes of zxcvbn's feedback, the warning first: `warning-dates`, `suggestion-own-dates`. None where the
    /// score is above 2.
    pub fn hints(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.hints.into_iter().flatten()
    }

    fn of(text: &str, inputs: &[&str]) -> Self {
        let entropy = zxcvbn(text, inputs);
        let mut hints = [None; MAX_HINTS];
        for (hint, code) in hints.iter_mut().zip(entropy.feedback().into_iter().flat_map(codes)) {
            *hint = Some(code);
        }
        let guesses_log10 = entropy.guesses_log10().max(0.0);
        Self { score: u8::from(entropy.score()).min(4), guesses_log10, hints }
    }

    fn weaker(self, other: Self) -> Self {
        if other.guesses_log10 < self.guesses_log10 { other } else { self }
    }
}

fn codes(feedback: &Feedback) -> impl Iterator<Item = &'static str> {
    let warning = feedback.warning().map(|warning| match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => "warning-straight-rows",
        Warning::ShortKeyboardPatternsAreEasyToGuess => "warning-keyboard-patterns",
        Warning::RepeatsLikeAaaAreEasyToGuess => "warning-repeats-aaa",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "warning-repeats-abcabc",
        Warning::ThisIsATop10Password => "warning-top-10",
        Warning::ThisIsATop100Password => "warning-top-100",
        Warning::ThisIsACommonPassword => "warning-common",
        Warning::ThisIsSimilarToACommonlyUsedPassword => "warning-similar-to-common",
        Warning::SequencesLikeAbcAreEasyToGuess => "warning-sequences",
        Warning::RecentYearsAreEasyToGuess => "warning-recent-years",
        Warning::AWordByItselfIsEasyToGuess => "warning-single-word",
        Warning::DatesAreOftenEasyToGuess => "warning-dates",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => "warning-names",
        Warning::CommonNamesAndSurnamesAreEasyToGuess => "warning-common-names",
    });
    let suggestions = feedback.suggestions().iter().map(|suggestion| match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => "suggestion-few-words",
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => "suggestion-no-symbols-needed",
        Suggestion::AddAnotherWordOrTwo => "suggestion-another-word",
        Suggestion::CapitalizationDoesntHelpVeryMuch => "suggestion-capitalization",
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "suggestion-all-uppercase",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "suggestion-reversed",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "suggestion-substitutions",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "suggestion-longer-pattern",
        Suggestion::AvoidRepeatedWordsAndCharacters => "suggestion-repeats",
        Suggestion::AvoidSequences => "suggestion-sequences",
        Suggestion::AvoidRecentYears => "suggestion-recent-years",
        Suggestion::AvoidYearsThatAreAssociatedWithYou => "suggestion-own-years",
        Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "suggestion-own-dates",
    });
    warning.into_iter().chain(suggestions)
}

/// Estimates how hard the password is to guess for somebody who knows the account's attributes.
///
/// Costs less than a millisecond for any input, but for the first call of a process, which builds the dictionaries.
/// Never panics.
#[must_use]
pub fn estimate(password: &str, attributes: &Attributes) -> Strength {
    let seen = beginning(password, SEEN_CHARS);
    let mut inputs = user_inputs(attributes);
    keep_what_is_in(&seen, &mut inputs);
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    if work(&seen) <= WORK_LIMIT {
        return Strength::of(&seen, &inputs);
    }
    let decoded = Zeroizing::new(decoded(&seen));
    let decoded_inputs: Vec<String> = inputs.iter().map(|input| self::decoded(input)).collect();
    let decoded_inputs: Vec<&str> = decoded_inputs.iter().map(String::as_str).collect();
    // Whatever input is in the opaque text is in the decoded one.
    Strength::of(&opaque_for(&beginning(&seen, SEEN_OPAQUE), WORK_LIMIT - work(&decoded)), &[])
        .weaker(Strength::of(&decoded, &decoded_inputs))
}

fn beginning(text: &str, characters: usize) -> Zeroizing<String> {
    Zeroizing::new(text.chars().take(characters).collect())
}

/// Returns a measure of zxcvbn's work on the text.
fn work(text: &str) -> usize {
    let length = text.chars().count();
    (2 + substitutions(text)).saturating_mul(length * length * length.max(SHORT))
}

/// Returns an upper bound on the combinations of substitutions that zxcvbn would try.
fn substitutions(text: &str) -> usize {
    let present: Vec<&[char]> =
        LEET.iter().filter(|(leet, _)| text.contains(*leet)).map(|(_, letters)| *letters).collect();
    if present.is_empty() {
        return 0;
    }
    // For each letter one of its characters; a character that stands for two letters doubles the count.
    let choices = "abcegilostxz"
        .chars()
        .map(|letter| present.iter().filter(|letters| letters.contains(&letter)).count());
    let ambiguous = present.iter().filter(|letters| letters.len() > 1).count();
    choices.filter(|count| *count > 0).product::<usize>() << ambiguous
}

/// Hides as few l33t characters as the work allows.
fn opaque_for(text: &str, most_work: usize) -> Zeroizing<String> {
    let specials_hidden = Zeroizing::new(opaque(text, false));
    if work(&specials_hidden) <= most_work { specials_hidden } else { Zeroizing::new(opaque(text, true)) }
}

/// Replaces the l33t characters that are not digits, or all of them, by private-use characters.
fn opaque(text: &str, digits_too: bool) -> String {
    text.chars()
        .map(|c| match LEET.iter().position(|(leet, _)| *leet == c) {
            Some(_) if c.is_ascii_digit() => {
                if digits_too {
                    private_use(c.to_digit(10).unwrap_or(0))
                } else {
                    c
                }
            }
            // Seven apart, so that no sequence appears that is none.
            Some(index) => u32::try_from(index).map_or(c, |index| private_use(100 + 7 * index)),
            None => c,
        })
        .collect()
}

fn private_use(offset: u32) -> char {
    char::from_u32(0xe000 + offset).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Replaces each l33t character by the first letter that it stands for.
fn decoded(text: &str) -> String {
    text.chars().map(decoded_char).collect()
}

fn decoded_char(c: char) -> char {
    LEET.iter().find(|(leet, _)| *leet == c).map_or(c, |(_, letters)| letters[0])
}

/// Returns the attributes and the word parts of them, as far as they matter.
fn user_inputs(attributes: &Attributes) -> Vec<String> {
    let mut inputs: Vec<String> = Vec::new();
    for attribute in attributes.iter() {
        let attribute: String = attribute.chars().take(ATTRIBUTE_CHARS).collect();
        let parts = attribute.split(|c| !unicode::is_python_word(c));
        for input in [attribute.as_str()].into_iter().chain(parts) {
            // zxcvbn looks for whole inputs, so only what fits can be found.
            let input: String = input.chars().take(SEEN_CHARS).collect();
            if !input.is_empty() && inputs.len() < MAX_INPUTS && !inputs.contains(&input) {
                inputs.push(input);
            }
        }
    }
    inputs
}

/// Empties the inputs that the text does not have, or has in too many places. The others keep their rank.
fn keep_what_is_in(text: &str, inputs: &mut [String]) {
    let text = skeleton(text);
    let mut places = 0;
    for input in inputs {
        let found = places_of(&skeleton(input), &text);
        if found == 0 || places + found > MAX_PLACES {
            input.clear();
        } else {
            places += found;
        }
    }
}

/// Returns the text's characters so that two of them are equal wherever zxcvbn could take one for the other.
fn skeleton(text: &str) -> Zeroizing<Vec<char>> {
    let folded = Zeroizing::new(text.to_lowercase());
    let alike = |c| match decoded_char(c) {
        'i' | 'l' | 't' => 'l',
        other => other,
    };
    Zeroizing::new(folded.chars().map(alike).collect())
}

/// Counts where the input stands in the text, forwards or backwards.
fn places_of(input: &[char], text: &[char]) -> usize {
    let is_here = |place: &&[char]| place.iter().eq(input) || place.iter().rev().eq(input);
    text.windows(input.len()).filter(is_here).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DENSE: &str = "4@8({[<369!1|70$5+%2";

    fn score(password: &str) -> u8 {
        estimate(password, &Attributes::none()).score()
    }

    #[test]
    fn ordinary_passwords_have_the_scores_of_zxcvbn() {
        for password in [
            "password",
            "P@ssw0rd1",
            "1234567890",
            "qwertyuiop",
            "aaaaaaaaaaaa",
            "correct horse battery staple",
            "Tr0ub4dor&3",
            "D3@dB33f!99$Zx7",
            "xkqzjvwpyf",
            "2024-12-24",
            "пароль",
            "Summer2024!",
        ] {
            assert_eq!(score(password), u8::from(zxcvbn(password, &[]).score()), "{password}");
        }
    }

    #[test]
    fn an_empty_password_is_the_weakest() {
        let empty = estimate("", &Attributes::none());
        assert_eq!((empty.score(), empty.guesses_log10()), (0, 0.0));
    }

    #[test]
    fn the_attributes_of_the_account_weaken_a_password() {
        let attributes = Attributes {
            login: "zyxomma".into(),
            email: "quillfeather@example.org".into(),
            ..Attributes::none()
        };
        for password in ["zyxomma1", "quillfeather"] {
            let known = estimate(password, &attributes);
            assert!(
                known.score() <= 1
                    && known.guesses_log10() < estimate(password, &Attributes::none()).guesses_log10()
            );
        }
    }

    #[test]
    fn short_patterns_of_leet_characters_stay_weak() {
        for pattern in ["4@8(", "!1|7", "$5+7", "0123456789"] {
            assert!(score(&pattern.repeat(25)) <= 2, "{pattern}");
        }
    }

    #[test]
    fn words_in_dense_leet_are_still_words() {
        for word in ["p4$$w0rd!1|7+", "|1|1|1|1|1|1|1|1!7+|1|1|1|1"] {
            assert!(work(word) > WORK_LIMIT, "{word}");
            assert!(score(word) <= 3, "{word}");
        }
    }

    #[test]
    fn a_weak_password_is_told_why_and_a_strong_one_nothing() {
        let hints = |text| estimate(text, &Attributes::none()).hints().collect::<Vec<_>>();
        assert_eq!(hints("password"), ["warning-top-10", "suggestion-another-word"]);
        assert_eq!(
            hints("abcabcabc"),
            ["warning-repeats-abcabc", "suggestion-another-word", "suggestion-repeats"]
        );
        assert_eq!(hints("kq0Vf-82mZ!pTt9w"), [""; 0]);
        // Also where special characters hide what they stand for.
        assert!(!hints(&"p@$$w0rd".repeat(3)).is_empty());
    }

    #[test]
    fn no_text_is_too_much_work() {
        let dense = DENSE.repeat(5);
        assert!(work(DENSE) > WORK_LIMIT, "zxcvbn alone needs 20 ms for it");
        for text in [dense.as_str(), &"1|7".repeat(40), &"0123456789".repeat(10), &"aA1!".repeat(25)] {
            assert!(work(&beginning(text, SEEN_CHARS)) > WORK_LIMIT, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_has_an_affordable_form(text in "\\PC{0,32}") {
            let decoded = work(&decoded(&beginning(&text, SEEN_CHARS)));
            let opaque = opaque_for(&beginning(&text, SEEN_OPAQUE), WORK_LIMIT - decoded);
            prop_assert!(decoded + work(&opaque) <= WORK_LIMIT);
        }

        #[test]
        fn no_text_makes_it_panic(password: String, login: String, email in "\\PC*") {
            let attributes = Attributes { login, email, ..Attributes::none() };
            prop_assert!(estimate(&password, &attributes).score() <= 4);
        }
    }
}
