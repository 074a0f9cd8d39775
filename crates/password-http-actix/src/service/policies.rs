//! `GET /password/policies`: every policy by name, with all that a client needs to show it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use password_domain::policy::{ChecklistItem, Policy, Rule};
use serde::Serialize;

use super::answer::{Sentence, json};
use crate::Api;

#[derive(Serialize)]
struct Description<'a> {
    rules: &'a [Rule],
    sentences: Vec<Sentence>,
    passwordrules: String,
    checklist: Vec<ChecklistItem>,
}

impl<'a> Description<'a> {
    fn of(policy: &'a Policy) -> Self {
        Self {
            rules: policy.rules(),
            sentences: Sentence::of_all(&policy.possible_violations()),
            passwordrules: policy.password_rules(),
            checklist: policy.checklist(),
        }
    }
}

pub(super) async fn handle(api: web::Data<Api>) -> HttpResponse {
    let policies = api.use_cases.check_password.policies();
    let described: BTreeMap<&str, Description<'_>> =
        policies.map(|(name, policy)| (name, Description::of(policy))).collect();
    json(StatusCode::OK, &described)
}
