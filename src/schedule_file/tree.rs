//! What a file says, with the place of everything in it: the same for both syntaxes.

use std::ops::Range;

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// In bytes of the file.
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

/// What both syntaxes can say.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Array(Vec<Node>),
    Boolean(bool),
    Float(f64),
    Integer(i128),
    /// What has no place in a schedule, by its name: a date, `null`.
    Other(&'static str),
    String(String),
    Table(Vec<(Key, Node)>),
}

/// A key of a table, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) span: Range<usize>,
    pub(super) name: String,
}
