//! The style and the script of the pages, compiled in.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;

const STYLE: &str = include_str!("../../assets/pages.css");
const SCRIPT: &str = include_str!("../../assets/pages.js");

pub(super) async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", STYLE)
}

pub(super) async fn script() -> HttpResponse {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

fn asset(content_type: &'static str, text: &'static str) -> HttpResponse {
    // They hold no secret. A day is short enough for an upgrade to be seen.
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(text)
}
