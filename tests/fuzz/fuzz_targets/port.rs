//! Arbitrary bytes on the port of a server that has every fault in its schedule: it does not panic, keeps no task, and
//! serves the next one.
//!
//! The input is what clients send. A byte 0xff and the one behind it tell what they do meanwhile: `0` to `3` turn to
//! that connection, `.` reads what comes, `|` begins another write, `<` closes the write side, `x` closes, and `!` resets.
#![no_main]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use flaky_fuzz::{LEN, Rng, entry, http_words, mutate};
use flaky_server::decision::reference;
use flaky_server::{FlakyServer, Limits, Rule, Schedule};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use socket2::SockRef;

/// Nothing for this long is silence.
const QUIET: Duration = Duration::from_millis(4);

/// What the server may take over something, and the client over a write.
const SHORT: Duration = Duration::from_millis(30);

/// What takes longer than this does not happen at all.
const PATIENCE: Duration = Duration::from_secs(4);

static WORDS: LazyLock<Vec<String>> = LazyLock::new(http_words);

/// For each term a path on which it happens, and one rule in which they all happen in turn.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rng = Rng(1);
    let mut rules = Vec::new();
    let mut all = Vec::new();
    for spec in reference() {
        let entries: Vec<_> = (0..4).map(|_| entry(spec, &mut rng).to_string()).collect();
        all.push(entries[0].clone());
        let rule = format!("/{}: {} x*", spec.name(), entries.join(", "));
        // What happens to connections cannot depend on paths, and is in the last rule alone.
        rules.extend(rule.parse::<Rule>().ok().filter(|rule| Schedule::new([rule.clone()], 0).is_ok()));
    }
    rules.push(format!("*: {}", all.join(", ")).parse().expect("entries make a script"));
    rules
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(&WORDS, data, size, max_size, seed)
});

fuzz_target!(init: ignore_sigpipe(), |data: &[u8]| {
    let server = start();
    let mut clients = Clients::new(server.addr());
    clients.play(data);
    // While what they have broken is still there.
    server.replace_rules([]).expect("no rules are right");
    probe(server.addr());
    let connections = clients.opened + 1;
    drop(clients);
    let stopping = Instant::now();
    let journal = server.stop_within(SHORT);
    assert!(stopping.elapsed() < PATIENCE, "it does not stop\n{}", journal.table());
    let open = journal.exchanges().iter().filter(|exchange| exchange.end.is_none()).count();
    assert_eq!(open, 0, "exchanges are open\n{}", journal.table());
    let all = journal.connections();
    assert!(all.iter().all(|connection| connection.end.is_some()), "{all:#?}");
    assert_eq!(all.len(), connections, "connections\n{}", journal.table());
});

/// As every program whose `main` is Rust's: a write to a connection that the client has reset is an error, and no more.
fn ignore_sigpipe() {
    // SAFETY: nothing else has changed what happens on this signal, and ignoring it runs no code.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}

fn start() -> FlakyServer {
    let limits = Limits { head: 8192, request_body: 4096, request_timeout: SHORT, ..Limits::default() };
    let builder = FlakyServer::builder().rules(RULES.clone()).seed(0).limits(limits).drain_deadline(SHORT);
    let builder = builder.serve_bytes("/probe", b"content".as_slice());
    let serve = |builder: flaky_server::FlakyServerBuilder, name| {
        static BODY: [u8; LEN as usize] = [b'x'; LEN as usize];
        builder.serve_bytes(format!("/{name}"), BODY.as_slice())
    };
    let builder = reference().fold(builder, |builder, spec| serve(builder, spec.name()));
    serve(builder, "file").start().expect("the server starts")
}

/// Asks for what every server has.
fn probe(addr: SocketAddr) {
    let mut stream = TcpStream::connect(addr).expect("it accepts");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    stream.write_all(b"GET /probe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("it answers");
    assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("\r\n\r\ncontent"), "{reply:?}");
}

struct Clients {
    addr: SocketAddr,
    streams: [Option<TcpStream>; 4],
    current: usize,
    opened: usize,
}

impl Clients {
    fn new(addr: SocketAddr) -> Self {
        Self { addr, streams: [const { None }; 4], current: 0, opened: 0 }
    }

    fn play(&mut self, mut data: &[u8]) {
        while !data.is_empty() && self.opened < 16 {
            let end = data.iter().position(|&byte| byte == 0xff).unwrap_or(data.len());
            if end > 0 {
                // The server may have left, or refuse to read on.
                let _ = self.current().write_all(&data[..end]);
            }
            let told = data.get(end + 1).copied();
            data = data.get(end + 2..).unwrap_or_default();
            match told {
                Some(number @ b'0'..=b'3') => self.current = usize::from(number - b'0'),
                Some(b'.') => read(self.current()),
                Some(b'<') => _ = self.current().shutdown(Shutdown::Write),
                Some(b'x') => drop(self.streams[self.current].take()),
                Some(b'!') => {
                    let stream = self.streams[self.current].take();
                    let linger = stream.map(|stream| SockRef::from(&stream).set_linger(Some(Duration::ZERO)));
                    assert!(linger.is_none_or(|result| result.is_ok()), "a socket can be closed with a reset");
                }
                Some(b'|') | None => {}
                Some(byte) => _ = self.current().write_all(&[0xff, byte]),
            }
        }
        self.streams.iter().flatten().for_each(read);
    }

    fn current(&mut self) -> &mut TcpStream {
        let (addr, opened) = (self.addr, &mut self.opened);
        self.streams[self.current].get_or_insert_with(|| {
            *opened += 1;
            let stream = TcpStream::connect(addr).expect("it accepts");
            stream.set_nodelay(true).expect("an option");
            stream.set_read_timeout(Some(QUIET)).expect("a time");
            stream.set_write_timeout(Some(SHORT)).expect("a time");
            stream
        })
    }
}

/// Reads up to a silence or an end; endless replies are none of the server's.
fn read(mut stream: &TcpStream) {
    let mut buffer = [0; 4096];
    for _ in 0..100 {
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
