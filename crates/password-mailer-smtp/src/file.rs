//! Writes mails into a folder.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use async_trait::async_trait;
use password_domain::ports::{DeliveryError, Mailer, Message};

use crate::compose::Composer;

/// Writes one `.eml` for each message; names sort by time.
pub(crate) struct FileMailer {
    composer: Composer,
    dir: PathBuf,
    written: AtomicU64,
}

impl FileMailer {
    /// Writes into this folder.
    pub(crate) fn new(composer: Composer, dir: PathBuf) -> Self {
        Self { composer, dir, written: AtomicU64::new(0) }
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let draft = self.composer.draft(message)?;
        let bytes = draft.bytes(SystemTime::now(), true)?;
        // The number keeps two of one microsecond apart, in their order.
        let number = self.written.fetch_add(1, Ordering::Relaxed) % 1_000_000;
        let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S.%6fZ");
        let name = format!("{now}-{number:06}-{}", draft.id);
        let dir = self.dir.clone();
        match tokio::task::spawn_blocking(move || write(&dir, &name, &bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(DeliveryError::Postponed(error.into())),
            Err(error) => Err(DeliveryError::Unknown(error.into())),
        }
    }
}

/// Writes aside, then renames, so that a reader of the folder never sees half a mail.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    create_dir(dir)?;
    let aside = dir.join(format!(".{name}.{}.part", std::process::id()));
    let written = create_file(&aside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&aside, dir.join(format!("{name}.eml"))));
    if written.is_err() {
        // What is left aside has a token in it. Where removing fails too, the first error says why.
        let _ = fs::remove_file(&aside);
    }
    written?;
    // The mail is there by now; only a power cut could still take its name away.
    let _ = File::open(dir).and_then(|dir| dir.sync_all());
    Ok(())
}

fn create_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
