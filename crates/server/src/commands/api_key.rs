//! `server api-key`.

use password_domain::account::{Account, Realm};
use password_domain::ports::Clock;
use password_domain::token::{TokenForm, TokenPurpose};
use serde_json::json;

use super::{find, rfc3339};
use crate::cli::{ApiKey, Who};
use crate::failure::Failure;
use crate::house::House;
use crate::log::SystemClock;
use crate::out;

pub(super) async fn run(command: ApiKey, house: &House) -> Result<(), Failure> {
    let keys = &house.storage.api_keys;
    match command {
        ApiKey::Create(who) => {
            let account = user(house, &who).await?;
            let key = house.tokens.mint(TokenForm::Hash)?;
            let digest = house.tokens.digest(TokenPurpose::ApiKey, key.expose());
            let created = keys.create(&account.id, &digest, SystemClock.now()).await?;
            created.ok_or_else(|| Failure::new("the account has just gone"))?;
            out::line(key.expose())?;
        }
        ApiKey::List(who) => {
            let account = user(house, &who).await?;
            for key in keys.list(&account.id).await? {
                out::line(json!({"id": key.id, "created_at": rfc3339(key.created_at)}))?;
            }
        }
        ApiKey::Revoke(args) => {
            let account = user(house, &args.who).await?;
            let revoked = keys.revoke(&account.id, args.id).await?;
            if let (0, Some(id)) = (revoked, args.id) {
                return Err(Failure::new(format!("the account has no API key {id}")));
            }
            out::note(format_args!("server: revoked {revoked}"));
        }
    }
    Ok(())
}

async fn user(house: &House, who: &Who) -> Result<Account, Failure> {
    if who.realm == Realm::user() {
        find(house, who).await
    } else {
        Err(Failure::new("only accounts of the realm user have API keys"))
    }
}
