//! The envelope of a success: `success` first, then what the action tells.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, Responder};
use password_domain::account::Permission;
use serde::Serialize;

/// What an action tells; the order of the fields is the order on the wire.
#[derive(Serialize)]
pub(super) struct Success<T: Serialize> {
    success: bool,
    #[serde(flatten)]
    told: T,
}

/// Nothing more than that it succeeded.
#[derive(Serialize)]
pub(super) struct Nothing {}

/// A handler's answer.
pub(super) type Answer<T = Nothing> = Result<Success<T>, super::failure::Failure>;

impl Success<Nothing> {
    /// Tells nothing more.
    pub(super) fn nothing() -> Self {
        Self::telling(Nothing {})
    }
}

impl<T: Serialize> Success<T> {
    /// Tells something.
    pub(super) fn telling(told: T) -> Self {
        Self { success: true, told }
    }
}

impl<T: Serialize> Responder for Success<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self)
    }
}

/// Actions by resource.
pub(super) type Permissions = BTreeMap<String, Vec<String>>;

/// Groups permissions by what they are about.
pub(super) fn permissions<'a>(held: impl IntoIterator<Item = &'a Permission>) -> Permissions {
    let mut groups = Permissions::new();
    for permission in held {
        let (resource, action) = permission.parts();
        groups.entry(resource.to_owned()).or_default().push(action.to_owned());
    }
    groups
}
