//! Values that are numbers where a number says it all, and text where there is a unit or a choice.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which values a scalar can be written as.
struct Kinds {
    expecting: &'static str,
    float: bool,
    integer: bool,
    text: bool,
}

impl Visitor<'_> for Kinds {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        if self.integer {
            return Ok(number.to_string());
        }
        Err(de::Error::invalid_type(de::Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        if self.integer {
            return Ok(number.to_string());
        }
        Err(de::Error::invalid_type(de::Unexpected::Unsigned(number), &self))
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
    ($(#[$doc:meta])* $name:ident, $expecting:literal, [$($kind:ident),*], $schema:tt) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(super) struct $name(pub(super) String);

        impl $name {
            const KINDS: Kinds = {
                let none = Kinds { expecting: $expecting, float: false, integer: false, text: false };
                Kinds { $($kind: true,)* ..none }
            };
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Self::KINDS).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                // Whole numbers in TOML go up to that of an i64.
                match (self.0.parse::<i64>(), self.0.parse::<f64>()) {
                    (Ok(number), _) if Self::KINDS.integer => serializer.serialize_i64(number),
                    (_, Ok(number)) if Self::KINDS.float => serializer.serialize_f64(number),
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
    Count, "a whole number", [integer], { "type": "integer", "minimum": 1 }
}

scalar! {
    /// A number of things, or none.
    Amount, "a whole number", [integer], { "type": "integer", "minimum": 0 }
}

scalar! {
    /// A probability: `0.3` or `"30%"`.
    Chance, "a number from 0 to 1, or a string such as `\"30%\"`", [integer, float, text],
    { "type": ["number", "string"], "minimum": 0, "maximum": 1 }
}

scalar! {
    /// A number of bytes: `1000` or `"1MB"`.
    Size, "a number of bytes, or a string such as `\"1MB\"`", [integer, text],
    { "type": ["integer", "string"], "minimum": 0 }
}

scalar! {
    /// A seed; those above 9,223,372,036,854,775,807 are strings, as numbers in TOML end there.
    Seed, "a whole number", [integer, text],
    { "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$" }
}

scalar! {
    /// A time, with its unit.
    Time, "a string such as `\"5s\"`", [text], { "type": "string" }
}

scalar! {
    /// Whether something is to be so, or not to be so.
    YesNo, "`\"yes\"` or `\"no\"`", [text], { "type": "string", "enum": ["yes", "no"] }
}

scalar! {
    /// Which requests of a connection.
    Connection, "`\"fresh\"` or `\"reused\"`", [text], { "type": "string", "enum": ["fresh", "reused"] }
}

scalar! {
    /// What attempts are counted for.
    Per, "`\"path\"` or `\"rule\"`", [text], { "type": "string", "enum": ["path", "rule"] }
}
