//! From start to drop, and files that change or vanish in between.

mod down;
mod files;
mod start;
mod stop;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::OnceLock;

use crate::support::content;

/// More than all buffers between a server and a client that pauses.
const LEN: usize = 8 * 1024 * 1024;

fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<&[u8]> = OnceLock::new();
    BYTES.get_or_init(|| content(LEN))
}

/// A loopback address whose ports no other test takes, where there is one.
fn own_address() -> IpAddr {
    IpAddr::V4(if cfg!(target_os = "linux") { Ipv4Addr::new(127, 0, 0, 2) } else { Ipv4Addr::LOCALHOST })
}
