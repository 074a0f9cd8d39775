//! A small blocking HTTP/1.1 client: it shares the processors with the server, so it must cost next to nothing.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// No answer takes longer than this, however long the queue.
const PATIENCE: Duration = Duration::from_secs(60);

/// Larger answers than any that the server gives.
const MOST_BYTES: usize = 1 << 20;

/// A request, written out before the time is taken, and what must be answered.
#[derive(Clone)]
pub(crate) struct Request {
    bytes: Vec<u8>,
    status: u16,
    contains: &'static str,
}

/// What came back.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Request {
    /// Writes a request without a body that must be answered 200.
    pub(crate) fn get(path: &str) -> Self {
        let bytes = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes();
        Self { bytes, status: 200, contains: "" }
    }

    /// Writes a request with a JSON body that must be answered 200.
    pub(crate) fn post(path: &str, headers: &[(&str, &str)], body: &Value) -> Self {
        let body = body.to_string();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let text = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             {headers}\r\n{body}",
            body.len(),
        );
        Self { bytes: text.into_bytes(), status: 200, contains: "" }
    }

    /// Takes another answer for the right one.
    pub(crate) fn expecting(self, status: u16, contains: &'static str) -> Self {
        Self { status, contains, ..self }
    }

    /// Tells whether this is what must be answered.
    pub(crate) fn is_answered_by(&self, answer: &Answer<'_>) -> bool {
        let wanted = self.contains.as_bytes();
        answer.status == self.status
            && (wanted.is_empty() || answer.body.windows(wanted.len()).any(|window| window == wanted))
    }
}

/// One connection that is kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to a server.
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096) })
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn send(&mut self, request: &Request) -> io::Result<Answer<'_>> {
        self.stream.write_all(&request.bytes)?;
        self.buffer.clear();
        loop {
            if let Some(head) = Head::of(&self.buffer)?
                && self.buffer.len() >= head.bytes + head.body
            {
                return Ok(Answer { status: head.status, body: &self.buffer[head.bytes..][..head.body] });
            }
            self.more()?;
        }
    }

    fn more(&mut self) -> io::Result<()> {
        let mut part = [0; 4_096];
        let count = self.stream.read(&mut part)?;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up"));
        }
        self.buffer.extend_from_slice(&part[..count]);
        if self.buffer.len() > MOST_BYTES { Err(malformed("the answer is too long")) } else { Ok(()) }
    }
}

/// The beginning of an answer, as far as a load generator looks at it.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    bytes: usize,
    body: usize,
}

impl Head {
    /// Reads the head of an answer; `None` where it has not arrived in full.
    fn of(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| malformed("the head is not text"))?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok());
        match (status, length) {
            (Some(status), Some(body)) if body <= MOST_BYTES => {
                Ok(Some(Self { status, bytes: end + 4, body }))
            }
            (None, _) => Err(malformed("there is no status line")),
            _ => Err(malformed("there is no content-length")),
        }
    }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use serde_json::json;

    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\nX: y\r\nContent-Length: 4\r\n\r\nabcd";

    #[test]
    fn a_head_is_read_when_it_has_arrived() {
        let whole = Head { status: 400, bytes: ANSWER.len() - 4, body: 4 };
        assert_eq!(Head::of(ANSWER).unwrap(), Some(whole));
        assert_eq!(Head::of(&ANSWER[..ANSWER.len() - 5]).unwrap(), None);
        assert_eq!(Head::of(b"").unwrap(), None);
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for junk in [
            "SMTP ready\r\n\r\n",
            "HTTP/1.1 2\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n",
        ] {
            assert!(Head::of(junk.as_bytes()).is_err(), "{junk:?}");
        }
    }

    #[test]
    fn an_answer_is_right_by_its_status_and_its_body() {
        let request = Request::get("/").expecting(400, "bc");
        assert!(request.is_answered_by(&Answer { status: 400, body: b"abcd" }));
        assert!(!request.is_answered_by(&Answer { status: 200, body: b"abcd" }));
        assert!(!request.is_answered_by(&Answer { status: 400, body: b"acbd" }));
    }

    #[test]
    fn one_connection_carries_several_requests_whose_answers_come_in_pieces() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let request = Request::post("/p", &[("apikey", "k")], &json!({"a": 1}));
        let expected = request.bytes.clone();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for _ in 0..2 {
                let mut received = vec![0; expected.len()];
                stream.read_exact(&mut received).unwrap();
                assert_eq!(received, expected);
                for piece in ANSWER.chunks(30) {
                    stream.write_all(piece).unwrap();
                    stream.flush().unwrap();
                }
            }
        });
        let mut connection = Connection::open(&address).unwrap();
        for _ in 0..2 {
            let answer = connection.send(&request).unwrap();
            assert_eq!((answer.status, answer.body), (400, &b"abcd"[..]));
        }
        assert!(connection.send(&request).is_err(), "the server hung up");
        server.join().unwrap();
    }

    #[test]
    fn a_post_says_how_long_it_is() {
        let text =
            String::from_utf8(Request::post("/p", &[("apikey", "k")], &json!({"a": 1})).bytes).unwrap();
        assert!(text.starts_with("POST /p HTTP/1.1\r\n"));
        assert!(text.ends_with("Content-Length: 7\r\napikey: k\r\n\r\n{\"a\":1}"));
    }
}
