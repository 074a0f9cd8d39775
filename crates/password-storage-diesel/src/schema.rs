//! The tables, as both databases have them. `migrations/` creates them.

diesel::table! {
    accounts (id) {
        id -> BigInt,
        realm -> Text,
        login -> Text,
        login_key -> Text,
        email -> Text,
        email_key -> Text,
        first_name -> Text,
        last_name -> Text,
        locale -> Nullable<Text>,
        status -> Text,
        demo -> Bool,
        permissions -> Text,
        password_hash -> Nullable<Text>,
        credential_version -> BigInt,
        password_changed_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    password_history (account_id, version) {
        account_id -> BigInt,
        version -> BigInt,
        tag -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        digest -> Binary,
        kind -> Text,
        account_id -> BigInt,
        realm -> Text,
        version -> BigInt,
        permissions -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    reset_grants (id) {
        id -> BigInt,
        digest -> Binary,
        realm -> Text,
        account_id -> BigInt,
        version -> BigInt,
        opened_at -> BigInt,
        expires_at -> BigInt,
        spent_at -> Nullable<BigInt>,
        voided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        kind -> Text,
        is_request -> Bool,
        realm -> Text,
        account_id -> Nullable<BigInt>,
        login_key -> Nullable<Text>,
        email_key -> Nullable<Text>,
        send_to -> Nullable<Text>,
        dedup_key -> Nullable<Binary>,
        from_address -> Nullable<Text>,
        at -> BigInt,
        generation -> BigInt,
        attempt -> BigInt,
        due_at -> BigInt,
        lease_until -> BigInt,
        queued_at -> BigInt,
    }
}

diesel::table! {
    attempts (digest) {
        digest -> Binary,
        debt_until -> BigInt,
    }
}

diesel::table! {
    remembered (digest) {
        digest -> Binary,
        remembered_until -> BigInt,
    }
}

diesel::table! {
    api_keys (id) {
        id -> BigInt,
        account_id -> BigInt,
        digest -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    clients (id) {
        id -> BigInt,
        name -> Text,
        digest -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        realm -> Text,
        account_id -> Nullable<BigInt>,
        action -> Text,
        actor -> Text,
        from_address -> Nullable<Text>,
    }
}

diesel::table! {
    // Kept by diesel_migrations.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(reset_grants -> accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, sessions, reset_grants);
