//! What an answer means that is not the correct one: statuses with their bodies, when to come again, and where to go.

mod bodies;
mod chains;
mod dates;
mod in_vain;
mod places;
mod statuses;

use std::net::SocketAddr;

use crate::support::{Raw, Reply, Request};

/// Where a URL of this test's servers leads: to an address, and there to a target.
#[track_caller]
pub(crate) fn resolved(location: &str, from: SocketAddr) -> (SocketAddr, String) {
    let Some(url) = location.strip_prefix("http://") else {
        assert!(location.starts_with('/') && !location.starts_with("//"), "a path of the server: {location}");
        return (from, location.to_owned());
    };
    let (host, target) = url.split_once('/').expect("a URL with a path");
    (host.parse().expect("a host and a port"), format!("/{target}"))
}

/// Asks once, on a connection of its own.
#[track_caller]
pub(crate) fn ask(addr: SocketAddr, request: &Request) -> Reply {
    Raw::connect(addr).ask(request)
}
