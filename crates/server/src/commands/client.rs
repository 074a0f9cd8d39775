//! `server client`.

use password_domain::account::check_login;
use password_domain::ports::Clock;
use password_domain::token::{Token, TokenForm, TokenPurpose};
use serde_json::json;

use super::rfc3339;
use crate::cli::Client;
use crate::failure::Failure;
use crate::house::House;
use crate::log::SystemClock;
use crate::out;

pub(super) async fn run(command: Client, house: &House) -> Result<(), Failure> {
    let clients = &house.storage.clients;
    match command {
        Client::Create(args) => {
            let key = create(house, &args.name).await?;
            out::line(key.expose())?;
        }
        Client::List(filter) => {
            let mut found = clients.list().await?;
            if let Some(name) = filter.name {
                found.retain(|client| client.name == name);
                if found.is_empty() {
                    return Err(Failure::new(format!("there is no client {name:?}")));
                }
            }
            for client in found {
                out::line(json!({"name": client.name, "created_at": rfc3339(client.created_at)}))?;
            }
        }
        Client::Revoke(args) => {
            if !clients.revoke(&args.name).await? {
                return Err(Failure::new(format!("there is no client {:?}", args.name)));
            }
        }
    }
    Ok(())
}

/// Registers a client application and returns its key, which is stored as a digest alone.
pub(crate) async fn create(house: &House, name: &str) -> Result<Token, Failure> {
    // What makes a good login makes a good name.
    check_login(name)
        .map_err(|_| Failure::new("a client's name has 1 to 254 characters and no control characters"))?;
    let key = house.tokens.mint(TokenForm::Key)?;
    let digest = house.tokens.digest(TokenPurpose::Client, key.expose());
    if house.storage.clients.create(name, &digest, SystemClock.now()).await? {
        Ok(key)
    } else {
        Err(Failure::new(format!("there is a client {name:?} already")))
    }
}
