//! The Navixy dialects over a real connection.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use actix_web::{HttpResponse, web};
use password_http_actix::HttpConfig;
use password_testkit::World;
use support::{House, raw};

const TOO_LARGE: &str = r#"{"success":false,"status":{"code":9,"description":"Too large request"}}"#;

fn request(head: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{head}\r\nHost: localhost\r\nConnection: close\r\n").into_bytes();
    bytes.extend_from_slice(
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(),
    );
    bytes.extend_from_slice(body);
    bytes
}

#[actix_web::test]
async fn the_answer_to_a_body_that_is_too_large_arrives() {
    let address = House::new().serve();
    for size in [(1 << 20) + 1, 8 << 20] {
        for path in ["/v2/user/auth", "/v2/panel/dealer/password/update"] {
            let answer = raw(address, &request(&format!("POST {path} HTTP/1.1"), &vec![b'x'; size])).await;
            assert!(answer.starts_with("HTTP/1.1 412 "), "{size}: {answer}");
            assert!(answer.ends_with(TOO_LARGE), "{size}: {answer}");
        }
    }
    let most = raw(address, &request("POST /v2/user/auth HTTP/1.1", &vec![b'x'; 1 << 20])).await;
    assert!(most.contains(r#""code":5,"#), "{most}");
}

#[actix_web::test]
async fn a_chunked_body_is_bounded_too() {
    let address = House::new().serve();
    let mut bytes = b"POST /v2/user/auth HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..64 {
        bytes.extend_from_slice(format!("{:x}\r\n", 1 << 16).as_bytes());
        bytes.extend_from_slice(&vec![b' '; 1 << 16]);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    let answer = raw(address, &bytes).await;
    assert!(answer.starts_with("HTTP/1.1 412 ") && answer.ends_with(TOO_LARGE), "{answer}");
}

#[actix_web::test]
async fn a_large_body_that_nobody_reads_hides_no_answer() {
    let address = House::new().serve();
    for (head, code) in [
        ("POST /v2/nothing/here HTTP/1.1", r#""code":111,"#),
        ("PUT /v2/user/auth HTTP/1.1", r#""code":112,"#),
        ("POST /nothing HTTP/1.1", "HTTP/1.1 404 "),
    ] {
        let answer = raw(address, &request(head, &vec![b'x'; 4 << 20])).await;
        assert!(answer.contains(code), "{head}: {answer}");
    }
}

#[actix_web::test]
async fn head_and_get_are_refused_and_change_nothing() {
    let house = House::new();
    let address = house.serve();
    let head = raw(address, b"HEAD /v2/user/auth HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 400 ") && head.ends_with("\r\n\r\n"), "{head}");
    let get = raw(
        address,
        b"GET /v2/user/auth?login=u&password=p HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(
        get.starts_with("HTTP/1.1 400 ") && get.ends_with(r#"{"code":112,"description":"Wrong method"}}"#),
        "{get}"
    );
    assert!(house.world.events.events().is_empty());
}

#[actix_web::test]
async fn a_body_that_breaks_off_ends_without_a_change() {
    let house = House::with(World::settings(), HttpConfig::default());
    let address = house.serve();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(
        &mut stream,
        b"POST /v2/user/restore_password HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"login\":\"u\"}",
    )
    .await
    .unwrap();
    drop(stream);
    // A request behind it on the same worker is answered, and nothing was asked for before.
    let next = request("POST /v2/user/restore_password HTTP/1.1", br#"{"login":"v"}"#);
    let answer = tokio::time::timeout(Duration::from_secs(10), raw(address, &next));
    assert!(answer.await.unwrap().starts_with("HTTP/1.1 200 "));
    assert_eq!(house.world.store.pending_requests(), 1);
}

#[actix_web::test]
async fn a_panic_ends_one_request_and_not_the_connection() {
    async fn panics() -> HttpResponse {
        panic!("a secret in a panic")
    }
    let address = House::new().serve_with(|cfg| {
        cfg.route("/panic", web::get().to(panics));
    });
    let both = b"GET /panic HTTP/1.1\r\nHost: x\r\n\r\nGET /v2/user/auth HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = raw(address, both).await;
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.contains("HTTP/1.1 400 "), "{answer}");
    assert_eq!(answer.matches("x-content-type-options: nosniff").count(), 2, "{answer}");
    assert!(!answer.contains("secret"), "{answer}");
}
