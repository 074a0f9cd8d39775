//! `server session`.

use password_domain::account::{Account, Realm};
use password_domain::session::SessionKind;
use serde_json::json;

use super::{find, rfc3339};
use crate::cli::Session;
use crate::failure::Failure;
use crate::house::House;
use crate::out;

pub(super) async fn run(command: Session, house: &House) -> Result<(), Failure> {
    let sessions = &house.use_cases.sessions;
    match command {
        Session::Issue(who) => {
            let account = find(house, &who).await?;
            let issued = sessions.issue_by_operator(&account, kind_for(&account)).await?;
            let token = issued.ok_or_else(|| Failure::new("the account is not active"))?;
            out::line(token.expose())?;
        }
        Session::List(who) => {
            let account = find(house, &who).await?;
            for session in sessions.list(&account.id).await? {
                out::line(json!({
                    "kind": session.kind.as_str(),
                    "issued_at": rfc3339(session.issued_at),
                    "expires_at": rfc3339(session.expires_at),
                    "permissions": session.permissions,
                }))?;
            }
        }
        Session::Revoke(who) => {
            let account = find(house, &who).await?;
            let ended = sessions.revoke_all(&account.id).await?;
            out::note(format_args!("server: ended {ended}"));
        }
    }
    Ok(())
}

/// Returns the kind of session that an account's own API takes.
pub(crate) fn kind_for(account: &Account) -> SessionKind {
    if account.realm == Realm::user() {
        SessionKind::Standard
    } else if account.realm == Realm::dealer() {
        SessionKind::Panel
    } else {
        SessionKind::Token
    }
}
