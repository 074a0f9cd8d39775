//! What the pages load: style, script, the operator's colour and logo.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};

use super::site::Site;
use crate::Api;

/// A picture that is opened by itself is shown and does nothing: SVG could hold a script.
const PICTURE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox";

pub(super) async fn style(api: web::Data<Api>) -> HttpResponse {
    asset("text/css; charset=utf-8", api.config.templates.style())
}

pub(super) async fn script(api: web::Data<Api>) -> HttpResponse {
    asset("text/javascript; charset=utf-8", api.config.templates.script())
}

pub(super) async fn brand(api: web::Data<Api>) -> HttpResponse {
    asset("text/css; charset=utf-8", api.config.brand.colour.stylesheet())
}

/// What a browser shows beside the title where there is no logo.
pub(super) async fn icon() -> HttpResponse {
    asset("image/svg+xml", include_str!("../../assets/icon.svg"))
}

pub(super) async fn logo(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let Some(logo) = &api.config.brand.logo else {
        return Site::of(&request, &api).failure(StatusCode::NOT_FOUND);
    };
    let mut response = asset(logo.content_type(), logo.bytes());
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, actix_web::http::header::HeaderValue::from_static(PICTURE_POLICY));
    response
}

fn asset(content_type: &'static str, content: impl Into<web::Bytes>) -> HttpResponse {
    // They hold no secret. An hour is short enough for an upgrade to be seen.
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(content.into())
}
