//! The server: HTTP, the outbox's workers, housekeeping, and how all of it ends.
//!
//! It ends in an order in which nothing is lost: no further requests are accepted, those in flight get their answers, the
//! workers finish what they hold, the database is closed.

mod background;
mod look;
mod readiness;
mod signals;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::web::ServiceConfig;
use password_http_actix::{Api, HttpConfig, app};

use crate::config::Config;
use crate::failure::{Failure, with_causes};
use crate::house::{House, Purpose};
use crate::log;
use background::Background;
pub(crate) use look::check as check_look;
use readiness::StorageReadiness;
pub(crate) use signals::Signals;

/// How long requests in flight may take after the server was told to stop.
/// Orchestrators kill after 30 s, and the database is still to be closed then.
const SHUTDOWN: Duration = Duration::from_secs(15);

/// How long a client may take to send the head of a request, so that slow ones hold no connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 2_048;

/// What is mounted beside the service's own routes.
pub type Extra = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

/// Where to listen.
pub enum Listen {
    /// At this address.
    At(SocketAddr),
    /// With a socket that is open already.
    With(TcpListener),
}

/// Serves until the process is told to stop.
///
/// # Errors
///
/// [`Failure`] where something is missing before serving begins.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let warnings = config.check_for_serve()?;
    log::start(&config.log)?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let mut signals = Signals::listen()?;
    let house = tokio::select! {
        house = House::open(config, Purpose::Serve) => house?,
        // Told to stop while it waits for the database.
        () = signals.next() => return Ok(()),
    };
    let server = Server { config, house, extra: Arc::new(|_| {}) };
    let ready = |address| {
        tracing::info!(%address, public_url = %config.public_url, "listening");
        Ok(())
    };
    server.run(Listen::At(config.listen), signals, ready).await
}

/// Everything that serving takes.
pub(crate) struct Server<'a> {
    /// What an operator decided.
    pub(crate) config: &'a Config,
    /// The wired house, for serving.
    pub(crate) house: House,
    /// What is mounted beside the service's own routes.
    pub(crate) extra: Extra,
}

impl Server<'_> {
    /// Listens, says so by `ready`, and serves until a signal comes.
    pub(crate) async fn run(
        self,
        listen: Listen,
        mut signals: Signals,
        ready: impl FnOnce(SocketAddr) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Self { config, house, extra } = self;
        let House { use_cases, storage, tokens, hasher } = house;
        let http = match http_config(config) {
            Ok(http) => http,
            Err(failure) => {
                storage.close().await;
                return Err(failure);
            }
        };
        let api = Arc::new(Api {
            use_cases: use_cases.clone(),
            clients: storage.clients.clone(),
            tokens,
            readiness: Arc::new(StorageReadiness::new(storage.clone())),
            config: http,
        });
        let mut server = HttpServer::new(move || {
            let extra = Arc::clone(&extra);
            app(Arc::clone(&api), move |service| extra(service))
        })
        .disable_signals()
        .shutdown_timeout(SHUTDOWN.as_secs())
        .client_request_timeout(HEAD_TIMEOUT)
        .backlog(BACKLOG);
        if let Some(workers) = config.http.workers {
            server = server.workers(workers);
        }
        let bound = match listen {
            Listen::At(address) => server.bind(address).map_err(|error| cannot_listen(address, &error)),
            Listen::With(listener) => server.listen(listener).map_err(Failure::from),
        };
        let server = match bound {
            Ok(server) => server,
            Err(failure) => {
                storage.close().await;
                return Err(failure);
            }
        };
        tracing::info!(engine = hasher.engine(), "hashing");
        let address = server.addrs().first().copied().unwrap_or(config.listen);
        let serving = server.run();
        let handle = serving.handle();
        let serving = tokio::spawn(serving);
        let background = Background::start(&use_cases);

        let outcome = match ready(address) {
            Ok(()) => {
                tokio::pin!(serving);
                let ended = tokio::select! {
                    ended = &mut serving => Some(ended),
                    () = signals.next() => None,
                };
                match ended {
                    // Nobody has told it to.
                    Some(Ok(Ok(()))) => Err(Failure::new("the HTTP server ended by itself")),
                    Some(Ok(Err(error))) => Err(error.into()),
                    Some(Err(error)) => Err(error.into()),
                    None => {
                        tracing::info!("stopping");
                        // While requests finish; what they still queue waits for the next server.
                        background.begin_to_stop();
                        // Who asks twice does not want to wait.
                        tokio::select! {
                            () = handle.stop(true) => {}
                            () = signals.next() => handle.stop(false).await,
                        }
                        Ok(())
                    }
                }
            }
            Err(failure) => {
                handle.stop(false).await;
                Err(failure)
            }
        };
        background.stop().await;
        drop(use_cases);
        storage.close().await;
        tracing::info!(evaluations = hasher.evaluations(), "stopped");
        outcome
    }
}

/// Says that an address cannot be listened at.
pub(crate) fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(format!("can't listen at {address}: {}", with_causes(error)))
}

fn http_config(config: &Config) -> Result<HttpConfig, Failure> {
    let http = &config.http;
    Ok(HttpConfig {
        navixy_prefix: http.navixy_prefix.clone(),
        epixel_prefix: http.epixel_prefix.clone(),
        max_body: http.max_body.0,
        trusted_proxies: http.trusted_proxies.clone(),
        cors_origins: http.cors_origins.clone(),
        query_hash: http.query_hash,
        hsts: http.hsts,
        public_url: config.public_url.clone(),
        brand: look::brand(&config.brand)?,
        templates: look::templates(&config.pages)?,
    })
}
