//! What there is to know about a term.

use std::fmt;

use super::{
    Fault,
    registry::reference,
    value::{Takes, Value},
};
use crate::{decision::error::ParseError, units::UnitError};

/// A term of the vocabulary: its one name, its value, and what it does.
///
/// [`reference`](super::reference()) lists them all. Parser, command line and documentation are made from it.
#[derive(Debug)]
pub struct Spec {
    pub(super) name: &'static str,
    pub(super) area: Area,
    pub(super) takes: Takes,
    /// What is wrong with a value that is of the right kind.
    pub(super) valid: fn(&Value) -> Result<(), UnitError>,
    pub(super) kind: TermKind,
    pub(super) role: Role,
    pub(super) needs: Needs,
    /// Why another term cannot stand beside it, beyond what their roles say.
    pub(super) against: fn(&Fault) -> Option<&'static str>,
    /// What it sets, as one term alone can.
    pub(super) sets: Sets<'static>,
    /// It may stand in an entry several times, each time with another value.
    pub(super) repeats: bool,
    /// Chance has to do with what it does.
    pub(super) chance: bool,
    /// Fires once per offset and target, which is for the ledger to remember.
    pub(super) once: bool,
    /// Whether a whole reply with it is not what was asked for: see [`Fault::changes_content`].
    pub(super) changes_content: fn(&Fault) -> bool,
    pub(super) summary: &'static str,
    pub(super) example: &'static str,
    /// At least one: what is on the wire, for the reference and for the check of it.
    pub(super) shows: &'static [Show],
}

/// An entry with this term, and what a client of it sees: documentation that is checked.
///
/// The client asks for `/file`, which has 1,000 bytes and was modified on Sun, 06 Nov 1994 08:49:37 GMT, and the entry
/// decides its first attempt, or its connection; after it all is well. What goes to and fro stands in the order in which
/// it happens, separated by spaces:
///
/// | written | what it is |
/// |---|---|
/// | `GET`, `GET{range: bytes=500-}`, `HEAD` | the client asks, with these header lines beside the usual ones |
/// | `head`, `head[..9]` | the head of the correct reply, or some bytes of it |
/// | `head{content-length: 500}` | the same, this line having another value, or standing there as well |
/// | `head{-etag}` | the same without this line |
/// | `head{lf}` | the same, its lines ending with LF alone |
/// | `headers`, `headers{-etag}` | the same without its status line |
/// | `body`, `body[..50%]`, `body[500..]` | bytes of the file |
/// | `flipped[500..501]` | bytes of the file, all bits inverted |
/// | `other[500..]` | bytes of `/other`, which has 300 and begins anew behind them, in the place of those of the file |
/// | `revised[500..]` | bytes of the second revision of the file |
/// | `chunk(body[..500])` | these bytes as a chunk: size, bytes, line end |
/// | `last-chunk` | `"0\r\n\r\n"` |
/// | `gzip(body)` | these bytes with the content coding |
/// | `"ZZZ\r\n"`, `"x"*1000` | bytes as in Rust, and many of them |
/// | `reply(503){retry-after: 2}` | a whole and well-formed message, its head having these lines among others |
/// | `reply(200 body){-etag}` | the same with these bytes as its content, however it is framed, and without this line |
/// | `~200ms` | when the next thing comes, so much time at least has passed since the client last asked, or connected |
/// | `RST`, `FIN` | how the connection ends |
/// | `silence` | it goes on without another byte |
/// | `open` | it goes on, and further requests on it get the correct reply |
///
/// In braces there are several lines with `;` between them. Lines with the same name all stand there, in the place of
/// those that had it; a value such as `..-r2"` may begin with anything, and
/// `date(-1m/rfc850)` is a date that is so far away from the message's own, written so; a line in quotation marks may be any bytes. The
/// order of lines does not matter, nor does the date. Bytes that are made of others may be cut and repeated as well:
/// `chunk(body)[..10]`.
///
/// With the feature `verify`, `flaky_server::verify` holds an entry against such a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Show {
    /// The entry, which decides the first attempt.
    pub entry: &'static str,
    /// What goes to and fro, in the notation above.
    pub wire: &'static str,
}

/// Which part of a download a term is about.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Area {
    /// How connections begin, go on and end.
    Connection,
    /// The status line and the headers, and what comes before them.
    Head,
    /// Chunks, and the trailer section behind them.
    Chunked,
    /// The bytes of the body.
    Body,
    /// Which part of the fixture it is.
    Range,
    /// What the answer means.
    Reply,
}

/// What has to stand beside a term.
#[derive(Clone, Copy, Debug)]
pub(super) enum Needs {
    Nothing,
    /// Something that ends the connection.
    Break,
    /// Something that stops in the middle.
    Stall,
    /// One of these.
    Names(&'static [&'static str]),
}

/// What a term sets, as one term alone can.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sets<'a> {
    /// The header of this name, in lower case.
    Header(&'a str),
    /// Nothing of the kind.
    Nothing,
    /// Something else, in words.
    Other(&'static str),
}

impl fmt::Display for Sets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "the `{name}` header"),
            Self::Nothing => f.write_str("nothing"),
            Self::Other(what) => f.write_str(what),
        }
    }
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
    /// Happens to a connection before there is a request.
    Connection,
    /// Ends the exchange without a reply.
    NoReply,
    /// Puts something else in the place of the correct reply.
    MadeUp,
    /// Leaves all as it is.
    Nothing,
    /// Decides what of the fixture is sent.
    Range,
    /// Changes the reply.
    Reply,
    /// Decides which representation of the fixture is sent, or what is said of it where some of it is sent.
    Revision,
    /// Stops the body, for ever or for a time.
    Stall,
    /// Only takes time.
    Wait,
}

impl Spec {
    /// A fault that changes the reply, as most do.
    pub(super) const FAULT: Self = Self {
        name: "",
        area: Area::Reply,
        takes: Takes::Nothing(|_| {}),
        valid: |_| Ok(()),
        kind: TermKind::Fault,
        role: Role::Reply,
        needs: Needs::Nothing,
        against: |_| None,
        sets: Sets::Nothing,
        repeats: false,
        chance: false,
        once: false,
        changes_content: |_| false,
        summary: "",
        example: "",
        shows: &[],
    };

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

    #[cfg(test)]
    pub(in crate::decision) fn takes(&self) -> Takes {
        self.takes
    }

    /// Which part of a download it is about.
    pub fn area(&self) -> Area {
        self.area
    }

    /// What is on the wire, by example.
    pub fn shows(&self) -> &'static [Show] {
        self.shows
    }

    /// The terms that it needs one of beside it.
    pub fn needs(&self) -> Vec<&'static str> {
        match self.needs {
            Needs::Nothing => Vec::new(),
            Needs::Break => {
                let breaks = reference().filter(|spec| matches!(spec.role, Role::Break | Role::NoReply));
                breaks.filter(|spec| spec.name != "hang").map(Self::name).collect()
            }
            Needs::Stall => reference().filter(|spec| spec.role == Role::Stall).map(Self::name).collect(),
            Needs::Names(names) => names.to_vec(),
        }
    }

    /// Whether it fires once per offset and target, and so depends on what earlier attempts did.
    pub fn is_once_only(&self) -> bool {
        self.once
    }

    /// Whether it happens to a connection before there is a request, and so is consumed by the next new one.
    pub fn is_connection_level(&self) -> bool {
        self.role == Role::Connection
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
