//! A small HTTP client, to build downloaders of.

use std::error::Error;
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// What came of one request.
#[derive(Debug)]
pub(crate) struct Fetch {
    pub(crate) body: Vec<u8>,
}

/// Where a request failed.
#[derive(Debug)]
pub(crate) enum FetchError {
    /// Before the head of the response was complete.
    Head(io::Error),
    /// In its body.
    Body(io::Error),
    Status(u16),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head(_) => f.write_str("no response"),
            Self::Body(_) => f.write_str("the response broke off"),
            Self::Status(status) => write!(f, "the server answered {status}"),
        }
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Head(source) | Self::Body(source) => Some(source),
            Self::Status(_) => None,
        }
    }
}

/// Gets a URL over a connection of its own, from a byte on.
pub(crate) fn fetch(url: &str, from: u64) -> Result<Fetch, FetchError> {
    let (authority, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("a URL");
    let mut stream = TcpStream::connect(authority).map_err(FetchError::Head)?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).map_err(FetchError::Head)?;
    let range = if from > 0 { format!("range: bytes={from}-\r\n") } else { String::new() };
    let request = format!("GET /{path} HTTP/1.1\r\nhost: {authority}\r\n{range}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(FetchError::Head)?;
    let head = read_head(&mut stream).map_err(FetchError::Head)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let mut body = Vec::new();
    stream.read_to_end(&mut body).map_err(FetchError::Body)?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    if length.is_some_and(|length| body.len() < length) {
        return Err(FetchError::Body(io::ErrorKind::UnexpectedEof.into()));
    }
    if status >= 400 { Err(FetchError::Status(status)) } else { Ok(Fetch { body }) }
}

fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
