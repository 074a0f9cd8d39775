//! The one way from what went wrong in a database to what a port says about it.
//!
//! Nothing here repeats a value: names of tables, columns and constraints are told, contents never are.

use std::error::Error as StdError;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use password_domain::ports::StoreError;

/// Why a unit of work came to nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The work itself gave up; everything is rolled back, and its caller knows the answer.
    Abandoned,
    /// The database refused.
    Database(DieselError),
    /// There was no connection to work with.
    Unreachable(Box<dyn StdError + Send + Sync>),
    /// A row cannot be read: table, column and row.
    Corrupt(String),
    /// Something else, in words without values.
    Unforeseen(String),
}

impl From<DieselError> for Failure {
    fn from(error: DieselError) -> Self {
        Self::Database(error)
    }
}

impl Failure {
    /// Tells whether the same work may succeed at once: a lost race between transactions that were rolled back.
    pub(crate) fn is_transient(&self) -> bool {
        // Deadlock and busy have no kind of their own in diesel, only PostgreSQL's and SQLite's words.
        const LOST_RACES: [&str; 4] =
            ["deadlock detected", "could not serialize", "database is locked", "database table is locked"];
        match self {
            Self::Database(error) => match root(error) {
                DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
                DieselError::DatabaseError(DatabaseErrorKind::Unknown, info) => {
                    says(info.message(), &LOST_RACES)
                }
                _ => false,
            },
            _ => false,
        }
    }
}

impl Failure {
    /// Tells whether it is certain that nothing of one statement is left: the database refused it, or it only read.
    pub(crate) fn is_undone(&self) -> bool {
        match self {
            Self::Abandoned | Self::Corrupt(_) => true,
            Self::Database(error) => match root(error) {
                DieselError::DatabaseError(kind, info) => {
                    !matches!(
                        kind,
                        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
                    ) && !info.message().contains("terminating connection")
                }
                // An answer that cannot be read may be one to a write.
                _ => false,
            },
            Self::Unreachable(_) | Self::Unforeseen(_) => false,
        }
    }

    /// Returns the same for somebody else who waited for the same work.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Abandoned => Self::Abandoned,
            Self::Database(error) => match root(error) {
                DieselError::DatabaseError(kind, info) => {
                    Self::Database(DieselError::DatabaseError(*kind, Box::new(info.message().to_owned())))
                }
                DieselError::BrokenTransactionManager => {
                    Self::Database(DieselError::BrokenTransactionManager)
                }
                _ => Self::Unforeseen("what several waited for failed".to_owned()),
            },
            Self::Unreachable(cause) => Self::Unreachable(cause.to_string().into()),
            Self::Corrupt(place) => Self::Corrupt(place.clone()),
            Self::Unforeseen(text) => Self::Unforeseen(text.clone()),
        }
    }
}

/// Translates a failure for the ports.
pub(crate) fn translate(failure: Failure) -> StoreError {
    match failure {
        Failure::Database(error) => translate_diesel(&error),
        Failure::Unreachable(cause) => StoreError::Unavailable(cause),
        Failure::Corrupt(place) => StoreError::Corrupt(place),
        Failure::Unforeseen(text) => StoreError::Unexpected(text.into()),
        Failure::Abandoned => StoreError::Unexpected("a transaction was given up".into()),
    }
}

fn translate_diesel(error: &DieselError) -> StoreError {
    // What passes by itself, or with an operator's help, without a change of this program or its data.
    const PASSING: [&str; 21] = [
        "deadlock detected",
        "could not serialize",
        "database is locked",
        "database table is locked",
        "disk I/O error",
        "database or disk is full",
        "unable to open database file",
        "attempt to write a readonly database",
        "terminating connection",
        "the database system is",
        "too many connections",
        "too many clients",
        "remaining connection slots",
        "canceling statement",
        "canceling authentication",
        "conflict with recovery",
        "could not extend file",
        "No space left on device",
        "out of memory",
        "out of shared memory",
        "connection closed",
    ];
    const DAMAGED: [&str; 5] = [
        "malformed",
        "file is not a database",
        "invalid page in block",
        "could not read block",
        "missing chunk number",
    ];
    match root(error) {
        DieselError::DatabaseError(kind, info) => {
            let text = describe(*kind, info.as_ref());
            match kind {
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction => StoreError::Unavailable(text.into()),
                DatabaseErrorKind::Unknown if says(info.message(), &PASSING) => {
                    StoreError::Unavailable(text.into())
                }
                DatabaseErrorKind::Unknown if says(info.message(), &DAMAGED) => StoreError::Corrupt(text),
                _ => StoreError::Unexpected(text.into()),
            }
        }
        // Raised by a connection that was lost inside a transaction.
        DieselError::BrokenTransactionManager => StoreError::Unavailable("the transaction was lost".into()),
        // diesel's own text may quote the value.
        DieselError::DeserializationError(_) => StoreError::Corrupt("a column holds another type".to_owned()),
        DieselError::SerializationError(_) => StoreError::Unexpected("a value cannot be written".into()),
        DieselError::QueryBuilderError(_) => StoreError::Unexpected("a query cannot be built".into()),
        DieselError::InvalidCString(_) => StoreError::Unexpected("a text contains NUL".into()),
        DieselError::NotFound => StoreError::Unexpected("a row is missing".into()),
        _ => StoreError::Unexpected("the transaction could not be run".into()),
    }
}

/// Returns what happened first: a failed rollback or commit wraps it.
fn root(error: &DieselError) -> &DieselError {
    match error {
        DieselError::RollbackErrorOnCommit { commit_error, .. } => root(commit_error),
        other => other,
    }
}

fn describe(kind: DatabaseErrorKind, info: &(dyn DatabaseErrorInformation + Send + Sync)) -> String {
    let place = info.constraint_name().or_else(|| info.table_name());
    match (kind, place) {
        (DatabaseErrorKind::Unknown, _) if info.message().starts_with("invalid") => {
            // PostgreSQL quotes the value in `invalid input syntax` and `invalid byte sequence`.
            "the database refused a value".to_owned()
        }
        (DatabaseErrorKind::Unknown, _)
        | (DatabaseErrorKind::UnableToSendCommand, _)
        | (DatabaseErrorKind::ClosedConnection, _) => info.message().to_owned(),
        (kind, Some(place)) => format!("{kind:?} of {place}"),
        // SQLite says in its message which columns a constraint is on, and nothing else.
        (kind, None) => format!("{kind:?}: {}", info.message()),
    }
}

fn says(message: &str, any: &[&str]) -> bool {
    any.iter().any(|part| message.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(kind: DatabaseErrorKind, message: &str) -> Failure {
        Failure::Database(DieselError::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn only_lost_races_are_tried_again() {
        assert!(database(DatabaseErrorKind::SerializationFailure, "x").is_transient());
        assert!(database(DatabaseErrorKind::Unknown, "deadlock detected").is_transient());
        assert!(database(DatabaseErrorKind::Unknown, "database is locked").is_transient());
        assert!(!database(DatabaseErrorKind::UnableToSendCommand, "connection closed").is_transient());
        assert!(!database(DatabaseErrorKind::UniqueViolation, "x").is_transient());
        assert!(!Failure::Abandoned.is_transient());
    }

    #[test]
    fn what_may_have_been_carried_out_does_not_count_as_undone() {
        assert!(database(DatabaseErrorKind::Unknown, "deadlock detected").is_undone());
        assert!(database(DatabaseErrorKind::UniqueViolation, "x").is_undone());
        assert!(Failure::Abandoned.is_undone());
        for failure in [
            database(DatabaseErrorKind::UnableToSendCommand, "connection closed"),
            database(DatabaseErrorKind::ClosedConnection, "x"),
            database(DatabaseErrorKind::Unknown, "terminating connection due to administrator command"),
            Failure::Database(DieselError::DeserializationError("x".into())),
            Failure::Unreachable("x".into()),
            Failure::Unforeseen("x".to_owned()),
        ] {
            assert!(!failure.is_undone(), "{failure:?}");
            assert!(!failure.again().is_undone(), "{failure:?}");
        }
    }

    #[test]
    fn what_passes_by_itself_is_unavailable() {
        for failure in [
            database(DatabaseErrorKind::UnableToSendCommand, "connection closed"),
            database(DatabaseErrorKind::Unknown, "terminating connection due to administrator command"),
            database(DatabaseErrorKind::Unknown, "canceling statement due to lock timeout"),
            database(DatabaseErrorKind::Unknown, "database or disk is full"),
        ] {
            let told = format!("{failure:?}");
            assert!(matches!(translate(failure), StoreError::Unavailable(_)), "{told}");
        }
        assert!(matches!(
            translate(database(DatabaseErrorKind::Unknown, "database disk image is malformed")),
            StoreError::Corrupt(_)
        ));
        assert!(matches!(
            translate(database(DatabaseErrorKind::Unknown, "no such table: accounts")),
            StoreError::Unexpected(_)
        ));
    }

    #[test]
    fn a_refused_value_is_not_repeated() {
        let error = translate(database(
            DatabaseErrorKind::Unknown,
            "invalid input syntax for type bigint: \"hunter2\"",
        ));
        let mut told = format!("{error} {error:?}");
        if let Some(cause) = error.source() {
            told.push_str(&cause.to_string());
        }
        assert!(!told.contains("hunter2"), "{told}");
    }
}
