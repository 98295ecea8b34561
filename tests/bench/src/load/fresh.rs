//! A new connection for each request.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::client::{End, fetch};

/// Asks for a path over a new connection each time, `clients` at once; each reply has to have `len` body bytes and
/// end as expected. Returns replies per second.
pub(crate) fn fresh(
    addr: SocketAddr,
    path: &str,
    (len, end): (u64, End),
    clients: usize,
    during: Duration,
) -> anyhow::Result<f64> {
    let replies = AtomicU64::new(0);
    let started = Instant::now();
    let one = || -> anyhow::Result<()> {
        while started.elapsed() < during {
            let got = fetch(addr, path)?;
            ensure!(got == (len, end), "{got:?} in the place of {:?}", (len, end));
            replies.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(one)).collect();
        clients.into_iter().try_for_each(|client| client.join().expect("a client panicked"))
    })?;
    Ok(replies.into_inner() as f64 / started.elapsed().as_secs_f64())
}
