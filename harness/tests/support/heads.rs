//! Requests and responses in a stream of bytes, counted as they pass.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// What passed between a downloader and the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed {
    /// The first lines of the requests, without the version: `GET /path`.
    pub(crate) requests: Vec<String>,
    /// Bytes of bodies, of responses that declare a length.
    pub(crate) body: u64,
    /// Whether there was a response that does not.
    pub(crate) undeclared: bool,
}

/// What passed on all connections.
pub(crate) type Sum = Arc<Mutex<Passed>>;

/// The methods of requests that wait for their responses, on one connection.
pub(crate) type Waiting = Arc<Mutex<VecDeque<String>>>;

/// Reads the requests of one connection, which have no bodies.
pub(crate) struct Requests {
    pub(crate) sum: Sum,
    pub(crate) waiting: Waiting,
    pub(crate) buffer: Vec<u8>,
}

impl Requests {
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        while let Some(head) = next_head(&mut self.buffer) {
            let line = head.lines().next().unwrap_or_default();
            let request = line.rsplit_once(' ').map_or(line, |(request, _version)| request);
            let method = request.split(' ').next().unwrap_or_default();
            self.waiting.lock().unwrap().push_back(method.to_owned());
            self.sum.lock().unwrap().requests.push(request.to_owned());
        }
    }
}

/// Reads the responses of one connection.
pub(crate) struct Responses {
    pub(crate) sum: Sum,
    pub(crate) waiting: Waiting,
    pub(crate) buffer: Vec<u8>,
    /// What is left of the body that passes now.
    pub(crate) left: u64,
}

impl Responses {
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        loop {
            let part = self.left.min(self.buffer.len() as u64);
            self.buffer.drain(..part as usize);
            self.left -= part;
            self.sum.lock().unwrap().body += part;
            // Behind the body comes the next head, if anything.
            let Some(head) = next_head(&mut self.buffer) else { return };
            self.begin(&head);
        }
    }

    fn begin(&mut self, head: &str) {
        let status = head.split(' ').nth(1).unwrap_or_default();
        if status.starts_with('1') {
            return;
        }
        let method = self.waiting.lock().unwrap().pop_front();
        let bodyless = method.as_deref() == Some("HEAD") || ["204", "304"].contains(&status);
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        match length {
            _ if bodyless => {}
            Some(length) => self.left = length,
            None => self.sum.lock().unwrap().undeclared = true,
        }
    }
}

/// Takes a whole head from the front.
fn next_head(buffer: &mut Vec<u8>) -> Option<String> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    buffer.drain(..end);
    Some(head)
}
