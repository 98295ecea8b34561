//! What judging needs to know of an exchange.

use std::time::Duration;

use flaky_server::{By, End, Entry, Exchange, Fault, Target, units::parse_duration};

/// What judging needs to know of an exchange.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempt {
    /// What retries are counted by: attempts of one group are for the same thing.
    pub(crate) group: String,
    /// What was asked for, to the letter.
    #[cfg(feature = "audit")]
    pub(crate) target: Option<Target>,
    /// Which file its bytes belong to.
    pub(crate) file: String,
    pub(crate) resend: bool,
    /// Where the `Range` header begins, if it has one range with a beginning.
    pub(crate) asked: Option<u64>,
    /// Where that range ends, if it has an end.
    pub(crate) asked_last: Option<u64>,
    /// Whether it asks for less than the whole file.
    pub(crate) wants_part: bool,
    pub(crate) status: Option<u16>,
    /// Where the reply begins in the file.
    pub(crate) start: Option<u64>,
    pub(crate) received: u64,
    /// How it failed, as far as the wire knows.
    pub(crate) failure: Option<Failure>,
    /// The client left before it was complete, although nothing was wrong: its disk is full, say.
    pub(crate) left: bool,
    /// The `Retry-After` of the reply.
    pub(crate) retry_after: Option<Duration>,
    /// It has one, in whichever form, or in none that there is.
    #[cfg(feature = "audit")]
    pub(crate) says_when: bool,
    /// How the connection ended, and by whose doing, if it has ended.
    #[cfg(feature = "audit")]
    pub(crate) end: Option<(End, By)>,
    pub(crate) at: Duration,
    /// `None` if it still went on at the end of the trial.
    pub(crate) ended_at: Option<Duration>,
    /// How much earlier than the server knows it may have ended for the client.
    pub(crate) doubt: Duration,
}

/// A reply has arrived when the client's kernel has acknowledged it, which that may put off: Linux by 40 ms as a rule,
/// and no system for longer than this; and the server looks for it every 40 ms.
const DELAYED_ACK: Duration = Duration::from_millis(240);

/// How long a client waited, as far as the server can know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Pause {
    /// So long at least.
    pub(crate) known: Duration,
    /// And no longer than this.
    pub(crate) at_most: Duration,
}

/// How an attempt failed on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// No status line came.
    BeforeHead,
    /// It was complete, and is not what was asked for.
    Content,
    /// The head came, and not all of the body.
    InBody,
    /// It was complete, and an error.
    Status(u16),
}

impl Attempt {
    /// `same_file`: the exchanges are about one file, whatever query they have, and however it is encoded.
    pub(crate) fn new(exchange: &Exchange, same_file: bool) -> Self {
        let range = exchange.range.as_deref();
        let entry = exchange.plan.parse::<Entry>().ok();
        let is_well = entry.as_ref().is_some_and(|entry| !entry.has_fault());
        let left = is_well && exchange.by == Some(By::Client);
        let (group, file) = match &exchange.target {
            // What ended before its head was complete could have been for anything, so it is a retry of nothing.
            None => (format!("- {}", exchange.seq), String::new()),
            Some(target) if same_file => (target.method().to_owned(), String::new()),
            Some(target) => (target.to_string(), target.path_and_query().to_owned()),
        };
        Self {
            group,
            #[cfg(feature = "audit")]
            target: exchange.target.clone(),
            file,
            resend: exchange.resend,
            asked: range.and_then(first_byte),
            asked_last: range.and_then(last_byte),
            wants_part: range.is_some_and(|range| !is_whole(range)),
            status: exchange.status,
            start: exchange.start.filter(|_| matches!(exchange.status, Some(200 | 206))),
            received: exchange.body_acked.unwrap_or(exchange.body_sent),
            failure: Failure::of(exchange, entry.as_ref()).filter(|_| !left),
            left,
            #[cfg(feature = "audit")]
            says_when: entry.as_ref().is_some_and(|entry| planned_as(entry, "retry-after")),
            #[cfg(feature = "audit")]
            end: exchange.end.zip(exchange.by),
            retry_after: entry.filter(|_| exchange.status.is_some()).as_ref().and_then(retry_after),
            at: exchange.at,
            ended_at: exchange.ended_at,
            doubt: exchange.ended_at.map_or(Duration::ZERO, |end| end.saturating_sub(exchange.at).min(DELAYED_ACK)),
        }
    }

    /// The pause between the end of an attempt and the next one of its group; `None` if they overlap.
    ///
    /// A client may have all of a reply, and ask again, before the server knows that it has: that is no overlap.
    pub(crate) fn pause([earlier, later]: [&Self; 2]) -> Option<Pause> {
        let ended_at = earlier.ended_at?;
        let at_most = (later.at + earlier.doubt).checked_sub(ended_at)?;
        Some(Pause { known: later.at.saturating_sub(ended_at), at_most })
    }

    /// Whether an attempt came when the one before it was over. Of two that ask for different parts of a file that has to
    /// be certain: parts are asked for side by side.
    pub(crate) fn follows([earlier, later]: [&Self; 2]) -> bool {
        let is_same = (earlier.asked, earlier.wants_part) == (later.asked, later.wants_part);
        let certain = earlier.ended_at.is_some_and(|end| end <= later.at);
        certain || is_same && Self::pause([earlier, later]).is_some()
    }
}

impl Failure {
    /// `entry` is what was planned.
    fn of(exchange: &Exchange, entry: Option<&Entry>) -> Option<Self> {
        match (exchange.status, exchange.end) {
            (None, _) => Some(Self::BeforeHead),
            (Some(_), end) if end != Some(End::Complete) => Some(Self::InBody),
            (Some(status @ 400..), _) => Some(Self::Status(status)),
            (Some(_), _) => {
                let is_wrong = |entry: &Entry| entry.terms().iter().any(Fault::changes_content);
                entry.filter(|entry| exchange.applied && is_wrong(entry)).map(|_| Self::Content)
            }
        }
    }

    /// Whether it is worth another attempt: a connection always is; of statuses, those that RFC 9110 §15.5.9 and
    /// §15.6, RFC 6585 §4, and the lists of clients call temporary.
    pub(crate) fn is_transient(self) -> bool {
        match self {
            Self::BeforeHead | Self::InBody => true,
            Self::Content => false,
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=524 | 527),
        }
    }
}

/// Whether two targets are for the same file, by its path.
pub(crate) fn is_same_path(a: &Target, b: &Target) -> bool {
    decoded(a.path()) == decoded(b.path())
}

/// The bytes that a path names: clients differ in what they encode.
fn decoded(path: &str) -> std::borrow::Cow<'_, [u8]> {
    percent_encoding::percent_decode_str(path).into()
}

/// The first byte that `bytes=N-M` or `bytes=N-` asks for. Units know no case (RFC 9110 §14.1).
fn first_byte(range: &str) -> Option<u64> {
    let (unit, ranges) = range.trim().split_once('=')?;
    let (first, _) = ranges.split_once('-').filter(|_| unit.eq_ignore_ascii_case("bytes"))?;
    first.trim().parse().ok()
}

/// The last byte that `bytes=N-M` asks for.
fn last_byte(range: &str) -> Option<u64> {
    first_byte(range)?;
    range.rsplit_once('-')?.1.trim().parse().ok()
}

/// `bytes=0-` asks for what a request without a range asks for: clients send it that resume with nothing in hand.
fn is_whole(range: &str) -> bool {
    range.trim().eq_ignore_ascii_case("bytes=0-")
}

/// How long the client was told to wait, if it was told a time that is to come.
fn retry_after(entry: &Entry) -> Option<Duration> {
    let date = || planned(entry, "retry-after-date")?.split('/').next().map(str::to_owned);
    parse_duration(&planned(entry, "retry-after").or_else(date)?).ok()
}

/// What was served as a fixture.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Version {
    /// A revision of it: 1 is the fixture itself.
    Revision(u32),
    /// The fixture under this path.
    ReplacedBy(String),
}

impl Version {
    /// What an exchange was about.
    pub(crate) fn of(exchange: &Exchange) -> Self {
        let planned = |name| exchange.plan.parse().ok().and_then(|entry| planned(&entry, name));
        match planned("replaced-by") {
            Some(path) => Self::ReplacedBy(path.split_once('?').map_or(path.as_str(), |(path, _)| path).to_owned()),
            None => Self::Revision(planned("revision").and_then(|number| number.parse().ok()).unwrap_or(1)),
        }
    }
}

/// Whether a term whose name begins so is planned.
#[cfg(feature = "audit")]
fn planned_as(entry: &Entry, beginning: &str) -> bool {
    entry.terms().iter().any(|term| term.spec().name().starts_with(beginning))
}

/// The value of a term, as it is written; `None` if it is not planned.
fn planned(entry: &Entry, name: &str) -> Option<String> {
    let term = entry.terms().iter().find(|term| term.spec().name() == name)?.to_string();
    Some(term.split_once('=')?.1.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use flaky_server::{FlakyServer, Rule};

    use super::*;

    #[test]
    fn ranges_begin_somewhere() {
        assert_eq!(first_byte("bytes=100-"), Some(100));
        assert_eq!(first_byte("Bytes=100-199"), Some(100));
        assert_eq!(first_byte("bytes=-5"), None);
        assert_eq!(first_byte("lines=1-"), None);
        assert_eq!(["bytes=100-199", "bytes=100-", "bytes=-5"].map(last_byte), [Some(199), None, None]);
    }

    #[test]
    fn a_range_of_all_is_no_part() {
        assert!(is_whole("bytes=0-") && is_whole(" Bytes=0- "));
        assert!(!is_whole("bytes=1-") && !is_whole("bytes=0-9"));
    }

    /// How the one attempt failed that this entry decides.
    fn failure(entry: &str) -> Option<Failure> {
        let rule = Rule::any().script(entry).unwrap();
        let server = FlakyServer::builder().serve_bytes("/f", "content").rule(rule).start().unwrap();
        let mut socket = TcpStream::connect(server.addr()).unwrap();
        socket.write_all(b"GET /f HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        socket.read_to_end(&mut Vec::new()).unwrap();
        drop(socket);
        Attempt::new(&server.shutdown().exchanges()[0], false).failure
    }

    #[test]
    fn what_is_made_up_is_not_the_file() {
        for entry in ["login-page", "status=200", "status=206 body=a", "status=204", "status=304", "short-body=0"] {
            assert_eq!(failure(entry), Some(Failure::Content), "{entry}");
        }
        assert_eq!(failure("content-length=50%"), Some(Failure::Content));
        for entry in ["ok", "status=302 location=/g", "redirects=1", "content-type=text/html"] {
            assert_eq!(failure(entry), None, "{entry}");
        }
        assert_eq!(failure("status=511 login-page"), Some(Failure::Status(511)));
    }

    #[test]
    fn a_date_says_how_long_to_wait() {
        let waits = |entry: &str| retry_after(&entry.parse().unwrap());
        assert_eq!(waits("status=503 retry-after=2s"), Some(Duration::from_secs(2)));
        assert_eq!(waits("status=503 retry-after-date=3s/rfc850"), Some(Duration::from_secs(3)));
        for entry in ["status=503 retry-after-date=-3s", "status=503 retry-after-text=soon", "status=503"] {
            assert_eq!(waits(entry), None, "{entry}");
        }
    }

    #[test]
    fn paths_are_compared_decoded() {
        let same = |a, b| is_same_path(&Target::new("GET", a), &Target::new("GET", b));
        assert!(same("/a%2Bb", "/a+b?x=1"));
        assert!(!same("/a", "/A"));
        assert_eq!(decoded("/a%zz%4"), decoded("/a%25zz%254"));
    }

    #[test]
    fn some_statuses_are_worth_another_attempt() {
        let transient: Vec<u16> = (400..600).filter(|status| Failure::Status(*status).is_transient()).collect();
        assert_eq!(transient, [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527]);
    }
}
