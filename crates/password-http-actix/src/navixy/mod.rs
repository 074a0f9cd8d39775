//! The Navixy dialects: the user API and, below `panel`, the panel API.
//!
//! - `codes`: the table of everything that can be refused;
//! - `failure`, `success`: the two envelopes, and which code each outcome has;
//! - `call`, `hash`: who asks, and with which parameters;
//! - `user`, `panel`, and `change` for what both share: one handler for each action.
//!
//! The order of the checks is the order of the lines in a handler: the body (9, 5), the hash's form (3), the session (4),
//! the permission (13), demo mode (101), parameters (7), and then what the use case finds.

mod call;
mod change;
mod codes;
mod failure;
mod hash;
mod panel;
mod success;
mod user;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError, Route, web};

use crate::{Api, HttpConfig, body, middleware};
use codes::Code;
use failure::Failure;

/// Everything that has actions.
const RESOURCES: [&str; 5] =
    ["user", "user/password", "user/session", "panel/dealer/password", "panel/account"];

/// Mounts both dialects under their prefix.
pub fn configure(cfg: &mut web::ServiceConfig, config: &HttpConfig) {
    let post = web::post;
    cfg.service(
        web::scope(&config.navixy_prefix)
            .wrap(middleware::cors(config))
            .service(action("/user/password/change", post().to(user::password_change)))
            .service(action("/user/password/set", post().to(user::password_set)))
            .service(action("/user/restore_password", post().to(user::restore_password)))
            .service(action("/user/auth", post().to(user::auth)))
            .service(action("/user/logout", post().to(user::logout)))
            .service(action("/user/session/renew", post().to(user::session_renew)))
            .service(action("/panel/dealer/password/update", post().to(panel::password_update)))
            .service(action("/panel/account/auth", post().to(panel::account_auth)))
            .service(action("/panel/account/get_permissions", post().to(panel::account_get_permissions)))
            .service(action("/panel/account/logout", post().to(panel::account_logout)))
            .default_service(web::to(no_such_action)),
    );
}

/// Returns the envelope for what goes wrong before or outside of a handler.
pub(crate) fn failure(status: StatusCode) -> HttpResponse {
    let code = match status {
        StatusCode::NOT_FOUND => Code::WrongHandler,
        StatusCode::METHOD_NOT_ALLOWED => Code::WrongMethod,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        status if status.is_client_error() => Code::WrongFormat,
        _ => Code::Unexpected,
    };
    Failure::from(code).error_response()
}

/// Serves an action with a slash at its end and without one.
fn action(path: &str, post: Route) -> Resource {
    web::resource([path.to_owned(), format!("{path}/")]).route(post).default_service(web::to(wrong_method))
}

async fn wrong_method(payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    body::discard(payload, api.config.max_body).await;
    Failure::from(Code::WrongMethod).error_response()
}

async fn no_such_action(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    body::discard(payload, api.config.max_body).await;
    let path = request.match_info().unprocessed();
    Failure::from(refusal(path)).error_response()
}

/// Returns why a path below the prefix has no action: the resource is unknown, or only the action is.
fn refusal(path: &str) -> Code {
    let path = path.trim_start_matches('/');
    let path = path.strip_suffix('/').unwrap_or(path);
    let resource = path.rsplit_once('/').map_or("", |(resource, _)| resource);
    if RESOURCES.contains(&resource) || RESOURCES.contains(&path) {
        Code::WrongMethod
    } else {
        Code::WrongHandler
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_action_of_a_known_resource_is_told_from_an_unknown_resource() {
        for path in [
            "/user/password/delete",
            "/user/nothing",
            "/user/session/end/",
            "/panel/account/x",
            "/user/password",
        ] {
            assert_eq!(refusal(path), Code::WrongMethod, "{path}");
        }
        for path in [
            "",
            "/",
            "/tracker/list",
            "/panel/dealer/list",
            "/panel",
            "/users/auth",
            "/user/password/set/x",
            "/user/auth//",
        ] {
            assert_eq!(refusal(path), Code::WrongHandler, "{path}");
        }
    }
}
