//! Changing a password under a session, which the user API and the panel share.

use password_domain::account::{Permission, Realm};
use password_domain::password::Password;
use password_domain::session::SessionKind;
use password_domain::use_cases::Difference;

use super::call::Call;
use super::failure::Failure;
use super::success::{Answer, Success};
use crate::Api;

/// Changes the password of whoever holds the session, from `old_password` to `new_password`.
pub(super) async fn change(
    call: &Call,
    api: &Api,
    realm: &Realm,
    kind: SessionKind,
    needs: Option<&Permission>,
) -> Answer {
    let caller = call.caller(api, realm, kind).await?;
    let change = api.use_cases.change_password.begin(caller, needs)?;
    let [old, new] = call.required(["old_password", "new_password"])?.map(Password::new);
    let changed = change.carry_out(&old, &new, Difference::Required, &call.source).await;
    changed.map_err(|error| Failure::change(error, "new_password"))?;
    Ok(Success::nothing())
}
