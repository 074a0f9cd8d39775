//! Which member is calling.

use actix_web::HttpRequest;
use actix_web::http::header;
use password_domain::account::Realm;
use password_domain::session::Caller;

use super::envelope::Refusal;
use crate::Api;

/// Recognises the member who presents the access token in `Authorization: Bearer …`.
///
/// # Errors
///
/// 401 where there is no token, or not a live access token of a member.
pub(super) async fn recognise(request: &HttpRequest, api: &Api) -> Result<Caller, Refusal> {
    let Some(token) = token(request) else {
        return Err(Refusal::unauthorized("Authentication credentials were not provided."));
    };
    let caller = api.use_cases.sessions.recognise_access_token(&Realm::member(), token).await?;
    caller.ok_or_else(Refusal::invalid_access_token)
}

fn token(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}
