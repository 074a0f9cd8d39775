//! `server account import`: newline-delimited JSON, a batch at a time.
//!
//! Some batches are on their way at once: one is read and parsed, one is checked and hashed, two are being stored, which
//! keeps two processors of PostgreSQL busy and SQLite's one writer. Those that share a login are stored one after the
//! other, so of two rows with one login the first one gets it.

mod progress;
mod reader;
mod row;

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io;
use std::path::Path;

use password_domain::account::{Account, EmailKey, LoginKey, Realm};
use password_domain::ports::PortError;
use password_domain::use_cases::{
    AccountDraft, AccountError, FirstPassword, ManageAccounts, PreparedAccounts,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use self::progress::Progress;
use self::reader::Batch;
use super::codes;
use crate::failure::Failure;
use crate::out;

/// How many batches are stored at once.
const MOST_STORING: usize = 2;

/// Imports every good row. A bad one is reported with its line and leaves the others alone; one that was imported
/// before is skipped, so that an interrupted import can be run again.
pub(super) async fn run(file: &Path, accounts: &ManageAccounts) -> Result<(), Failure> {
    let (batches, size) = if file == Path::new("-") {
        (reader::batches(io::stdin())?, None)
    } else {
        let opened = File::open(file).and_then(|opened| Ok((opened.metadata()?, opened)));
        let (about, opened) = opened.map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        (reader::batches(opened)?, about.is_file().then_some(about.len()))
    };
    let mut import = Import { accounts, progress: Progress::new(size), counts: Counts::default() };
    let result = import.all(batches).await;
    import.progress.finish();
    let Counts { imported, skipped, refused } = import.counts;
    out::note(format_args!(
        "server: imported {imported}, skipped {skipped} that were there already, refused {refused}"
    ));
    out::line(imported)?;
    result?;
    if refused == 0 { Ok(()) } else { Err(Failure::new(format!("{refused} rows were refused"))) }
}

/// What became of the rows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    imported: usize,
    skipped: usize,
    refused: usize,
}

/// Who a row is about, for telling an account that was imported before from another one of that name.
struct Origin {
    line: usize,
    key: (Realm, LoginKey),
    email: EmailKey,
}

/// What became of a row.
enum Outcome {
    Imported,
    /// It was there before, or there is another one of that login.
    Taken(Option<Account>),
    Refused(String),
}

/// A batch that may be stored.
struct Ready {
    prepared: PreparedAccounts,
    /// Of each of the prepared accounts.
    origins: Vec<Origin>,
    /// Rows that need not be stored.
    settled: Vec<(Origin, Outcome)>,
    bad: Vec<(usize, String)>,
    /// The first and the last line with an account.
    lines: (usize, usize),
    bytes: u64,
}

impl Ready {
    /// Returns digests of its realms and logins: the same ones are equal, and hardly any others.
    fn logins(&self) -> HashSet<u64> {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        self.origins.iter().map(|origin| hasher.hash_one(&origin.key)).collect()
    }
}

/// A batch that is being stored.
struct Storing {
    logins: HashSet<u64>,
    task: JoinHandle<Result<Done, Failure>>,
}

impl Storing {
    fn shares_any(&self, logins: &HashSet<u64>) -> bool {
        !self.logins.is_disjoint(logins)
    }
}

struct Import<'a> {
    accounts: &'a ManageAccounts,
    progress: Progress,
    counts: Counts,
}

impl Import<'_> {
    async fn all(&mut self, batches: mpsc::Receiver<io::Result<Batch>>) -> Result<(), Failure> {
        let mut storing = VecDeque::new();
        let mut result = self.begin_all(batches, &mut storing).await;
        // What was begun is stored whatever went wrong elsewhere, and counts.
        while !storing.is_empty() {
            result = result.and(self.finish(storing.pop_front()).await);
        }
        result
    }

    async fn begin_all(
        &mut self,
        mut batches: mpsc::Receiver<io::Result<Batch>>,
        storing: &mut VecDeque<Storing>,
    ) -> Result<(), Failure> {
        while let Some(ready) = prepare_next(self.accounts, &mut batches).await? {
            let logins = ready.logins();
            while storing.len() >= MOST_STORING || storing.iter().any(|one| one.shares_any(&logins)) {
                self.finish(storing.pop_front()).await?;
            }
            let accounts = self.accounts.clone();
            let task = tokio::spawn(async move { store(&accounts, ready).await });
            storing.push_back(Storing { logins, task });
        }
        Ok(())
    }

    async fn finish(&mut self, storing: Option<Storing>) -> Result<(), Failure> {
        let Some(Storing { task, .. }) = storing else { return Ok(()) };
        let done = task.await.map_err(|_| Failure::new("the import failed inside".to_owned()))?;
        self.report(done?);
        Ok(())
    }

    fn report(&mut self, done: Done) {
        let rows = done.bad.len() + done.outcomes.len();
        for (line, reason) in done.bad {
            self.refuse(line, &reason);
        }
        for (origin, outcome) in done.outcomes {
            match outcome {
                Outcome::Imported => self.counts.imported += 1,
                Outcome::Taken(Some(account)) if EmailKey::of(&account.email) == origin.email => {
                    self.counts.skipped += 1;
                }
                Outcome::Taken(Some(_)) => self.refuse(origin.line, "the login is another account's"),
                Outcome::Taken(None) => self.refuse(origin.line, "the login was another account's"),
                Outcome::Refused(reason) => self.refuse(origin.line, &reason),
            }
        }
        self.progress.add(rows, done.bytes);
    }

    fn refuse(&mut self, line: usize, reason: &str) {
        self.counts.refused += 1;
        self.progress.note(format_args!("server: line {line}: {reason}"));
    }
}

/// Everything about a batch that was stored.
struct Done {
    outcomes: Vec<(Origin, Outcome)>,
    bad: Vec<(usize, String)>,
    bytes: u64,
}

async fn prepare_next(
    accounts: &ManageAccounts,
    batches: &mut mpsc::Receiver<io::Result<Batch>>,
) -> Result<Option<Ready>, Failure> {
    match batches.recv().await {
        None => Ok(None),
        Some(batch) => prepare(accounts, batch?).await.map(Some),
    }
}

async fn prepare(accounts: &ManageAccounts, batch: Batch) -> Result<Ready, Failure> {
    let line = |row: Option<&(usize, AccountDraft)>| row.map_or(0, |(line, _)| *line);
    let lines = (line(batch.rows.first()), line(batch.rows.last()));
    let stopped = stopped(lines);
    let (costly, mut rows): (Vec<_>, Vec<_>) = batch
        .rows
        .into_iter()
        .map(|(line, draft)| (Origin::of(line, &draft), draft))
        .partition(|(_, draft)| is_clear(draft));
    let mut settled = Vec::new();
    if !costly.is_empty() {
        // Looked up first, so that a second run of an import hashes nothing again. Of the others, storing tells.
        let found = look_up(accounts, costly.iter().map(|(origin, _)| origin)).await.map_err(&stopped)?;
        for (row, found) in costly.into_iter().zip(found) {
            match found {
                Some(account) => settled.push((row.0, Outcome::Taken(Some(account)))),
                None => rows.push(row),
            }
        }
        rows.sort_by_key(|(origin, _)| origin.line);
    }
    let (origins, drafts) = rows.into_iter().unzip();
    let prepared = accounts.prepare_many(drafts).await.map_err(&stopped)?;
    Ok(Ready { prepared, origins, settled, bad: batch.bad, lines, bytes: batch.bytes })
}

async fn store(accounts: &ManageAccounts, ready: Ready) -> Result<Done, Failure> {
    let stopped = stopped(ready.lines);
    let results = accounts.add_prepared(ready.prepared).await.map_err(&stopped)?;
    let (mut outcomes, mut taken) = (ready.settled, Vec::new());
    for (origin, result) in ready.origins.into_iter().zip(results) {
        match result {
            Ok(_) => outcomes.push((origin, Outcome::Imported)),
            // By an earlier run, another row, or somebody else meanwhile.
            Err(AccountError::LoginTaken) => taken.push(origin),
            Err(AccountError::Policy(violations)) => {
                let reason = format!("the password breaks the policy: {}", codes(&violations));
                outcomes.push((origin, Outcome::Refused(reason)));
            }
            Err(error) => outcomes.push((origin, Outcome::Refused(crate::failure::with_causes(&error)))),
        }
    }
    if !taken.is_empty() {
        let found = look_up(accounts, taken.iter()).await.map_err(&stopped)?;
        outcomes.extend(taken.into_iter().zip(found.into_iter().map(Outcome::Taken)));
    }
    Ok(Done { outcomes, bad: ready.bad, bytes: ready.bytes })
}

async fn look_up(
    accounts: &ManageAccounts,
    origins: impl Iterator<Item = &Origin>,
) -> Result<Vec<Option<Account>>, PortError> {
    let keys: Vec<_> = origins.map(|origin| origin.key.clone()).collect();
    accounts.find_many(&keys).await
}

impl Origin {
    fn of(line: usize, draft: &AccountDraft) -> Self {
        let key = (draft.realm.clone(), LoginKey::of(&draft.login));
        Self { line, key, email: EmailKey::of(&draft.email) }
    }
}

/// Tells whether the row's password must be hashed here, which costs more than all the rest.
fn is_clear(draft: &AccountDraft) -> bool {
    matches!(draft.password, FirstPassword::Checked(_) | FirstPassword::Unchecked(_))
}

/// Returns what says which rows a failure left out.
fn stopped((first, last): (usize, usize)) -> impl Fn(PortError) -> Failure {
    move |error| {
        let why = crate::failure::with_causes(&error);
        Failure::new(format!(
            "the import stopped before the rows of lines {first} to {last} were stored: {why}"
        ))
    }
}
