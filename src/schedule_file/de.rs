//! From the tree of a file to the types that say what may stand in it: one way for both syntaxes, and every error with its
//! place.

use std::fmt;
use std::ops::Range;
use std::slice;

use serde::de::value::{BorrowedStrDeserializer, U64Deserializer};
use serde::de::{self, DeserializeSeed, Deserializer, Expected, IntoDeserializer as _, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::at::AT;
use super::tree::{Key, Node, Value};
use crate::decision::{ParseError, did_you_mean, nearest};
use crate::units::quoted;

/// What is wrong, and where as soon as that is known.
#[derive(Debug)]
pub(super) struct Error {
    span: Option<Range<usize>>,
    message: String,
    help: Option<String>,
}

impl Error {
    fn new(message: String) -> Self {
        Self { span: None, message, help: None }
    }

    /// At this place, unless it is somewhere in it.
    fn at(mut self, span: &Range<usize>) -> Self {
        self.span.get_or_insert_with(|| span.clone());
        self
    }

    /// As an error in this file.
    pub(super) fn within(self, text: &str) -> ParseError {
        let error = ParseError::new(text, self.span.unwrap_or(0..text.len()), self.message);
        match self.help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(value) => format!("`{value}`"),
            Unexpected::Unsigned(number) => format!("the number {number}"),
            Unexpected::Signed(number) => format!("the number {number}"),
            Unexpected::Float(number) => format!("the number {number}"),
            Unexpected::Str(_) => "a string".to_owned(),
            Unexpected::Seq => "an array".to_owned(),
            Unexpected::Map => "a table".to_owned(),
            other => other.to_string(),
        };
        let expected = match &*expected.to_string() {
            "a boolean" => "`true` or `false`".to_owned(),
            "a map" => "a table".to_owned(),
            "a sequence" => "an array".to_owned(),
            other => other.to_owned(),
        };
        Self::new(format!("here stands {found}, and it should be {expected}"))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let help = did_you_mean(&nearest(field, expected.iter().copied()))
            .unwrap_or_else(|| format!("the keys here are {}", expected.join(", ")));
        Self { help: Some(help), ..Self::new(format!("unknown key {}", quoted(field))) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = match &self.value {
            Value::Array(elements) => visitor.visit_seq(Elements(elements.iter())),
            Value::Boolean(boolean) => visitor.visit_bool(*boolean),
            Value::Float(float) => visitor.visit_f64(*float),
            Value::Integer(integer) => match (i64::try_from(*integer), u64::try_from(*integer)) {
                (Ok(integer), _) => visitor.visit_i64(integer),
                (_, Ok(integer)) => visitor.visit_u64(integer),
                _ => Err(Error::new("this number is too large".to_owned())),
            },
            Value::Other(name) => Err(Error {
                help: Some("leave the key out where there is nothing to say".to_owned()),
                ..Error::new(format!("{name} has no place here"))
            }),
            Value::String(string) => visitor.visit_borrowed_str(string),
            Value::Table(entries) => visitor.visit_map(Entries { entries: entries.iter(), value: None }),
        };
        result.map_err(|error| error.at(&self.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// What has keys is a table. serde would take an array as well, by the order of the fields.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.value {
            Value::Array(_) => Err(<Error as de::Error>::invalid_type(Unexpected::Seq, &visitor).at(&self.span)),
            _ => self.deserialize_any(visitor),
        }
    }

    /// What has elements is no table; whoever writes one in TOML has left out two brackets.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = self.deserialize_any(visitor);
        match &self.value {
            Value::Table(_) => result.map_err(|error| Error {
                help: Some(
                    "in TOML, a table in an array has two brackets around the name, as in `[[rules]]`".to_owned(),
                ),
                ..error
            }),
            _ => result,
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            AT => visitor.visit_seq(Placed { node: self, next: 0 }),
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple map
        enum identifier ignored_any
    }
}

/// A value with its place: start, end, and what stands there.
struct Placed<'de> {
    node: &'de Node,
    next: u8,
}

impl<'de> de::SeqAccess<'de> for Placed<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let number = |n: usize| -> U64Deserializer<Error> { (n as u64).into_deserializer() };
        self.next += 1;
        match self.next {
            1 => seed.deserialize(number(self.node.span.start)).map(Some),
            2 => seed.deserialize(number(self.node.span.end)).map(Some),
            3 => seed.deserialize(self.node).map(Some),
            _ => Ok(None),
        }
    }
}

struct Elements<'de>(slice::Iter<'de, Node>);

impl<'de> de::SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
    }
}

struct Entries<'de> {
    entries: slice::Iter<'de, (Key, Node)>,
    value: Option<&'de Node>,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        let name: BorrowedStrDeserializer<'_, Error> = BorrowedStrDeserializer::new(&key.name);
        seed.deserialize(name).map(Some).map_err(|error| error.at(&key.span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let node = self.value.take().ok_or_else(|| Error::new("there is no value".to_owned()))?;
        seed.deserialize(node).map_err(|error| error.at(&node.span))
    }
}
