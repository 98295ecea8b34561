//! A proxy that counts what passes, and passes on how connections end.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::heads::{Passed, Requests, Responses, Sum};

/// A raw proxy in front of a server: it knows nothing of the server's journal, and counts for itself.
pub(crate) struct Proxy {
    addr: SocketAddr,
    sum: Sum,
    over: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Proxy {
    pub(crate) fn start(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (addr, sum, over) = (listener.local_addr()?, Sum::default(), Arc::new(AtomicBool::new(false)));
        let accepting = {
            let (sum, over) = (Arc::clone(&sum), Arc::clone(&over));
            thread::spawn(move || {
                while let Ok((client, _)) = listener.accept() {
                    if over.load(Ordering::SeqCst) {
                        return;
                    }
                    let sum = Arc::clone(&sum);
                    // The connections end when their ends do; nobody waits for them.
                    thread::spawn(move || connect(client, upstream, sum));
                }
            })
        };
        Ok(Self { addr, sum, over, accepting: Some(accepting) })
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn passed(&self) -> Passed {
        self.sum.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.addr);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn connect(client: TcpStream, upstream: SocketAddr, sum: Sum) {
    let Ok(server) = TcpStream::connect(upstream) else {
        reset(client);
        return;
    };
    // Small pieces must not wait for each other.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let waiting = Arc::new(Mutex::default());
    let mut requests = Requests { sum: Arc::clone(&sum), waiting: Arc::clone(&waiting), buffer: Vec::new() };
    let mut responses = Responses { sum, waiting, buffer: Vec::new(), left: 0 };
    let (Ok(client_too), Ok(server_too)) = (client.try_clone(), server.try_clone()) else { return };
    let up = thread::spawn(move || pump(client_too, server_too, |bytes| requests.pass(bytes)));
    pump(server, client, |bytes| responses.pass(bytes));
    let _ = up.join();
}

/// Passes bytes on until one side ends, and then how it ended.
fn pump(mut from: TcpStream, mut to: TcpStream, mut count: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => {
                let _ = to.shutdown(Shutdown::Write);
                return;
            }
            Ok(n) => {
                count(&buffer[..n]);
                if to.write_all(&buffer[..n]).is_err() {
                    reset(from);
                    return;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => {
                drain(&to);
                reset(to);
                return;
            }
        }
    }
}

/// Ends a connection with a reset, also where the other direction still reads from it.
fn reset(stream: TcpStream) {
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    // A shutdown for reading wakes that direction, and sends nothing; the last owner then resets.
    let _ = stream.shutdown(Shutdown::Read);
}

/// Waits until the peer's kernel has everything: a reset would throw it away.
fn drain(stream: &TcpStream) {
    let begin = Instant::now();
    while unacknowledged(stream).is_some_and(|queue| queue > 0) && begin.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(1));
    }
}

/// The length of the send queue, where the system tells it (proc(5), `/proc/net/tcp`).
fn unacknowledged(stream: &TcpStream) -> Option<u64> {
    let port = |addr: io::Result<SocketAddr>| addr.ok().map(|addr| format!(":{:04X}", addr.port()));
    let (local, remote) = (port(stream.local_addr())?, port(stream.peer_addr())?);
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let queues = table.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let found = fields.next()?.ends_with(&local) && fields.next()?.ends_with(&remote);
        found.then(|| fields.nth(1))?
    })?;
    u64::from_str_radix(queues.split(':').next()?, 16).ok()
}
