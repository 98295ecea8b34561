//! Where a redirect may lead.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use http::HeaderValue;

use super::address::{base, reachable};
use super::door::Door;
use crate::decision::{Answer, Placeholder, Target};

/// Where a redirect may lead.
#[derive(Debug)]
pub(super) struct Places {
    addr: SocketAddr,
    mirror: Option<SocketAddr>,
    /// A port that refuses connections, from the first time on that somebody is sent there.
    dead: Mutex<Option<Door>>,
}

impl Places {
    /// Those of a server that listens on these addresses.
    pub(super) fn new(addr: SocketAddr, mirror: Option<SocketAddr>) -> Self {
        Self { addr, mirror, dead: Mutex::default() }
    }

    /// Where the answer sends a client that asks for this target, if it does.
    ///
    /// # Errors
    ///
    /// Why there is no such place.
    pub(super) fn location(
        &self,
        answer: &Answer,
        target: &Target,
        attempt: u64,
    ) -> Result<Option<HeaderValue>, String> {
        let location = match (answer.location(), answer.hop()) {
            (None, None) => return Ok(None),
            (_, Some(hop)) => target.at_hop(hop),
            (Some(location), None) => location.fill(|placeholder| self.value(placeholder, target, attempt))?,
        };
        // Two slashes would be followed by a host (RFC 3986 §4.2); to some clients a backslash is one.
        let names_host = location.starts_with("//") || location.starts_with("/\\");
        let location = if names_host { format!("/.{location}") } else { location };
        HeaderValue::try_from(location).map(Some).map_err(|_| "the location cannot stand in a header".to_owned())
    }

    fn value(&self, placeholder: Placeholder, target: &Target, attempt: u64) -> Result<String, String> {
        match placeholder {
            Placeholder::Attempt => Ok(attempt.to_string()),
            Placeholder::Base => Ok(base(self.addr)),
            Placeholder::Dead => {
                self.dead().map(base).map_err(|error| format!("there is no port for `{{dead}}`: {error}"))
            }
            Placeholder::Mirror => {
                self.mirror.map(base).ok_or_else(|| "`{mirror}` is the second port, and there is none".to_owned())
            }
            Placeholder::Path => Ok(target.path().to_owned()),
            Placeholder::Target => Ok(target.path_and_query().to_owned()),
        }
    }

    /// The port that refuses connections: held without a listener, it is nobody else's.
    fn dead(&self) -> io::Result<SocketAddr> {
        let mut dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = &*dead {
            return Ok(door.addr());
        }
        let door = Door::bind(SocketAddr::new(reachable(self.addr).ip(), 0))?;
        Ok(dead.insert(door).addr())
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::{Ipv4Addr, TcpStream};

    use super::*;
    use crate::decision::{ReplyFacts, lower};

    fn answer(location: &str) -> Answer {
        let entry = format!("status=302 location={location}").parse().unwrap();
        lower(&entry, &ReplyFacts::default()).answer().clone()
    }

    fn places(mirror: Option<u16>) -> Places {
        Places::new((Ipv4Addr::UNSPECIFIED, 8000).into(), mirror.map(|port| (Ipv4Addr::LOCALHOST, port).into()))
    }

    #[track_caller]
    fn check(location: &str, target: &str, expected: &str) {
        let target = Target::new("GET", target);
        let location = places(Some(9000)).location(&answer(location), &target, 7).unwrap().unwrap();
        assert_eq!(location, expected);
    }

    #[test]
    fn placeholders_are_filled() {
        check("/a", "/f", "/a");
        check("{base}/a", "/f", "http://127.0.0.1:8000/a");
        check("{mirror}{target}", "/f?x=1", "http://127.0.0.1:9000/f?x=1");
        check("{path}?signature={attempt}", "/f?x=1", "/f?signature=7");
        check("https://example.org{path}", "/f?x=1", "https://example.org/f");
    }

    #[test]
    fn a_request_cannot_add_to_the_head_nor_name_a_host() {
        check("{target}", "/f?x=\r\nset-cookie: a\0\u{e4}", "/f?x=%0D%0Aset-cookie:%20a%00%C3%A4");
        check("{path}", "/%0d%0Aa", "/%0D%0Aa");
        check("{path}", "//example.org/f", "/.//example.org/f");
        check("{path}", "/\\example.org/f", "/./\\example.org/f");
        check("{base}{path}", "//example.org/f", "http://127.0.0.1:8000//example.org/f");
    }

    #[test]
    fn the_dead_port_stays_and_refuses() {
        let places = places(None);
        let target = Target::new("GET", "/f");
        let location = || places.location(&answer("{dead}/"), &target, 1).unwrap().unwrap();
        assert!(places.dead.lock().unwrap().is_none());
        let first = location();
        assert_eq!(first, location());
        let host = first.to_str().unwrap().strip_prefix("http://").unwrap().strip_suffix('/').unwrap().to_owned();
        assert!(host.starts_with("127.0.0.1:"));
        assert_eq!(TcpStream::connect(host).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }

    #[test]
    fn without_a_second_port_there_is_no_mirror() {
        let error = places(None).location(&answer("{mirror}/"), &Target::new("GET", "/f"), 1).unwrap_err();
        assert_eq!(error, "`{mirror}` is the second port, and there is none");
    }
}
