//! Inserts that look after their own condition.

/// Inserts a session where its account is there, active and of the session's version; takes the lock that the database
/// needs for that. A macro, because diesel cannot name a query for both databases.
macro_rules! insert_guarded_session {
    ($row:expr $(, $lock:ident)?) => {{
        let row: &SessionRow = $row;
        let guarded = accounts::table
            .filter(accounts::id.eq(row.account_id))
            .filter(accounts::realm.eq(&row.realm))
            .filter(accounts::credential_version.eq(row.version))
            .filter(accounts::status.eq(AccountStatus::Active.as_str()))
            .select((
                row.digest.as_slice().into_sql::<Binary>(),
                row.kind.as_str().into_sql::<Text>(),
                accounts::id,
                accounts::realm,
                accounts::credential_version,
                row.permissions.as_str().into_sql::<Text>(),
                row.issued_at.into_sql::<BigInt>(),
                row.expires_at.into_sql::<BigInt>(),
            ))
            $(.$lock())?;
        let inserted = guarded.insert_into(sessions::table).into_columns((
            sessions::digest,
            sessions::kind,
            sessions::account_id,
            sessions::realm,
            sessions::version,
            sessions::permissions,
            sessions::issued_at,
            sessions::expires_at,
        ));
        Prepared(inserted.returning(sessions::id))
    }};
}

pub(crate) use insert_guarded_session;
