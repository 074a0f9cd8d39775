//! The secret that is created beside a SQLite database where none was given.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::config::Secret;

/// 256 bits, as the keys that are derived from it have.
const BYTES: usize = 32;

/// A secret, and whether it was made just now.
#[derive(Debug)]
pub struct Found {
    /// The secret.
    pub secret: Secret,
    /// Where it lies.
    pub path: PathBuf,
    /// Whether this call created it.
    pub created: bool,
}

/// Returns the path of a database's secret: the database's own with `.secret` behind it.
pub fn beside(database: &Path) -> PathBuf {
    let mut path = OsString::from(database);
    path.push(".secret");
    path.into()
}

/// Reads the secret beside a database, or creates it with mode 0600. Any number of processes may do so at once: one of
/// them creates it, and all get the same.
///
/// # Errors
///
/// The file's own error, and [`io::ErrorKind::InvalidData`] where the file is too short to be a secret.
pub fn read_or_create(database: &Path) -> io::Result<Found> {
    let path = beside(database);
    match read(&path) {
        Ok(secret) => Ok(Found { secret, path, created: false }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let created = create(&path)?;
            Ok(Found { secret: read(&path)?, path, created })
        }
        Err(error) => Err(error),
    }
}

fn read(path: &Path) -> io::Result<Secret> {
    let secret = Secret::from_file(path)?;
    if secret.expose().len() < BYTES {
        let message = format!("{} is too short to be a secret", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(secret)
}

/// Writes aside and links, so that nobody ever reads half a secret and nobody's is overwritten.
fn create(path: &Path) -> io::Result<bool> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_folder(folder)?;
    }
    let mut aside = OsString::from(path);
    aside.push(format!(".{}.part", random_hex::<8>()?.as_str()));
    let aside = PathBuf::from(aside);
    let text = random_hex::<BYTES>()?;
    let linked = create_file(&aside)
        .and_then(|mut file| writeln!(file, "{}", text.as_str()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::hard_link(&aside, path));
    // What is left aside is a secret. Where removing fails too, the first error says why.
    let _ = fs::remove_file(&aside);
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // Some file systems have no links.
        Err(_) => match create_file(path) {
            Ok(mut file) => writeln!(file, "{}", text.as_str()).and_then(|()| file.sync_all()).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        },
    }
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Returns `N` random bytes as hexadecimal digits.
///
/// # Errors
///
/// Where the operating system gives no random bytes.
pub(crate) fn random_hex<const N: usize>() -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0_u8; N]);
    getrandom::fill(&mut *bytes).map_err(io::Error::other)?;
    let digits = b"0123456789abcdef";
    let hex = bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|digit| char::from(digits[usize::from(digit)]));
    Ok(Zeroizing::new(hex.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_read_from_then_on() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("new").join("password.db");
        let first = read_or_create(&database).unwrap();
        let second = read_or_create(&database).unwrap();
        assert!(first.created && !second.created);
        assert_eq!(first.secret, second.secret);
        assert_eq!(first.secret.expose().len(), 64);
        assert_eq!(first.path, dir.path().join("new").join("password.db.secret"));
        assert_eq!(fs::read_dir(dir.path().join("new")).unwrap().count(), 1, "nothing is left aside");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&first.path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn many_at_once_get_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("password.db");
        let found: Vec<Found> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| read_or_create(&database).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(found.iter().filter(|found| found.created).count(), 1);
        assert!(found.iter().all(|other| other.secret == found[0].secret));
    }

    #[test]
    fn what_is_too_short_is_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("password.db");
        fs::write(beside(&database), "short\n").unwrap();
        let error = read_or_create(&database).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
