//! The text of a request's body, for every dialect.

mod fields;
mod multipart;

use std::time::Duration;

use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;
use zeroize::Zeroizing;

pub use fields::{FieldError, Fields, WrongType};

/// How many bytes of a body that is too large are still read and dropped (contract, section 2, code 9): a client that is
/// cut off while it sends does not see the answer.
const DROPPED: usize = 8 << 20;

/// How long a body may take to arrive, so that nobody holds a connection by sending it drop by drop (nginx's default
/// for the pause between two reads).
const PATIENCE: Duration = Duration::from_secs(60);

/// A form of body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`: one object.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`; a file counts as the text that is in it.
    Multipart,
}

impl Encoding {
    fn of(request: &HttpRequest) -> Option<Self> {
        match request.content_type().to_ascii_lowercase().as_str() {
            "application/json" => Some(Self::Json),
            "application/x-www-form-urlencoded" => Some(Self::Form),
            "multipart/form-data" => Some(Self::Multipart),
            _ => None,
        }
    }
}

/// The reason why a body has no fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It has more bytes than are allowed.
    #[error("the body is too large")]
    TooLarge,
    /// It is not what its content type says, or did not arrive in full.
    #[error("the body is not what its content type says")]
    Malformed,
    /// Its content type is missing, unknown or not accepted here.
    #[error("the content type is not accepted")]
    UnsupportedType,
}

/// Reads a body of at most `max` bytes. An empty one has no fields, whatever its content type.
///
/// # Errors
///
/// [`BodyError`]; the body was read to its end, as far as that is bearable, so that the answer arrives.
pub async fn read(
    request: &HttpRequest,
    payload: web::Payload,
    accepted: &[Encoding],
    max: usize,
) -> Result<Fields, BodyError> {
    let bytes = collect(request, payload, max, PATIENCE).await?;
    if bytes.is_empty() {
        return Ok(Fields::default());
    }
    match Encoding::of(request).filter(|encoding| accepted.contains(encoding)) {
        Some(Encoding::Json) => Fields::from_json(&bytes),
        Some(Encoding::Form) => Fields::from_form(&bytes),
        Some(Encoding::Multipart) => multipart::parse(request.headers(), bytes).await,
        None => Err(BodyError::UnsupportedType),
    }
}

/// Reads a body of at most `max` bytes that is one JSON object of a type. Of a repeated key the last counts.
///
/// # Errors
///
/// [`BodyError`], as [`read`]; [`BodyError::Malformed`] also where the object has another shape or is not there.
pub async fn read_json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: web::Payload,
    max: usize,
) -> Result<T, BodyError> {
    let bytes = collect(request, payload, max, PATIENCE).await?;
    if !bytes.is_empty() && Encoding::of(request) != Some(Encoding::Json) {
        return Err(BodyError::UnsupportedType);
    }
    let object: Map<String, Value> = serde_json::from_slice(&bytes).map_err(|_| BodyError::Malformed)?;
    serde_json::from_value(Value::Object(object)).map_err(|_| BodyError::Malformed)
}

/// Reads a body and drops it, at most `max` bytes and the 8 MiB that are borne beyond, so that an answer that needs no
/// body arrives.
pub async fn discard(mut payload: web::Payload, max: usize) {
    // Whether it ends in time or not, there is nothing more to do.
    let _ = timeout(PATIENCE, drain(&mut payload, max.saturating_add(DROPPED))).await;
}

async fn collect(
    request: &HttpRequest,
    payload: web::Payload,
    max: usize,
    patience: Duration,
) -> Result<Zeroizing<Vec<u8>>, BodyError> {
    timeout(patience, collect_at_leisure(request, payload, max)).await.unwrap_or(Err(BodyError::Malformed))
}

async fn collect_at_leisure(
    request: &HttpRequest,
    mut payload: web::Payload,
    max: usize,
) -> Result<Zeroizing<Vec<u8>>, BodyError> {
    let announced = announced_length(request);
    if announced.is_some_and(|length| length > max as u64) {
        drain(&mut payload, max.saturating_add(DROPPED)).await;
        return Err(BodyError::TooLarge);
    }
    // With its full capacity from the start, the buffer leaves no copies of itself behind.
    let capacity = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| BodyError::Malformed)?;
        if bytes.len() + chunk.len() > max {
            drop(bytes);
            drain(&mut payload, DROPPED).await;
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn announced_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn drain(payload: &mut web::Payload, mut rest: usize) {
    while let Some(Ok(chunk)) = payload.next().await {
        match rest.checked_sub(chunk.len()) {
            Some(left) => rest = left,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest;
    use actix_web::dev::Payload;
    use actix_web::error::PayloadError;
    use actix_web::test::TestRequest;
    use actix_web::web::Bytes;
    use futures_util::stream::{self, Stream};

    use super::*;

    async fn collected(
        stream: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
        announced: Option<&str>,
    ) -> Result<usize, BodyError> {
        let mut request = TestRequest::post();
        if let Some(length) = announced {
            request = request.insert_header((CONTENT_LENGTH, length));
        }
        let request = request.to_http_request();
        let stream: std::pin::Pin<Box<dyn Stream<Item = _>>> = Box::pin(stream);
        let payload = web::Payload::from_request(&request, &mut Payload::from(stream)).await.unwrap();
        collect(&request, payload, 10, Duration::from_millis(50)).await.map(|bytes| bytes.len())
    }

    fn chunks(count: usize) -> impl Stream<Item = Result<Bytes, PayloadError>> {
        stream::iter((0..count).map(|_| Ok(Bytes::from_static(b"12345"))))
    }

    #[actix_web::test]
    async fn a_body_is_bounded_whatever_it_announces() {
        for announced in [None, Some("10"), Some("1"), Some("nonsense"), Some("-1")] {
            assert_eq!(collected(chunks(2), announced).await, Ok(10), "{announced:?}");
            assert_eq!(collected(chunks(3), announced).await, Err(BodyError::TooLarge), "{announced:?}");
        }
        for announced in ["11", "18446744073709551615"] {
            assert_eq!(collected(chunks(0), Some(announced)).await, Err(BodyError::TooLarge), "{announced}");
        }
    }

    #[actix_web::test]
    async fn what_is_too_large_is_read_on_for_a_while_and_not_for_ever() {
        let chunk = || Ok(Bytes::from(vec![0; 1 << 20]));
        let endless = stream::repeat_with(chunk);
        assert_eq!(collected(endless, None).await, Err(BodyError::TooLarge));
    }

    #[actix_web::test]
    async fn a_body_that_breaks_off_or_stalls_is_malformed() {
        let broken = stream::iter([Ok(Bytes::from_static(b"{}")), Err(PayloadError::Incomplete(None))]);
        assert_eq!(collected(broken, None).await, Err(BodyError::Malformed));
        assert_eq!(collected(chunks(1).chain(stream::pending()), None).await, Err(BodyError::Malformed));
    }
}
