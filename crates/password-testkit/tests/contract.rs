//! The fakes keep the contracts that they help to test.

use std::sync::Arc;

use password_domain::ports::PasswordHasher;
use password_testkit::{FakeHasher, MemoryStore, Storage};

async fn memory_store() -> (Storage, ()) {
    (Storage::of(Arc::new(MemoryStore::new())), ())
}

async fn fake_hasher() -> (Arc<dyn PasswordHasher>, ()) {
    (Arc::new(FakeHasher::new()), ())
}

password_testkit::storage_contract!(memory_store);
password_testkit::password_hasher_contract!(fake_hasher);
