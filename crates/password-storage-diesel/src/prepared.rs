//! Statements that are prepared once for each connection.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::query_dsl::methods::LoadQuery;

/// A statement that a connection keeps prepared.
///
/// diesel keeps no statement whose text may differ from call to call, and takes every UPDATE, upsert, list and batch for
/// one. Preparing costs SQLite more than carrying out, and PostgreSQL a round trip. Wrap what has few texts only: each of
/// them is kept, for good.
pub(crate) struct Prepared<Q>(pub(crate) Q);

impl<Q> Prepared<Q> {
    /// Carries out a statement that returns a number for each row that it touches. Returns how many rows those were.
    ///
    /// Not `execute`: diesel-async forgets on that way what this type says.
    pub(crate) fn touch<'query, Conn>(self, conn: &mut Conn) -> QueryResult<usize>
    where
        Self: LoadQuery<'query, Conn, i64> + RunQueryDsl<Conn>,
    {
        Ok(self.load::<i64>(conn)?.len())
    }
}

impl<Q, DB> QueryFragment<DB> for Prepared<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

// No static identity: it is the text by which the statement is found again.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for Prepared<Q> {}
