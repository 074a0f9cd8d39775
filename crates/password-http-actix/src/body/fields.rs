//! The fields of one body.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::BodyError;

/// The most fields of one body, and keys of one nested object: no form here has ten. Each costs many times its bytes in
/// memory, and a request holds its fields while it waits for its turn.
const MAX_FIELDS: usize = 1_000;

/// The fields of one body, by name. Of a repeated field the last counts; a JSON `null` counts as absent.
///
/// Texts are wiped from memory, and no value is printed.
#[derive(Default)]
pub struct Fields(BTreeMap<String, Field>);

enum Field {
    Text(Zeroizing<String>),
    Object(Map<String, Value>),
    /// A number, a boolean or an array, which no field is: what is in it is forgotten.
    Other,
}

impl Field {
    /// Keeps of a value what can be asked for; a `null` is no field.
    fn of(value: Value) -> Result<Option<Self>, BodyError> {
        Ok(Some(match value {
            Value::Null => return Ok(None),
            Value::String(text) => Self::Text(Zeroizing::new(text)),
            Value::Object(mut object) if object.len() <= MAX_FIELDS => {
                for value in object.values_mut().filter(|value| value.is_array() || value.is_object()) {
                    // Still of another type than a text.
                    *value = Value::Bool(false);
                }
                Self::Object(object)
            }
            Value::Object(_) => return Err(BodyError::Malformed),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) => Self::Other,
        }))
    }
}

/// A field is there, and is of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field has another type")]
pub struct WrongType;

/// The reason why a field that must be there cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// It is absent or empty.
    #[error("the field is missing")]
    Missing,
    /// It is not a text.
    #[error("the field is not a text")]
    WrongType,
}

impl Fields {
    /// Returns a text, unchanged; `None` where it is absent.
    ///
    /// # Errors
    ///
    /// [`WrongType`] for numbers, booleans, arrays and objects.
    pub fn text(&self, name: &str) -> Result<Option<&str>, WrongType> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Field::Text(text)) => Ok(Some(text)),
            Some(Field::Object(_) | Field::Other) => Err(WrongType),
        }
    }

    /// Returns a text that must be there and must not be empty.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where it is not.
    pub fn required(&self, name: &str) -> Result<&str, FieldError> {
        match self.text(name) {
            Ok(Some(text)) if !text.is_empty() => Ok(text),
            Ok(_) => Err(FieldError::Missing),
            Err(WrongType) => Err(FieldError::WrongType),
        }
    }

    /// Returns a nested object, which only JSON has; `None` where it is absent. What is nested in it is not kept: an
    /// array or object in it is a boolean.
    ///
    /// # Errors
    ///
    /// [`WrongType`] for texts, numbers, booleans and arrays.
    pub fn json(&self, name: &str) -> Result<Option<&Map<String, Value>>, WrongType> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Field::Object(object)) => Ok(Some(object)),
            Some(_) => Err(WrongType),
        }
    }

    pub(super) fn insert(&mut self, name: String, text: String) {
        self.0.insert(name, Field::Text(Zeroizing::new(text)));
    }

    /// Reads one object. serde_json refuses more than 128 levels, so the stack is safe.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, BodyError> {
        let object: Map<String, Value> = serde_json::from_slice(body).map_err(|_| BodyError::Malformed)?;
        if object.len() > MAX_FIELDS {
            return Err(BodyError::Malformed);
        }
        let mut fields = Self::default();
        for (name, value) in object {
            if let Some(field) = Field::of(value)? {
                fields.0.insert(name, field);
            }
        }
        Ok(fields)
    }

    pub(super) fn from_form(body: &[u8]) -> Result<Self, BodyError> {
        // The parser would replace what is no UTF-8. Separators are ASCII, so the parts are text where the whole is.
        percent_decode(body).decode_utf8().map_err(|_| BodyError::Malformed)?;
        let mut fields = Self::default();
        for (count, (name, value)) in form_urlencoded::parse(body).enumerate() {
            if count == MAX_FIELDS {
                return Err(BodyError::Malformed);
            }
            fields.insert(name.into_owned(), value.into_owned());
        }
        Ok(fields)
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fields({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_are_texts() {
        let fields = Fields::from_json(br#"{"a":"x","b":"","c":null,"d":0,"e":[],"f":{"g":1}}"#).unwrap();
        assert_eq!(
            (fields.text("a"), fields.text("b"), fields.text("c")),
            (Ok(Some("x")), Ok(Some("")), Ok(None))
        );
        assert_eq!((fields.required("a"), fields.required("b")), (Ok("x"), Err(FieldError::Missing)));
        assert_eq!(fields.required("c"), Err(FieldError::Missing));
        assert_eq!(fields.required("nowhere"), Err(FieldError::Missing));
        for name in ["d", "e", "f"] {
            assert_eq!(fields.text(name), Err(WrongType));
            assert_eq!(fields.required(name), Err(FieldError::WrongType));
        }
        assert_eq!(fields.json("f").unwrap().unwrap()["g"], 1);
        assert_eq!(
            (fields.json("a"), fields.json("e"), fields.json("c")),
            (Err(WrongType), Err(WrongType), Ok(None))
        );
    }

    #[test]
    fn the_last_of_a_repeated_field_counts_also_where_it_is_absent() {
        let fields = Fields::from_json(br#"{"a":"1","a":"2","b":"1","b":null,"c":1,"c":"2"}"#).unwrap();
        assert_eq!(
            (fields.text("a"), fields.text("b"), fields.text("c")),
            (Ok(Some("2")), Ok(None), Ok(Some("2")))
        );
        assert_eq!(Fields::from_form(b"a=1&a=2&a").unwrap().text("a"), Ok(Some("")));
    }

    #[test]
    fn a_form_is_text_or_malformed() {
        let fields = Fields::from_form(b"a=+%2B%26%00&%C3%A9=%zz&&=x").unwrap();
        assert_eq!(fields.text("a"), Ok(Some(" +&\0")));
        assert_eq!(fields.text("\u{e9}"), Ok(Some("%zz")));
        for bad in [&b"a=%ff"[..], b"%ff=a", b"a=\xff", b"a=%c3+%a9", b"a=%c3&b=%a9", b"a=%ed%a0%80"] {
            assert_eq!(Fields::from_form(bad).err(), Some(BodyError::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn the_number_of_fields_is_bounded_and_what_nobody_asks_for_is_forgotten() {
        let json = |count: usize| (0..count).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(",");
        let form = |count: usize| (0..count).map(|n| format!("{n}=0")).collect::<Vec<_>>().join("&");
        for (count, refused) in [(MAX_FIELDS, false), (MAX_FIELDS + 1, true)] {
            let (flat, nested) = (format!("{{{}}}", json(count)), format!("{{\"a\":{{{}}}}}", json(count)));
            assert_eq!(Fields::from_json(flat.as_bytes()).is_err(), refused);
            assert_eq!(Fields::from_json(nested.as_bytes()).is_err(), refused);
            assert_eq!(Fields::from_form(form(count).as_bytes()).is_err(), refused);
        }
        assert_eq!(Fields::from_form(&b"a&".repeat(MAX_FIELDS + 1)).err(), Some(BodyError::Malformed));

        let deep = Fields::from_json(br#"{"a":{"b":[1,2],"c":{"d":1},"e":"x","f":1}}"#).unwrap();
        let kept = serde_json::to_string(deep.json("a").unwrap().unwrap()).unwrap();
        assert_eq!(kept, r#"{"b":false,"c":false,"e":"x","f":1}"#);
    }

    #[test]
    fn values_are_not_printed() {
        let printed = format!("{:?}", Fields::from_json(br#"{"canary":"canary"}"#).unwrap());
        assert_eq!(printed, "Fields(1)");
    }
}
