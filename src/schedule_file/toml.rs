//! The tree of a TOML file.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::tree::{Key, Node, Value};
use crate::decision::ParseError;

/// Reads TOML 1.1.
pub(super) fn parse(text: &str) -> Result<Node, ParseError> {
    let wrong = |error: toml::de::Error| {
        let span = error.span().unwrap_or(text.len()..text.len());
        ParseError::new(text, span, error.message())
    };
    let table = DeTable::parse(text).map_err(wrong)?;
    let span = table.span();
    Ok(Node { span, value: self::table(text, table.into_inner())? })
}

fn table(text: &str, table: DeTable<'_>) -> Result<Value, ParseError> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let span = value.span();
        let key = Key { span: key.span(), name: key.into_inner().into_owned() };
        entries.push((key, node(text, span, value.into_inner())?));
    }
    // The parser has them by name, and what is wrong first is told first.
    entries.sort_by_key(|(key, _)| key.span.start);
    Ok(Value::Table(entries))
}

fn node(text: &str, span: Range<usize>, value: DeValue<'_>) -> Result<Node, ParseError> {
    let too_large = || ParseError::new(text, span.clone(), "this number is too large");
    let value = match value {
        DeValue::Array(array) => {
            let elements = array.into_iter().map(|element| node(text, element.span(), element.into_inner()));
            Value::Array(elements.collect::<Result<_, _>>()?)
        }
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Float(float) => Value::Float(float.as_str().parse().map_err(|_| too_large())?),
        DeValue::Integer(integer) => {
            Value::Integer(i128::from_str_radix(integer.as_str(), integer.radix()).map_err(|_| too_large())?)
        }
        DeValue::String(string) => Value::String(string.into_owned()),
        DeValue::Table(inner) => table(text, inner)?,
    };
    Ok(Node { span, value })
}
