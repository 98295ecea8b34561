//! A request that will not be answered.

use std::io;

use bytes::{Bytes, BytesMut};

use super::conn::Conn;
use crate::decision::Target;

/// A larger head is not looked at.
const MOST: usize = 64 * 1024;

/// Reads what the client has sent so far, without waiting for more: what it asks for, if the head is there.
pub(super) fn read(conn: &Conn, unread: &mut Bytes) -> Option<Target> {
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
    target(&bytes)
}

/// What a request is for, if its head is whole.
fn target(head: &[u8]) -> Option<Target> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(head).ok()?.is_complete().then_some(())?;
    let uri: http::Uri = request.path?.parse().ok()?;
    Some(Target::new(request.method?, uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)))
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn a_whole_head_tells_what_it_is_for() {
        let text = |head: &str| target(head.as_bytes()).map(|target| target.to_string());
        assert_eq!(text("GET /a?b=1 HTTP/1.1\r\nhost: c\r\n\r\n").as_deref(), Some("GET /a?b=1"));
        assert_eq!(text("HEAD http://c/a HTTP/1.1\r\n\r\n").as_deref(), Some("HEAD /a"));
        for head in ["", "GET /a HTTP/1.1\r\nhost: c\r\n", "GET", "%%%\r\n\r\n"] {
            assert_eq!(text(head), None, "{head}");
        }
    }
}
