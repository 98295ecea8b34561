//! Limits on everything that a client can grow.

use std::time::Duration;

/// The most header fields that the types of a request can hold.
pub(crate) const MAX_HEADERS: usize = 20_000;

/// Limits on everything that a client can grow, each with a name and a default.
///
/// # Examples
///
/// ```
/// use flaky_server::{FlakyServer, Limits};
///
/// let limits = Limits { connections: 64, ..Limits::default() };
/// let server = FlakyServer::builder().serve_bytes("/a", "content").limits(limits).start()?;
/// # Ok::<(), flaky_server::StartError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Connections that are open at once; further ones wait in the kernel's queue. 10,000, and at least 1.
    pub connections: usize,
    /// Bytes of a request head; beyond it the answer is 431. 64 KiB.
    pub head: usize,
    /// Header fields of a request; beyond it the answer is 431. 100, and at most 20,000.
    pub headers: usize,
    /// Bytes of a request body, which is read and ignored; beyond it the answer is 413. 1 MiB.
    pub request_body: u64,
    /// How long a client may take over a head that it has begun, and over a body; then the answer is 408. 30 s.
    pub request_timeout: Duration,
    /// Settled records that the journal keeps, of exchanges and of connections each. 10,000.
    pub journal: usize,
    /// Bytes of file content that are kept in memory, for all connections together. 256 MiB.
    pub cache: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head: 64 * 1024,
            headers: 100,
            request_body: 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            journal: 10_000,
            cache: 256 * 1024 * 1024,
        }
    }
}
