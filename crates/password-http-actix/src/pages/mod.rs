//! The pages that people see in a browser: the one behind the mail's link, the one that asks for the mail, the one that
//! changes a password without a session.
//!
//! - `site`: addresses and realms, as pages name them;
//! - `language`: which language somebody reads; every word stands in `password-locales`;
//! - `templates`: the templates, compiled in or an operator's own, and `sample`, which tries them;
//! - `render`: what the templates get, and every way to make a response of one;
//! - `brand`, `colour`, `assets`: how an operator's service shows itself, and what the pages load;
//! - `checklist`: the policy as a list that fills while somebody types;
//! - `problem`: what is wrong with a form, said in words next to its field and at the top;
//! - `submission`: a form that arrived, refused where another site has sent it;
//! - one file for each page.
//!
//! Opening a page looks nothing up and spends nothing: scanners open links too. A form carries its own proof (a token,
//! or the current password) and there is no cookie. Whatever the scripts add, the pages work without them.

mod assets;
mod brand;
mod change;
mod checklist;
mod colour;
mod forgot;
mod language;
mod problem;
mod render;
mod reset;
mod sample;
mod site;
mod submission;
mod templates;
mod well_known;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, web};

pub use self::brand::{Brand, Logo, LogoError, MAX_LOGO};
pub use self::colour::{Colour, ColourError};
pub(crate) use self::language::Language;
use self::site::Site;
pub use self::templates::{TemplateError, Templates};
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
        .service(read_only("/assets/pages.js", assets::script))
        .service(read_only("/assets/brand.css", assets::brand))
        .service(read_only("/assets/icon.svg", assets::icon))
        .service(read_only("/assets/logo", assets::logo));
}

/// Returns the page for what goes wrong outside of the handlers, unknown paths included.
pub(crate) fn failure(api: &Api, language: Language, status: StatusCode) -> HttpResponse {
    Site::in_language(language, api).failure(status)
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
    web::to(move |request: HttpRequest, payload: web::Payload, api: web::Data<Api>| async move {
        body::discard(payload, api.config.max_body).await;
        let mut response = Site::of(&request, &api).failure(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        response
    })
}
