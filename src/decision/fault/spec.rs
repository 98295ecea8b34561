//! What there is to know about a term.

use super::{Fault, value::Takes};
use crate::decision::error::ParseError;

/// A term of the vocabulary: its one name, its value, and what it does.
///
/// [`reference`](super::reference()) lists them all. Parser, command line and documentation are made from it.
#[derive(Debug)]
pub struct Spec {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) kind: TermKind,
    pub(super) role: Role,
    /// Names of terms, at least one of which must stand beside this one.
    pub(super) needs: &'static [&'static str],
    /// Fires once per offset and target, which is for the ledger to remember.
    pub(super) once: bool,
    pub(super) summary: &'static str,
    pub(super) example: &'static str,
}

/// Whether a term makes something go wrong by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TermKind {
    /// It makes something go wrong.
    Fault,
    /// It shapes a fault or the reply beside it.
    Modifier,
}

/// What a term does to the reply, which is what decides about its company.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// Breaks the body off.
    Break,
    /// Ends the exchange without a reply.
    NoReply,
    /// Leaves all as it is.
    Nothing,
    /// Decides what of the fixture is sent.
    Range,
    /// Changes the reply.
    Reply,
    /// Decides which revision of the fixture is sent.
    Revision,
    /// Stops the body, for ever or for a time.
    Stall,
    /// Only takes time.
    Wait,
}

impl Spec {
    /// Its name, which is the same everywhere.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How its value is written, such as `OFFSET`; `None` if it takes none.
    pub fn value(&self) -> Option<&'static str> {
        self.takes.syntax()
    }

    /// Whether it is a fault or a modifier.
    pub fn kind(&self) -> TermKind {
        self.kind
    }

    /// What it does, in a line.
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    /// An entry of a script that has it.
    pub fn example(&self) -> &'static str {
        self.example
    }

    /// The terms that it needs one of beside it.
    pub fn needs(&self) -> &'static [&'static str] {
        self.needs
    }

    /// Whether it fires once per offset and target, and so depends on what earlier attempts did.
    pub fn is_once_only(&self) -> bool {
        self.once
    }

    /// The term with this value, as a flag `--name value` gives it.
    ///
    /// # Errors
    ///
    /// If the value is missing, wrong, or one too many.
    pub fn parse(&'static self, value: Option<&str>) -> Result<Fault, ParseError> {
        match value {
            Some(value) => format!("{}={value}", self.name).parse(),
            None => self.name.parse(),
        }
    }
}
