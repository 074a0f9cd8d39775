//! A whole application over fakes: build a [`House`], put accounts into its world, send requests, look at answers.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::test::{TestRequest, init_service};
use actix_web::{HttpServer, web};
use async_trait::async_trait;
use futures_util::future::LocalBoxFuture;
use password_domain::settings::Settings;
use password_domain::use_cases::UseCases;
use password_http_actix::{Api, HttpConfig, Readiness, app};
use password_testkit::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;

pub const JSON: &str = "application/json";
pub const FORM: &str = "application/x-www-form-urlencoded";
/// A hash of the right form that nobody has.
pub const UNKNOWN: &str = "ffffffffffffffffffffffffffffffff";
pub const OK: &str = r#"{"success":true}"#;

/// An application and the world behind it.
pub struct House {
    pub world: World,
    pub api: Arc<Api>,
    client: OnceCell<Client>,
}

type Client = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answer>>;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of a refusal; 0 for a success.
    pub fn code(&self) -> u64 {
        let json = self.json();
        assert_eq!(self.header("content-type"), Some(JSON), "{self:?}");
        if json["success"] == true {
            assert_eq!(self.status, 200);
            return 0;
        }
        assert!(self.body.starts_with(r#"{"success":false,"status":{"code":"#), "{self:?}");
        json["status"]["code"].as_u64().unwrap()
    }

    /// The parameters of code 7 that something is wrong with.
    pub fn parameters(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["parameter"].as_str().unwrap().to_owned()).collect()
    }
}

struct Ready;

#[async_trait]
impl Readiness for Ready {
    async fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

impl House {
    pub fn new() -> Self {
        Self::with(World::settings(), HttpConfig::default())
    }

    pub fn with(settings: Settings, config: HttpConfig) -> Self {
        let world = World::new();
        let api = Api {
            use_cases: UseCases::new(world.ports(), settings),
            clients: world.store.clone(),
            tokens: world.tokens.clone(),
            readiness: Arc::new(Ready),
            config,
        };
        Self { world, api: Arc::new(api), client: OnceCell::new() }
    }

    /// Sends a request, from 192.0.2.1 unless it says otherwise.
    pub async fn send(&self, request: TestRequest) -> Answer {
        let client = self.client.get_or_init(|| client(self.api.clone(), |_| {})).await;
        client(request).await
    }

    /// Sends a request to the application with something more mounted in it.
    pub async fn send_to(&self, request: TestRequest, extra: fn(&mut web::ServiceConfig)) -> Answer {
        client(self.api.clone(), extra).await(request).await
    }

    /// Posts a body of any type.
    pub async fn post_as(&self, path: &str, content_type: &str, body: impl Into<web::Bytes>) -> Answer {
        let request = post(path).insert_header((CONTENT_TYPE, content_type)).set_payload(body);
        self.send(request).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: serde_json::Value) -> Answer {
        self.post_as(path, JSON, body.to_string()).await
    }

    /// Begins a session and returns its hash.
    pub async fn session(&self, auth: &str, login: &str, password: &str) -> String {
        let answer = self.post(auth, serde_json::json!({"login": login, "password": password})).await;
        answer.json()["hash"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
    }

    /// Asks for a restore mail and returns the hash in it.
    pub async fn restore_hash(&self, login: &str) -> String {
        let answer = self.post("/v2/user/restore_password", serde_json::json!({"login": login})).await;
        assert_eq!(answer.body, OK);
        while self.api.use_cases.deliver_notices.run_once().await.unwrap() > 0 {}
        self.world.mailer.last_token().unwrap().expose().to_owned()
    }

    /// Serves the application on a loopback port until the test ends.
    pub fn serve(&self) -> SocketAddr {
        self.serve_with(|_| {})
    }

    /// Serves the application with something more mounted in it.
    pub fn serve_with(&self, extra: fn(&mut web::ServiceConfig)) -> SocketAddr {
        let api = self.api.clone();
        let server = HttpServer::new(move || app(api.clone(), extra)).workers(1).disable_signals();
        let server = server.bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        address
    }
}

/// Builds the application once, because that takes longer than many requests.
async fn client(api: Arc<Api>, extra: fn(&mut web::ServiceConfig)) -> Client {
    let service = Rc::new(init_service(app(api, extra)).await);
    Box::new(move |request| {
        let service = service.clone();
        Box::pin(async move {
            let response = match service.call(request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = to_bytes(response.into_body()).await.unwrap();
            Answer { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
        })
    })
}

/// A POST request from 192.0.2.1.
pub fn post(path: &str) -> TestRequest {
    TestRequest::post().uri(path).peer_addr("192.0.2.1:4711".parse().unwrap())
}

/// Writes bytes to a server and returns everything that it answers until it closes the connection.
pub async fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
