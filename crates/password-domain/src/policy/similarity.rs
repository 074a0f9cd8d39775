//! Similarity to the account's attributes, as Django's `UserAttributeSimilarityValidator` has it.

use zeroize::Zeroizing;

use super::{Attributes, unicode};

/// Tells whether the lower-cased password is too similar to an attribute or to a word part of one.
///
/// Each part costs its own length and the password is counted once, whatever the number of parts.
pub(super) fn is_similar(password: &str, attributes: &Attributes, max_similarity: f64) -> bool {
    let password = Zeroizing::new(password.to_lowercase());
    let mut letters = Letters::new(&password);
    attributes.iter().any(|attribute| {
        let attribute = Zeroizing::new(attribute.to_lowercase());
        // Python's split has an empty part where a separator stands at an end, and it is equal to an empty password.
        let separated_at_an_end =
            !attribute.starts_with(unicode::is_python_word) || !attribute.ends_with(unicode::is_python_word);
        if password.is_empty() {
            return separated_at_an_end;
        }
        attribute
            .split(|c| !unicode::is_python_word(c))
            .chain([attribute.as_str()])
            .any(|part| !part.is_empty() && letters.ratio_reaches(part, max_similarity))
    })
}

/// How often each character is in the password.
struct Letters<'a> {
    password: &'a str,
    len: usize,
    /// Filled when the first part is long enough to be compared.
    counts: Option<Counts>,
    /// How many parts were compared.
    parts: usize,
}

/// One character: how often it is in the password, and how often it is left in the part of this number.
#[derive(Clone, Copy, Default)]
struct Count {
    times: usize,
    left: usize,
    part: usize,
}

impl Count {
    /// Takes one away for a part. Tells whether one was left.
    fn take(&mut self, part: usize) -> bool {
        if self.part != part {
            // Filled up here rather than for all characters, which would cost each part the password's length.
            (self.part, self.left) = (part, self.times);
        }
        let found = self.left > 0;
        self.left -= usize::from(found);
        found
    }
}

/// ASCII by its code, the rest sorted: strangers choose the characters, and nothing here can be made to collide.
struct Counts {
    ascii: [Count; 128],
    others: Vec<(char, Count)>,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut ascii = [Count::default(); 128];
        let mut characters: Vec<char> = Vec::new();
        for c in text.chars() {
            match ascii.get_mut(c as usize) {
                Some(count) => count.times += 1,
                None => characters.push(c),
            }
        }
        characters.sort_unstable();
        let others =
            characters.chunk_by(char::eq).map(|run| (run[0], Count { times: run.len(), ..Count::default() }));
        Self { ascii, others: others.collect() }
    }

    fn get_mut(&mut self, c: char) -> Option<&mut Count> {
        if c.is_ascii() {
            return self.ascii.get_mut(c as usize);
        }
        let at = self.others.binary_search_by_key(&c, |(other, _)| *other).ok()?;
        Some(&mut self.others[at].1)
    }
}

impl<'a> Letters<'a> {
    fn new(password: &'a str) -> Self {
        Self { password, len: password.chars().count(), counts: None, parts: 0 }
    }

    /// Tells whether `SequenceMatcher.quick_ratio` of password and part reaches `max_similarity`, unless the password is
    /// so much longer that Django does not compare.
    #[allow(clippy::cast_precision_loss, reason = "lengths in memory are far below 2^52")]
    fn ratio_reaches(&mut self, part: &str, max_similarity: f64) -> bool {
        let part_len = part.chars().count();
        let too_long_to_compare = self.len >= part_len.saturating_mul(10)
            && (part_len as f64) < max_similarity / 2.0 * self.len as f64;
        if too_long_to_compare {
            return false;
        }
        let both = (self.len + part_len) as f64;
        let ratio = |matches: usize| 2.0 * matches as f64 / both;
        // The shorter text bounds the matches.
        if ratio(self.len.min(part_len)) < max_similarity {
            return false;
        }
        ratio(self.common_with(part)) >= max_similarity
    }

    /// Counts the characters that both have, each as often as both have it.
    fn common_with(&mut self, part: &str) -> usize {
        let counts = self.counts.get_or_insert_with(|| Counts::of(self.password));
        self.parts += 1;
        part.chars().filter(|c| counts.get_mut(*c).is_some_and(|count| count.take(self.parts))).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similar(password: &str, login: &str) -> bool {
        is_similar(password, &Attributes { login: login.to_owned(), ..Attributes::none() }, 0.7)
    }

    #[test]
    fn the_ratio_refuses_from_seven_tenths_on() {
        assert!(similar("abcdefgxyz", "abcdefg123")); // 2 * 7 / 20
        assert!(!similar("abcdefwxyz", "abcdef1234")); // 2 * 6 / 20
    }

    #[test]
    fn order_and_case_do_not_matter() {
        assert!(similar("ECIRTAEB", "beatrice"));
    }

    #[test]
    fn each_word_of_an_attribute_is_compared() {
        assert!(similar("beatrice", "zzzzzzzzzz.beatrice@zzzzzzzzzzzzzzz"));
        assert!(
            !similar("beatrice", "zzzzzzzzzz_beatrice_zzzzzzzzzzzzzzz"),
            "an underscore is a word character"
        );
    }

    #[test]
    fn a_password_ten_times_as_long_is_not_compared() {
        assert!(!similar("aaaaaaaaaa", "a"));
        assert!(!similar("aaaaaaaaa", "a"), "2 * 1 / 10");
    }

    #[test]
    fn the_counts_survive_each_part() {
        assert!(similar("abcdefgh", "ab.cd.ef.gh.abcdefgh"));
        assert!(similar("abcdefgh", "hgfedcba.hgfedcba"));
    }
}
