//! What an operator writes to change a policy.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rule::DEFAULT_SIMILARITY;
use super::{Classes, LengthCount, MAX_LENGTH, Policy, PolicyError, Rule, Special};

/// An operator's changes to a policy, as under `[policies.NAME]` in the configuration.
///
/// Each rule's name takes a table, which changes the numbers that it names and keeps the others, or adds the rule where
/// the base has none; `true`, which adds it with its defaults; or `false`, which removes it. An unknown key is an error that
/// names it.
///
/// ```
/// use password_domain::policy::{Policy, PolicyOverlay};
///
/// let overlay: PolicyOverlay = toml::from_str(
///     r#"
///     base     = "member"
///     length   = { min = 10 }
///     history  = { depth = 5 }
///     common   = false
///     "#,
/// )?;
/// let policy = overlay.policy("staff")?;
/// assert_eq!(policy.history_depth(), 5);
/// assert_eq!(policy.checklist()[1].text, "At least 10 characters");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyOverlay {
    /// The built-in policy that is changed; absent, the one of the overlay's own name, else none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The rule [`Rule::Similar`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar: Option<Patch<SimilarPatch>>,
    /// The rule [`Rule::Length`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<Patch<LengthPatch>>,
    /// The rule [`Rule::Common`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common: Option<Patch<PlainPatch>>,
    /// The rule [`Rule::Numeric`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numeric: Option<Patch<PlainPatch>>,
    /// The rule [`Rule::Classes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Patch<ClassesPatch>>,
    /// The rule [`Rule::Printable`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printable: Option<Patch<PlainPatch>>,
    /// The rule [`Rule::History`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<Patch<HistoryPatch>>,
    /// The rule [`Rule::Strength`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Patch<StrengthPatch>>,
}

/// What happens to one rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch<T> {
    /// The rule is removed; `false` in text.
    Remove,
    /// The rule is changed, or added where there is none; a table in text, `true` for an empty one.
    Change(T),
}

/// Changes to a length rule. Added, it needs `min`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LengthPatch {
    /// The fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<usize>,
    /// The most characters; [`MAX_LENGTH`] where the rule is added without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
    /// What the minimum counts; the input where the rule is added without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<LengthCount>,
}

/// Changes to a classes rule. Added, it asks for what is named only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassesPatch {
    /// Whether an uppercase letter is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uppercase: Option<bool>,
    /// Whether a lowercase letter is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowercase: Option<bool>,
    /// Whether a digit is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digit: Option<bool>,
    /// Which special character is asked for: `"none"`, `"any"` or a set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<Special>,
}

/// Changes to a similarity rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimilarPatch {
    /// The similarity from which a password is refused; 0.7 where the rule is added without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_similarity: Option<f64>,
}

/// Changes to a history rule. Added, it needs `depth`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HistoryPatch {
    /// How many passwords, the current one counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<usize>,
}

/// Changes to a strength rule. Added, it needs `min_score`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StrengthPatch {
    /// The lowest score that is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_score: Option<u8>,
}

/// A rule without numbers: nothing to change, it is there or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlainPatch {}

impl PolicyOverlay {
    /// Returns the policy that this overlay describes under the name `name`: its base, or the built-in policy of that name,
    /// or no rules at all, with the changes applied.
    ///
    /// # Errors
    ///
    /// [`PolicyError::UnknownBase`] where `base` is not built in, else like [`Policy::overlaid`].
    pub fn policy(&self, name: &str) -> Result<Policy, PolicyError> {
        match &self.base {
            Some(base) => Policy::built_in(base)
                .ok_or_else(|| PolicyError::UnknownBase { base: base.clone() })?
                .overlaid(self),
            None => match Policy::built_in(name) {
                Some(policy) => policy.overlaid(self),
                None => self.apply_to(&[]),
            },
        }
    }

    pub(super) fn apply_to(&self, base: &[Rule]) -> Result<Policy, PolicyError> {
        let find = |name: &str| base.iter().find(|rule| rule.name() == name);
        let changed = [
            patched(&self.similar, find("similar"), changed_similar)?,
            patched(&self.length, find("length"), changed_length)?,
            patched(&self.common, find("common"), |_, _| Ok(Rule::Common))?,
            patched(&self.numeric, find("numeric"), |_, _| Ok(Rule::Numeric))?,
            patched(&self.classes, find("classes"), changed_classes)?,
            patched(&self.printable, find("printable"), |_, _| Ok(Rule::Printable))?,
            patched(&self.history, find("history"), changed_history)?,
            patched(&self.strength, find("strength"), changed_strength)?,
        ];
        Policy::new(changed.into_iter().flatten().collect())
    }
}

/// Returns what becomes of the base's rule, `None` where the result has none.
fn patched<T>(
    patch: &Option<Patch<T>>,
    base: Option<&Rule>,
    change: fn(&T, Option<&Rule>) -> Result<Rule, PolicyError>,
) -> Result<Option<Rule>, PolicyError> {
    match patch {
        None => Ok(base.cloned()),
        Some(Patch::Remove) => Ok(None),
        Some(Patch::Change(patch)) => change(patch, base).map(Some),
    }
}

fn changed_similar(patch: &SimilarPatch, base: Option<&Rule>) -> Result<Rule, PolicyError> {
    let old =
        if let Some(Rule::Similar { max_similarity }) = base { *max_similarity } else { DEFAULT_SIMILARITY };
    Ok(Rule::Similar { max_similarity: patch.max_similarity.unwrap_or(old) })
}

fn changed_length(patch: &LengthPatch, base: Option<&Rule>) -> Result<Rule, PolicyError> {
    let (min, max, count) = match base {
        Some(Rule::Length { min, max, count }) => (Some(*min), *max, *count),
        _ => (None, MAX_LENGTH, LengthCount::Input),
    };
    Ok(Rule::Length {
        min: patch.min.or(min).ok_or(PolicyError::Missing { rule: "length", field: "min" })?,
        max: patch.max.unwrap_or(max),
        count: patch.count.unwrap_or(count),
    })
}

fn changed_classes(patch: &ClassesPatch, base: Option<&Rule>) -> Result<Rule, PolicyError> {
    let old = if let Some(Rule::Classes(classes)) = base { classes.clone() } else { Classes::default() };
    Ok(Rule::Classes(Classes {
        uppercase: patch.uppercase.unwrap_or(old.uppercase),
        lowercase: patch.lowercase.unwrap_or(old.lowercase),
        digit: patch.digit.unwrap_or(old.digit),
        special: patch.special.clone().unwrap_or(old.special),
    }))
}

fn changed_history(patch: &HistoryPatch, base: Option<&Rule>) -> Result<Rule, PolicyError> {
    let old = if let Some(Rule::History { depth }) = base { Some(*depth) } else { None };
    let depth = patch.depth.or(old).ok_or(PolicyError::Missing { rule: "history", field: "depth" })?;
    Ok(Rule::History { depth })
}

fn changed_strength(patch: &StrengthPatch, base: Option<&Rule>) -> Result<Rule, PolicyError> {
    let old = if let Some(Rule::Strength { min_score }) = base { Some(*min_score) } else { None };
    let min_score =
        patch.min_score.or(old).ok_or(PolicyError::Missing { rule: "strength", field: "min_score" })?;
    Ok(Rule::Strength { min_score })
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Remove => serializer.serialize_bool(false),
            Self::Change(patch) => patch.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A visitor and not `untagged`, which would swallow the name of an unknown key.
        deserializer.deserialize_any(PatchVisitor(PhantomData))
    }
}

struct PatchVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for PatchVisitor<T> {
    type Value = Patch<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table, true or false")
    }

    fn visit_bool<E: de::Error>(self, present: bool) -> Result<Self::Value, E> {
        Ok(if present { Patch::Change(T::default()) } else { Patch::Remove })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Patch::Change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str, text: &str) -> Result<Policy, PolicyError> {
        toml::from_str::<PolicyOverlay>(text).unwrap().policy(name)
    }

    #[test]
    fn an_empty_overlay_changes_nothing() {
        for name in Policy::BUILT_IN {
            assert_eq!(policy(name, ""), Ok(Policy::built_in(name).unwrap()));
            assert_eq!(policy("other", &format!("base = \"{name}\"")), Ok(Policy::built_in(name).unwrap()));
        }
    }

    #[test]
    fn a_table_keeps_the_numbers_that_it_does_not_name() {
        let changed = policy("user", "length = { min = 10 }\nhistory = { depth = 3 }").unwrap();
        assert_eq!(
            changed.rules(),
            [
                Rule::Length { min: 10, max: 20, count: LengthCount::Nfc },
                Rule::Printable,
                Rule::History { depth: 3 }
            ]
        );
        let changed = policy("dealer", "classes = { special = \"any\", digit = false }").unwrap();
        let classes = Classes { digit: false, ..Classes::all(Special::NotAlphanumeric) };
        assert_eq!(changed.rules()[1], Rule::Classes(classes));
    }

    #[test]
    fn false_removes_and_true_adds() {
        let changed = policy("member", "common = false\nsimilar = false\nprintable = true").unwrap();
        let names: Vec<_> = changed.rules().iter().map(Rule::name).collect();
        assert_eq!(names, ["length", "numeric", "classes", "printable"]);
        let added = policy("user", "similar = true\ncommon = {}\nnumeric = true").unwrap();
        assert_eq!(added.rules()[0], Rule::Similar { max_similarity: 0.7 });
        assert_eq!(policy("dealer", "history = false").unwrap().history_depth(), 0);
        assert_eq!(policy("user", "strength = false"), Ok(Policy::user()), "there is nothing to remove");
    }

    #[test]
    fn a_new_name_without_a_base_starts_from_nothing() {
        assert_eq!(policy("staff", "length = { min = 15 }").unwrap().rules(), [Rule::length(15, 128)]);
        assert_eq!(policy("staff", "").unwrap().rules(), []);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (name, text, message) in [
            (
                "user",
                "history = true",
                "rule `history`: `depth` is missing and the base policy has no such rule",
            ),
            (
                "user",
                "strength = {}",
                "rule `strength`: `min_score` is missing and the base policy has no such rule",
            ),
            (
                "staff",
                "length = { max = 9 }",
                "rule `length`: `min` is missing and the base policy has no such rule",
            ),
            ("user", "length = { min = 21 }", "rule `length`: `min` is 21 and `max` only 20"),
            ("user", "length = { min = 0 }", "rule `length`: `min` must be from 1 to 128"),
            ("user", "length = { max = 129 }", "rule `length`: `max` must be from 1 to 128"),
            ("user", "history = { depth = 101 }", "rule `history`: `depth` must be from 1 to 100"),
            ("user", "strength = { min_score = 5 }", "rule `strength`: `min_score` must be from 1 to 4"),
            (
                "user",
                "classes = true",
                "rule `classes`: needs at least one of `uppercase`, `lowercase`, `digit`, `special`",
            ),
            (
                "dealer",
                "classes = { special = \"aA\" }",
                "rule `classes`: `special` must be \"any\", \"none\" or distinct ASCII punctuation characters",
            ),
            (
                "x",
                "base = \"staff\"",
                "`base`: there is no built-in policy `staff`, only `user`, `dealer` and `member`",
            ),
        ] {
            assert_eq!(policy(name, text).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn an_unknown_key_is_named() {
        for (text, key) in [
            ("lenght = { min = 3 }", "lenght"),
            ("length = { minn = 3 }", "minn"),
            ("common = { file = \"x\" }", "file"),
            ("history = { dept = 3 }", "dept"),
            ("strength = { score = 3 }", "score"),
            ("similar = { ratio = 0.5 }", "ratio"),
            ("classes = { upper = true }", "upper"),
        ] {
            let message = toml::from_str::<PolicyOverlay>(text).unwrap_err().to_string();
            assert!(message.contains(&format!("unknown field `{key}`")), "{message}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused() {
        for text in [
            "common = 3",
            "length = 8",
            "length = { min = -1 }",
            "history = { depth = \"5\" }",
            "base = true",
        ] {
            assert!(toml::from_str::<PolicyOverlay>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_overlay_survives_toml_and_json() {
        let text = "base = \"member\"\ncommon = false\nsimilar = { max_similarity = 0.8 }\n\
                    length = { min = 10, count = \"nfc\" }\nclasses = { special = \"!?\" }";
        let overlay: PolicyOverlay = toml::from_str(text).unwrap();
        assert_eq!(toml::from_str::<PolicyOverlay>(&toml::to_string(&overlay).unwrap()).unwrap(), overlay);
        assert_eq!(
            serde_json::from_str::<PolicyOverlay>(&serde_json::to_string(&overlay).unwrap()).unwrap(),
            overlay
        );
    }
}
