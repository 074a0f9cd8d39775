//! Reads and parses rows in a thread of its own, while others are stored.

use std::io::{self, BufRead, BufReader, Read};

use password_domain::use_cases::{AccountDraft, FirstPassword};
use tokio::sync::mpsc;

use super::row;

/// How many rows go in one transaction.
const BATCH: usize = 5_000;

/// How many of them may have a password in clear: hashing them is what takes time, and what an interruption loses.
const MOST_IN_CLEAR: usize = 250;

/// How many batches may wait, so that memory does not grow with the file.
const AHEAD: usize = 2;

/// A longer line is no account.
const MOST_LINE_BYTES: u64 = 1 << 20;

/// Some rows in the order of their lines.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Each good row with its line.
    pub(super) rows: Vec<(usize, AccountDraft)>,
    /// Each bad row with its line and what is wrong with it.
    pub(super) bad: Vec<(usize, String)>,
    /// How many bytes they take up in the file.
    pub(super) bytes: u64,
    in_clear: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.rows.len() + self.bad.len() >= BATCH || self.in_clear >= MOST_IN_CLEAR
    }

    fn take(&mut self, line: usize, text: &[u8]) {
        match row::parse(text) {
            Ok(draft) => {
                let clear = matches!(draft.password, FirstPassword::Checked(_) | FirstPassword::Unchecked(_));
                self.in_clear += usize::from(clear);
                self.rows.push((line, draft));
            }
            Err(reason) => self.bad.push((line, reason)),
        }
    }
}

/// Starts to read. The answers end with the source, or with the first error of it.
pub(super) fn batches(source: impl Read + Send + 'static) -> io::Result<mpsc::Receiver<io::Result<Batch>>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    // Not one of the runtime's threads: it would wait at its end for one that reads from a terminal.
    std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let source = BufReader::with_capacity(1 << 18, source);
        if let Err(error) = read(source, |batch| sender.blocking_send(Ok(batch)).is_ok()) {
            // Nobody listens any more: the import has ended.
            let _ = sender.blocking_send(Err(error));
        }
    })?;
    Ok(receiver)
}

/// Hands over batches while they are taken.
fn read(mut source: impl BufRead, mut hand_over: impl FnMut(Batch) -> bool) -> io::Result<()> {
    let mut batch = Batch::default();
    let mut bytes = Vec::new();
    for line in 1_usize.. {
        let length = next_line(&mut source, &mut bytes)?;
        if length == 0 {
            break;
        }
        batch.bytes += length;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| line == 1).unwrap_or(&bytes);
        if !text.trim_ascii().is_empty() {
            batch.take(line, text);
        }
        if batch.is_full() && !hand_over(std::mem::take(&mut batch)) {
            return Ok(());
        }
    }
    hand_over(batch);
    Ok(())
}

/// Reads a line; what is longer than any account is cut, which makes it a bad row. Returns how many bytes it took up,
/// 0 at the end.
fn next_line(source: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<u64> {
    bytes.clear();
    source.by_ref().take(MOST_LINE_BYTES).read_until(b'\n', bytes)?;
    let mut length = bytes.len() as u64;
    if length == MOST_LINE_BYTES && !bytes.ends_with(b"\n") {
        length += source.skip_until(b'\n')? as u64;
        bytes.truncate(1);
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(usize, u64)> {
        let (mut source, mut bytes, mut found) = (text, Vec::new(), Vec::new());
        loop {
            match next_line(&mut source, &mut bytes).unwrap() {
                0 => return found,
                length => found.push((bytes.len(), length)),
            }
        }
    }

    #[test]
    fn lines_are_read_one_by_one() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"ab\n\nc"), [(3, 3), (1, 1), (1, 1)]);
    }

    #[test]
    fn a_line_without_an_end_is_cut_and_the_next_one_is_whole() {
        let mut text = vec![b'{'; 3 * MOST_LINE_BYTES as usize];
        text.extend(b"\nnext\n");
        assert_eq!(lines(&text), [(1, 3 * MOST_LINE_BYTES + 1), (5, 5)]);
    }

    fn batches_of(text: &str) -> Vec<Batch> {
        let mut found = Vec::new();
        read(text.as_bytes(), |batch| {
            found.push(batch);
            true
        })
        .unwrap();
        found
    }

    #[test]
    fn a_batch_ends_with_its_rows_and_sooner_with_passwords_in_clear() {
        let hashed = "{\"realm\":\"user\",\"login\":\"a\",\"email\":\"a@x\"}\n";
        let clear = "{\"realm\":\"user\",\"login\":\"a\",\"email\":\"a@x\",\"password\":\"p\"}\n";
        for (row, most) in [(hashed, BATCH), (clear, MOST_IN_CLEAR), ("bad\n", BATCH)] {
            let sizes: Vec<_> = batches_of(&row.repeat(most + 2))
                .iter()
                .map(|batch| (batch.rows.len() + batch.bad.len(), batch.bytes))
                .collect();
            let bytes = row.len() as u64;
            assert_eq!(sizes, [(most, most as u64 * bytes), (2, 2 * bytes)]);
        }
    }

    #[test]
    fn lines_are_counted_from_one_and_blank_ones_count() {
        let [batch] = &batches_of("\u{feff}bad\n\nworse\n")[..] else { panic!("one batch") };
        let lines: Vec<_> = batch.bad.iter().map(|(line, _)| *line).collect();
        assert_eq!((lines, batch.bytes), (vec![1, 3], 14));
    }
}
