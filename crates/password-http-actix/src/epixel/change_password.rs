//! `user/profile/change-password/`

use actix_web::{HttpRequest, HttpResponse, web};
use password_domain::password::Password;
use password_domain::use_cases::{ChangeDenied, ChangeError, Difference};

use super::envelope::{FieldErrors, Refusal, success};
use super::{bearer, client, fields};
use crate::{Api, source};

pub(super) async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Refusal> {
    let body = fields::read(&request, payload, &api).await;
    client::recognise(&request, &api).await?;
    let caller = bearer::recognise(&request, &api).await?;
    let body = body?;
    let change = api.use_cases.change_password.begin(caller, None)?;
    let [old, new, confirmation] =
        fields::required(&body, ["old_password", "new_password", "confirm_password"])?;
    let [old, new, confirmation] = [old, new, confirmation].map(Password::new);

    let mut wrong = Vec::new();
    if !new.same_as(&confirmation) {
        wrong.push(FieldErrors::one("confirm_password", "The two password fields didn't match."));
    }
    let violations = change.violations(&new)?;
    if !violations.is_empty() {
        wrong.push(FieldErrors::policy(&violations));
    }
    if !wrong.is_empty() {
        return Err(Refusal::fields(wrong));
    }
    change
        .carry_out(&old, &new, Difference::NotRequired, &source(&request, &api.config.trusted_proxies))
        .await?;
    Ok(success())
}

impl From<ChangeDenied> for Refusal {
    fn from(denied: ChangeDenied) -> Self {
        match denied {
            ChangeDenied::Demo => Self::demo(),
            // The dialect asks for no permission.
            ChangeDenied::NotPermitted => Self::invalid_access_token(),
        }
    }
}

impl From<ChangeError> for Refusal {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Policy(violations) => Self::policy(&violations),
            // The dialect does not ask for a different password: only a history can refuse the old one.
            ChangeError::Unchanged | ChangeError::RecentlyUsed => Self::recently_used(),
            ChangeError::WrongPassword => {
                Self::unauthorized("Your old password was entered incorrectly. Please enter it again.")
            }
            ChangeError::SessionEnded => Self::invalid_access_token(),
            ChangeError::TooManyAttempts { retry_after } => Self::throttled(retry_after),
            ChangeError::Port(error) => error.into(),
        }
    }
}
