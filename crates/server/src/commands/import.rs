//! `server account import`: newline-delimited JSON, a batch at a time.

mod row;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use password_domain::account::{Account, EmailKey, Realm};
use password_domain::ports::PortError;
use password_domain::use_cases::{AccountDraft, AccountError, ManageAccounts};

use super::codes;
use crate::failure::Failure;
use crate::out;

/// How many accounts go in one transaction.
const BATCH: usize = 500;

/// A longer line is no account.
const MOST_LINE_BYTES: u64 = 1 << 20;

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
    realm: Realm,
    login: String,
    email: EmailKey,
}

/// Imports every good row. A bad one is reported with its line and leaves the others alone; one that was imported
/// before is skipped, so that an interrupted import can be run again.
pub(super) async fn run(file: &Path, accounts: &ManageAccounts) -> Result<(), Failure> {
    let mut counts = Counts::default();
    let result = if file == Path::new("-") {
        import(io::stdin().lock(), accounts, &mut counts).await
    } else {
        let opened =
            File::open(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        import(BufReader::new(opened), accounts, &mut counts).await
    };
    let Counts { imported, skipped, refused } = counts;
    out::note(format_args!(
        "server: imported {imported}, skipped {skipped} that were there already, refused {refused}"
    ));
    out::line(imported)?;
    result?;
    if refused == 0 { Ok(()) } else { Err(Failure::new(format!("{refused} rows were refused"))) }
}

async fn import(
    mut source: impl BufRead,
    accounts: &ManageAccounts,
    counts: &mut Counts,
) -> Result<(), Failure> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut bytes = Vec::new();
    for line in 1_usize.. {
        if !next_line(&mut source, &mut bytes)? {
            break;
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| line == 1).unwrap_or(&bytes);
        if text.trim_ascii().is_empty() {
            continue;
        }
        match row::parse(text) {
            Ok(draft) => batch.push((line, draft)),
            Err(reason) => refuse(line, &reason, counts),
        }
        if batch.len() == BATCH {
            add(std::mem::take(&mut batch), accounts, counts).await?;
        }
    }
    add(batch, accounts, counts).await
}

/// Reads a line; what is longer than any account is cut, which makes it a bad row. Returns `false` at the end.
fn next_line(source: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<bool> {
    bytes.clear();
    if source.by_ref().take(MOST_LINE_BYTES).read_until(b'\n', bytes)? == 0 {
        return Ok(false);
    }
    if bytes.len() as u64 == MOST_LINE_BYTES && !bytes.ends_with(b"\n") {
        source.skip_until(b'\n')?;
        bytes.truncate(1);
    }
    Ok(true)
}

async fn add(
    batch: Vec<(usize, AccountDraft)>,
    accounts: &ManageAccounts,
    counts: &mut Counts,
) -> Result<(), Failure> {
    let (Some(first), Some(last)) =
        (batch.first().map(|(line, _)| *line), batch.last().map(|(line, _)| *line))
    else {
        return Ok(());
    };
    let stopped = |error: PortError| {
        let why = crate::failure::with_causes(&error);
        Failure::new(format!(
            "the import stopped before the rows of lines {first} to {last} were stored: {why}"
        ))
    };
    let (mut origins, mut drafts) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for (line, draft) in batch {
        let (realm, login) = (draft.realm.clone(), draft.login.clone());
        let origin = Origin { line, realm, login, email: EmailKey::of(&draft.email) };
        // Looked up first, so that a second run of an import hashes nothing again.
        match accounts.find(&origin.realm, &origin.login).await.map_err(stopped)? {
            Some(account) => taken(&origin, &account, counts),
            None => {
                origins.push(origin);
                drafts.push(draft);
            }
        }
    }
    for (origin, result) in origins.iter().zip(accounts.add_many(drafts).await.map_err(stopped)?) {
        match result {
            Ok(_) => counts.imported += 1,
            // By another row of this batch, or by somebody else meanwhile.
            Err(AccountError::LoginTaken) => {
                match accounts.find(&origin.realm, &origin.login).await.map_err(stopped)? {
                    Some(account) => taken(origin, &account, counts),
                    None => refuse(origin.line, "the login was another account's", counts),
                }
            }
            Err(AccountError::Policy(violations)) => {
                refuse(
                    origin.line,
                    &format!("the password breaks the policy: {}", codes(&violations)),
                    counts,
                );
            }
            Err(error) => refuse(origin.line, &crate::failure::with_causes(&error), counts),
        }
    }
    Ok(())
}

/// Tells an account that was imported before from another one of that login.
fn taken(origin: &Origin, account: &Account, counts: &mut Counts) {
    if EmailKey::of(&account.email) == origin.email {
        counts.skipped += 1;
    } else {
        refuse(origin.line, "the login is another account's", counts);
    }
}

fn refuse(line: usize, reason: &str, counts: &mut Counts) {
    counts.refused += 1;
    out::note(format_args!("server: line {line}: {reason}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<usize> {
        let (mut source, mut bytes, mut found) = (text, Vec::new(), Vec::new());
        while next_line(&mut source, &mut bytes).unwrap() {
            found.push(bytes.len());
        }
        found
    }

    #[test]
    fn lines_are_read_one_by_one() {
        assert!(lines(b"").is_empty());
        assert_eq!(lines(b"ab\n\nc"), [3, 1, 1]);
    }

    #[test]
    fn a_line_without_an_end_is_cut_and_the_next_one_is_whole() {
        let mut text = vec![b'{'; 3 * MOST_LINE_BYTES as usize];
        text.extend(b"\nnext\n");
        assert_eq!(lines(&text), [1, 5]);
    }
}
