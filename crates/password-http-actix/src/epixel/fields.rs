//! The body of a request and its fields.

use actix_web::{HttpRequest, web};

use super::envelope::{FieldErrors, Refusal};
use crate::Api;
use crate::body::{self, BodyError, Encoding, FieldError, Fields};

/// Reads a body in any of the dialect's three encodings. Whatever is wrong with it is told only after the caller was
/// recognised.
pub(super) async fn read(
    request: &HttpRequest,
    payload: web::Payload,
    api: &Api,
) -> Result<Fields, BodyError> {
    let accepted = [Encoding::Json, Encoding::Form, Encoding::Multipart];
    body::read(request, payload, &accepted, api.config.max_body).await
}

/// Returns the texts of fields that must be there.
///
/// # Errors
///
/// 400 that names every field that is missing, null, empty, or no text.
pub(super) fn required<'f, const N: usize>(
    fields: &'f Fields,
    names: [&'static str; N],
) -> Result<[&'f str; N], Refusal> {
    let mut wrong = Vec::new();
    let texts = names.map(|name| {
        let sentence = match fields.required(name) {
            Ok(text) => return text,
            Err(FieldError::Missing) => "This field is required.",
            Err(FieldError::WrongType) => "Not a valid string.",
        };
        wrong.push(FieldErrors::one(name, sentence));
        ""
    });
    if wrong.is_empty() { Ok(texts) } else { Err(Refusal::fields(wrong)) }
}
