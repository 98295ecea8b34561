//! When a server is down: it refuses connections.

use std::{fmt, str::FromStr, time::Duration};

use super::{
    entry::words,
    error::ParseError,
    glob::Glob,
    matchers::path_glob,
    request::Request,
    suggest::{did_you_mean, nearest},
};
use crate::units::{display_duration, parse_duration, quoted};

/// When a server is down: connections to its port are refused (ECONNREFUSED).
///
/// As text: `always`, or one or two of `from=`, `for=` and `until=`. A `from` is a time since the start (`from=2s`) or an
/// attempt (`from=/a.gz#2`: as soon as the second request for it has arrived); without one the server is down from the
/// start. It is down `for` a time, or `until` an attempt (`until=/b.gz#3`) has arrived by another way, such as the
/// [mirror](crate::FlakyServerBuilder::mirror); without either for ever. The path is a pattern, as in rules.
///
/// # On the wire
///
/// When it goes down, idle connections end with a FIN, exchanges under way end as planned and their connections with
/// them, and connections that hang or wait to be accepted are reset. Then the kernel answers each SYN with a RST. A
/// refused connection is in no journal: the server never hears of it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use flaky_server::Downtime;
///
/// let restart = Downtime::always().from_attempt("/a.gz", 2).lasting(Duration::from_secs(3));
/// assert_eq!(restart.to_string(), "from=/a.gz#2 for=3s");
/// assert_eq!("from=/a.gz#2 for=3s".parse::<Downtime>()?, restart);
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a downtime does nothing until a server has it"]
pub struct Downtime {
    begin: Begin,
    end: End,
    /// What is wrong with the first part that cannot be right; starting the server reports it.
    defect: Option<ParseError>,
}

/// When it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Begin {
    /// So long after the start.
    After(Duration),
    /// When this attempt has arrived.
    Attempt(Nth),
    /// Before anything else.
    #[default]
    Start,
}

/// When it ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum End {
    /// So long after its beginning.
    After(Duration),
    /// When this attempt has arrived.
    Attempt(Nth),
    /// With the server.
    #[default]
    Never,
}

/// One attempt for each target that a pattern matches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nth {
    path: Glob,
    n: u64,
}

const NO_TIME: &str = "it would be over before it began";

const NAMES: [&str; 3] = ["from", "for", "until"];

const HELP: &str = "it is written as `always`, `for=3s`, `from=2s for=3s`, `from=/a.gz#2 for=3s` or `until=/b.gz#3`";

impl Downtime {
    /// From the start, and for ever.
    pub fn always() -> Self {
        Self { begin: Begin::Start, end: End::Never, defect: None }
    }

    /// It begins so long after the server's start.
    pub fn from_time(self, after: Duration) -> Self {
        Self { begin: Begin::After(after), ..self }
    }

    /// It begins when the `n`th attempt for this path, a pattern, has arrived: before it is answered.
    pub fn from_attempt(mut self, path: &str, n: u64) -> Self {
        match Nth::new(path, n) {
            Ok(nth) => self.begin = Begin::Attempt(nth),
            Err(message) => self.blame(path, message),
        }
        self
    }

    /// It ends so long after its beginning.
    pub fn lasting(self, time: Duration) -> Self {
        Self { end: End::After(time), ..self }
    }

    /// It ends when the `n`th attempt for this path, a pattern, has arrived: before it is answered.
    pub fn until_attempt(mut self, path: &str, n: u64) -> Self {
        match Nth::new(path, n) {
            Ok(nth) => self.end = End::Attempt(nth),
            Err(message) => self.blame(path, message),
        }
        self
    }

    fn blame(&mut self, path: &str, message: &'static str) {
        self.defect.get_or_insert_with(|| ParseError::new(path, 0..path.len(), message));
    }

    /// When it begins and ends, if nothing is wrong with it; `mirrored` if attempts can arrive while the server is down.
    pub(crate) fn check(self, mirrored: bool) -> Result<(Begin, End), ParseError> {
        let text = self.to_string();
        match self.defect {
            Some(defect) => Err(defect),
            None if self.end == End::After(Duration::ZERO) => {
                Err(ParseError::new(&text, 0..text.len(), NO_TIME).with_help("the shortest is `for=1ns`"))
            }
            None if matches!(self.end, End::Attempt(_)) && !mirrored => {
                let message = "no attempt arrives at a server that is down";
                Err(ParseError::new(&text, 0..text.len(), message).with_help("add a mirror, which stays up"))
            }
            None if self.begin == Begin::After(Duration::ZERO) => Ok((Begin::Start, self.end)),
            None => Ok((self.begin, self.end)),
        }
    }
}

impl Nth {
    fn new(path: &str, n: u64) -> Result<Self, &'static str> {
        if n == 0 {
            return Err("there is no attempt 0: attempts are counted from 1");
        }
        let path = path_glob(path)?.map_or_else(|| Glob::parse("**"), Ok)?;
        Ok(Self { path, n })
    }

    /// Whether the `attempt`th attempt for the target of this request is the one.
    pub(crate) fn is(&self, request: &Request, attempt: u64) -> bool {
        attempt == self.n && self.path.matches_path(request)
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        const MALFORMED: &str = "an attempt is written as `/a.gz#2`, the second one for /a.gz";

        let (path, n) = text.rsplit_once('#').ok_or(MALFORMED)?;
        if n.is_empty() || !n.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(MALFORMED);
        }
        Self::new(path, n.parse().map_err(|_| "there is no attempt of such a number")?)
    }
}

impl FromStr for Downtime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.trim() == "always" {
            return Ok(Self::always());
        }
        let mut downtime = Self::always();
        let mut seen: Vec<&str> = Vec::new();
        for word in words(text, 0..text.len()) {
            let wrong = |message: String| ParseError::new(text, word.clone(), message).with_help(HELP);
            let Some((name, value)) = text[word.clone()].split_once('=') else {
                return Err(wrong(format!("{} does not say when", quoted(&text[word.clone()]))));
            };
            let span = word.start + name.len() + 1..word.end;
            if seen.contains(&name) {
                return Err(wrong(format!("`{name}` stands here twice")));
            }
            if seen.contains(&"for") && name == "until" || seen.contains(&"until") && name == "for" {
                return Err(wrong("`for` and `until` cannot stand together: each says when it ends".to_owned()));
            }
            let time = || {
                parse_duration(value).map_err(|e| ParseError::new(text, span.clone(), e.message()).with_help(e.help()))
            };
            let attempt = || Nth::parse(value).map_err(|e| ParseError::new(text, span.clone(), e).with_help(HELP));
            match name {
                "from" if value.contains('#') => downtime.begin = Begin::Attempt(attempt()?),
                "from" => downtime.begin = Begin::After(time()?),
                "for" => match time()? {
                    Duration::ZERO => return Err(ParseError::new(text, span, NO_TIME)),
                    time => downtime.end = End::After(time),
                },
                "until" => downtime.end = End::Attempt(attempt()?),
                _ => {
                    let help = did_you_mean(&nearest(name, NAMES.into_iter())).unwrap_or_else(|| HELP.to_owned());
                    return Err(wrong(format!("{} does not say when", quoted(&text[word.clone()]))).with_help(help));
                }
            }
            seen.push(name);
        }
        if seen.is_empty() {
            return Err(ParseError::new(text, 0..text.len(), "it does not say when").with_help(HELP));
        }
        Ok(downtime)
    }
}

impl fmt::Display for Downtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begin = match &self.begin {
            Begin::After(time) => Some(format!("from={}", display_duration(*time))),
            Begin::Attempt(nth) => Some(format!("from={nth}")),
            Begin::Start => None,
        };
        let end = match &self.end {
            End::After(time) => Some(format!("for={}", display_duration(*time))),
            End::Attempt(nth) => Some(format!("until={nth}")),
            End::Never => None,
        };
        match (begin, end) {
            (None, None) => f.write_str("always"),
            (Some(begin), Some(end)) => write!(f, "{begin} {end}"),
            (Some(one), None) | (None, Some(one)) => f.write_str(&one),
        }
    }
}

impl fmt::Display for Nth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.path.as_str(), self.n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Target;

    #[track_caller]
    fn check(text: &str, shown: &str) {
        let downtime: Downtime = text.parse().unwrap();
        assert_eq!(downtime.to_string(), shown);
        assert_eq!(shown.parse(), Ok(downtime));
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<Downtime>().unwrap_err().to_string(), expected);
    }

    #[test]
    fn they_parse_and_display() {
        check(" always", "always");
        check("for=3000ms", "for=3s");
        check("for=3s  from=1m30s", "from=1m30s for=3s");
        check("from=*.gz#2", "from=*.gz#2");
        check("from=/a#1#2 until=/b#18446744073709551615", "from=/a#1#2 until=/b#18446744073709551615");
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        check_error("", &format!("it does not say when\n  \n  ^\n  {HELP}"));
        check_error("2s", &format!("`2s` does not say when\n  2s\n  ^^\n  {HELP}"));
        check_error("fro=2s", "`fro=2s` does not say when\n  fro=2s\n  ^^^^^^\n  did you mean `from`?");
        check_error(
            "for=2s until=/a#1",
            &format!(
                "`for` and `until` cannot stand together: each says when it ends\n  for=2s until=/a#1\n         ^^^^^^^^^^\n  {HELP}"
            ),
        );
        check_error("for=1s for=2s", &format!("`for` stands here twice\n  for=1s for=2s\n         ^^^^^^\n  {HELP}"));
        check_error(
            "until=5s",
            &format!("an attempt is written as `/a.gz#2`, the second one for /a.gz\n  until=5s\n        ^^\n  {HELP}"),
        );
        check_error(
            "from=/a#0",
            &format!("there is no attempt 0: attempts are counted from 1\n  from=/a#0\n       ^^^^\n  {HELP}"),
        );
        check_error("for=0s", &format!("{NO_TIME}\n  for=0s\n      ^^"));
        assert!("for=3".parse::<Downtime>().is_err() && "until=[#1".parse::<Downtime>().is_err());
    }

    #[test]
    fn what_constructors_let_through_is_checked() {
        assert!(Downtime::always().from_attempt("/a", 0).check(true).is_err());
        assert!(Downtime::always().until_attempt("[", 1).check(true).is_err());
        assert!(Downtime::always().until_attempt("*", 1).check(true).is_ok());
        assert!(Downtime::always().lasting(Duration::ZERO).check(true).is_err());
        let error = Downtime::always().until_attempt("/a", 1).check(false).unwrap_err();
        assert_eq!(error.message(), "no attempt arrives at a server that is down");
        let at_once = Downtime::always().from_time(Duration::ZERO).check(false).unwrap();
        assert_eq!(at_once, (Begin::Start, End::Never));
    }

    #[test]
    fn an_attempt_is_that_of_each_target() {
        let nth = Nth::new("*.gz", 2).unwrap();
        let request = |path| Request::new(Target::new("GET", path));
        assert!(nth.is(&request("/a.gz"), 2) && nth.is(&request("/b/c.gz"), 2));
        assert!(!nth.is(&request("/a.gz"), 1) && !nth.is(&request("/a"), 2));
        assert!(Nth::new("*", 1).unwrap().is(&request("/"), 1) && Nth::new("*", 1).unwrap().is(&request("/a/b"), 1));
    }
}
