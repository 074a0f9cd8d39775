use std::fs;
use std::time::Duration;

use password_domain::policy::Rule;
use password_domain::settings::{Limits as Budgets, RealmSettings};
use rstest::rstest;

use super::*;

fn read(text: &str) -> Result<Loaded, ConfigError> {
    read_with(text, &[])
}

fn read_with(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let variables = variables.iter().map(|(name, text)| (OsString::from(name), OsString::from(text)));
    Config::read("server.toml", text, variables)
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn the_printed_defaults_are_the_defaults() {
    let printed = read(DEFAULT_TOML).unwrap();
    assert_eq!(printed.config, Config::default());
    assert!(printed.warnings.is_empty());
    assert_eq!(read("").unwrap().config, Config::default());
}

#[test]
fn every_default_is_printed() {
    // What is commented out has no default value.
    let uncommented: Table = toml::from_str(DEFAULT_TOML).unwrap();
    for section in
        ["http", "brand", "mail", "hashing", "realms", "privacy", "limits", "common_passwords", "log"]
    {
        assert!(uncommented.contains_key(section), "{section}");
    }
    let limits: Budgets = read(DEFAULT_TOML).unwrap().config.limits.budgets;
    assert_eq!(limits, Budgets::default());
}

#[test]
fn realms_start_from_the_contract() {
    let config = Config::default();
    let realms = config.realms.settings(&config.policies.resolved());
    for (name, base) in [
        ("user", RealmSettings::user()),
        ("dealer", RealmSettings::dealer()),
        ("member", RealmSettings::member()),
    ] {
        let found = &realms[&password_domain::account::Realm::new(name).unwrap()];
        assert_eq!(format!("{found:?}"), format!("{base:?}"));
    }
}

#[test]
fn a_realm_takes_a_policy_of_the_operator() {
    let config = read(
        "[realms.user]\npolicy = 'staff'\nreset_ttl = '10m'\n[policies.staff]\nbase = 'member'\nlength = { min = 15 }\n\
         [policies.dealer]\nhistory = { depth = 3 }",
    )
    .unwrap()
    .config;
    let policies = config.policies.resolved();
    assert_eq!(policies.len(), 4);
    assert_eq!(policies["dealer"].history_depth(), 3);
    let user = &config.realms.settings(&policies)[&password_domain::account::Realm::user()];
    assert!(matches!(user.policy.rules()[1], Rule::Length { min: 15, .. }));
    assert_eq!(user.reset_ttl, Duration::from_secs(600));
    assert_eq!(user.session_ttl, RealmSettings::user().session_ttl);
}

#[rstest]
#[case("listenn = 'x'", "server.toml, line 1: unknown field `listenn`")]
#[case("\n[mail]\ntransprt = 'smtp'", "server.toml, line 3: unknown field `transprt`")]
#[case(
    "[realms.staff]\npolicy = 'user'",
    "server.toml, line 1: unknown field `staff`, expected one of `user`"
)]
#[case("[realms.user]\nttl = '1h'", "server.toml, line 2: unknown field `ttl`")]
#[case("[policies.staff]\nlenght = { min = 3 }", "line 2: unknown field `lenght`")]
#[case("[limits.sign_in]\npair = { size = 3 }", "line 2: unknown field `size`")]
#[case("[realms.user]\nsession_ttl = '30'", "line 2: \"30\" is not a length of time such as \"30d\"")]
#[case("[http]\nmax_body = '1MB'", "line 2: \"1MB\" is not a size such as \"1MiB\"")]
#[case(
    "[http]\ntrusted_proxies = ['10.0.0.0/33']",
    "\"10.0.0.0/33\" is not a network such as \"10.0.0.0/8\""
)]
#[case(
    "[mail]\ntransport = 'sendmail'",
    "line 2: unknown variant `sendmail`, expected one of `smtp`, `file`, `none`"
)]
#[case("listen = 'localhost'", "server.toml, line 1: invalid socket address")]
#[case("[hashing]\nmemory_kib = -1", "line 2: invalid value: integer `-1`")]
#[case("secret = 'x", "server.toml, line 1: ")]
fn what_cannot_be_read_is_told_with_its_line(#[case] text: &str, #[case] expected: &str) {
    let message = read(text).unwrap_err().to_string();
    assert!(message.contains(expected), "{message}");
}

#[rstest]
#[case("public_url = 'ftp://e.org'", "public_url: it must be an http:// or https:// URL")]
#[case("public_url = 'https://e.org/?a=b'", "public_url: it must be an http:// or https:// URL")]
#[case("public_url = 'https://me@e.org/'", "public_url: it must be an http:// or https:// URL")]
#[case("database_url = 'mysql://x'", "database_url: the database URL is not right: ")]
#[case("database_url = 'sqlite://'", "database_url: the database URL is not right: ")]
#[case("database_url = 'postgres://u:p@h/n'", "secret: with PostgreSQL it must be given")]
#[case("secret = 'short'", "secret: it must have at least 32 bytes")]
#[case("previous_secrets = ['short']", "previous_secrets: each must have at least 32 bytes")]
#[case("secret = 'a'\nsecret_file = 'b'", "secret: secret and secret_file exclude each other")]
#[case("[http]\nnavixy_prefix = 'v2'", "http.navixy_prefix: \"v2\" is not a path such as \"/api/v1\"")]
#[case("[http]\nnavixy_prefix = '/v2/'", "http.navixy_prefix: \"/v2/\" is not a path such as \"/api/v1\"")]
#[case("[http]\nnavixy_prefix = '/{x}'", "http.navixy_prefix: \"/{x}\" is not a path")]
#[case("[http]\nepixel_prefix = '/reset/x'", "http.epixel_prefix: \"/reset\" is the service's own")]
#[case("[http]\nepixel_prefix = '/v2'", "http.epixel_prefix: it must not lie in http.navixy_prefix")]
#[case("[http]\nepixel_prefix = '/v2/api'", "http.epixel_prefix: it must not lie in http.navixy_prefix")]
#[case("[http]\nmax_body = '0B'", "http.max_body: it must be from 1KiB to 64MiB")]
#[case("[http]\ncors_origins = ['*']", "http.cors_origins: \"*\" is not an origin")]
#[case("[http]\ncors_origins = ['https://e.org/']", "http.cors_origins: \"https://e.org/\" is not an origin")]
#[case("[brand]\nname = ''", "brand.name: it must be one line of at most 64 characters")]
#[case("[brand]\nname = \"a\\nb\"", "brand.name: it must be one line of at most 64 characters")]
#[case("[brand]\ncolour = 'blue'", "brand.colour: it must be written #rrggbb")]
#[case("[brand]\ncolour = '#12345g'", "brand.colour: it must be written #rrggbb")]
#[case("[brand]\nsupport = 'mailto:nobody'", "brand.support: it must be mailto: and an address")]
#[case("[http]\nworkers = 0", "http.workers: it must be from 1 to 1024")]
#[case(
    "[hashing]\nmemory_kib = 64",
    "hashing: memory_kib, iterations and parallelism are below 19456, 2 and 1"
)]
#[case("[hashing]\nallow_weak = true\nmemory_kib = 7", "hashing.memory_kib: it must be from 8 for each lane")]
#[case("[hashing]\niterations = 0", "hashing.iterations: it must be from 1 to 64")]
#[case("[hashing]\nparallelism = 65", "hashing.parallelism: it must be from 1 to 64")]
#[case("[hashing]\nworkers = 0", "hashing.workers: it must be from 1 to 1024")]
#[case("[hashing]\nqueue = 0", "hashing.queue: it must be at least 1")]
#[case("[realms.user]\npolicy = 'staff'", "realms.user.policy: there is no policy \"staff\"")]
#[case("[realms.user]\nreset_ttl = '25h'", "realms.user.reset_ttl: it must be over 0 and at most 24h")]
#[case("[realms.dealer]\nreset_ttl = '0s'", "realms.dealer.reset_ttl: it must be over 0 and at most 24h")]
#[case(
    "[realms.member]\nsession_ttl = '0s'",
    "realms.member.session_ttl: it must be over 0 and at most 366d"
)]
#[case("[realms.member]\naccess_ttl = '0s'", "realms.member.access_ttl: it must be over 0 and at most 366d")]
#[case("[policies.staff]\nlength = { max = 9 }", "policies.staff: rule `length`: `min` is missing")]
#[case("[policies.staff]\nbase = 'boss'", "policies.staff: `base`: there is no built-in policy `boss`")]
#[case("[policies.Staff]", "policies.Staff: a policy's name has 1 to 32 characters of a-z, 0-9, _ and -")]
#[case("[limits.sign_in]\npair = { capacity = 0 }", "limits.sign_in.pair.capacity: it must be at least 1")]
#[case("[limits.session]\nwindow = '0s'", "limits.session.window: it must be over 0")]
fn what_makes_no_sense_is_told_with_its_key(#[case] text: &str, #[case] expected: &str) {
    let message = read(text).unwrap_err().to_string();
    assert!(message.contains(expected), "{message}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let error = read("secret = 'short'\n[hashing]\nqueue = 0\n[realms.user]\npolicy = 'x'").unwrap_err();
    assert_eq!(error.to_string().lines().count(), 3);
}

#[rstest]
#[case("secret = 't0psecret'")]
#[case("secret = ['t0psecret']")]
#[case("secret = 't0psecret")]
#[case("previous_secrets = 't0psecret'")]
#[case("previous_secrets = ['t0psecret']")]
#[case("database_url = 't0psecret'")]
#[case("secret = 't0psecret' 't0psecret'")]
#[case("secret = 't0psecret'\nunknown = 1")]
#[case("secret = 't0psecret\\'\n'")]
fn no_error_holds_a_secret(#[case] text: &str) {
    let error = read(text).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("t0psecret"), "{error}");
}

#[test]
fn a_configuration_can_be_debugged_without_its_secrets() {
    let text = format!(
        "secret = '{SECRET}'\nprevious_secrets = ['{SECRET}']\ndatabase_url = 'postgres://u:hunter2@h/n'\n\
         mail.smtp_url = 'smtp://u:hunter2@h'"
    );
    let printed = format!("{:?}", read(&text).unwrap());
    assert!(!printed.contains("hunter2") && !printed.contains(SECRET), "{printed}");
}

#[test]
fn the_environment_stands_over_the_file() {
    let config = read_with(
        "listen = '127.0.0.1:1'\npublic_url = 'https://a.example'\n[realms.user]\npolicy = 'dealer'",
        &[
            ("PASSWORD_LISTEN", "127.0.0.1:2"),
            ("PASSWORD_REALMS__USER__POLICY", "member"),
            ("PASSWORD_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("PASSWORD_MAIL__TRANSPORT", "none"),
            ("PASSWORD_LIMITS__SIGN_IN__PAIR__CAPACITY", "7"),
        ],
    )
    .unwrap()
    .config;
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.public_url.as_str(), "https://a.example/");
    assert_eq!(config.realms.user.policy, "member");
    assert_eq!(config.http.trusted_proxies.len(), 2);
    assert_eq!(config.mail.transport, Some(Transport::None));
    assert_eq!(config.limits.budgets.sign_in.pair.capacity, 7);
    assert_eq!(config.limits.budgets.sign_in.pair.window, Budgets::default().sign_in.pair.window);
}

#[rstest]
#[case("PASSWORD_LISTEN", "x", "PASSWORD_LISTEN: invalid socket address")]
#[case("PASSWORD_HASHING__MEMORY_KIB", "x", "PASSWORD_HASHING__MEMORY_KIB: it must be a whole number")]
#[case("PASSWORD_REALMS__STAFF__POLICY", "x", "PASSWORD_REALMS__STAFF__POLICY: unknown field `staff`")]
#[case(
    "PASSWORD_REALMS__USER__RESET_TTL",
    "1",
    "PASSWORD_REALMS__USER__RESET_TTL: \"1\" is not a length of time"
)]
#[case(
    "PASSWORD_POLICIES__STAFF__LENGHT",
    "{ min = 3 }",
    "PASSWORD_POLICIES__STAFF__LENGHT: unknown field `lenght`"
)]
#[case("PASSWORD_SECRET_FILE", "does/not/exist", "does/not/exist can't be read")]
fn a_bad_variable_is_named(#[case] name: &str, #[case] text: &str, #[case] expected: &str) {
    let message = read_with("", &[(name, text)]).unwrap_err().to_string();
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn an_unknown_variable_is_a_warning() {
    let loaded = read_with("", &[("PASSWORD_SECRETT", SECRET), ("OTHER", "x")]).unwrap();
    assert_eq!(loaded.warnings, ["the environment variable PASSWORD_SECRETT sets nothing"]);
}

#[test]
fn secrets_come_from_files_without_their_newline() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let (secret, previous) =
        (file("a", &format!("{SECRET}\n")), file("b", &format!("{SECRET}1\n{SECRET}2\n")));
    let (database, smtp) = (file("c", "postgres://u:p@h/n\r\n"), file("d", "smtp://h"));
    let config = read_with(
        &format!("database_url_file = '{database}'\nprevious_secrets_file = '{previous}'\nmail.smtp_url_file = '{smtp}'"),
        &[("PASSWORD_SECRET_FILE", &secret)],
    )
    .unwrap()
    .config;
    assert_eq!(config.secret.as_ref().map(Secret::expose), Some(SECRET));
    assert_eq!(
        config.previous_secrets,
        [Secret::new(format!("{SECRET}1")), Secret::new(format!("{SECRET}2"))]
    );
    assert!(!config.database().unwrap().is_sqlite());
    assert_eq!(config.mail.smtp_url, Some(Secret::new("smtp://h")));
}

#[rstest]
#[case("", "mail.transport: it has no default: choose \"smtp\", \"file\"")]
#[case("mail.transport = 'smtp'", "mail.smtp_url: it is needed")]
#[case("mail = { transport = 'smtp', smtp_url = 'http://u:t0psecret@h' }", "mail: ")]
#[case("mail = { transport = 'file', from = 'nobody' }", "mail: ")]
fn serve_needs_a_way_out_for_mails(#[case] text: &str, #[case] expected: &str) {
    let message = read(text).unwrap().config.check_for_serve().unwrap_err().to_string();
    assert!(message.starts_with(expected), "{message}");
    assert!(!message.contains("t0psecret"), "{message}");
}

#[test]
fn clear_text_in_public_is_warned_of() {
    let warnings = |text: &str| read(text).unwrap().config.check_for_serve().unwrap();
    assert_eq!(warnings("listen = '0.0.0.0:80'\nmail.transport = 'file'").len(), 1);
    assert_eq!(
        warnings("listen = '0.0.0.0:80'\nmail.transport = 'file'\npublic_url = 'https://e.org'").len(),
        0
    );
    assert_eq!(warnings("mail.transport = 'file'").len(), 0);
    assert_eq!(
        warnings("limits.enabled = false\nhashing.allow_weak = true\nmail.transport = 'none'").len(),
        2
    );
}

#[test]
fn a_named_file_must_exist() {
    let missing = Path::new("does/not/exist.toml");
    let message = Config::load(Some(missing), []).unwrap_err().to_string();
    assert!(message.starts_with("does/not/exist.toml can't be read: "), "{message}");
}

#[test]
fn a_brand_is_in_every_mail_and_its_support_stands_in_for_a_contact() {
    let brand = "[brand]\nname = 'Acme'\ncolour = '#FACC15'\nsupport = 'mailto:help@example.org'\n";
    let look = |text: &str| {
        let config = read(text).unwrap().config;
        config.mail.look(&config.public_url, &config.brand)
    };
    let plain = look(brand);
    assert_eq!(plain.brand.name.as_deref(), Some("Acme"));
    assert_eq!(plain.brand.colour.as_deref(), Some("#FACC15"));
    assert_eq!(plain.contact.as_deref(), Some("mailto:help@example.org"));
    let own = look(&format!("{brand}[mail]\ncontact = 'Call us'"));
    assert_eq!(own.contact.as_deref(), Some("Call us"));
    assert_eq!(look("").contact, None);
}

#[test]
fn an_engine_is_chosen_by_name() {
    let engine = |text, variables: &[(&str, &str)]| {
        read_with(text, variables).map(|loaded| loaded.config.hashing.engine.to_string())
    };
    let file = "[hashing]\nengine = \"reference\"";
    assert_eq!(engine("", &[]).unwrap(), "auto");
    assert_eq!(engine(file, &[]).unwrap(), "reference");
    assert_eq!(engine(file, &[("PASSWORD_HASHING__ENGINE", "fast")]).unwrap(), "fast");
    let error = engine("[hashing]\nengine = \"turbo\"", &[]).unwrap_err();
    assert!(error.to_string().contains("reference, fast or auto"), "{error}");
}
