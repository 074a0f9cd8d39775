//! One row of an import.
//!
//! Read by hand and not by serde, whose messages show the values that they complain about.

use std::collections::BTreeSet;

use password_domain::account::{Permission, Realm};
use password_domain::password::Password;
use password_domain::use_cases::{AccountDraft, FirstPassword};
use serde_json::{Map, Value};

/// Reads a row.
///
/// # Errors
///
/// What is wrong with it, without any of its values.
pub(super) fn parse(line: &[u8]) -> Result<AccountDraft, String> {
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| format!("it is not JSON (column {})", error.column()))?;
    let Value::Object(fields) = value else { return Err("it is not a JSON object".to_owned()) };
    let mut row = Row(fields);
    let realm = Realm::new(row.required("realm")?).map_err(|error| error.to_string())?;
    let skip_policy = row.flag("skip_policy", false)?;
    let draft = AccountDraft {
        realm,
        login: row.required("login")?,
        email: row.required("email")?,
        first_name: row.text("first_name")?.unwrap_or_default(),
        last_name: row.text("last_name")?.unwrap_or_default(),
        locale: row.text("locale")?,
        active: row.flag("active", true)?,
        demo: row.flag("demo", false)?,
        permissions: row.permissions()?,
        password: match (row.text("password")?, row.text("password_hash")?) {
            (Some(_), Some(_)) => return Err("`password` and `password_hash` exclude each other".to_owned()),
            (Some(clear), None) if skip_policy => FirstPassword::Unchecked(Password::new(clear)),
            (Some(clear), None) => FirstPassword::Checked(Password::new(clear)),
            (None, Some(hash)) => FirstPassword::Foreign(hash),
            (None, None) => FirstPassword::None,
        },
    };
    match row.0.keys().next() {
        Some(unknown) => Err(format!("the key {unknown:?} is unknown")),
        None => Ok(draft),
    }
}

/// The fields that are not read yet. A field that is null is absent.
struct Row(Map<String, Value>);

impl Row {
    fn text(&mut self, key: &str) -> Result<Option<String>, String> {
        match self.0.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("`{key}` must be text")),
        }
    }

    fn required(&mut self, key: &str) -> Result<String, String> {
        self.text(key)?.ok_or_else(|| format!("`{key}` is missing"))
    }

    fn flag(&mut self, key: &str, default: bool) -> Result<bool, String> {
        match self.0.remove(key) {
            None | Some(Value::Null) => Ok(default),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(format!("`{key}` must be true or false")),
        }
    }

    fn permissions(&mut self) -> Result<BTreeSet<Permission>, String> {
        let wrong = || "`permissions` must be a list of texts such as \"password:update\"".to_owned();
        match self.0.remove("permissions") {
            None | Some(Value::Null) => Ok(BTreeSet::new()),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Permission::new(text).map_err(|_| wrong()),
                    _ => Err(wrong()),
                })
                .collect(),
            Some(_) => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_whole_row_is_read() {
        let line = r#"{"realm":"dealer","login":"l","email":"e@x","first_name":"f","last_name":"n","locale":"en",
            "password":"p","skip_policy":true,"permissions":["password:update"],"demo":true,"active":false}"#;
        let draft = parse(line.as_bytes()).unwrap();
        assert_eq!(
            (draft.realm.as_str(), draft.login.as_str(), draft.email.as_str()),
            ("dealer", "l", "e@x")
        );
        assert_eq!((draft.first_name.as_str(), draft.last_name.as_str()), ("f", "n"));
        assert_eq!(draft.locale.as_deref(), Some("en"));
        assert!(draft.demo && !draft.active);
        assert_eq!(draft.permissions, BTreeSet::from([Permission::password_update()]));
        assert!(matches!(draft.password, FirstPassword::Unchecked(password) if password.typed() == "p"));
    }

    #[test]
    fn most_of_a_row_may_be_absent_or_null() {
        let draft =
            parse(br#"{"realm":"user","login":"l","email":"e@x","locale":null,"active":null}"#).unwrap();
        assert!(draft.active && !draft.demo && draft.permissions.is_empty() && draft.locale.is_none());
        assert!(matches!(draft.password, FirstPassword::None));
        let hashed =
            parse(br#"{"realm":"user","login":"l","email":"e@x","password_hash":"$2b$..."}"#).unwrap();
        assert!(matches!(hashed.password, FirstPassword::Foreign(hash) if hash == "$2b$..."));
        let clear = parse(br#"{"realm":"user","login":"l","email":"e@x","password":"p"}"#).unwrap();
        assert!(matches!(clear.password, FirstPassword::Checked(_)));
    }

    #[rstest]
    #[case(r#"{"realm":"user""#, "it is not JSON (column 15)")]
    #[case("[]", "it is not a JSON object")]
    #[case(r#"{"login":"l","email":"e@x"}"#, "`realm` is missing")]
    #[case(
        r#"{"realm":"a realm","login":"l","email":"e@x"}"#,
        "realm contains a character that is not allowed"
    )]
    #[case(r#"{"realm":"user","email":"e@x"}"#, "`login` is missing")]
    #[case(r#"{"realm":"user","login":"l","email":null}"#, "`email` is missing")]
    #[case(
        r#"{"realm":"user","login":"l","email":"e@x","pasword":"s3cret"}"#,
        "the key \"pasword\" is unknown"
    )]
    #[case(r#"{"realm":"user","login":"l","email":"e@x","password":["s3cret"]}"#, "`password` must be text")]
    #[case(
        r#"{"realm":"user","login":"l","email":"e@x","active":"s3cret"}"#,
        "`active` must be true or false"
    )]
    #[case(
        r#"{"realm":"user","login":"l","email":"e@x","permissions":"s3cret"}"#,
        "`permissions` must be a list of texts such as \"password:update\""
    )]
    #[case(
        r#"{"realm":"user","login":"l","email":"e@x","permissions":["s3cret"]}"#,
        "`permissions` must be a list of texts such as \"password:update\""
    )]
    #[case(
        r#"{"realm":"user","login":"l","email":"e@x","password":"s3cret","password_hash":"s3cret"}"#,
        "`password` and `password_hash` exclude each other"
    )]
    fn a_bad_row_says_why_and_shows_nothing(#[case] line: &str, #[case] expected: &str) {
        assert_eq!(parse(line.as_bytes()).unwrap_err(), expected);
    }

    #[test]
    fn broken_utf8_is_a_bad_row() {
        assert!(parse(b"{\"realm\":\"\xff\"}").unwrap_err().starts_with("it is not JSON"));
    }
}
