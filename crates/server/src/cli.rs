//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use password_domain::account::{Permission, Realm};

/// The password server: changing and recovering passwords for three APIs.
///
/// Without a command it is `demo`: everything in a temporary folder, with requests to paste.
#[derive(Debug, Parser)]
#[command(name = "server", version, about)]
pub struct Cli {
    /// Configuration file (default: server.toml where it exists).
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tries everything out in a temporary folder, on this machine alone.
    Demo(Demo),
    /// Serves, until it is told to stop.
    Serve,
    /// Brings the database to this version's form.
    Migrate,
    /// Manages accounts.
    #[command(subcommand)]
    Account(Account),
    /// Manages sessions.
    #[command(subcommand)]
    Session(Session),
    /// Manages API keys of users.
    #[command(subcommand)]
    ApiKey(ApiKey),
    /// Manages client applications.
    #[command(subcommand)]
    Client(Client),
    /// Works on passwords without an account.
    #[command(subcommand)]
    Password(Password),
    /// Works on mails.
    #[command(subcommand)]
    Mail(Mail),
    /// Works on the configuration.
    #[command(subcommand)]
    Config(Config),
}

/// How to try everything out.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen; a loopback address, port 0 for any free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Which account.
#[derive(Debug, Args)]
pub struct Who {
    /// The kind of account: user, dealer or member.
    #[arg(long, value_parser = realm)]
    pub realm: Realm,
    /// The account's login.
    #[arg(long)]
    pub login: String,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Creates an account and prints its id.
    Add(AddAccount),
    /// Creates accounts from newline-delimited JSON and prints how many.
    Import(Import),
    /// Lets an account in that waited for its activation.
    Activate(Who),
    /// Shuts an account out, at once.
    Block(Who),
    /// Lets a blocked account in again.
    Unblock(Who),
    /// Deletes an account and all that belongs to it.
    Delete(Who),
    /// Prints an account as JSON.
    Show(Who),
    /// Sets a password and ends all sessions.
    SetPassword(SetPassword),
    /// Sends the mail with which a new password can be set.
    SendReset(Who),
    /// Changes an account.
    Update(UpdateAccount),
    /// Prints every account of a kind, one JSON object a line.
    List(ListAccounts),
}

/// A new account.
#[derive(Debug, Args)]
pub struct AddAccount {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the type tells")]
    pub who: Who,
    /// The address that mail goes to.
    #[arg(long)]
    pub email: String,
    /// First name.
    #[arg(long, default_value = "")]
    pub first_name: String,
    /// Last name.
    #[arg(long, default_value = "")]
    pub last_name: String,
    /// Language of mails, such as en.
    #[arg(long)]
    pub locale: Option<String>,
    /// Something that the account may do; repeat it for more.
    #[arg(long = "permission", value_name = "P", value_parser = permission)]
    pub permissions: Vec<Permission>,
    /// Makes an account for demonstration, whose password can't be changed.
    #[arg(long)]
    pub demo: bool,
    /// Creates the account without letting it in yet.
    #[arg(long)]
    pub inactive: bool,
    /// Takes a password that the policy refuses.
    #[arg(long)]
    pub skip_policy: bool,
    /// Reads the password from standard input; one newline at its end does not count.
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

/// Where accounts come from.
#[derive(Debug, Args)]
pub struct Import {
    /// The file; - for standard input.
    pub file: PathBuf,
}

/// A new password.
#[derive(Debug, Args)]
pub struct SetPassword {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the type tells")]
    pub who: Who,
    /// Takes a password that the policy refuses.
    #[arg(long)]
    pub skip_policy: bool,
    /// Reads the password from standard input, which it does without this flag too; one newline at its end does not
    /// count.
    #[arg(long)]
    pub password_stdin: bool,
}

/// What to change of an account.
#[derive(Debug, Args)]
pub struct UpdateAccount {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the type tells")]
    pub who: Who,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the type tells")]
    pub change: AccountChange,
}

/// At least one thing to change.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct AccountChange {
    /// The new address; ends all sessions and is told to both addresses.
    #[arg(long)]
    pub email: Option<String>,
    /// All that the account may do from now on; repeat it for more.
    #[arg(long = "permission", value_name = "P", value_parser = permission)]
    pub permissions: Vec<Permission>,
    /// Takes every permission away.
    #[arg(long, conflicts_with = "permissions")]
    pub no_permissions: bool,
}

/// Which accounts.
#[derive(Debug, Args)]
pub struct ListAccounts {
    /// The kind of account: user, dealer or member.
    #[arg(long, value_parser = realm)]
    pub realm: Realm,
}

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub enum Session {
    /// Issues a session and prints its hash (user, dealer) or an access token (member).
    Issue(Who),
    /// Prints the sessions that live, one JSON object a line.
    List(Who),
    /// Ends all sessions.
    Revoke(Who),
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum ApiKey {
    /// Creates a key and prints it; it can't be shown again.
    Create(Who),
    /// Prints the account's keys, one JSON object a line, without the keys themselves.
    List(Who),
    /// Deletes all of the account's keys, or one.
    Revoke(RevokeApiKey),
}

/// Which API keys.
#[derive(Debug, Args)]
pub struct RevokeApiKey {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the type tells")]
    pub who: Who,
    /// One key alone, by its id from `list`.
    #[arg(long)]
    pub id: Option<i64>,
}

/// What to do with client applications.
#[derive(Debug, Subcommand)]
pub enum Client {
    /// Registers a client and prints its apikey; it can't be shown again.
    Create(ClientName),
    /// Prints every client, one JSON object a line, without their keys.
    List(ClientFilter),
    /// Deletes a client; its key is refused at once.
    Revoke(ClientName),
}

/// Which client.
#[derive(Debug, Args)]
pub struct ClientName {
    /// The client's name.
    #[arg(long)]
    pub name: String,
}

/// Which clients.
#[derive(Debug, Args)]
pub struct ClientFilter {
    /// This one alone.
    #[arg(long)]
    pub name: Option<String>,
}

/// What to do with passwords.
#[derive(Debug, Subcommand)]
pub enum Password {
    /// Checks a password against a policy and prints the verdict as JSON.
    Check(CheckPassword),
}

/// A password to check, and the account that it would be for.
#[derive(Debug, Args)]
pub struct CheckPassword {
    /// The policy's name.
    #[arg(long)]
    pub policy: String,
    /// Login.
    #[arg(long, default_value = "")]
    pub login: String,
    /// E-mail address.
    #[arg(long, default_value = "")]
    pub email: String,
    /// First name.
    #[arg(long, default_value = "")]
    pub first_name: String,
    /// Last name.
    #[arg(long, default_value = "")]
    pub last_name: String,
    /// Reads the password from standard input; one newline at its end does not count.
    #[arg(long, required = true)]
    pub stdin: bool,
}

/// What to do with mails.
#[derive(Debug, Subcommand)]
pub enum Mail {
    /// Writes a sample of a notice as a whole mail (.eml) and as its HTML (.html), and prints where they are.
    Preview(PreviewMail),
}

/// A notice to look at.
#[derive(Debug, Args)]
pub struct PreviewMail {
    /// What the mail tells.
    #[arg(value_enum)]
    pub notice: Notice,
    /// The reader's language, a BCP 47 tag such as de or pt-BR.
    #[arg(long, default_value = "en")]
    pub locale: String,
    /// The kind of account: user, dealer or member.
    #[arg(long, value_parser = realm, default_value = "member")]
    pub realm: Realm,
    /// The folder to write into; created where absent.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
}

/// What a mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Notice {
    /// A link to set a new password.
    ResetRequested,
    /// The password was changed.
    PasswordChanged,
    /// The account's address was changed.
    EmailChanged,
    /// Somebody tried many wrong passwords.
    TooManyAttempts,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Tells whether `serve` could start with it.
    Check,
    /// Prints every key with its default.
    PrintDefault,
}

impl Default for Demo {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)) }
    }
}

fn realm(text: &str) -> Result<Realm, String> {
    match text {
        "user" => Ok(Realm::user()),
        "dealer" => Ok(Realm::dealer()),
        "member" => Ok(Realm::member()),
        _ => Err("a realm is user, dealer or member".to_owned()),
    }
}

fn permission(text: &str) -> Result<Permission, String> {
    Permission::new(text)
        .map_err(|_| "a permission is written resource:action, as in password:update".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[rstest]
    #[case("")]
    #[case("demo --listen 127.0.0.1:0")]
    #[case("serve --config a.toml")]
    #[case("--config a.toml serve")]
    #[case("migrate")]
    #[case(
        "account add --realm user --login l --email e@x --first-name f --last-name n --locale en --permission a:b --permission password:update --demo --inactive --skip-policy --password-stdin"
    )]
    #[case("account import FILE")]
    #[case("account import -")]
    #[case("account activate --realm user --login l")]
    #[case("account block --realm dealer --login l")]
    #[case("account unblock --realm member --login l")]
    #[case("account delete --realm user --login l")]
    #[case("account show --realm user --login l --config x")]
    #[case("account set-password --realm user --login l --password-stdin --skip-policy")]
    #[case("account set-password --realm user --login l")]
    #[case("account send-reset --realm user --login l")]
    #[case("account update --realm user --login l --email e@x")]
    #[case("account update --realm user --login l --permission password:update")]
    #[case("account update --realm user --login l --no-permissions")]
    #[case("account list --realm user")]
    #[case("mail preview reset_requested --locale ar --out previews")]
    #[case("mail preview password_changed --realm user")]
    #[case("mail preview email_changed")]
    #[case("mail preview too_many_attempts")]
    #[case("session issue --realm user --login l")]
    #[case("session list --realm user --login l")]
    #[case("session revoke --realm user --login l")]
    #[case("api-key create --realm user --login l")]
    #[case("api-key list --realm user --login l")]
    #[case("api-key revoke --realm user --login l --id 3")]
    #[case("client create --name n")]
    #[case("client list")]
    #[case("client list --name n")]
    #[case("client revoke --name n")]
    #[case("password check --policy p --login l --email e --first-name f --last-name n --stdin")]
    #[case("config check")]
    #[case("config print-default")]
    fn these_are_commands(#[case] line: &str) {
        Cli::try_parse_from(std::iter::once("server").chain(line.split_whitespace())).unwrap();
    }

    #[rstest]
    #[case("demo --listen here")]
    #[case("account")]
    #[case("account add --realm user --login l --password-stdin")]
    #[case("account add --realm user --login l --email e@x")]
    #[case("account add --realm staff --login l --email e@x --password-stdin")]
    #[case("account add --realm user --login l --email e@x --password-stdin --permission x")]
    #[case("account update --realm user --login l")]
    #[case("account update --realm user --login l --permission a:b --no-permissions")]
    #[case("account show --realm user")]
    #[case("password check --policy p")]
    #[case("nonsense")]
    fn these_are_none(#[case] line: &str) {
        let error =
            Cli::try_parse_from(std::iter::once("server").chain(line.split_whitespace())).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
    }
}
