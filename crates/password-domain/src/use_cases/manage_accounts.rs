use std::collections::BTreeSet;

use super::House;
use super::new_credential::{NewCredential, Reuse};
use crate::account::{
    Account, AccountId, AccountStatus, LoginKey, NameError, Permission, Realm, check_email, check_login,
    check_name,
};
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::change::Proof;
use crate::notice::{Notice, NoticeKind};
use crate::password::{HistoryTag, MAX_VERIFIED_CHARACTERS, Password, PasswordHash};
use crate::policy::{Attributes, Violation};
use crate::ports::{AccountUpdate, Added, EventKind, Found, HashError, Lane, NewAccount, PortError};
use crate::source::Source;

/// What an operator does with accounts: provision, import, update, block, delete, set a password.
#[derive(Clone)]
pub struct ManageAccounts(pub(super) House);

/// An account that an operator wants to create.
#[derive(Debug)]
pub struct AccountDraft {
    /// Namespace.
    pub realm: Realm,
    /// Login.
    pub login: String,
    /// The address that mail goes to.
    pub email: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// Language of mails.
    pub locale: Option<String>,
    /// Whether the account may be used from the start.
    pub active: bool,
    /// Whether the account is for demonstration.
    pub demo: bool,
    /// What the account may do.
    pub permissions: BTreeSet<Permission>,
    /// How it gets its first password.
    pub password: FirstPassword,
}

/// An account's first password.
#[derive(Debug)]
pub enum FirstPassword {
    /// A password in clear, which must meet the realm's policy.
    Checked(Password),
    /// A password in clear that need not meet the policy, but for what could never be typed again.
    Unchecked(Password),
    /// A hash of foreign origin.
    Foreign(String),
    /// None: the account can only be recovered.
    None,
}

/// Accounts that were checked and hashed, and wait to be added.
#[derive(Debug)]
pub struct PreparedAccounts {
    accounts: Vec<NewAccount>,
    /// For each draft why it is none of the accounts; `None` where it is one.
    refusals: Vec<Option<AccountError>>,
}

/// The reason why an account was not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A login, address or name cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The realm is not configured.
    #[error("there is no realm {0}")]
    UnknownRealm(Realm),
    /// The first password breaks rules of the policy.
    #[error("the password breaks the policy")]
    Policy(Vec<Violation>),
    /// The foreign hash has no known format, or asks for too much work.
    #[error("the password hash has no known format or asks for too much work")]
    UnusableHash,
    /// Another account of the realm has this login.
    #[error("the login is taken")]
    LoginTaken,
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The reason why an operator could not set a password. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SetPasswordError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// The new password breaks rules of the policy.
    #[error("the password breaks the policy")]
    Policy(Vec<Violation>),
    /// The new password is one of the last ones.
    #[error("the password was recently used")]
    RecentlyUsed,
    /// The account was changed at the same moment.
    #[error("the account was changed at the same moment; try again")]
    Conflict,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ManageAccounts {
    /// Creates one account. Mails nothing.
    ///
    /// # Errors
    ///
    /// [`AccountError`]; then nothing was written.
    pub async fn add(&self, draft: AccountDraft) -> Result<AccountId, AccountError> {
        let mut results = self.add_many(vec![draft]).await?;
        results.pop().unwrap_or_else(|| Err(PortError::unexpected("no answer for the account").into()))
    }

    /// Creates accounts, the good ones in one transaction. Answers in order; a bad one leaves the others alone.
    ///
    /// # Errors
    ///
    /// [`PortError`] where a port fails; then none was created.
    pub async fn add_many(
        &self,
        drafts: Vec<AccountDraft>,
    ) -> Result<Vec<Result<AccountId, AccountError>>, PortError> {
        self.add_prepared(self.prepare_many(drafts).await?).await
    }

    /// Checks accounts and hashes their passwords, which may be done while others are being added. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`PortError`] where a port fails.
    pub async fn prepare_many(&self, drafts: Vec<AccountDraft>) -> Result<PreparedAccounts, PortError> {
        let mut refusals = Vec::with_capacity(drafts.len());
        let mut accounts = Vec::with_capacity(drafts.len());
        for draft in drafts {
            match self.prepare(draft).await {
                Ok(account) => {
                    accounts.push(account);
                    refusals.push(None);
                }
                Err(AccountError::Port(error)) => return Err(error),
                Err(error) => refusals.push(Some(error)),
            }
        }
        Ok(PreparedAccounts { accounts, refusals })
    }

    /// Creates the good ones of prepared accounts in one transaction. Answers in order, for bad ones too.
    ///
    /// # Errors
    ///
    /// [`PortError`] where a port fails; then none was created.
    pub async fn add_prepared(
        &self,
        prepared: PreparedAccounts,
    ) -> Result<Vec<Result<AccountId, AccountError>>, PortError> {
        let mut added = self.0.ports.account_admin.add(&prepared.accounts).await?.into_iter();
        Ok(prepared
            .refusals
            .into_iter()
            .map(|refused| match refused {
                Some(error) => Err(error),
                None => match added.next() {
                    Some(Added::Created(id)) => Ok(id),
                    Some(Added::LoginTaken) => Err(AccountError::LoginTaken),
                    None => Err(PortError::unexpected("no answer for an account").into()),
                },
            })
            .collect())
    }

    /// Returns the account with this login; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn find(&self, realm: &Realm, login: &str) -> Result<Option<Account>, PortError> {
        Ok(self.0.ports.accounts.find_by_login(realm, &LoginKey::of(login)).await?)
    }

    /// Returns the accounts with these logins, in order; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn find_many(&self, logins: &[(Realm, LoginKey)]) -> Result<Vec<Option<Account>>, PortError> {
        Ok(self.0.ports.account_admin.find_many(logins).await?)
    }

    /// Returns a page of the realm's accounts: those after `after`, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`PortError`] where that cannot be told.
    pub async fn list(
        &self,
        realm: &Realm,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Account>, PortError> {
        Ok(self.0.ports.account_admin.list(realm, after, limit).await?)
    }

    /// Changes an account's address or permissions. A new address ends all sessions, tokens and grants, and is told to
    /// the old and to the new address.
    ///
    /// # Errors
    ///
    /// [`AccountError`]; then nothing was written.
    pub async fn update(&self, account: &Account, update: &AccountUpdate) -> Result<(), AccountError> {
        let mut notices = Vec::new();
        if let Some(email) = &update.email {
            check_email(email)?;
            if *email != account.email && !self.0.ports.mailer.is_silent() {
                notices.push(self.email_changed(account, account.email.clone()));
                notices.push(self.email_changed(account, email.clone()));
            }
        }
        let audit = self.audit(account, AuditAction::AccountUpdated);
        found(
            self.0
                .ports
                .account_admin
                .update(&account.id, update, &notices, &audit)
                .await
                .map_err(PortError::from)?,
        )
    }

    /// Gives an account another status. Any change of it ends all sessions, tokens and grants.
    ///
    /// # Errors
    ///
    /// [`AccountError`]; then nothing was written.
    pub async fn set_status(&self, account: &Account, status: AccountStatus) -> Result<(), AccountError> {
        let action = match (account.status, status) {
            (_, AccountStatus::Blocked) => AuditAction::AccountBlocked,
            (AccountStatus::Blocked, AccountStatus::Active) => AuditAction::AccountUnblocked,
            (_, AccountStatus::Active) => AuditAction::AccountActivated,
            (_, AccountStatus::Inactive) => AuditAction::AccountUpdated,
        };
        let audit = self.audit(account, action);
        found(
            self.0
                .ports
                .account_admin
                .set_status(&account.id, status, &audit)
                .await
                .map_err(PortError::from)?,
        )
    }

    /// Deletes an account and all that belongs to it, but for the audit log.
    ///
    /// # Errors
    ///
    /// [`AccountError`]; then nothing was deleted.
    pub async fn delete(&self, account: &Account) -> Result<(), AccountError> {
        let audit = self.audit(account, AuditAction::AccountDeleted);
        found(self.0.ports.account_admin.delete(&account.id, &audit).await.map_err(PortError::from)?)
    }

    /// Sets a password with an operator's proof: one and the same change as any other, so it ends all sessions, tokens
    /// and grants and mails a notice. With `skip_policy` neither rules nor history are asked, but the new password
    /// joins the history.
    ///
    /// # Errors
    ///
    /// [`SetPasswordError`]; then nothing was written.
    pub async fn set_password(
        &self,
        realm: &Realm,
        login: &str,
        new: &Password,
        skip_policy: bool,
    ) -> Result<(), SetPasswordError> {
        let house = &self.0;
        let account = self.find(realm, login).await?.ok_or(SetPasswordError::NotFound)?;
        let credential = house.ports.credentials.read(&account.id).await.map_err(PortError::from)?;
        let credential = credential.ok_or(SetPasswordError::NotFound)?;
        let (violations, reuse) = match skip_policy {
            true => (never_typed(new), Reuse::Accepted),
            false => {
                (house.violations(&house.realm(realm)?.policy, &account.attributes(), new), Reuse::Refused)
            }
        };
        if !violations.is_empty() {
            return Err(SetPasswordError::Policy(violations));
        }
        let proof = Proof::operator(&account, credential.version);
        let source = Source::unknown();
        let outcome = house.set_password(&account, &credential, proof, new, reuse, &source).await?;
        match outcome {
            NewCredential::Set => {
                house.record(EventKind::PasswordChanged, realm, Some(&account), &source);
                Ok(())
            }
            NewCredential::Reused => Err(SetPasswordError::RecentlyUsed),
            NewCredential::Conflict => Err(SetPasswordError::Conflict),
        }
    }

    /// Queues a mail with a reset token for an account.
    ///
    /// # Errors
    ///
    /// [`AccountError::NotFound`] where there is no such account.
    pub async fn send_reset(&self, realm: &Realm, login: &str) -> Result<(), AccountError> {
        let account = self.find(realm, login).await?.ok_or(AccountError::NotFound)?;
        let notice = Notice {
            realm: account.realm,
            account: account.id,
            kind: NoticeKind::ResetRequested,
            at: self.0.ports.clock.now(),
            from: None,
        };
        Ok(self.0.ports.outbox.queue(&[notice]).await.map_err(PortError::from)?)
    }

    async fn prepare(&self, draft: AccountDraft) -> Result<NewAccount, AccountError> {
        let house = &self.0;
        let Some(settings) = house.settings.realm(&draft.realm) else {
            return Err(AccountError::UnknownRealm(draft.realm));
        };
        check_login(&draft.login)?;
        check_email(&draft.email)?;
        check_name(&draft.first_name)?;
        check_name(&draft.last_name)?;
        let mut account = NewAccount {
            realm: draft.realm,
            login: draft.login,
            email: draft.email,
            first_name: draft.first_name,
            last_name: draft.last_name,
            locale: draft.locale,
            status: if draft.active { AccountStatus::Active } else { AccountStatus::Inactive },
            demo: draft.demo,
            permissions: draft.permissions,
            hash: None,
            history: None,
            at: house.ports.clock.now(),
            actor: Actor::Operator,
        };
        let keeps_history = settings.policy.history_depth() > 0;
        (account.hash, account.history) = match draft.password {
            FirstPassword::None => (None, None),
            FirstPassword::Foreign(encoded) => {
                let hash =
                    house.ports.hasher.accept_foreign(&encoded).map_err(|_| AccountError::UnusableHash)?;
                let tag = if keeps_history { Some(house.ports.hasher.tag_of(&hash)?) } else { None };
                (Some(hash), tag)
            }
            FirstPassword::Checked(password) => {
                let attributes = Attributes {
                    login: account.login.clone(),
                    email: account.email.clone(),
                    first_name: account.first_name.clone(),
                    last_name: account.last_name.clone(),
                };
                self.first(
                    &password,
                    house.violations(&settings.policy, &attributes, &password),
                    keeps_history,
                )
                .await?
            }
            FirstPassword::Unchecked(password) => {
                self.first(&password, never_typed(&password), keeps_history).await?
            }
        };
        Ok(account)
    }

    async fn first(
        &self,
        password: &Password,
        violations: Vec<Violation>,
        keeps_history: bool,
    ) -> Result<(Option<PasswordHash>, Option<HistoryTag>), AccountError> {
        if !violations.is_empty() {
            return Err(AccountError::Policy(violations));
        }
        let hasher = &self.0.ports.hasher;
        let hash = hasher.hash(password, Lane::Proved).await?;
        let tag = if keeps_history { Some(hasher.tag_of(&hash)?) } else { None };
        Ok((Some(hash), tag))
    }

    fn audit(&self, account: &Account, action: AuditAction) -> AuditEvent {
        AuditEvent {
            at: self.0.ports.clock.now(),
            realm: account.realm.clone(),
            account: Some(account.id.clone()),
            action,
            actor: Actor::Operator,
            from: None,
        }
    }

    fn email_changed(&self, account: &Account, to: String) -> Notice {
        Notice {
            realm: account.realm.clone(),
            account: account.id.clone(),
            kind: NoticeKind::EmailChanged { to },
            at: self.0.ports.clock.now(),
            from: None,
        }
    }
}

fn found(found: Found) -> Result<(), AccountError> {
    match found {
        Found::Yes => Ok(()),
        Found::No => Err(AccountError::NotFound),
    }
}

/// What even an operator cannot set, because nobody could ever sign in with it.
fn never_typed(password: &Password) -> Vec<Violation> {
    if password.is_empty() {
        vec![Violation::TooShort { minimum: 1 }]
    } else if !password.is_verifiable() {
        vec![Violation::TooLong { maximum: MAX_VERIFIED_CHARACTERS }]
    } else {
        Vec::new()
    }
}

impl From<HashError> for AccountError {
    fn from(error: HashError) -> Self {
        Self::Port(error.into())
    }
}
