//! The three API dialects, the hosted pages and the service routes, on actix-web.
//!
//! A dialect is a translation and decides nothing: it has routes, a way to recognise a caller, an envelope, and one
//! table from outcomes to codes and sentences. A handler parses, calls a use case, and maps what came back.
//!
//! | module | what |
//! | --- | --- |
//! | [`navixy`] | the fleet platform's user API and its panel API |
//! | [`epixel`] | the members' API |
//! | [`pages`] | the pages that people see in a browser |
//! | [`service`] | policies, the check of a password, health |
//! | [`body`] | the text of a request's body, for every dialect |
//! | [`middleware`] | what every request passes: headers, access log, and the place where a panic ends |
//!
//! What never belongs here: a rule about passwords, a decision about an account, a query, a mail. The order of checks
//! that a dialect promises is the order of the calls that its handlers make; each of the checks is the domain's.
//!
//! # To add an action to a dialect
//!
//! 1. Write a handler beside the others: its extractor tells who is asking, one call of a use case does the work.
//! 2. Give outcomes that the dialect does not know yet a line in its table (`navixy/codes.rs`).
//! 3. Mount it in the dialect's `configure`, and add its line to the tables of `tests/`.
//!
//! # To add a dialect
//!
//! Write a module with `configure(&mut ServiceConfig, &HttpConfig)`, which mounts one scope with the origins' middleware
//! (`middleware::cors`) around it, its table, and `failure(StatusCode)`, its envelope for what goes wrong before or
//! outside a handler. Give it a prefix in [`HttpConfig`] and a line in
//! [`middleware::Dialect`], and mount it in [`app`].
//!
//! # To embed one dialect in an application of your own
//!
//! ```no_run
//! use std::sync::Arc;
//! use actix_web::middleware::from_fn;
//! use actix_web::{App, HttpServer, web};
//! use password_http_actix::{Api, middleware, navixy};
//!
//! # async fn serve(api: Arc<Api>) -> std::io::Result<()> {
//! HttpServer::new(move || {
//!     App::new()
//!         .app_data(web::Data::from(api.clone()))
//!         .configure(|cfg| navixy::configure(cfg, &api.config))
//!         .route("/", web::get().to(|| async { "your own pages" }))
//!         // Security headers, an access log without secrets, and an end to panics; leave it out where you have yours.
//!         .wrap(from_fn(middleware::around))
//! })
//! .bind(("127.0.0.1", 8080))?
//! .run()
//! .await
//! # }
//! ```

mod api;
mod app;
pub mod body;
pub mod epixel;
pub mod middleware;
pub mod navixy;
pub mod pages;
pub mod service;
mod source;

pub use api::{Api, HttpConfig, Readiness, report, retry_after_seconds};
pub use app::app;
pub use pages::{Brand, Colour, ColourError, Logo, LogoError, MAX_LOGO, TemplateError, Templates};
pub use source::source;
