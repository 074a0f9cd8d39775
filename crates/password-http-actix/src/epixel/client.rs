//! Which client application is calling.

use actix_web::HttpRequest;
use password_domain::ports::PortError;
use password_domain::token::TokenPurpose;

use super::envelope::Refusal;
use crate::Api;

/// Looks up the client application that the header `apikey` names.
///
/// # Errors
///
/// 401 where the header is missing or no client has such a key.
pub(super) async fn recognise(request: &HttpRequest, api: &Api) -> Result<(), Refusal> {
    let unknown = || Refusal::unauthorized("Invalid API key");
    let key = request.headers().get("apikey").and_then(|key| key.to_str().ok()).ok_or_else(unknown)?;
    let digests = api.tokens.digests(TokenPurpose::Client, key);
    match api.clients.find(&digests).await.map_err(PortError::from)? {
        Some(_) => Ok(()),
        None => Err(unknown()),
    }
}
