//! One client that reads to nowhere.

use std::net::SocketAddr;
use std::time::Instant;

use super::http::{Client, request};

/// Reads land in one buffer of this size, again and again.
const BUFFER: usize = 1024 * 1024;

/// Downloads a file `times` times over one connection; returns bytes per second.
pub(crate) fn pour(addr: SocketAddr, path: &str, times: u32) -> anyhow::Result<f64> {
    let mut client = Client::connect(addr, BUFFER)?;
    let request = request(path);
    let started = Instant::now();
    let mut bytes = 0;
    for _ in 0..times {
        client.ask(&request)?;
        bytes += client.reply()?;
    }
    Ok(bytes as f64 / started.elapsed().as_secs_f64())
}
