//! What a request is for, whether or not it will be answered.

use std::io;

use bytes::{Bytes, BytesMut};

use super::conn::Conn;
use super::credentials::credentials;
use crate::decision::Target;
use crate::journal::Credential;

/// The target in origin form; an absolute form (RFC 9112 §3.2.2) counts as its path and query.
pub(crate) fn target(method: &str, uri: &http::Uri) -> Target {
    Target::new(method, uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str))
}

/// The text of a `Range` header.
pub(super) fn range(value: &[u8]) -> String {
    value.escape_ascii().to_string()
}

/// A larger head is not looked at.
const MOST: usize = 64 * 1024;

/// What such a request asks for.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) target: Target,
    pub(super) range: Option<String>,
    pub(super) credentials: Vec<Credential>,
}

/// Reads what the client has sent so far, without waiting for more: what it asks for, if the head is there.
pub(super) fn read(conn: &Conn, unread: &mut Bytes) -> Option<Unanswered> {
    let mut bytes = BytesMut::from(std::mem::take(unread));
    let mut buffer = [0; 4096];
    while bytes.len() < MOST {
        match conn.stream.try_read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) => {
                if error.kind() != io::ErrorKind::WouldBlock {
                    conn.io_failed(&error);
                }
                break;
            }
        }
    }
    parse(&bytes)
}

/// What a request is for, if its head is whole.
fn parse(head: &[u8]) -> Option<Unanswered> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(head).ok()?.is_complete().then_some(())?;
    let target = target(request.method?, &request.path?.parse().ok()?);
    let header = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("range"));
    let credentials = credentials(request.headers.iter().map(|header| (header.name, header.value)));
    Some(Unanswered { target, range: header.map(|header| range(header.value)), credentials })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_whole_head_tells_what_it_is_for() {
        let text = |head: &str| parse(head.as_bytes()).map(|request| request.target.to_string());
        assert_eq!(text("GET /a?b=1 HTTP/1.1\r\nhost: c\r\n\r\n").as_deref(), Some("GET /a?b=1"));
        assert_eq!(text("HEAD http://c/a HTTP/1.1\r\n\r\n").as_deref(), Some("HEAD /a"));
        let ranged = parse(b"GET /a HTTP/1.1\r\nRange: bytes=5-\r\n\r\n").unwrap();
        assert_eq!(ranged.range.as_deref(), Some("bytes=5-"));
        for head in ["", "GET /a HTTP/1.1\r\nhost: c\r\n", "GET", "%%%\r\n\r\n"] {
            assert_eq!(text(head), None, "{head}");
        }
    }
}
