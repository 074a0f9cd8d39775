//! A connection that is driven by whoever works with it.
//!
//! A runtime for all connections would be one more thread, and for every round trip two more wake-ups: of that thread by
//! the one that waits, and back. So each connection has a runtime without workers, which runs while somebody waits.

use std::cell::Cell;
use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use diesel_async::pooled_connection::PoolableConnection;

use crate::error::Failure;
use crate::work::Engine;

/// What diesel sees of a connection.
pub(crate) type Conn = AsyncConnectionWrapper<AsyncPgConnection, Driver>;

/// Runs a connection for as long as somebody waits for it.
pub(crate) struct Driver(Option<Arc<Engine>>);

thread_local! {
    /// The runtime of the connection that this thread is wrapping. diesel asks for one without saying for whom.
    static WRAPPING: Cell<Option<Arc<Engine>>> = const { Cell::new(None) };
}

impl BlockOn for Driver {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match self.0.as_deref().and_then(Engine::runtime) {
            Some(runtime) => runtime.block_on(future),
            None => unreachable!("`Link::establish` is all that wraps connections, and gives each a runtime"),
        }
    }

    fn get_runtime() -> Self {
        Self(WRAPPING.take())
    }
}

/// A connection with its runtime.
pub(crate) struct Link {
    pub(crate) conn: Conn,
    engine: Arc<Engine>,
}

impl Link {
    /// Connects. Blocks meanwhile.
    pub(crate) fn establish(
        connecting: impl Future<Output = Result<AsyncPgConnection, Failure>>,
    ) -> Result<Self, Failure> {
        let engine = Engine::without_workers().map_err(|error| Failure::Unreachable(error.into()))?;
        let connected = engine.runtime().map(|runtime| runtime.block_on(connecting));
        let connection = connected.ok_or_else(|| Failure::Unforeseen("no runtime".to_owned()))??;
        let engine = Arc::new(engine);
        WRAPPING.set(Some(Arc::clone(&engine)));
        Ok(Self { conn: Conn::from(connection), engine })
    }

    /// Tells whether the connection, which lay idle, is still open: nobody listened to the server meanwhile.
    pub(crate) fn is_alive(&mut self) -> bool {
        if let Some(runtime) = self.engine.runtime() {
            runtime.block_on(async {
                // The first lets the socket be looked at, the second lets the connection read it.
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
            });
        }
        !self.is_broken()
    }

    /// Tells whether the connection is known to be useless.
    pub(crate) fn is_broken(&mut self) -> bool {
        PoolableConnection::is_broken(&mut *self.conn)
    }
}
