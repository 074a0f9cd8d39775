//! The actions of the panel API.

use actix_web::web::Data;
use password_domain::account::{Permission, Realm};
use password_domain::password::Password;
use password_domain::session::SessionKind;
use password_domain::use_cases::SignInError;
use serde::Serialize;

use super::call::Call;
use super::change::change;
use super::codes::Code;
use super::failure::Failure;
use super::success::{Answer, Permissions, Success, permissions};
use crate::Api;

/// What `panel/account/auth` tells.
#[derive(Serialize)]
pub(super) struct Authenticated {
    hash: String,
    permissions: Permissions,
}

/// What `panel/account/get_permissions` tells.
#[derive(Serialize)]
pub(super) struct Permitted {
    permissions: Permissions,
}

/// `panel/dealer/password/update`: changes the dealer's password under a panel session.
pub(super) async fn password_update(call: Call, api: Data<Api>) -> Answer {
    let needs = Permission::password_update();
    change(&call, &api, &Realm::dealer(), SessionKind::Panel, Some(&needs)).await
}

/// `panel/account/auth`: begins a panel session.
pub(super) async fn account_auth(call: Call, api: Data<Api>) -> Answer<Authenticated> {
    let [login, password] = call.required(["login", "password"])?;
    let password = Password::new(password);
    let sign_in = &api.use_cases.sign_in;
    let signed_in =
        sign_in.sign_in(&Realm::dealer(), SessionKind::Panel, login, &password, &call.source).await;
    let signed_in = signed_in.map_err(|error| match error {
        SignInError::Rejected => Code::DealerNotFound.into(),
        SignInError::NotActivated => Code::NotActivated.into(),
        SignInError::Blocked => Code::AccessDenied.into(),
        SignInError::TooManyAttempts { retry_after } => Failure::later(Code::TooManyAttempts, retry_after),
        SignInError::Port(error) => error.into(),
    })?;
    let permissions = permissions(&signed_in.account.permissions);
    Ok(Success::telling(Authenticated { hash: signed_in.session.expose().to_owned(), permissions }))
}

/// `panel/account/get_permissions`: tells what the session may do.
pub(super) async fn account_get_permissions(call: Call, api: Data<Api>) -> Answer<Permitted> {
    let caller = call.caller(&api, &Realm::dealer(), SessionKind::Panel).await?;
    Ok(Success::telling(Permitted { permissions: permissions(caller.permissions()) }))
}

/// `panel/account/logout`: ends the session.
pub(super) async fn account_logout(call: Call, api: Data<Api>) -> Answer {
    let caller = call.caller(&api, &Realm::dealer(), SessionKind::Panel).await?;
    api.use_cases.sessions.end(&caller, &call.source).await?;
    Ok(Success::nothing())
}
