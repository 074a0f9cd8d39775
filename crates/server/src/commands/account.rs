//! `server account`.

use std::collections::BTreeSet;

use password_domain::account::{Account, AccountStatus};
use password_domain::policy::Violation;
use password_domain::ports::AccountUpdate;
use password_domain::use_cases::{
    AccountDraft, AccountError, FirstPassword, ManageAccounts, SetPasswordError,
};
use serde_json::{Value, json};

use super::{find, import, read_password};
use crate::cli::{Account as Command, AddAccount, SetPassword, UpdateAccount, Who};
use crate::failure::{Failure, with_causes};
use crate::house::House;
use crate::out;

/// How many accounts a list reads at a time.
const PAGE: usize = 500;

pub(super) async fn run(command: Command, house: &House) -> Result<(), Failure> {
    let accounts = &house.use_cases.manage_accounts;
    match command {
        Command::Add(args) => add(args, accounts).await,
        Command::Import(args) => {
            let imported = import::run(&args.file, accounts).await;
            if let Err(error) = house.storage.note_growth().await {
                // It notices by itself within a minute.
                out::note(format_args!("server: the database was not told of it: {}", with_causes(&error)));
            }
            imported
        }
        Command::Activate(who) => {
            move_to_active(
                house,
                &who,
                AccountStatus::Inactive,
                "the account is blocked; use `account unblock`",
            )
            .await
        }
        Command::Unblock(who) => {
            move_to_active(house, &who, AccountStatus::Blocked, "the account waits for `account activate`")
                .await
        }
        Command::Block(who) => {
            let account = find(house, &who).await?;
            Ok(accounts.set_status(&account, AccountStatus::Blocked).await?)
        }
        Command::Delete(who) => Ok(accounts.delete(&find(house, &who).await?).await?),
        Command::Show(who) => Ok(out::line(as_json(&find(house, &who).await?))?),
        Command::SetPassword(args) => set_password(args, accounts).await,
        Command::SendReset(who) => {
            if !find(house, &who).await?.is_active() {
                return Err(Failure::new("the account is not active, so its mail would be dropped"));
            }
            Ok(accounts.send_reset(&who.realm, &who.login).await?)
        }
        Command::Update(args) => update(args, house).await,
        Command::List(args) => {
            let mut after = None;
            loop {
                let page = accounts.list(&args.realm, after, PAGE).await?;
                for account in &page {
                    out::line(as_json(account))?;
                }
                match page.last() {
                    Some(last) if page.len() == PAGE => after = Some(last.id.clone()),
                    _ => return Ok(()),
                }
            }
        }
    }
}

async fn add(args: AddAccount, accounts: &ManageAccounts) -> Result<(), Failure> {
    let password = read_password()?;
    let draft = AccountDraft {
        realm: args.who.realm,
        login: args.who.login,
        email: args.email,
        first_name: args.first_name,
        last_name: args.last_name,
        locale: args.locale,
        active: !args.inactive,
        demo: args.demo,
        permissions: args.permissions.into_iter().collect(),
        password: if args.skip_policy {
            FirstPassword::Unchecked(password)
        } else {
            FirstPassword::Checked(password)
        },
    };
    match accounts.add(draft).await {
        Ok(id) => Ok(out::line(id)?),
        Err(AccountError::Policy(violations)) => Err(breaks(&violations)),
        Err(error) => Err(error.into()),
    }
}

async fn set_password(args: SetPassword, accounts: &ManageAccounts) -> Result<(), Failure> {
    let password = read_password()?;
    let Who { realm, login } = &args.who;
    match accounts.set_password(realm, login, &password, args.skip_policy).await {
        Ok(()) => Ok(()),
        Err(SetPasswordError::Policy(violations)) => Err(breaks(&violations)),
        Err(SetPasswordError::NotFound) => Err(Failure::new(format!("there is no {realm} {login:?}"))),
        Err(error) => Err(error.into()),
    }
}

async fn update(args: UpdateAccount, house: &House) -> Result<(), Failure> {
    let account = find(house, &args.who).await?;
    let change = args.change;
    let permissions: BTreeSet<_> = change.permissions.into_iter().collect();
    let update = AccountUpdate {
        email: change.email,
        permissions: (change.no_permissions || !permissions.is_empty()).then_some(permissions),
    };
    Ok(house.use_cases.manage_accounts.update(&account, &update).await?)
}

/// Makes an account active that has the status which the command is for; one that is active already stays as it is.
async fn move_to_active(
    house: &House,
    who: &Who,
    from: AccountStatus,
    otherwise: &str,
) -> Result<(), Failure> {
    let account = find(house, who).await?;
    if account.is_active() {
        Ok(())
    } else if account.status == from {
        Ok(house.use_cases.manage_accounts.set_status(&account, AccountStatus::Active).await?)
    } else {
        Err(Failure::new(otherwise))
    }
}

fn breaks(violations: &[Violation]) -> Failure {
    let sentences: Vec<String> = violations.iter().map(Violation::sentence).collect();
    Failure::new(format!("the password is refused. {}", sentences.join(" ")))
}

/// Returns an account for scripts: stable fields, no hashes.
fn as_json(account: &Account) -> Value {
    json!({
        "id": account.id,
        "realm": account.realm,
        "login": account.login,
        "email": account.email,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "locale": account.locale,
        "status": account.status.as_str(),
        "demo": account.demo,
        "permissions": account.permissions,
    })
}
