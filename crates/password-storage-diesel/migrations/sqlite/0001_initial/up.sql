-- Times are microseconds since the epoch. STRICT keeps every column to its type.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    realm TEXT NOT NULL,
    login TEXT NOT NULL,
    login_key TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    locale TEXT,
    status TEXT NOT NULL,
    demo INTEGER NOT NULL,
    permissions TEXT NOT NULL,
    password_hash TEXT,
    credential_version INTEGER NOT NULL,
    password_changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (realm, login_key)
) STRICT;
CREATE INDEX accounts_by_email ON accounts (realm, email_key);
CREATE INDEX accounts_by_realm ON accounts (realm, id);

CREATE TABLE password_history (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (account_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    realm TEXT NOT NULL,
    version INTEGER NOT NULL,
    permissions TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE reset_grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    realm TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent_at INTEGER,
    voided_at INTEGER
) STRICT;
CREATE INDEX reset_grants_by_account ON reset_grants (account_id);
CREATE INDEX reset_grants_by_expiry ON reset_grants (expires_at);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    is_request INTEGER NOT NULL,
    realm TEXT NOT NULL,
    account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    login_key TEXT,
    email_key TEXT,
    send_to TEXT,
    -- What at most one entry may be pending for, as a digest: names are of any length, index entries are not.
    dedup_key BLOB UNIQUE,
    from_address TEXT,
    at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    queued_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_due ON outbox (is_request, due_at, id);
CREATE INDEX outbox_by_account ON outbox (account_id);

CREATE TABLE attempts (
    digest BLOB NOT NULL PRIMARY KEY,
    debt_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_debt ON attempts (debt_until);

CREATE TABLE remembered (
    digest BLOB NOT NULL PRIMARY KEY,
    remembered_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX remembered_by_end ON remembered (remembered_until);

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    digest BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_keys_by_account ON api_keys (account_id);

CREATE TABLE clients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

-- No foreign key: the audit log outlives the accounts that it speaks of.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    realm TEXT NOT NULL,
    account_id INTEGER,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    from_address TEXT
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
