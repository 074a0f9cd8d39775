//! The contract of every hasher, on this one.

mod support;

use std::sync::Arc;

use password_domain::ports::PasswordHasher;

async fn cheap_hasher() -> (Arc<dyn PasswordHasher>, ()) {
    (Arc::new(support::hasher()), ())
}

password_testkit::password_hasher_contract!(cheap_hasher);
