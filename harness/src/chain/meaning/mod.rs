//! What errors mean, in whichever words.

mod wordings;

use std::fmt;

use self::wordings::{EOF, REFUSED, RESET, TIMEOUT, TLS, statuses};
use super::Link;

/// What an error means, in whichever words a program says so.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Chain, Meaning};
///
/// for output in ["curl: (56) Recv failure: Connection reset by peer", "npm error network read ECONNRESET"] {
///     let chain = Chain::from_output(output.as_bytes());
///     assert!(chain.root_cause().is_some_and(|link| link.means(Meaning::Reset)));
/// }
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Meaning {
    /// The connection, or the body, ended too early.
    Eof,
    /// Nobody accepted the connection.
    Refused,
    /// The connection was reset.
    Reset,
    /// The server replied with this status.
    Status(u16),
    /// It took too long.
    Timeout,
    /// TLS failed: the handshake, or the certificate.
    Tls,
}

impl Meaning {
    pub(super) fn is_of(self, link: &Link) -> bool {
        match self {
            Self::Eof => EOF.has(link),
            Self::Refused => REFUSED.has(link),
            Self::Reset => RESET.has(link),
            Self::Status(status) => statuses(link.text()).any(|found| found == status),
            Self::Timeout => TIMEOUT.has(link),
            Self::Tls => TLS.has(link),
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Eof => f.write_str("an early end"),
            Self::Refused => f.write_str("a refused connection"),
            Self::Reset => f.write_str("a reset"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Timeout => f.write_str("a timeout"),
            Self::Tls => f.write_str("a failure of TLS"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Meaning] =
        &[Meaning::Eof, Meaning::Refused, Meaning::Reset, Meaning::Status(503), Meaning::Timeout, Meaning::Tls];

    fn meanings(text: &str) -> Vec<Meaning> {
        meanings_of(ALL, text)
    }

    fn meanings_of(of: &[Meaning], text: &str) -> Vec<Meaning> {
        let link = Link::said(text.to_owned());
        of.iter().copied().filter(|&meaning| link.means(meaning)).collect()
    }

    #[test]
    fn each_program_has_its_words() {
        for (meaning, texts) in [
            (Meaning::Eof, ["end of file before message length reached", "(52) Empty reply from server", "EOF"]),
            (Meaning::Refused, ["connect ECONNREFUSED 127.0.0.1:80", "[Errno 111]", "connection refused"]),
            (Meaning::Reset, ["Connection reset by peer (os error 104)", "read ECONNRESET", "connection was reset"]),
            (Meaning::Timeout, ["operation timed out", "context deadline exceeded", "errorCode=2 Timeout."]),
            (Meaning::Tls, ["invalid peer certificate: UnknownIssuer", "[35] SSL connect error", "x509: unknown"]),
            (
                Meaning::Status(503),
                ["the server said 503", "(22) The requested URL returned error: 503", "503 Service Unavailable"],
            ),
        ] {
            for text in texts {
                assert_eq!(meanings(text), [meaning], "{text}");
            }
        }
    }

    #[test]
    fn what_an_audit_has_met() {
        for (meaning, text) in [
            (Meaning::Eof, "urllib3.exceptions.ProtocolError: Response ended prematurely"),
            (Meaning::Status(404), "[HttpSkipResponseCommand.cc:218] errorCode=3 Resource not found"),
            (Meaning::Timeout, "network timeout at: http://h/app.tgz"),
            (
                Meaning::Timeout,
                "Failed to download distribution due to network timeout. Try increasing UV_HTTP_TIMEOUT",
            ),
            (Meaning::Timeout, "Too slow: 3 B in 2.0s, where 100 B/s are the least"),
        ] {
            assert_eq!(meanings_of(&[meaning], text), [meaning], "{text}");
        }
    }

    #[test]
    fn a_number_is_no_status() {
        for text in [
            "dial tcp 127.0.0.1:503: connect",
            "503 bytes remaining",
            "Failed to connect to h port 503 after 0 ms",
            "error at byte 503",
            "os error 503",
            "http://h/503",
            "status 5030",
        ] {
            assert!(!meanings(text).contains(&Meaning::Status(503)), "{text}");
        }
    }

    #[test]
    fn other_words_mean_nothing() {
        for text in ["error decoding response body", "HTTPConnection(host='h', timeout=2)", "EOFs are fine", "gave up"]
        {
            assert_eq!(meanings(text), [], "{text}");
        }
        assert_eq!(meanings("504 Gateway Timeout"), []);
    }
}
