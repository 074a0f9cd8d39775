//! `multipart/form-data`, parsed by `actix-multipart` from bytes that are all there.

use actix_multipart::Multipart;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};
use zeroize::Zeroizing;

use super::{BodyError, Fields};

/// The most parts of one body: no form here has ten fields, and each part costs work of its own.
const MAX_PARTS: usize = 100;

pub(super) async fn parse(headers: &HeaderMap, mut body: Zeroizing<Vec<u8>>) -> Result<Fields, BodyError> {
    if !body.ends_with(b"\r\n") {
        // The parser misses a first boundary that is also the last one where no line break follows.
        body.extend_from_slice(b"\r\n");
    }
    let length = body.len();
    let mut parts = Multipart::new(headers, stream::iter([Ok(Bytes::from_owner(body))]));
    let mut fields = Fields::default();
    let mut count = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| BodyError::Malformed)?;
        count += 1;
        let name = part.name().filter(|_| count <= MAX_PARTS).ok_or(BodyError::Malformed)?.to_owned();
        let value = part.bytes(length).await;
        let value = value.map_err(|_| BodyError::Malformed)?.map_err(|_| BodyError::Malformed)?;
        let text = std::str::from_utf8(&value).map_err(|_| BodyError::Malformed)?;
        fields.insert(name, text.to_owned());
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
    use actix_web::rt::System;

    use super::*;

    fn parsed(content_type: &str, body: &[u8]) -> Result<Fields, BodyError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        System::new().block_on(parse(&headers, Zeroizing::new(body.to_vec())))
    }

    fn fields(body: &[u8]) -> Result<Fields, BodyError> {
        parsed("multipart/form-data; boundary=x", body)
    }

    fn part(name: &str, value: &str) -> String {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    #[test]
    fn fields_files_and_repetitions_are_texts() {
        let body = part("a", "1")
            + &part("a", " 2\r\n\u{e9}\0 ")
            + &part("b", "")
            + "--x\r\nContent-Disposition: form-data; name=\"c\"; filename=\"c.bin\"\r\nContent-Type: application/octet-stream\r\n\r\nfile\r\n--x--\r\n";
        let fields = fields(body.as_bytes()).unwrap();
        assert_eq!(fields.text("a"), Ok(Some(" 2\r\n\u{e9}\0 ")));
        assert_eq!((fields.text("b"), fields.text("c")), (Ok(Some("")), Ok(Some("file"))));
    }

    #[test]
    fn a_body_without_parts_is_an_empty_form() {
        for body in ["--x--\r\n", "--x--", "\r\n--x--\r\n"] {
            assert_eq!(fields(body.as_bytes()).unwrap().text("a"), Ok(None), "{body:?}");
        }
    }

    #[test]
    fn a_boundary_may_be_quoted() {
        let body = (part("a", "1") + "--x--\r\n").replace("--x", "--a b");
        assert_eq!(
            parsed("multipart/form-data; charset=utf-8; boundary=\"a b\"", body.as_bytes())
                .unwrap()
                .text("a"),
            Ok(Some("1"))
        );
    }

    #[test]
    fn what_is_broken_is_malformed() {
        let whole = part("a", "1") + "--x--\r\n";
        for length in 1..whole.len() - 4 {
            assert!(fields(&whole.as_bytes()[..length]).is_err(), "{:?}", &whole[..length]);
        }
        for bad in [
            "no boundary at all".to_owned(),
            "{\"a\":1}".to_owned(),
            part("a", "1").replace("name=\"a\"", "") + "--x--\r\n",
            part("a", "1").replace("Content-Disposition", "Content-Nothing") + "--x--\r\n",
            part("a", "1").replace("--x", "--y") + "--y--\r\n",
            "\r\n".to_owned(),
        ] {
            assert_eq!(fields(bad.as_bytes()).err(), Some(BodyError::Malformed), "{bad:?}");
        }
        assert!(
            fields(b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--x--\r\n").is_err()
        );
        assert!(parsed("multipart/form-data", whole.as_bytes()).is_err());
        assert!(parsed("multipart/form-data; boundary=", whole.as_bytes()).is_err());
    }

    #[test]
    fn the_number_of_parts_is_bounded_and_the_size_of_one_is_not() {
        let close = "--x--\r\n";
        assert!(fields((part("a", "1").repeat(MAX_PARTS) + close).as_bytes()).is_ok());
        assert!(fields((part("a", "1").repeat(MAX_PARTS + 1) + close).as_bytes()).is_err());
        let long = "v".repeat(1_000_000);
        assert_eq!(fields((part("a", &long) + close).as_bytes()).unwrap().text("a"), Ok(Some(long.as_str())));
    }
}
