//! Environment variables over the file.

use std::ffi::OsString;

use toml::{Table, Value};

/// What every variable starts with.
const PREFIX: &str = "PASSWORD_";

/// How a variable's text becomes a value.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    /// A TOML array, or texts with commas between them.
    List,
    /// Whatever TOML makes of it, else text.
    Any,
}

/// Every key that a variable can set. `*` stands for one level of any name, `**` for any number of them.
const KEYS: &[(&str, Kind)] = &[
    ("listen", Kind::Text),
    ("public_url", Kind::Text),
    ("database_url", Kind::Text),
    ("database_url_file", Kind::Text),
    ("secret", Kind::Text),
    ("secret_file", Kind::Text),
    ("previous_secrets", Kind::List),
    ("previous_secrets_file", Kind::Text),
    ("http.navixy_prefix", Kind::Text),
    ("http.epixel_prefix", Kind::Text),
    ("http.max_body", Kind::Text),
    ("http.trusted_proxies", Kind::List),
    ("http.cors_origins", Kind::List),
    ("http.query_hash", Kind::Flag),
    ("http.hsts", Kind::Flag),
    ("http.workers", Kind::Number),
    ("brand.name", Kind::Text),
    ("brand.colour", Kind::Text),
    ("brand.support", Kind::Text),
    ("brand.logo", Kind::Text),
    ("pages.templates", Kind::Text),
    ("mail.transport", Kind::Text),
    ("mail.file_dir", Kind::Text),
    ("mail.smtp_url", Kind::Text),
    ("mail.smtp_url_file", Kind::Text),
    ("mail.smtp_plain", Kind::Flag),
    ("mail.smtp_ca_file", Kind::Text),
    ("mail.from", Kind::Text),
    ("mail.contact", Kind::Text),
    ("hashing.memory_kib", Kind::Number),
    ("hashing.iterations", Kind::Number),
    ("hashing.parallelism", Kind::Number),
    ("hashing.allow_weak", Kind::Flag),
    ("hashing.engine", Kind::Text),
    ("hashing.workers", Kind::Number),
    ("hashing.queue", Kind::Number),
    ("realms.*.policy", Kind::Text),
    ("realms.*.session_ttl", Kind::Text),
    ("realms.*.access_ttl", Kind::Text),
    ("realms.*.reset_ttl", Kind::Text),
    ("policies.*.**", Kind::Any),
    ("privacy.reveal_unknown_accounts", Kind::Flag),
    ("limits.enabled", Kind::Flag),
    ("limits.known_address", Kind::Text),
    ("limits.*.capacity", Kind::Number),
    ("limits.*.window", Kind::Text),
    ("limits.*.*.capacity", Kind::Number),
    ("limits.*.*.window", Kind::Text),
    ("common_passwords.builtin", Kind::Flag),
    ("common_passwords.files", Kind::List),
    ("log.format", Kind::Text),
    ("log.level", Kind::Text),
];

/// One variable that sets a key.
pub(super) struct Override {
    /// The variable's name.
    pub(super) name: String,
    path: Vec<String>,
    value: Value,
}

/// Sorts the environment's variables: those that set something, and a warning for every other one with our prefix.
///
/// # Errors
///
/// The name of a variable and what is wrong with its value, which is not told.
pub(super) fn overrides(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<(Vec<Override>, Vec<String>), (String, String)> {
    let mut found = Vec::new();
    let mut warnings = Vec::new();
    for (name, text) in variables {
        let name = name.to_string_lossy().into_owned();
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        let path: Vec<String> = key.split("__").map(str::to_ascii_lowercase).collect();
        let known = key.bytes().all(|b| !b.is_ascii_lowercase()).then(|| kind_of(&path)).flatten();
        let Some(kind) = known else {
            warnings.push(format!("the environment variable {name} sets nothing"));
            continue;
        };
        let text = text.into_string().map_err(|_| (name.clone(), "it is not UTF-8".to_owned()))?;
        match value(kind, text) {
            Ok(value) => found.push(Override { name, path, value }),
            Err(expected) => return Err((name, format!("it must be {expected}"))),
        }
    }
    // Whatever the order of the environment, the same variables make the same configuration.
    found.sort_by(|a, b| a.path.cmp(&b.path));
    warnings.sort();
    Ok((found, warnings))
}

fn kind_of(path: &[String]) -> Option<Kind> {
    KEYS.iter().find(|(pattern, _)| matches(pattern, path)).map(|(_, kind)| *kind)
}

fn matches(pattern: &str, path: &[String]) -> bool {
    let pattern: Vec<&str> = pattern.split('.').collect();
    let (fixed, open) = match pattern.split_last() {
        Some((&"**", fixed)) => (fixed, true),
        _ => (&pattern[..], false),
    };
    (if open { path.len() > fixed.len() } else { path.len() == fixed.len() })
        && path.iter().all(|level| !level.is_empty())
        && fixed.iter().zip(path).all(|(want, level)| *want == "*" || want == level)
}

fn value(kind: Kind, text: String) -> Result<Value, &'static str> {
    match kind {
        Kind::Text => Ok(Value::String(text)),
        Kind::Number => text.trim().parse().map(Value::Integer).map_err(|_| "a whole number"),
        Kind::Flag => text.trim().parse().map(Value::Boolean).map_err(|_| "true or false"),
        Kind::List if text.trim_start().starts_with('[') => {
            as_toml(&text).filter(Value::is_array).ok_or("a list: a, b or [\"a\", \"b\"]")
        }
        Kind::List => Ok(Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect(),
        )),
        Kind::Any => Ok(as_toml(&text).unwrap_or(Value::String(text))),
    }
}

fn as_toml(text: &str) -> Option<Value> {
    // A newline would let a value end and another key begin.
    if text.contains('\n') {
        return None;
    }
    toml::from_str::<Table>(&format!("value = {text}")).ok()?.remove("value")
}

impl Override {
    /// Puts the value into the file's table.
    ///
    /// # Errors
    ///
    /// What is wrong where the file has something else than a table on the way.
    pub(super) fn apply(self, table: &mut Table) -> Result<(), String> {
        let Some((last, levels)) = self.path.split_last() else { return Ok(()) };
        let mut here = table;
        for level in levels {
            let next = here.entry(level.as_str()).or_insert_with(|| Value::Table(Table::new()));
            here = next.as_table_mut().ok_or_else(|| format!("{level} is no table in the file"))?;
        }
        // A value and a file that holds it replace each other.
        match last.strip_suffix("_file") {
            Some(direct) => here.remove(direct),
            None => here.remove(&format!("{last}_file")),
        };
        here.insert(last.clone(), self.value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<(Vec<Override>, Vec<String>), (String, String)> {
        overrides(variables.iter().map(|(name, text)| (OsString::from(name), OsString::from(text))))
    }

    fn table(variables: &[(&str, &str)]) -> Table {
        let mut table = Table::new();
        for found in read(variables).unwrap().0 {
            found.apply(&mut table).unwrap();
        }
        table
    }

    #[test]
    fn every_key_of_the_default_configuration_can_be_overridden() {
        fn walk(table: &Table, path: &mut Vec<String>) {
            for (key, value) in table {
                path.push(key.clone());
                match value {
                    Value::Table(table) => walk(table, path),
                    _ => assert!(kind_of(path).is_some(), "{path:?}"),
                }
                path.pop();
            }
        }
        walk(&include_str!("default.toml").parse().unwrap(), &mut Vec::new());
    }

    #[test]
    fn levels_stand_apart_by_two_underscores() {
        let table = table(&[
            ("PASSWORD_DATABASE_URL", "sqlite://x"),
            ("PASSWORD_MAIL__SMTP_PLAIN", "true"),
            ("PASSWORD_REALMS__USER__POLICY", "123"),
            ("PASSWORD_HASHING__MEMORY_KIB", "64"),
            ("PASSWORD_LIMITS__SIGN_IN__PAIR__CAPACITY", "3"),
            ("PASSWORD_POLICIES__STAFF__LENGTH__MIN", "10"),
            ("PASSWORD_POLICIES__STAFF__BASE", "user"),
            ("PASSWORD_POLICIES__STAFF__HISTORY", "{ depth = 5 }"),
            ("HOME", "/"),
        ]);
        let expected: Table = toml::from_str(
            "database_url = 'sqlite://x'\nmail.smtp_plain = true\nrealms.user.policy = '123'\n\
             hashing.memory_kib = 64\nlimits.sign_in.pair.capacity = 3\n\
             policies.staff = { length.min = 10, base = 'user', history.depth = 5 }",
        )
        .unwrap();
        assert_eq!(table, expected);
    }

    #[test]
    fn lists_are_written_with_commas_or_as_arrays() {
        for text in ["a, b", "a,b,", "[\"a\", \"b\"]"] {
            let table = table(&[("PASSWORD_HTTP__CORS_ORIGINS", text)]);
            assert_eq!(table["http"]["cors_origins"], Value::from(vec!["a", "b"]), "{text}");
        }
        assert_eq!(table(&[("PASSWORD_PREVIOUS_SECRETS", "")])["previous_secrets"], Value::Array(Vec::new()));
    }

    #[test]
    fn unknown_names_are_warned_of() {
        let (found, warnings) = read(&[
            ("PASSWORD_LISTENN", "x"),
            ("PASSWORD_MAIL", "x"),
            ("PASSWORD_mail__FROM", "x"),
            ("PASSWORD_HTTP__", "x"),
            ("PASSWORD_POLICIES__STAFF", "x"),
        ])
        .unwrap();
        assert!(found.is_empty());
        assert_eq!(warnings.len(), 5);
        assert_eq!(warnings[1], "the environment variable PASSWORD_LISTENN sets nothing");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named_but_not_shown() {
        for (name, text, expected) in [
            ("PASSWORD_HASHING__MEMORY_KIB", "lots", "it must be a whole number"),
            ("PASSWORD_LIMITS__ENABLED", "yes", "it must be true or false"),
            ("PASSWORD_PREVIOUS_SECRETS", "[\"s3cret", "it must be a list: a, b or [\"a\", \"b\"]"),
            ("PASSWORD_PREVIOUS_SECRETS", "[]\nx = 1", "it must be a list: a, b or [\"a\", \"b\"]"),
        ] {
            let (named, message) = read(&[(name, text)]).err().unwrap();
            assert_eq!((named.as_str(), message.as_str()), (name, expected));
        }
    }

    #[test]
    fn a_value_replaces_its_file_and_the_other_way_round() {
        let mut table: Table = toml::from_str("secret_file = 'a'\nmail.smtp_url = 'b'").unwrap();
        for found in read(&[("PASSWORD_SECRET", "c"), ("PASSWORD_MAIL__SMTP_URL_FILE", "d")]).unwrap().0 {
            found.apply(&mut table).unwrap();
        }
        assert_eq!(table, toml::from_str("secret = 'c'\nmail.smtp_url_file = 'd'").unwrap());
    }
}
