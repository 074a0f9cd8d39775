//! The page behind the mail's link.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use minijinja::context;
use password_domain::password::Password;
use password_domain::source::Source;
use password_domain::use_cases::{CompleteReset, RecoveryError, ResetError};

use super::problem::Problems;
use super::render::{self, Message};
use super::site::{Place, Site, query};
use super::submission::Submission;
use crate::{Api, source};

/// The proof that a link carries: the fleet platform's users have a hash, everybody else a user key and a token.
enum Proof<'a> {
    Hash(&'a str),
    Token { user: &'a str, token: &'a str },
}

impl<'a> Proof<'a> {
    fn of(place: &Place<'_>, hash: &'a str, user: &'a str, token: &'a str) -> Self {
        if place.realm.as_str() == "user" { Self::Hash(hash) } else { Self::Token { user, token } }
    }

    fn user_key(&self) -> Option<&'a str> {
        match self {
            Self::Hash(_) => None,
            Self::Token { user, .. } => Some(user),
        }
    }

    fn token(&self) -> &'a str {
        match self {
            Self::Hash(token) | Self::Token { token, .. } => token,
        }
    }
}

/// Why the password was not set.
enum Refused {
    /// The link does not work, and the form would not either.
    Link,
    /// The account is for demonstration.
    Demo,
    /// The form can be sent again.
    Form(Problems),
}

/// Shows the form. Looks up nothing: whether the link works is told to who submits it.
pub(super) async fn show(
    request: HttpRequest,
    realm: web::Path<String>,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    let [hash, user, token] = query(&request, ["hash", "user", "token"]);
    form(&place, &Proof::of(&place, &hash, &user, &token), &Problems::none())
}

/// Takes the form.
pub(super) async fn submit(
    request: HttpRequest,
    realm: web::Path<String>,
    payload: web::Payload,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let submission = match Submission::read(&request, payload, &api).await {
        Ok(submission) => submission,
        Err(status) => return site.failure(status),
    };
    let site = site.or_chosen(submission.text("lang"));
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    let [hash, user, token] = ["hash", "user", "token"].map(|name| submission.text(name));
    let proof = Proof::of(&place, hash, user, token);
    let [new, confirmation] =
        ["new_password", "confirm_password"].map(|name| Password::new(submission.text(name)));
    let source = source(&request, &api.config.trusted_proxies);
    match set(&api.use_cases.complete_reset, &place, &proof, &new, &confirmation, &source).await {
        Ok(()) => place.see_other("reset", "/done"),
        Err(Refused::Link) => render::message(
            &place,
            StatusCode::BAD_REQUEST,
            &Message { name: "link", link: Some(("forgot", "page-link-again")) },
        ),
        Err(Refused::Demo) => {
            render::message(&place, StatusCode::FORBIDDEN, &Message { name: "demo", link: None })
        }
        Err(Refused::Form(problems)) => form(&place, &proof, &problems),
    }
}

/// Says that the password is set.
pub(super) async fn done(
    request: HttpRequest,
    realm: web::Path<String>,
    api: web::Data<Api>,
) -> HttpResponse {
    let site = Site::of(&request, &api);
    let Some(place) = site.place(&realm) else { return site.failure(StatusCode::NOT_FOUND) };
    render::message(
        &place,
        StatusCode::OK,
        &Message { name: "done", link: Some(("change", "page-done-again")) },
    )
}

/// Recognises the bearer first: before that, neither a rule nor the form itself is worth a word.
async fn set(
    reset: &CompleteReset,
    place: &Place<'_>,
    proof: &Proof<'_>,
    new: &Password,
    confirmation: &Password,
    source: &Source,
) -> Result<(), Refused> {
    let recovery = reset.recognise(&place.realm, proof.user_key(), proof.token(), source).await?;
    let violations = recovery.violations(new).map_err(|error| Refused::Form(error.into()))?;
    let problems = Problems::policy(&violations).and_match(new.same_as(confirmation));
    if !problems.is_empty() {
        return Err(Refused::Form(problems));
    }
    Ok(recovery.set(new, source).await?)
}

impl From<RecoveryError> for Refused {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::InvalidToken => Self::Link,
            RecoveryError::Demo => Self::Demo,
            RecoveryError::TooManyAttempts { retry_after } => Self::Form(Problems::throttled(retry_after)),
            RecoveryError::Port(error) => Self::Form(error.into()),
        }
    }
}

impl From<ResetError> for Refused {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::Policy(violations) => Self::Form(Problems::policy(&violations)),
            ResetError::RecentlyUsed => Self::Form(Problems::recently_used()),
            ResetError::InvalidToken => Self::Link,
            ResetError::Port(error) => Self::Form(error.into()),
        }
    }
}

fn form(place: &Place<'_>, proof: &Proof<'_>, problems: &Problems) -> HttpResponse {
    match *proof {
        Proof::Hash(hash) => render::form(place, "reset", problems, &[("hash", hash)], context! { hash }),
        Proof::Token { user, token } => {
            let kept = [("user", user), ("token", token)];
            render::form(place, "reset", problems, &kept, context! { user, token })
        }
    }
}
