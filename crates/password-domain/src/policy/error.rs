//! Why a policy can't be built.

use thiserror::Error;

/// Why rules or an overlay do not make a policy. The message names the rule and the number.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A number of a rule lies outside of what makes sense.
    #[error("rule `{rule}`: `{field}` must be from {least} to {most}")]
    OutOfRange {
        /// The rule's name.
        rule: &'static str,
        /// The number's name.
        field: &'static str,
        /// The smallest value that is allowed.
        least: &'static str,
        /// The largest value that is allowed.
        most: &'static str,
    },
    /// A length rule can't be satisfied.
    #[error("rule `length`: `min` is {min} and `max` only {max}")]
    MinAboveMax {
        /// The rule's minimum.
        min: usize,
        /// The rule's maximum.
        max: usize,
    },
    /// A classes rule asks for nothing.
    #[error("rule `classes`: needs at least one of `uppercase`, `lowercase`, `digit`, `special`")]
    NoClasses,
    /// A set of special characters is empty or has something else than distinct ASCII punctuation in it.
    #[error("rule `classes`: `special` must be \"any\", \"none\" or distinct ASCII punctuation characters")]
    SpecialSet,
    /// Two rules are of one kind.
    #[error("rule `{rule}` stands twice")]
    Duplicate {
        /// The rule's name.
        rule: &'static str,
    },
    /// An overlay adds a rule without a number that has no default.
    #[error("rule `{rule}`: `{field}` is missing and the base policy has no such rule")]
    Missing {
        /// The rule's name.
        rule: &'static str,
        /// The number's name.
        field: &'static str,
    },
    /// An overlay's base is not the name of a built-in policy.
    #[error("`base`: there is no built-in policy `{base}`, only `user`, `dealer` and `member`")]
    UnknownBase {
        /// The name that was given.
        base: String,
    },
}
