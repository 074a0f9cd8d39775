//! What each operation costs beside hashing, in databases of 1,000 and more accounts: it must not grow with them.
//!
//! `cargo bench -p password-storage-diesel --bench growth` takes a minute. `GROWTH=1000,100000,1000000` sets the sizes,
//! `GROWTH_LITTER=1000000` how many rows of each kind are purged under load, a tenth of the accounts if it is not set. A
//! large purge takes minutes, so it is watched for `GROWTH_SECONDS` only, 20 if that is not set.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark speaks, and may panic")]

mod seed;

use std::future::Future;
use std::str::FromStr;
use std::time::{Duration, Instant};

use password_domain::account::{Account, AccountId, EmailKey, LoginKey, Realm};
use password_domain::change::testing;
use password_domain::credential::{CredentialVersion, HistoryEntry};
use password_domain::password::{HistoryTag, PasswordHash};
use password_domain::ports::{Applied, Budget, Charge, Issued};
use password_domain::session::Session;
use password_storage_diesel::Storage;
use password_testkit::START;
use password_testkit::builders::{digest, reset_request, session};

use self::seed::{Database, VERSION, token};

/// How often each operation runs; there must be more accounts.
const TIMES: u32 = 400;

/// What `server serve` does between two batches, and how many rows of a kind it deletes in one.
const PURGE_PAUSE: Duration = Duration::from_millis(20);
const PURGE_BATCH: usize = 100;

fn main() {
    // Not when tests are run with all targets.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let sizes = std::env::var("GROWTH").unwrap_or_else(|_| "1000,20000".to_owned());
    for accounts in sizes.split(',').map(|size| i64::from_str(size.trim()).expect("a number of accounts")) {
        runtime.block_on(async {
            let databases = [Some(Database::sqlite().await), Database::postgres().await];
            for database in databases.into_iter().flatten() {
                database.fill(accounts).await;
                println!("\n{} with {accounts} accounts: median, 99th percentile, most", database.name);
                operations(&database.storage, accounts).await;
                purge(&database, accounts).await;
                database.storage.close().await;
            }
        });
    }
}

/// Runs something for accounts all over the database, and prints how long it took.
async fn measure<F: Future>(what: &str, accounts: i64, run: impl Fn(i64, u32) -> F) {
    let mut times = Vec::new();
    // The first ones open connections and prepare statements.
    for n in 0..TIMES + 50 {
        let account = i64::from(n) * 7_919 % accounts + 1;
        let begun = Instant::now();
        run(account, n).await;
        times.push(begun.elapsed());
    }
    print(what, &mut times[50..]);
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at =
        |percent: usize| times.get(times.len() * percent / 100).or(times.last()).copied().unwrap_or_default();
    let most = times.last().copied().unwrap_or_default();
    println!("  {what:<34} {:>10.1?} {:>10.1?} {most:>10.1?}", at(50), at(99));
}

fn realm() -> Realm {
    Realm::user()
}

async fn account(storage: &Storage, id: i64) -> Account {
    storage.accounts.find_by_id(&realm(), &AccountId::from(id)).await.expect("an answer").expect("an account")
}

fn new_session(account: &Account, number: u64) -> Session {
    session(account, number).version(CredentialVersion::from_stored(VERSION)).build()
}

async fn operations(storage: &Storage, accounts: i64) {
    let name = |id: i64| format!("user{id}");
    measure("find by login", accounts, async |id, _| {
        let found = storage.holders.by_login(&realm(), &LoginKey::of(&name(id))).await;
        assert!(found.expect("an answer").is_some());
    })
    .await;
    measure("find by address", accounts, async |id, _| {
        let key = EmailKey::of(&format!("{}@example.org", name(id)));
        assert_eq!(storage.accounts.find_by_email(&realm(), &key, 2).await.expect("an answer").len(), 1);
    })
    .await;
    measure("recognise a session", accounts, async |id, _| {
        let found = storage.holders.by_session(&realm(), &[token(id)], START).await;
        assert!(found.expect("an answer").is_some());
    })
    .await;
    measure("read a credential", accounts, async |id, _| {
        assert!(storage.credentials.read(&AccountId::from(id)).await.expect("an answer").is_some());
    })
    .await;
    measure("read a history", accounts, async |id, _| {
        assert!(!storage.credentials.history(&AccountId::from(id), 10).await.expect("an answer").is_empty());
    })
    .await;
    measure("issue a session (read, write)", accounts, async |id, n| {
        let session = new_session(&account(storage, id).await, n.into());
        assert_eq!(storage.sessions.issue(&session).await.expect("an answer"), Issued::Yes);
    })
    .await;
    measure("spend attempts", accounts, async |_, n| {
        let budget = Budget { capacity: 5, window: Duration::from_secs(60) };
        let key = |label| Charge { key: digest(label, n.into()), budget };
        let _ = storage.attempts.spend(&[key("pair"), key("address")], START).await.expect("an answer");
    })
    .await;
    measure("request a reset", accounts, async |id, _| {
        storage.outbox.request_reset(&reset_request("user", &name(id), START)).await.expect("an answer");
    })
    .await;
    measure("claim from the outbox", accounts, async |_, _| {
        storage.outbox.claim(START, START.plus(Duration::from_secs(60)), 8).await.expect("an answer");
    })
    .await;
    measure("change a password (read, write)", accounts, async |id, n| change(storage, id, n).await).await;
    measure("purge of nothing", accounts, async |_, _| {
        storage.housekeeping.purge(START, Some(START), PURGE_BATCH).await.expect("an answer");
    })
    .await;
}

async fn change(storage: &Storage, id: i64, n: u32) {
    let account = account(storage, id).await;
    let version = CredentialVersion::from_stored(VERSION);
    let proof = testing::proof_of_old_password(&account, version);
    let entry = HistoryEntry { version: version.next(), tag: HistoryTag::from_encoded("tag") };
    let hash = PasswordHash::from_encoded(format!("hash {n}"));
    let change = testing::change(proof, hash, vec![entry], 10, START);
    assert_eq!(storage.credentials.apply(&change).await.expect("an answer"), Applied::Done);
}

/// Purges while somebody else writes, as a server does, and prints how long each had to wait.
async fn purge(database: &Database, accounts: i64) {
    let number =
        |name, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let litter = number("GROWTH_LITTER", accounts / 10);
    let watched = Duration::from_secs(number("GROWTH_SECONDS", 20).unsigned_abs());
    database.litter(litter, accounts).await;
    let begun = Instant::now();
    let purging = tokio::spawn({
        let storage = database.storage.clone();
        async move {
            let (mut steps, mut deleted) = (Vec::new(), 0);
            while begun.elapsed() < watched {
                let step = Instant::now();
                let some = storage.housekeeping.purge(START, Some(START), PURGE_BATCH).await;
                steps.push(step.elapsed());
                match some.expect("an answer") {
                    0 => break,
                    some => deleted += some,
                }
                tokio::time::sleep(PURGE_PAUSE).await;
            }
            (steps, deleted)
        }
    });
    let storage = &database.storage;
    let bystander = account(storage, 1).await;
    let credential = storage.credentials.read(&bystander.id).await.expect("an answer").expect("a credential");
    let mut writes = Vec::new();
    for number in 1_000_000.. {
        if purging.is_finished() {
            break;
        }
        let session = session(&bystander, number).version(credential.version).build();
        let waited = Instant::now();
        assert_eq!(storage.sessions.issue(&session).await.expect("an answer"), Issued::Yes);
        writes.push(waited.elapsed());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (mut steps, deleted) = purging.await.expect("the purge");
    println!("  purged {deleted} of {} rows in {:.1?}", 5 * litter, begun.elapsed());
    print("a step of the purge", &mut steps);
    print("a write meanwhile", &mut writes);
}
