//! The wordings of programs and libraries: one table for each meaning.

use std::io;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use crate::chain::Link;
use crate::chain::table::{regex, set};

/// The kinds of `io::Error` that mean it, and its wordings in texts.
pub(super) struct Table {
    kinds: &'static [io::ErrorKind],
    wordings: LazyLock<RegexSet>,
}

pub(super) static EOF: Table = Table {
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
            r"EOF occurred in violation of protocol|Response ended prematurely",
            // pip
            r"connection was closed without a reply|not enough bytes were received",
            // Node.js: undici, http, npm
            r"other side closed|socket hang up|^(?:Error: )?aborted$",
            // Go
            r"(?:^|: )EOF$",
        ])
    }),
};

pub(super) static REFUSED: Table = Table {
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

pub(super) static RESET: Table = Table {
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

pub(super) static TIMEOUT: Table = Table {
    kinds: &[io::ErrorKind::TimedOut],
    wordings: LazyLock::new(|| {
        set(&[
            // hyper, reqwest, curl, wget (ETIMEDOUT), Python
            r"(?i)\btimed out\b",
            // tokio
            r"deadline has elapsed",
            // curl, and cargo, which uses it
            r"Timeout was reached|Operation timeout",
            // curl: `Operation too slow`
            r"(?i)\btoo slow\b",
            // aria2
            r"\bTimeout\.$",
            // npm; uv
            r"\btimeout at: |\bnetwork timeout\b",
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

pub(super) static TLS: Table = Table {
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

impl Table {
    pub(super) fn has(&self, link: &Link) -> bool {
        link.kind().is_some_and(|kind| self.kinds.contains(&kind)) || self.wordings.is_match(link.text())
    }
}

/// All that a text says are statuses.
pub(super) fn statuses(text: &str) -> impl Iterator<Item = u16> {
    let captures = STATUSES.iter().flat_map(move |pattern| pattern.captures_iter(text));
    let numbers = captures.filter_map(|captures| captures.get(1)?.as_str().parse().ok());
    // aria2 has words for this one alone.
    numbers.chain(text.contains("errorCode=3 Resource not found").then_some(404))
}
