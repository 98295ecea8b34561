//! Where a server listens, and how it is reached there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::StartError;
use super::door::Door;

/// How often a free port is tried for on several addresses at once.
const PORT_TRIES: usize = 16;

/// The base URL of a server that listens on this address first.
pub(super) fn base(addr: SocketAddr) -> String {
    format!("http://{}", reachable(addr))
}

/// Where what listens on this address is reached: what listens everywhere, nowhere better than here.
pub(super) fn reachable(mut addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}

/// Binds the same port on every address.
pub(super) fn bind_all(addrs: &[IpAddr], port: u16) -> Result<Vec<Door>, StartError> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let addrs = if addrs.is_empty() { &loopback } else { addrs };
    let mut tries = 0;
    loop {
        match try_bind_all(addrs, port) {
            // The port that was free on one address was taken on another.
            Err(StartError::Bind { source, .. })
                if port == 0 && tries < PORT_TRIES && source.kind() == std::io::ErrorKind::AddrInUse =>
            {
                tries += 1;
            }
            result => return result,
        }
    }
}

fn try_bind_all(addrs: &[IpAddr], mut port: u16) -> Result<Vec<Door>, StartError> {
    let mut doors = Vec::with_capacity(addrs.len());
    for ip in addrs {
        let addr = SocketAddr::new(*ip, port);
        let door = Door::bind(addr).map_err(|source| StartError::Bind { addr, source })?;
        port = door.addr().port();
        doors.push(door);
    }
    Ok(doors)
}
