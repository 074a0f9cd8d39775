//! Everything embedded in a temporary folder: seeded accounts, a local inbox, requests to paste.

mod inbox;
mod mail;
mod paste;
mod seed;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use crate::cli::Demo;
use crate::config::{Config, Format, Level, Secret, Transport, local_url};
use crate::failure::Failure;
use crate::house::{House, Purpose, open_storage};
use crate::secret_file::random_hex;
use crate::serve::{Listen, Server, Signals, cannot_listen};
use crate::{log, out};

/// Runs the demonstration until it is told to stop; then its folder is gone.
///
/// # Errors
///
/// [`Failure`] where the address is not this machine's own or is taken.
pub async fn run(args: &Demo) -> Result<(), Failure> {
    let signals = Signals::listen()?;
    let listener = listen(args.listen)?;
    let address = listener.local_addr()?;
    let mut folder = tempfile::Builder::new();
    folder.prefix("password-demo-");
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = folder.tempdir()?;
    let result = serve(listener, address, folder.path(), signals).await;
    folder.close()?;
    result
}

fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    // Its passwords are known to everybody.
    if !address.ip().is_loopback() {
        return Err(Failure::new(format!("the demo listens at a loopback address only, not at {address}")));
    }
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(format!(
            "{address} is taken; try `server demo --listen 127.0.0.1:0` for any free port"
        )),
        _ => cannot_listen(address, &error),
    })
}

async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    folder: &std::path::Path,
    signals: Signals,
) -> Result<(), Failure> {
    let mails = folder.join("mail");
    let config = config(address, folder)?;
    log::start(&config.log)?;
    let storage = open_storage(&config.database()?).await?;
    storage.migrate().await?;
    storage.close().await;
    let house = House::open(&config, Purpose::Serve).await?;
    let seeded = seed::seed(&house).await?;
    let page = paste::page(&config, &seeded);
    let server = Server {
        config: &config,
        house,
        extra: Arc::new(move |service| inbox::configure(service, mails.clone())),
    };
    server.run(Listen::With(listener), signals, |_| Ok(out::text(page)?)).await
}

fn config(address: SocketAddr, folder: &std::path::Path) -> Result<Config, Failure> {
    let mut config = Config {
        listen: address,
        public_url: local_url(address),
        database_url: Secret::new(format!("sqlite://{}", folder.join("password.db").display())),
        secret: Some(Secret::new(random_hex::<32>()?.as_str())),
        ..Config::default()
    };
    config.mail.transport = Some(Transport::File);
    config.mail.file_dir = folder.join("mail");
    config.mail.from = "Demo <no-reply@localhost>".to_owned();
    // One line for each request would bury what is to be pasted.
    config.log.level = Level::Warn;
    config.log.format = Format::Text;
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_kept_out() {
        let refused = listen("0.0.0.0:0".parse().unwrap()).unwrap_err();
        assert_eq!(refused.text(), "the demo listens at a loopback address only, not at 0.0.0.0:0");
    }

    #[test]
    fn a_port_that_is_taken_says_what_to_do() {
        let taken = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let refused = listen(taken.local_addr().unwrap()).unwrap_err();
        assert!(
            refused.text().ends_with("is taken; try `server demo --listen 127.0.0.1:0` for any free port")
        );
    }
}
