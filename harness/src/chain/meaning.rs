//! What errors mean, in whichever words.

use std::fmt;
use std::io;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::Link;
use super::table::{regex, set};

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

/// A table: the kinds of `io::Error` that mean it, and its wordings in texts.
struct Table {
    kinds: &'static [io::ErrorKind],
    wordings: LazyLock<RegexSet>,
}

static EOF: Table = Table {
    kinds: &[io::ErrorKind::UnexpectedEof],
    wordings: LazyLock::new(|| {
        set(&[
            // hyper
            r"connection closed before message completed",
            r"end of file before message length reached",
            r"unexpected EOF",
            // Rust's standard library, tokio, rustls
            r"unexpected end of file|early eof|failed to fill whole buffer",
            r"peer closed connection without sending TLS close_notify",
            // curl, and cargo, which uses it
            r"Empty reply from server|Server returned nothing",
            r"transfer closed with (?:\d+ bytes|outstanding read data) remaining",
            r"Transferred a partial file|end of response with \d+ bytes missing",
            // wget
            r"No data received|Connection closed at byte \d+",
            // aria2
            r"Got EOF from the server",
            // Python: http.client and urllib3, httpx, ssl
            r"Remote end closed connection without response|RemoteDisconnected\(|IncompleteRead\b",
            r"Server disconnected without sending a response|peer closed connection without sending complete",
            r"EOF occurred in violation of protocol",
            // pip
            r"connection was closed without a reply|not enough bytes were received",
            // Node.js: undici, http, npm
            r"other side closed|socket hang up|^(?:Error: )?aborted$",
            // Go
            r"(?:^|: )EOF$",
        ])
    }),
};

static REFUSED: Table = Table {
    kinds: &[io::ErrorKind::ConnectionRefused],
    wordings: LazyLock::new(|| {
        set(&[
            // Everything that shows the text of ECONNREFUSED
            r"(?i)connection refused",
            // Windows
            r"actively refused",
            // curl, and cargo, which uses it
            r"Could(?:n't| not) connect to server",
        ])
    }),
};

static RESET: Table = Table {
    kinds: &[io::ErrorKind::ConnectionReset],
    wordings: LazyLock::new(|| {
        set(&[
            // Everything that shows the text of ECONNRESET
            r"(?i)connection (?:was )?reset",
            // Windows
            r"forcibly closed by the remote host",
            // HTTP/2: h2, Go, curl
            r"stream error received|stream error: stream ID \d+|HTTP/2 stream \d+ was (?:not closed cleanly|reset)",
        ])
    }),
};

static TIMEOUT: Table = Table {
    kinds: &[io::ErrorKind::TimedOut],
    wordings: LazyLock::new(|| {
        set(&[
            // hyper, reqwest, curl, wget (ETIMEDOUT), Python
            r"(?i)\btimed out\b",
            // tokio
            r"deadline has elapsed",
            // curl, and cargo, which uses it
            r"Timeout was reached|Operation too slow|Operation timeout",
            // aria2
            r"\bTimeout\.$",
            // pip
            r"didn't respond within [\d.]+ seconds",
            // Node.js: AbortSignal.timeout, undici, npm
            r"aborted due to timeout|(?:Connect|Headers|Body) Timeout Error|Idle timeout reached",
            r"UND_ERR_\w+_TIMEOUT|ESOCKETTIMEDOUT",
            // Go
            r"context deadline exceeded|Client\.Timeout|i/o timeout|handshake timeout",
        ])
    }),
};

static TLS: Table = Table {
    kinds: &[],
    wordings: LazyLock::new(|| {
        set(&[
            // rustls, OpenSSL, native-tls
            r"(?i)\bcertificate\b",
            r"(?i)\bTLS (?:handshake|error|alert|connect error)|handshake (?:failed|failure|alert)|received fatal alert",
            // curl, and cargo, which uses it
            r"^[(\[](?:35|51|53|54|58|59|60|64|66|77|80|82|83|90|91)[)\]] |SSL connect error|OpenSSL SSL_",
            // wget
            r"Unable to establish SSL connection",
            // aria2
            r"SSL/TLS handshake failure",
            // Python
            r"\bSSL: [A-Z_]+|\bSSL\w*Error\b|EOF occurred in violation of protocol",
            // Node.js, npm
            r"CERT_[A-Z_]+|SELF_SIGNED_CERT|ERR_(?:SSL|TLS)_\w+|EPROTO\b",
            // Go
            r"(?:^|: )(?:tls|x509): ",
        ])
    }),
};

/// Wordings with a status in them. A number by itself is none: it could be a port, a size, or an offset.
static STATUSES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        // reqwest, ureq
        r"HTTP status (?:client|server) error \((\d{3})\b",
        r"http status: (\d{3})\b",
        // curl
        r"requested URL returned error: (\d{3})\b",
        // cargo; libgit2
        r"HTTP response from .*, got (\d{3})\b",
        r"(?i)\bstatus(?: code)?(?: of)?(?: is)?[:=]? ?(\d{3})\b",
        // wget; urllib
        r"\bERROR (\d{3}): ",
        r"\bHTTP Error (\d{3})\b",
        // urllib3, requests
        r"\btoo many (\d{3}) error responses",
        r"\b(\d{3}) (?:Client|Server) Error: ",
        // httpx
        r"\b(?:Client|Server) error '(\d{3}) ",
        // What people write
        r"(?i)\bserver (?:said|says|sent|returned|replied|answered|responded)(?: with)?:? (?:HTTP )?(\d{3})\b",
        r"\bHTTP(?:/\d(?:\.\d)?)? (\d{3})\b",
        // The line that every HTTP/1 server sends: wget, npm, Go, Node.js
        concat!(
            r"\b(\d{3}) (?:OK|Partial Content|Moved Permanently|Found|Not Modified|Temporary Redirect|Bad Request|",
            r"Unauthorized|Forbidden|Not Found|Method Not Allowed|Request Timeout|Conflict|Gone|Precondition Failed|",
            r"(?:Requested )?Range Not Satisfiable|Too Many Requests|Internal Server Error|Not Implemented|",
            r"Bad Gateway|Service Unavailable|Gateway Time-?out)\b"
        ),
    ];
    patterns.iter().map(|pattern| regex(pattern)).collect()
});

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

impl Table {
    fn has(&self, link: &Link) -> bool {
        link.kind().is_some_and(|kind| self.kinds.contains(&kind)) || self.wordings.is_match(link.text())
    }
}

fn statuses(text: &str) -> impl Iterator<Item = u16> {
    let captures = STATUSES.iter().flat_map(move |pattern| pattern.captures_iter(text));
    captures.filter_map(|captures| captures.get(1)?.as_str().parse().ok())
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
        let link = Link::said(text.to_owned());
        ALL.iter().copied().filter(|&meaning| link.means(meaning)).collect()
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
