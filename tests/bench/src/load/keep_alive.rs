//! Small requests over persistent connections.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use super::http::{Client, request};

const BUFFER: usize = 16 * 1024;

/// Asks for a small file over `connections` connections, each with one request under way at all times; returns
/// replies per second.
///
/// Few threads have several connections each: with a thread for each, switching between them is most of what is
/// measured.
pub(crate) fn keep_alive(
    addr: SocketAddr,
    path: &str,
    connections: usize,
    threads: usize,
    during: Duration,
) -> anyhow::Result<f64> {
    let request = request(path);
    let ready = Barrier::new(threads);
    let one = |connections: usize| -> anyhow::Result<f64> {
        let clients: anyhow::Result<Vec<_>> = (0..connections).map(|_| Client::connect(addr, BUFFER)).collect();
        ready.wait();
        let mut clients = clients?;
        let started = Instant::now();
        for client in &mut clients {
            client.ask(&request)?;
        }
        let mut replies = 0_u64;
        while started.elapsed() < during {
            for client in &mut clients {
                client.reply()?;
                client.ask(&request)?;
            }
            replies += clients.len() as u64;
        }
        let took = started.elapsed();
        for client in &mut clients {
            client.reply()?;
        }
        Ok(replies as f64 / took.as_secs_f64())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| one(connections / threads))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a client panicked")).sum()
    })
}
