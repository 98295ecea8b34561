//! The tree of a JSON file.

use std::collections::BTreeSet;

use jsonc_parser::ast::{Object, Value as Ast};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::tree::{Key, Node, Value};
use crate::decision::ParseError;
use crate::units::quoted;

/// JSON as in RFC 8259, and nothing else.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads JSON.
pub(super) fn parse(text: &str) -> Result<Node, ParseError> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
        let range = error.range();
        let message = error.kind().to_string();
        // As messages are here: a fragment in lower case.
        let (first, rest) = message.split_at(message.chars().next().map_or(0, char::len_utf8));
        ParseError::new(text, range.start..range.end, first.to_lowercase() + rest)
    })?;
    match parsed.value {
        Some(value) => node(text, value),
        None => Err(ParseError::new(text, 0..0, "there is nothing here").with_help("the least schedule is `{}`")),
    }
}

fn node(text: &str, value: Ast<'_>) -> Result<Node, ParseError> {
    let span = value.range().start..value.range().end;
    let value = match value {
        Ast::Array(array) => {
            Value::Array(array.elements.into_iter().map(|element| node(text, element)).collect::<Result<_, _>>()?)
        }
        Ast::BooleanLit(boolean) => Value::Boolean(boolean.value),
        Ast::NullKeyword(_) => Value::Other("null"),
        Ast::NumberLit(number) => match (number.value.parse(), number.value.parse()) {
            (Ok(integer), _) => Value::Integer(integer),
            (_, Ok(float)) => Value::Float(float),
            _ => return Err(ParseError::new(text, span, "this is not a number")),
        },
        Ast::Object(object) => table(text, object)?,
        Ast::StringLit(string) => Value::String(string.value.into_owned()),
    };
    Ok(Node { span, value })
}

fn table(text: &str, object: Object<'_>) -> Result<Value, ParseError> {
    let mut names = BTreeSet::new();
    let mut entries = Vec::with_capacity(object.properties.len());
    for property in object.properties {
        let range = property.name.range();
        let key = Key { span: range.start..range.end, name: property.name.into_string() };
        if !names.insert(key.name.clone()) {
            return Err(ParseError::new(text, key.span, format!("the key {} stands here twice", quoted(&key.name))));
        }
        entries.push((key, node(text, property.value)?));
    }
    Ok(Value::Table(entries))
}
