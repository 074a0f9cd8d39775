//! The notebook keeps the written contract of every port that it implements.

use std::sync::Arc;

use example_embed_own_storage::Notebook;
use password_domain::ports::SeparateHolders;
use password_testkit::{MemoryStore, Storage};

async fn notebook() -> (Storage, ()) {
    let notebook = Arc::new(Notebook::default());
    let storage = Storage {
        accounts: notebook.clone(),
        account_admin: notebook.clone(),
        credentials: notebook.clone(),
        resets: notebook.clone(),
        holders: Arc::new(SeparateHolders::of(notebook.clone())),
        sessions: notebook.clone(),
        outbox: notebook.clone(),
        attempts: notebook.clone(),
        api_keys: notebook.clone(),
        housekeeping: notebook,
        // A service that knows its callers has no use for client applications: a fake takes the place.
        clients: Arc::new(MemoryStore::new()),
    };
    (storage, ())
}

password_testkit::accounts_contract!(notebook);
password_testkit::account_admin_contract!(notebook);
password_testkit::credential_store_contract!(notebook);
password_testkit::holders_contract!(notebook);
password_testkit::reset_store_contract!(notebook);
password_testkit::reset_store_shared_contract!(notebook);
password_testkit::session_store_contract!(notebook);
password_testkit::session_store_shared_contract!(notebook);
password_testkit::outbox_contract!(notebook);
password_testkit::attempt_store_contract!(notebook);
password_testkit::api_key_store_contract!(notebook);
password_testkit::housekeeping_contract!(notebook);
