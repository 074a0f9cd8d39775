//! `POST /password/check`: what a policy says of a password, without an account.
//!
//! A question with a language (`"lang":"de"`) is also told, in words, why the password is easy to guess and what would help.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use password_domain::password::Password;
use password_domain::policy::Attributes;
use password_locales::Locale;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Refusal, Sentence, json};
use crate::body::{self, Encoding, Fields, WrongType};
use crate::{Api, source};

/// What is asked.
struct Question {
    policy: String,
    password: Password,
    account: Attributes,
    /// The language of the words that are asked for.
    words: Option<Locale>,
}

impl Question {
    fn of(fields: &Fields) -> Result<Self, Refusal> {
        let account = match fields.json("account") {
            Ok(None) => Attributes::none(),
            Ok(Some(account)) => Attributes::deserialize(&Value::Object(account.clone()))
                .map_err(|_| Refusal::invalid("Each key of account is a text."))?,
            Err(WrongType) => return Err(Refusal::invalid("account is an object.")),
        };
        let policy =
            fields.required("policy").map_err(|_| Refusal::invalid("policy is the name of a policy."))?;
        // An empty password is a password with violations.
        let password = match fields.text("password") {
            Ok(Some(password)) => Password::new(password),
            Ok(None) | Err(WrongType) => return Err(Refusal::invalid("password is a text.")),
        };
        let words = match fields.text("lang") {
            Ok(tag) => tag.map(|tag| Locale::for_tag(Some(tag))),
            Err(WrongType) => return Err(Refusal::invalid("lang is a text.")),
        };
        Ok(Self { policy: policy.to_owned(), password, account, words })
    }
}

#[derive(Serialize)]
struct Answer {
    ok: bool,
    violations: Vec<Sentence>,
    score: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<Vec<String>>,
}

pub(super) async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Refusal> {
    let question =
        Question::of(&body::read(&request, payload, &[Encoding::Json], api.config.max_body).await?)?;
    let check = api.use_cases.check_password.clone();
    let source = source(&request, &api.config.trusted_proxies);
    if let Some(retry_after) = check.limited(&source).await? {
        return Err(Refusal::throttled(retry_after));
    }
    let Question { policy, password, account, words } = question;
    // Cheap for one caller, and not worth a worker's time for a thousand.
    let checked = web::block(move || check.check(&policy, password.typed(), &account));
    let checked = checked.await.map_err(|_| Refusal::unexpected())?.ok_or_else(Refusal::unknown_policy)?;
    let violations = Sentence::of_all(&checked.violations);
    let feedback = words
        .map(|locale| checked.hints.iter().map(|hint| locale.text(&format!("page-{hint}"), &[])).collect());
    let answer = Answer { ok: violations.is_empty(), violations, score: checked.score, feedback };
    Ok(json(StatusCode::OK, &answer))
}
