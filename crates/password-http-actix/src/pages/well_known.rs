//! `/.well-known/change-password`, where password managers look for the change page (W3C, A Well-Known URL for Changing
//! Passwords).

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};

use super::site::{Site, query};
use crate::Api;

/// The realm of whoever does not name one.
const DEFAULT_REALM: &str = "member";

/// Leads to the change page of the realm that `?realm=` names, else of the members.
pub(super) async fn change_password(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let site = Site::of(&request, &api);
    let [asked] = query(&request, ["realm"]);
    let realm = if site.place(&asked).is_some() { asked.as_str() } else { DEFAULT_REALM };
    HttpResponse::Found().insert_header((LOCATION, format!("{}/change/{realm}", site.base))).finish()
}
