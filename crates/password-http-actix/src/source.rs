//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use ipnet::IpNet;
use password_domain::source::Source;

/// Returns the address that a request comes from, as far as it can be believed.
///
/// That is the peer's own address. Only where the peer is a trusted proxy, `X-Forwarded-For` is read from its right end,
/// past further trusted proxies, up to the first address that no trusted proxy has: what stands left of it was written
/// by the client. An entry that is no address ends the walk.
pub fn source(request: &HttpRequest, trusted: &[IpNet]) -> Source {
    let Some(peer) = request.peer_addr() else { return Source::unknown() };
    let entries: Vec<&[u8]> = request
        .headers()
        .get_all("x-forwarded-for")
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .collect();
    let mut believed = peer.ip().to_canonical();
    for entry in entries.into_iter().rev() {
        if !trusted.iter().any(|network| network.contains(&believed)) {
            break;
        }
        match address(entry) {
            Some(address) => believed = address,
            None => break,
        }
    }
    Source::from_address(believed)
}

/// Reads one entry: an address, which some proxies follow by a port.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip())).ok()?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
        for value in forwarded {
            request = request.append_header(("X-Forwarded-For", *value));
        }
        source(&request.to_http_request(), &trusted).address().unwrap().to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(seen("192.0.2.1:80", &["198.51.100.7"]), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_what_its_client_wrote_is_not() {
        assert_eq!(seen("10.0.0.1:80", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1:80", &["1.1.1.1, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1:80", &["1.1.1.1, 10.0.0.2", "198.51.100.7, 10.0.0.3"]), "198.51.100.7");
        assert_eq!(seen("[fd00::1]:80", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(seen("[::ffff:10.0.0.1]:80", &["::ffff:198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1:80", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1:80", &["[2001:db8::7]:4711"]), "2001:db8::7");
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(seen("10.0.0.1:80", &[]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:80", &[""]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:80", &["198.51.100.7, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:80", &["198.51.100.7, evil, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn a_request_without_a_peer_has_no_address() {
        assert_eq!(source(&TestRequest::default().to_http_request(), &[]), Source::unknown());
    }
}
