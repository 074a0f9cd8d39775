//! `[limits]`: how often somebody may guess.

use password_domain::ports::Budget;
use password_domain::settings::{Limits as Budgets, ScopeLimits};
use serde::Deserialize;

use super::problem::Problems;
use super::units::Span;

/// How often somebody may guess.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "LimitsPatch")]
pub struct Limits {
    /// Whether anything is limited; `false` only for load tests.
    pub enabled: bool,
    /// All budgets.
    pub budgets: Budgets,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LimitsPatch {
    enabled: Option<bool>,
    sign_in: ScopePatch,
    old_password: ScopePatch,
    session: BudgetPatch,
    reset_request: ScopePatch,
    reset_token: ScopePatch,
    password_check: BudgetPatch,
    known_address: Option<Span>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ScopePatch {
    pair: BudgetPatch,
    address: BudgetPatch,
    identifier: BudgetPatch,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct BudgetPatch {
    capacity: Option<u32>,
    window: Option<Span>,
}

impl BudgetPatch {
    fn over(self, base: Budget) -> Budget {
        Budget {
            capacity: self.capacity.unwrap_or(base.capacity),
            window: self.window.map_or(base.window, |window| window.0),
        }
    }
}

impl ScopePatch {
    fn over(self, base: ScopeLimits) -> ScopeLimits {
        ScopeLimits {
            pair: self.pair.over(base.pair),
            address: self.address.over(base.address),
            identifier: self.identifier.over(base.identifier),
        }
    }
}

impl From<LimitsPatch> for Limits {
    fn from(patch: LimitsPatch) -> Self {
        let base = Budgets::default();
        Self {
            enabled: patch.enabled.unwrap_or(true),
            budgets: Budgets {
                sign_in: patch.sign_in.over(base.sign_in),
                old_password: patch.old_password.over(base.old_password),
                session: patch.session.over(base.session),
                reset_request: patch.reset_request.over(base.reset_request),
                reset_token: patch.reset_token.over(base.reset_token),
                password_check: patch.password_check.over(base.password_check),
                known_address: patch.known_address.map_or(base.known_address, |span| span.0),
            },
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        LimitsPatch::default().into()
    }
}

impl Limits {
    /// Returns the budgets as the use cases know them.
    pub fn settings(&self) -> Option<Budgets> {
        self.enabled.then_some(self.budgets)
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let Budgets { sign_in, old_password, session, reset_request, reset_token, password_check, .. } =
            &self.budgets;
        let scopes = [
            ("sign_in", sign_in),
            ("old_password", old_password),
            ("reset_request", reset_request),
            ("reset_token", reset_token),
        ];
        let parts = scopes.iter().flat_map(|(name, scope)| {
            [("pair", scope.pair), ("address", scope.address), ("identifier", scope.identifier)]
                .map(|(part, budget)| (format!("limits.{name}.{part}"), budget))
        });
        let alone =
            [("limits.session".to_owned(), *session), ("limits.password_check".to_owned(), *password_check)];
        for (key, budget) in parts.chain(alone) {
            problems.require(budget.capacity > 0, &format!("{key}.capacity"), "it must be at least 1");
            problems.require(!budget.window.is_zero(), &format!("{key}.window"), "it must be over 0");
        }
    }
}
