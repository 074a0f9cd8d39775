//! Lists of commonly used passwords.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::unicode;

/// Folds a password for comparison with a list: Unicode lower case, then stripped of white space at both ends, like
/// Python's `password.lower().strip()`.
#[must_use]
pub fn fold_common(password: &str) -> String {
    Zeroizing::new(password.to_lowercase()).trim_matches(unicode::is_python_space).to_owned()
}

/// A set of commonly used passwords.
pub trait CommonPasswords: Send + Sync {
    /// Tells whether the set has the password, which the caller MUST have folded with [`fold_common`].
    ///
    /// MUST NOT block for long: policies call it synchronously.
    fn contains(&self, folded: &str) -> bool;
}

impl<T: CommonPasswords + ?Sized> CommonPasswords for &T {
    fn contains(&self, folded: &str) -> bool {
        (**self).contains(folded)
    }
}

impl<T: CommonPasswords + ?Sized> CommonPasswords for Box<T> {
    fn contains(&self, folded: &str) -> bool {
        (**self).contains(folded)
    }
}

impl<T: CommonPasswords + ?Sized> CommonPasswords for Arc<T> {
    fn contains(&self, folded: &str) -> bool {
        (**self).contains(folded)
    }
}

/// The empty set.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCommonPasswords;

impl CommonPasswords for NoCommonPasswords {
    fn contains(&self, _folded: &str) -> bool {
        false
    }
}

/// The built-in list of about 100,000 passwords.
#[cfg(feature = "builtin-common-passwords")]
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltinCommonPasswords;

#[cfg(feature = "builtin-common-passwords")]
impl CommonPasswords for BuiltinCommonPasswords {
    fn contains(&self, folded: &str) -> bool {
        passwords::analyzer::is_common_password(folded)
    }
}

/// A list in memory: one block of sorted text and eight bytes for each entry.
#[derive(Clone, Default)]
pub struct CommonList {
    text: Box<str>,
    /// Where each entry ends in `text`.
    ends: Box<[usize]>,
}

impl CommonList {
    /// Returns the list of these lines, folded, without empty ones and doubles.
    pub fn from_lines<I>(lines: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut unsorted = String::new();
        let mut spans = Vec::new();
        for line in lines {
            let start = unsorted.len();
            unsorted.push_str(&fold_common(line.as_ref()));
            if unsorted.len() > start {
                spans.push(start..unsorted.len());
            }
        }
        spans.sort_unstable_by(|a, b| unsorted[a.clone()].cmp(&unsorted[b.clone()]));
        spans.dedup_by(|a, b| unsorted[a.clone()] == unsorted[b.clone()]);

        let mut text = String::with_capacity(spans.iter().map(ExactSizeIterator::len).sum());
        let mut ends = Vec::with_capacity(spans.len());
        for span in spans {
            text.push_str(&unsorted[span]);
            ends.push(text.len());
        }
        Self { text: text.into_boxed_str(), ends: ends.into_boxed_slice() }
    }

    /// Returns how many entries the list has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Tells whether the list has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn entry(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }
}

impl CommonPasswords for CommonList {
    fn contains(&self, folded: &str) -> bool {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.entry(middle).cmp(folded) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }
}

impl fmt::Debug for CommonList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommonList").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Several lists as one: a password is common where any of them has it.
#[derive(Default)]
pub struct CombinedLists {
    lists: Vec<Box<dyn CommonPasswords>>,
}

impl CombinedLists {
    /// Returns the union of these lists.
    #[must_use]
    pub fn new(lists: Vec<Box<dyn CommonPasswords>>) -> Self {
        Self { lists }
    }

    /// Returns this union with one more list.
    #[must_use]
    pub fn with(mut self, list: impl CommonPasswords + 'static) -> Self {
        self.lists.push(Box::new(list));
        self
    }
}

impl CommonPasswords for CombinedLists {
    fn contains(&self, folded: &str) -> bool {
        self.lists.iter().any(|list| list.contains(folded))
    }
}

impl fmt::Debug for CombinedLists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CombinedLists").field("lists", &self.lists.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_lowers_and_strips_like_python() {
        for (password, folded) in [
            (" PassWord\t", "password"),
            ("\u{1f}\u{85}x y\u{3000}", "x y"),
            ("\u{200b}x", "\u{200b}x"),
            ("ΟΔΟΣ", "οδος"),
            ("İ", "i\u{307}"),
            ("ß", "ß"),
            ("  ", ""),
        ] {
            assert_eq!(fold_common(password), folded, "{password:?}");
        }
    }

    #[test]
    fn a_list_has_its_entries_folded_and_once() {
        let list = CommonList::from_lines(["  Zebra ", "apple", "", "APPLE", "\r", "mango\r"]);
        assert_eq!(list.len(), 3);
        for entry in ["apple", "mango", "zebra"] {
            assert!(list.contains(entry), "{entry}");
        }
        for other in ["", "Apple", "appl", "apples", "nothing", "zebra "] {
            assert!(!list.contains(other), "{other}");
        }
    }

    #[test]
    fn an_empty_list_has_nothing() {
        let list = CommonList::from_lines([""; 3]);
        assert!(list.is_empty() && !list.contains("") && !list.contains("x"));
    }

    #[test]
    fn combined_lists_have_what_any_of_them_has() {
        let lists = CombinedLists::default()
            .with(CommonList::from_lines(["one"]))
            .with(Arc::new(CommonList::from_lines(["two"])));
        assert!(lists.contains("one") && lists.contains("two") && !lists.contains("three"));
        assert!(!CombinedLists::new(vec![Box::new(NoCommonPasswords)]).contains("one"));
    }

    #[cfg(feature = "builtin-common-passwords")]
    #[test]
    fn the_built_in_list_has_the_usual_suspects() {
        assert!(BuiltinCommonPasswords.contains("password1"));
        assert!(!BuiltinCommonPasswords.contains("a password nobody has"));
    }

    proptest::proptest! {
        #[test]
        fn a_list_agrees_with_a_set(lines in proptest::collection::vec("[a-cA-C ]{0,3}", 0..40), probe in "[a-c ]{0,3}") {
            let set: std::collections::BTreeSet<String> =
                lines.iter().map(|line| fold_common(line)).filter(|line| !line.is_empty()).collect();
            let list = CommonList::from_lines(&lines);
            proptest::prop_assert_eq!(list.len(), set.len());
            proptest::prop_assert_eq!(list.contains(&probe), set.contains(&probe));
        }
    }
}
