//! The actions of the user API.

use actix_web::web::Data;
use password_domain::account::Realm;
use password_domain::password::Password;
use password_domain::session::SessionKind;
use password_domain::use_cases::{SignInError, Telling};
use serde::Serialize;

use super::call::Call;
use super::change::change;
use super::codes::Code;
use super::failure::Failure;
use super::success::{Answer, Success};
use crate::Api;

/// What `user/auth` tells.
#[derive(Serialize)]
pub(super) struct Authenticated {
    r#type: &'static str,
    hash: String,
}

/// `user/password/change`: sets a password with the hash from a restore mail.
pub(super) async fn password_change(call: Call, api: Data<Api>) -> Answer {
    let hash = call.hash()?;
    let recovery = api.use_cases.complete_reset.recognise(&Realm::user(), None, hash, &call.source).await?;
    let [new] = call.required(["password"])?.map(Password::new);
    recovery.set(&new, &call.source).await.map_err(|error| Failure::reset(error, "password"))?;
    Ok(Success::nothing())
}

/// `user/password/set`: changes a password under a standard session.
pub(super) async fn password_set(call: Call, api: Data<Api>) -> Answer {
    change(&call, &api, &Realm::user(), SessionKind::Standard, None).await
}

/// `user/restore_password`: asks for the restore mail; never tells whether there is such an account.
pub(super) async fn restore_password(call: Call, api: Data<Api>) -> Answer {
    let [login] = call.required(["login"])?;
    let request = &api.use_cases.request_reset;
    let _ = request.request(&Realm::user(), login, Telling::Nothing, &call.source).await?;
    Ok(Success::nothing())
}

/// `user/auth`: begins a standard session.
pub(super) async fn auth(call: Call, api: Data<Api>) -> Answer<Authenticated> {
    let [login, password] = call.required(["login", "password"])?;
    let password = Password::new(password);
    let sign_in = &api.use_cases.sign_in;
    let signed_in =
        sign_in.sign_in(&Realm::user(), SessionKind::Standard, login, &password, &call.source).await;
    let signed_in = signed_in.map_err(|error| match error {
        SignInError::Rejected => Code::WrongCredentials.into(),
        SignInError::NotActivated => Code::NotActivated.into(),
        SignInError::Blocked => Code::AccessDenied.into(),
        SignInError::TooManyAttempts { retry_after } => Failure::later(Code::TooManyAttempts, retry_after),
        SignInError::Port(error) => error.into(),
    })?;
    Ok(Success::telling(Authenticated {
        r#type: "authenticated",
        hash: signed_in.session.expose().to_owned(),
    }))
}

/// `user/logout`: ends the session.
pub(super) async fn logout(call: Call, api: Data<Api>) -> Answer {
    let caller = call.caller(&api, &Realm::user(), SessionKind::Standard).await?;
    api.use_cases.sessions.end(&caller, &call.source).await?;
    Ok(Success::nothing())
}

/// `user/session/renew`: lets the session live its whole lifetime from now.
pub(super) async fn session_renew(call: Call, api: Data<Api>) -> Answer {
    let caller = call.caller(&api, &Realm::user(), SessionKind::Standard).await?;
    let renewed = api.use_cases.sessions.renew(&caller).await?;
    renewed.then(Success::nothing).ok_or(Code::SessionEnded.into())
}
