//! Values that are numbers where a number says it all, and text where there is a unit.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which values a scalar can be written as.
struct Kinds {
    expecting: &'static str,
    float: bool,
    text: bool,
}

impl Visitor<'_> for Kinds {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
        if self.float {
            return Ok(number.to_string());
        }
        Err(de::Error::invalid_type(de::Unexpected::Float(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        if self.text {
            return Ok(text.to_owned());
        }
        Err(de::Error::invalid_type(de::Unexpected::Str(text), &self))
    }
}

macro_rules! scalar {
    ($(#[$doc:meta])* $name:ident, $expecting:literal, float: $float:literal, text: $text:literal, $schema:tt) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(super) struct $name(pub(super) String);

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Kinds { expecting: $expecting, float: $float, text: $text }).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                // Whole numbers in TOML go up to that of an i64.
                match (self.0.parse::<i64>(), self.0.parse::<f64>()) {
                    (Ok(number), _) => serializer.serialize_i64(number),
                    (_, Ok(number)) if $float => serializer.serialize_f64(number),
                    _ => serializer.serialize_str(&self.0),
                }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

scalar! {
    /// A number of things, from 1 on.
    Count, "a whole number", float: false, text: false, { "type": "integer", "minimum": 1 }
}

scalar! {
    /// A number of things, or none.
    Amount, "a whole number", float: false, text: false, { "type": "integer", "minimum": 0 }
}

scalar! {
    /// A probability: `0.3` or `"30%"`.
    Chance, "a number from 0 to 1, or a string such as `\"30%\"`", float: true, text: true,
    { "type": ["number", "string"], "minimum": 0, "maximum": 1 }
}

scalar! {
    /// A number of bytes: `1000` or `"1MB"`.
    Size, "a number of bytes, or a string such as `\"1MB\"`", float: false, text: true,
    { "type": ["integer", "string"], "minimum": 0 }
}

scalar! {
    /// A seed; those above 9,223,372,036,854,775,807 are strings, as numbers in TOML end there.
    Seed, "a whole number", float: false, text: true,
    { "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$" }
}
