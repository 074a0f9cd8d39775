//! The written contract of each port, as tests that any implementation can run.
//!
//! Each file is one port's suite: `pub async fn`s named after what must be so, listed once at its end in `cases!`, which
//! makes the macro that expands to one test for each of them. To add a case, write it and list it; a test of this crate
//! finds cases that were forgotten in the list.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a suite panics where the contract is broken"
)]
#![allow(missing_docs, reason = "the names of the cases are sentences")]

macro_rules! cases {
    (($dollar:tt) $file:ident: $(
        $(#[$doc:meta])*
        $contract:ident as $module:ident { $($case:ident),* $(,)? }
    )*) => {
        $(
            $(#[$doc])*
            #[macro_export]
            macro_rules! $contract {
                ($dollar factory:path) => {
                    $crate::__contract_tests!($file, $module, $dollar factory; $($case),*);
                };
            }
        )*

        #[cfg(test)]
        #[test]
        fn every_case_is_listed_once() {
            super::assert_all_listed(stringify!($file), &[$($(stringify!($case)),*),*]);
        }
    };
}

pub mod account_admin;
pub mod accounts;
pub mod api_key_store;
pub mod attempt_store;
pub mod client_store;
pub mod credential_store;
pub mod holders;
pub mod housekeeping;
pub mod outbox;
pub mod password_hasher;
pub mod reset_store;
pub mod session_store;
mod support;

use std::future::Future;
use std::time::Duration;

/// The time that one case may take before it counts as hanging.
const DEADLINE: Duration = Duration::from_secs(120);

/// What a factory returns: the implementation under test with its guard, or `None` where a service is absent.
pub trait Provision<S> {
    /// What must be kept until the test has ended.
    type Guard;

    /// Returns implementation and guard.
    fn provide(self) -> Option<(S, Self::Guard)>;
}

impl<S, G> Provision<S> for (S, G) {
    type Guard = G;

    fn provide(self) -> Option<(S, G)> {
        Some(self)
    }
}

impl<S, G> Provision<S> for Option<(S, G)> {
    type Guard = G;

    fn provide(self) -> Option<(S, G)> {
        self
    }
}

/// Runs one case on what a factory returns; skips it aloud where that is `None`.
///
/// # Panics
///
/// Where the implementation breaks the contract, or takes two minutes.
#[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
pub async fn run<S, P, C, F>(factory: impl Future<Output = P>, case: C)
where
    P: Provision<S>,
    C: FnOnce(S) -> F,
    F: Future<Output = ()>,
{
    let Some((subject, guard)) = factory.await.provide() else {
        let thread = std::thread::current();
        eprintln!(
            "skipped: {}: the factory says that its service is absent",
            thread.name().unwrap_or("a test")
        );
        return;
    };
    let finished = tokio::time::timeout(DEADLINE, case(subject)).await;
    drop(guard);
    assert!(finished.is_ok(), "the case hangs");
}

/// Expands to one test for each case of a suite.
#[doc(hidden)]
#[macro_export]
macro_rules! __contract_tests {
    ($file:ident, $module:ident, $factory:path; $($case:ident),*) => {
        mod $module {
            #[allow(unused_imports, reason = "the factory may have an absolute path")]
            use super::*;

            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::contract::run($factory(), $crate::contract::$file::$case).await;
                }
            )*
        }
    };
}

/// Expands to every suite of the storage ports, for stores that implement all of them over one database.
///
/// Takes the path of a factory, `async fn() -> (Storage, Guard)` or `async fn() -> Option<(Storage, Guard)>`; see the
/// example at the head of this crate.
#[macro_export]
macro_rules! storage_contract {
    ($factory:path) => {
        $crate::accounts_contract!($factory);
        $crate::account_admin_contract!($factory);
        $crate::credential_store_contract!($factory);
        $crate::holders_contract!($factory);
        $crate::reset_store_contract!($factory);
        $crate::reset_store_shared_contract!($factory);
        $crate::session_store_contract!($factory);
        $crate::session_store_shared_contract!($factory);
        $crate::outbox_contract!($factory);
        $crate::attempt_store_contract!($factory);
        $crate::api_key_store_contract!($factory);
        $crate::client_store_contract!($factory);
        $crate::housekeeping_contract!($factory);
    };
}

#[cfg(test)]
fn assert_all_listed(file: &str, listed: &[&str]) {
    let path = format!("{}/src/contract/{file}.rs", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(path).unwrap();
    let mut written: Vec<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub async fn "))
        .filter_map(|line| line.split_once('(').map(|(name, _)| name))
        .collect();
    let mut listed = listed.to_vec();
    written.sort_unstable();
    listed.sort_unstable();
    assert_eq!(written, listed, "{file}.rs");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_case_whose_service_is_absent_is_skipped() {
        run(async { None::<((), ())> }, |()| async { panic!("there is nothing to run it on") }).await;
    }

    #[tokio::test]
    async fn the_guard_is_kept_until_the_case_has_ended() {
        struct Guard(Arc<AtomicBool>);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }

        let dropped = Arc::new(AtomicBool::new(false));
        let guard = Guard(dropped.clone());
        run(async { (dropped.clone(), guard) }, |dropped| async move {
            tokio::task::yield_now().await;
            assert!(!dropped.load(Ordering::SeqCst));
        })
        .await;
        assert!(dropped.load(Ordering::SeqCst));
    }
}
