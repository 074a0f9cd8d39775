//! The policy as a list of wishes, for pages.

use serde::Serialize;

use super::violation::{characters, class_list};
use super::{MAX_LENGTH, Policy, Rule};

/// One line of a page's checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChecklistItem {
    /// The code of the violation that this line prevents.
    pub code: &'static str,
    /// What to do, in a few words without a full stop.
    pub text: String,
}

impl Policy {
    /// Returns the rules as positive sentences, in the order of their violations.
    ///
    /// What holds under every policy and hardly ever matters (at most 128 characters, no control characters, not blank) has
    /// no line.
    #[must_use]
    pub fn checklist(&self) -> Vec<ChecklistItem> {
        let mut items = Vec::with_capacity(self.rules().len() + 1);
        let mut maximum = None;
        for rule in self.rules() {
            let (code, text) = match rule {
                Rule::Similar { .. } => {
                    ("similar", "Not too similar to your other personal information".to_owned())
                }
                Rule::Length { min, max, .. } => {
                    maximum = Some(*max).filter(|max| *max < MAX_LENGTH);
                    ("too_short", format!("At least {min} {}", characters(*min)))
                }
                Rule::Common => ("common", "Not a commonly used password".to_owned()),
                Rule::Numeric => ("numeric", "Not entirely numeric".to_owned()),
                Rule::Classes(classes) => ("classes", format!("At least one {}", class_list(classes))),
                Rule::Printable => ("unprintable", "Printable characters only".to_owned()),
                Rule::History { depth: 1 } => ("reused", "Not your current password".to_owned()),
                Rule::History { depth } => ("reused", format!("None of your last {depth} passwords")),
                Rule::Strength { .. } => ("too_weak", "Hard to guess".to_owned()),
            };
            items.push(ChecklistItem { code, text });
        }
        if let Some(max) = maximum {
            // Violations report the maximum after the classes, before what cannot be printed.
            let at = self.rules().iter().take_while(|rule| rule.position() <= 4).count();
            items.insert(
                at,
                ChecklistItem { code: "too_long", text: format!("At most {max} {}", characters(max)) },
            );
        }
        items
    }
}
