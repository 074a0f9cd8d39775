//! The pages that people see in a browser: the one behind the mail's link, the one that asks for the mail, the one that
//! changes a password without a session.
//!
//! - `site`: addresses and realms, as pages name them;
//! - `render`: the templates, compiled in, and every way to make a response of one;
//! - `problem`: what is wrong with a form, said in words next to its field and at the top;
//! - `submission`: a form that arrived, refused where another site has sent it;
//! - one file for each page.
//!
//! Opening a page looks nothing up and spends nothing: scanners open links too. A form carries its own proof (a token,
//! or the current password) and there is no cookie. Whatever the scripts add, the pages work without them.

mod assets;
mod change;
mod forgot;
mod problem;
mod render;
mod reset;
mod site;
mod submission;
mod well_known;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};

use self::site::Site;
use crate::{Api, HttpConfig, body};

/// Mounts the pages and what they load.
pub fn configure(cfg: &mut web::ServiceConfig, _config: &HttpConfig) {
    cfg.service(form("reset", reset::show, reset::submit))
        .service(read_only("/reset/{realm}/done", reset::done))
        .service(form("forgot", forgot::show, forgot::submit))
        .service(read_only("/forgot/{realm}/sent", forgot::sent))
        .service(form("change", change::show, change::submit))
        .service(read_only("/change/{realm}/done", change::done))
        .service(read_only("/.well-known/change-password", well_known::change_password))
        .service(read_only("/assets/pages.css", assets::style))
        .service(read_only("/assets/pages.js", assets::script));
}

/// Returns the page for what goes wrong outside of the handlers, unknown paths included.
pub(crate) fn failure(status: StatusCode) -> HttpResponse {
    render::failure(None, status)
}

fn form<S, SA, P, PA>(name: &str, show: S, submit: P) -> impl HttpServiceFactory + use<S, SA, P, PA>
where
    S: Handler<SA> + Clone,
    SA: FromRequest + 'static,
    S::Output: Responder + 'static,
    P: Handler<PA>,
    PA: FromRequest + 'static,
    P::Output: Responder + 'static,
{
    web::resource([format!("/{name}/{{realm}}"), format!("/{name}/{{realm}}/")])
        .route(web::get().to(show.clone()))
        .route(web::head().to(show))
        .route(web::post().to(submit))
        .default_service(wrong_method("GET, HEAD, POST"))
}

fn read_only<H, A>(path: &str, show: H) -> Resource
where
    H: Handler<A> + Clone,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(show.clone()))
        .route(web::head().to(show))
        .default_service(wrong_method("GET, HEAD"))
}

fn wrong_method(allow: &'static str) -> actix_web::Route {
    web::to(move |payload: web::Payload, api: web::Data<Api>| async move {
        body::discard(payload, api.config.max_body).await;
        let mut response = Site::of(&api).failure(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        response
    })
}
