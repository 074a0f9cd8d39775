//! What an action is called with.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use password_domain::account::Realm;
use password_domain::session::{Caller, SessionKind};
use password_domain::source::Source;

use super::codes::Code;
use super::failure::{Failure, ParameterError};
use super::hash::Hash;
use crate::Api;
use crate::body::{self, Encoding, Fields};

/// The parameters and the hash of a request whose body could be read.
pub(super) struct Call {
    pub(super) source: Source,
    fields: Fields,
    hash: Hash,
}

impl Call {
    /// Returns the hash, which must be there and have its form (3); nothing is said about whether it lives.
    pub(super) fn hash(&self) -> Result<&str, Failure> {
        self.hash.well_formed().ok_or(Code::WrongHash.into())
    }

    /// Returns who holds the session of this realm and kind that the hash belongs to (3, 4).
    pub(super) async fn caller(
        &self,
        api: &Api,
        realm: &Realm,
        kind: SessionKind,
    ) -> Result<Caller, Failure> {
        let found = api.use_cases.sessions.recognise(realm, kind, self.hash()?).await?;
        found.ok_or(Code::SessionEnded.into())
    }

    /// Returns parameters that must be there, in the order of their names; what is wrong with them is told at once (7).
    pub(super) fn required<const N: usize>(&self, names: [&'static str; N]) -> Result<[&str; N], Failure> {
        let mut values = [""; N];
        let mut errors = Vec::new();
        for (value, name) in values.iter_mut().zip(names) {
            match self.fields.required(name) {
                Ok(text) => *value = text,
                Err(error) => errors.push(ParameterError::new(name, error)),
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(Failure::parameters(errors)) }
    }
}

impl FromRequest for Call {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let api = request.app_data::<web::Data<Api>>().ok_or(Code::Unexpected)?;
            let payload = payload.await.map_err(|_| Code::Unexpected)?;
            let accepted = [Encoding::Json, Encoding::Form];
            let fields = body::read(&request, payload, &accepted, api.config.max_body).await?;
            let hash = Hash::of(&request, &fields, api.config.query_hash);
            Ok(Self { source: crate::source(&request, &api.config.trusted_proxies), fields, hash })
        })
    }
}
