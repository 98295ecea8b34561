//! One text, or several.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::at::At;

/// One text, or several: a string, or an array of strings.
#[derive(Clone, Debug)]
pub(super) enum Texts {
    Many(Vec<At<String>>),
    One(String),
}

impl Texts {
    /// Of texts that are not from a file; `None` if there are none.
    pub(super) fn of(mut texts: Vec<String>) -> Option<At<Self>> {
        let texts = match texts.len() {
            0 => return None,
            1 => Self::One(texts.remove(0)),
            _ => Self::Many(texts.into_iter().map(At::from).collect()),
        };
        Some(texts.into())
    }
}

impl At<Texts> {
    /// Each with its place.
    pub(super) fn each(&self) -> impl Iterator<Item = At<&str>> {
        let (one, many) = match &self.value {
            Texts::One(text) => (Some(At { span: self.span.clone(), value: &**text }), &[][..]),
            Texts::Many(texts) => (None, &texts[..]),
        };
        one.into_iter().chain(many.iter().map(|text| At { span: text.span.clone(), value: &*text.value }))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an array of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = elements.next_element()? {
                    texts.push(text);
                }
                Ok(Texts::Many(texts))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Many(texts) => texts.serialize(serializer),
            Self::One(text) => serializer.serialize_str(text),
        }
    }
}

impl JsonSchema for Texts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Texts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "array"], "items": { "type": "string" } })
    }
}
