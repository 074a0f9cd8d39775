//! `[common_passwords]`: what everybody would try first.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use password_domain::policy::{BuiltinCommonPasswords, CombinedLists, CommonList, CommonPasswords as Lists};
use serde::Deserialize;

/// The lists of commonly used passwords.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CommonPasswords {
    /// Whether the built-in list of about 100,000 counts.
    pub builtin: bool,
    /// Further lists, plain or gzip, one entry a line.
    pub files: Vec<PathBuf>,
}

/// The first bytes of a gzip file (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A list unpacks into memory: the largest ones in use are a tenth of this.
const MOST_BYTES: u64 = 1 << 30;

impl Default for CommonPasswords {
    fn default() -> Self {
        Self { builtin: true, files: Vec::new() }
    }
}

impl CommonPasswords {
    /// Reads every list into memory.
    ///
    /// # Errors
    ///
    /// The file that cannot be read, and why.
    pub fn load(&self) -> Result<Arc<dyn Lists>, (PathBuf, io::Error)> {
        let mut lists = CombinedLists::default();
        if self.builtin {
            lists = lists.with(BuiltinCommonPasswords);
        }
        for path in &self.files {
            lists = lists.with(read(path).map_err(|error| (path.clone(), error))?);
        }
        Ok(Arc::new(lists))
    }
}

fn read(path: &Path) -> io::Result<CommonList> {
    let mut file = BufReader::new(File::open(path)?);
    let packed = io::BufRead::fill_buf(&mut file)?.starts_with(&GZIP);
    let source: &mut dyn Read = if packed { &mut MultiGzDecoder::new(file) } else { &mut file };
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other("the list has over 1 GiB"));
    }
    // Leaked lists have lines in other encodings, which nobody can type as they stand.
    Ok(CommonList::from_lines(String::from_utf8_lossy(&bytes).lines()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn lists_are_read_plain_and_packed() {
        let dir = tempfile::tempdir().unwrap();
        let (plain, packed) = (dir.path().join("plain"), dir.path().join("packed"));
        fs::write(&plain, b"Summer2026\r\n\xff\xfe\n").unwrap();
        let mut encoder = GzEncoder::new(File::create(&packed).unwrap(), Compression::fast());
        encoder.write_all(b"Winter2026\n").unwrap();
        encoder.finish().unwrap();

        let lists = CommonPasswords { builtin: false, files: vec![plain, packed] }.load().unwrap();
        assert!(lists.contains("summer2026") && lists.contains("winter2026"));
        assert!(!lists.contains("password"));
        let lists = CommonPasswords::default().load().unwrap();
        assert!(lists.contains("password") && !lists.contains("summer2026"));
    }

    #[test]
    fn a_list_that_is_not_there_is_named() {
        let missing = PathBuf::from("does/not/exist");
        let error = CommonPasswords { builtin: true, files: vec![missing.clone()] }.load().err().unwrap();
        assert_eq!(error.0, missing);
    }
}
