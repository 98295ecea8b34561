//! The vocabulary: what can go wrong.
//!
//! A term has one name everywhere: in a script, as a flag, as a constructor of [`Fault`]. Each has a file of its own
//! with its spec, its documentation and the way it changes the draft of a reply; [`reference()`] lists them all.

mod accept;
mod accept_ranges;
mod bad_chunk_size;
mod bare_lf;
mod body;
mod burst;
mod chunk_extension;
mod chunk_size;
mod combine;
mod content_encoding;
mod content_length;
mod content_range;
mod content_type;
mod corrupt_after;
mod corrupt_at;
mod corrupt_bytes;
mod delay;
mod draft;
mod drip;
mod drop;
mod drop_on_accept;
mod etag;
mod extra_bytes;
mod false_close;
mod filler_fields;
mod framing;
mod gzip;
mod hang;
mod hang_on_accept;
mod head_drip;
mod head_line_drip;
mod head_size;
mod header_line;
mod http09;
mod http10;
mod idle_close;
mod idle_reset;
mod ignore_if_range;
mod ignore_range;
mod interim;
mod location;
mod login_page;
mod max_requests;
mod multipart_range;
mod no_header;
mod non_ascii_header;
mod nul_in_header;
mod obs_fold;
mod ok;
mod pause;
mod problem;
mod range_earlier;
mod range_later;
mod range_longer;
mod range_shorter;
mod range_start;
mod range_total;
mod redirects;
mod registry;
mod replaced_by;
mod reset;
mod reset_after;
mod reset_at;
mod reset_in_head;
mod reset_in_trailer;
mod reset_on_accept;
mod retry_after;
mod retry_after_date;
mod retry_after_text;
mod revision;
mod same_etag;
mod same_last_modified;
mod second_content_length;
mod second_response;
mod short_body;
mod silent_close;
mod spec;
mod splice;
mod stale_close;
mod stale_reset;
mod stall_after;
mod stall_at;
mod stall_for;
mod stall_in_head;
mod stall_in_trailer;
mod status;
mod status_line;
#[cfg(test)]
mod testing;
mod throttle;
mod truncate_after;
mod truncate_at;
mod truncate_in_head;
mod truncate_in_trailer;
mod unknown_total;
mod unsatisfiable;
mod value;
mod weak_etag;
mod zeros_after;

use std::{fmt, ops::Range, str::FromStr};

use super::{
    error::ParseError,
    plan::Framing,
    rule::CONDITIONS,
    suggest::{did_you_mean, nearest},
};
use crate::units::quoted;

#[cfg(test)]
pub(super) use self::value::Takes;
pub(super) use self::{combine::check, draft::Draft};
pub use self::{
    registry::reference,
    spec::{Area, Show, Spec, TermKind},
    value::{DateForm, Drip, Length, Location, Placeholder, RetryDate},
};
use self::{spec::Sets, value::Value};

/// One thing that goes wrong, or a modifier of one: a term of a script, as data.
///
/// # Examples
///
/// ```
/// use flaky_server::{ByteSize, Fault};
///
/// let fault = Fault::reset_after(ByteSize::mb(1));
/// assert_eq!(fault.to_string(), "reset-after=1MB");
/// assert_eq!("reset-after=1MB".parse::<Fault>()?, fault);
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Fault {
    spec: &'static Spec,
    value: Value,
}

impl Fault {
    const fn new(spec: &'static Spec, value: Value) -> Self {
        Self { spec, value }
    }

    /// What there is to know about it.
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// Whether a whole reply with it is not what was asked for, or does not say what it is, though its status is that of a
    /// success, or a 304: some bytes are wrong, or missing, or those of something else.
    ///
    /// An error is not meant, which says that something is wrong, nor a redirect; nor what breaks the body off, or leaves
    /// its end open. What stands beside it in an entry is not considered, nor whether it applies.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert!(Fault::login_page().changes_content());
    /// assert!(Fault::status(204).changes_content() && !Fault::status(503).changes_content());
    /// assert!(!Fault::reset_after(500).changes_content());
    /// ```
    pub fn changes_content(&self) -> bool {
        (self.spec.changes_content)(self)
    }

    /// Whether its value is a text, in which a byte may be any.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.value, Value::Text(_))
    }

    /// Whether its value may be almost any text, in which a comma is not one.
    pub(super) fn has_free_text(&self) -> bool {
        matches!(self.value, Value::Location(_) | Value::Path(_) | Value::Splice(_) | Value::Text(_))
    }

    /// Whether the body goes out in chunks because of it.
    pub(super) fn makes_chunks(&self) -> bool {
        self.spec.area == Area::Chunked || self.value == Value::Framing(Framing::Chunked)
    }

    /// Whether chance has to do with what it does.
    pub(super) fn takes_chance(&self) -> bool {
        self.spec.chance
    }

    /// What it sets, as one term alone can.
    fn sets(&self) -> Sets<'_> {
        match &self.value {
            Value::Name(name) => Sets::Header(name),
            _ => self.spec.sets,
        }
    }

    /// The path of the fixture that it splices in.
    pub(super) fn spliced(&self) -> Option<&str> {
        match &self.value {
            Value::Splice(splice) => Some(&splice.path),
            _ => None,
        }
    }

    pub(super) fn lower(&self, draft: &mut Draft) {
        self.spec.takes.lower(&self.value, draft);
    }

    /// Reads the word at `span` of `input`.
    pub(super) fn parse_word(input: &str, span: Range<usize>) -> Result<Self, ParseError> {
        let word = &input[span.clone()];
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        let name_span = span.start..span.start + name.len();
        let Some(spec) = registry::find(name) else {
            if value.is_some() && CONDITIONS.contains(&name) {
                return Err(ParseError::new(input, span, format!("`{name}` is a condition, not a fault"))
                    .with_help("conditions stand before the `: ` of a rule, as in `*.gz first=2: reset-after=1MB`"));
            }
            let near = nearest(name, reference().map(Spec::name));
            let error = ParseError::new(input, name_span, format!("unknown fault {}", quoted(name)));
            let is_status = value.is_none() && format!("status={name}").parse::<Self>().is_ok();
            return Err(match did_you_mean(&near) {
                _ if is_status => error.with_help(format!("did you mean `status={name}`?")),
                Some(help) => error.with_help(help),
                None => error.with_help("`flaky-server --help` lists them all, and so does `decision::reference`"),
            });
        };
        match (spec.value(), value) {
            (None, None) => Ok(Self::new(spec, Value::Nothing)),
            (Some(syntax), None) => Err(ParseError::new(input, span, format!("`{name}` needs a value"))
                .with_help(format!("write `{name}={syntax}`"))),
            (None, Some(value)) => {
                let error = ParseError::new(input, span, format!("`{name}` takes no value"));
                // `reset=1MB` may be meant as `reset-after=1MB`.
                let longer: Vec<String> = reference()
                    .filter(|s| s.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')))
                    .filter(|s| s.takes.parse(value).is_ok())
                    .map(|s| format!("{}={value}", s.name))
                    .collect();
                Err(error.with_help(did_you_mean(&longer).unwrap_or_else(|| format!("write `{name}`"))))
            }
            (Some(_), Some(value)) => match spec.takes.parse(value).and_then(|v| (spec.valid)(&v).map(|()| v)) {
                Ok(value) => Ok(Self::new(spec, value)),
                Err(e) => {
                    let value_span = name_span.end + 1..span.end;
                    Err(ParseError::new(input, value_span, e.message()).with_help(e.help()))
                }
            },
        }
    }
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.spec.name == other.spec.name && self.value == other.value
    }
}

impl Eq for Fault {}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Nothing => f.write_str(self.spec.name),
            value => write!(f, "{}={value}", self.spec.name),
        }
    }
}

impl FromStr for Fault {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_word(text, 0..text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<Fault>().unwrap_err().to_string(), expected);
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        check_error(
            "reset-afer=1MB",
            "unknown fault `reset-afer`\n  reset-afer=1MB\n  ^^^^^^^^^^\n  did you mean `reset-after`?",
        );
        check_error(
            "delay=5",
            "`5` has no unit\n  delay=5\n        ^\n  did you mean `5s` or `5ms`? (as in `2s` and `250ms`)",
        );
        check_error("delay", "`delay` needs a value\n  delay\n  ^^^^^\n  write `delay=DURATION`");
        check_error("drop=1", "`drop` takes no value\n  drop=1\n  ^^^^^^\n  write `drop`");
        check_error(
            "reset=1MB",
            "`reset` takes no value\n  reset=1MB\n  ^^^^^^^^^\n  did you mean `reset-after=1MB`, `reset-at=1MB`, `reset-in-head=1MB` or `reset-in-trailer=1MB`?",
        );
        check_error(
            "first=2",
            "`first` is a condition, not a fault\n  first=2\n  ^^^^^^^\n  conditions stand before the `: ` of a rule, as in `*.gz first=2: reset-after=1MB`",
        );
        check_error("503", "unknown fault `503`\n  503\n  ^^^\n  did you mean `status=503`?");
        check_error(
            "banana",
            "unknown fault `banana`\n  banana\n  ^^^^^^\n  `flaky-server --help` lists them all, and so does `decision::reference`",
        );
    }

    #[test]
    fn statuses_are_those_of_a_reply() {
        for text in ["status=199", "status=600", "status=0503", "status=+503", "status=", "status=x"] {
            assert_eq!(text.parse::<Fault>().unwrap_err().span(), 7..text.len(), "{text}");
        }
        assert_eq!("status=599".parse::<Fault>().unwrap(), Fault::status(599));
    }

    #[test]
    fn a_header_tells_whole_seconds() {
        let error = "retry-after=1500ms".parse::<Fault>().unwrap_err();
        assert_eq!(error.message(), "`1500ms` is not a whole number of seconds");
        let error = "retry-after=2".parse::<Fault>().unwrap_err();
        assert_eq!((error.message(), error.help()), ("`2` has no unit", Some("did you mean `2s`?")));
    }
}
