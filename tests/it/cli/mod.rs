//! The program, through its binary: what it prints and where, exit codes, signals, the command.

mod client;
mod command;
mod down;
mod generated;
mod help;
mod journal;
mod log;
mod output;
mod pages;
mod program;
mod schedule;
mod usage;
mod verify;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};

use tempfile::TempDir;

pub(crate) use self::client::{Ending, Received, get, request};
use self::client::{connect, send};
use self::program::{Running, Serving};
pub(crate) use self::program::{flaky, run, serve};

/// A directory with `a.bin`, which has 1,000 bytes, and `.secret`.
fn root() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.bin"), [7; 1000]).unwrap();
    fs::write(root.path().join(".secret"), "hidden").unwrap();
    root
}

#[test]
fn stdout_is_one_line_with_the_base_url_of_an_open_port() {
    let root = root();
    for signal in ["TERM", "INT"] {
        let serving = serve(root.path(), &["--seed", "1"]);
        let addr = serving.addr();
        assert_eq!(serving.ready_line(), format!("http://127.0.0.1:{}\n", addr.port()));
        // The first connection is accepted, without another try.
        assert_eq!(get(addr, "/a.bin").body, [7; 1000]);
        let ended = serving.stop(signal);
        ended.assert_code(0).assert_stderr("GET /a.bin").assert_stderr("attempt  request");
        assert_eq!(ended.stdout, "");
        assert!(TcpStream::connect(addr).is_err(), "the port is still open");
    }
}

#[test]
fn a_hang_up_is_an_orderly_stop_too() {
    let root = root();
    serve(root.path(), &[]).stop("HUP").assert_code(0);
}

/// Asks for `/a.bin`, and reads until these bytes of its body have come.
fn read_to_stall(socket: &mut TcpStream, body: &[u8]) {
    socket.write_all(b"GET /a.bin HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut received = Vec::new();
    while !received.ends_with(body) {
        let mut byte = [0];
        socket.read_exact(&mut byte).unwrap();
        received.push(byte[0]);
    }
}

#[test]
fn a_stalled_exchange_does_not_hold_up_the_stop() {
    let root = root();
    let serving = serve(root.path(), &["--stall-after", "5"]);
    let mut socket = connect(serving.addr());
    read_to_stall(&mut socket, &[7; 5]);
    serving.stop("TERM").assert_code(0).assert_stderr("stalled");
}

#[test]
fn the_fault_flags_are_one_entry_for_ever() {
    let root = root();
    let serving = serve(root.path(), &["--reset-after", "10", "--delay", "1ms", "--path", "a.*", "--first", "2"]);
    for _ in 0..2 {
        let received = get(serving.addr(), "/a.bin");
        assert_eq!((received.body.len(), received.ending), (10, Ending::Reset));
    }
    assert!(get(serving.addr(), "/a.bin").is_whole());
    let stderr = serving.finish();
    // The order of the flags is that of the terms.
    assert!(stderr.contains("rule a.* first=2: reset-after=10 delay=1ms x*"), "{stderr}");
}

#[test]
fn flags_say_when() {
    let root = root();
    let ask = |serving: &Serving, header: &str| {
        let request = format!("GET /a.bin HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{header}\r\n");
        send(serving.addr(), request.as_bytes()).status()
    };
    let serving = serve(root.path(), &["--status", "503", "--header", "X-Token: a*", "--range", "no", "--for", "1h"]);
    let statuses = ["", "x-token: abc\r\n", "x-token: b\r\n", "x-token: a\r\nrange: bytes=0-0\r\n"];
    assert_eq!(statuses.map(|header| ask(&serving, header)), [200, 503, 200, 206]);
    let stderr = serving.finish();
    assert!(
        stderr.contains("rule * header=x-token:a* range=no for=1h: status=503 x* (order-dependent: for)"),
        "{stderr}"
    );

    let schedule = root.path().join("schedule");
    let print = format!("--print-schedule={}", schedule.display());
    let args = ["--status", "503", "--from", "1h", "--rule", "* connection=fresh nth=2: status=418", &print];
    let serving = serve(root.path(), &args);
    assert_eq!([""; 3].map(|header| ask(&serving, header)), [200, 418, 200]);
    serving.finish();
    assert_eq!(
        fs::read_to_string(schedule).unwrap(),
        "# order-dependent: connection, in the rule * nth=2 connection=fresh: status=418\n\
         # order-dependent: from, in the rule * from=1h: status=503 x*\n\
         GET /a.bin query=: ok, status=418\n"
    );
}

#[test]
fn connections_have_flags_and_scripts() {
    let root = root();
    let connect = |serving: &Serving| match get(serving.addr(), "/a.bin") {
        received if received.head.is_empty() => Err(received.ending),
        received => Ok(received.status()),
    };
    let serving = serve(root.path(), &["--first", "2", "--drop-on-accept"]);
    assert_eq!([(); 3].map(|()| connect(&serving)), [Err(Ending::Eof), Err(Ending::Eof), Ok(200)]);
    let stderr = serving.finish();
    assert!(stderr.contains("rule * first=2: drop-on-accept x* (order-dependent: drop-on-accept)"), "{stderr}");

    let schedule = root.path().join("schedule");
    let print = format!("--print-schedule={}", schedule.display());
    let serving = serve(root.path(), &["--script", "accept, drop-on-accept x2, status=503, ok", &print]);
    let expected = [Ok(200), Err(Ending::Eof), Err(Ending::Eof), Ok(503), Ok(200)];
    assert_eq!([(); 5].map(|()| connect(&serving)), expected);
    serving.finish();
    assert_eq!(
        fs::read_to_string(&schedule).unwrap(),
        "# connections: which requests come on which of them is for the client to say\n\
         # order-dependent: accept, drop-on-accept, in the rule *: accept, drop-on-accept x2, status=503, ok\n\
         *: accept, drop-on-accept x2\n\
         GET /a.bin query=: ok, status=503\n"
    );
    let serving = serve(root.path(), &["--rule", &format!("@{}", schedule.display())]);
    assert_eq!([(); 5].map(|()| connect(&serving)), expected);
    serving.finish();
}

#[test]
fn a_script_is_played() {
    let root = root();
    let serving = serve(root.path(), &["--script", "truncate-after=50%, status=503 retry-after=2s, ok"]);
    let first = get(serving.addr(), "/a.bin");
    assert_eq!((first.body.len(), first.ending, first.is_whole()), (500, Ending::Eof, false));
    let second = get(serving.addr(), "/a.bin");
    assert_eq!(second.status(), 503);
    assert!(second.head.iter().any(|line| line.eq_ignore_ascii_case("retry-after: 2")), "{second:?}");
    assert!(get(serving.addr(), "/a.bin").is_whole());
    serving.finish();
}

#[test]
fn hidden_files_are_served_on_request_only() {
    let root = root();
    let serving = serve(root.path(), &[]);
    assert_eq!(get(serving.addr(), "/.secret").status(), 404);
    serving.finish();
    let serving = serve(root.path(), &["--hidden"]);
    assert_eq!(get(serving.addr(), "/.secret").body, b"hidden");
    serving.finish();
}

#[test]
fn a_single_file_is_served_without_its_neighbours() {
    let root = root();
    fs::write(root.path().join("b.bin"), "neighbour").unwrap();
    let serving = serve(&root.path().join("a.bin"), &[]);
    assert!(get(serving.addr(), "/a.bin").is_whole());
    assert_eq!(get(serving.addr(), "/b.bin").status(), 404);
    serving.finish();
}

#[test]
fn the_current_directory_is_the_default() {
    let root = root();
    let serving = Serving::start(flaky().args(["--port", "0"]).current_dir(root.path()));
    assert!(get(serving.addr(), "/a.bin").is_whole());
    serving.finish();
}

#[test]
fn a_port_in_use_is_a_failure_that_names_it() {
    let root = root();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = run(flaky().arg(root.path()).args(["--port", &port]));
    ended.assert_code(1).assert_stderr(&format!("127.0.0.1:{port}")).assert_stderr("in use").assert_stderr("choose");
    assert_eq!(ended.stdout, "");
    // The command's own 1 would look the same.
    run(flaky().arg(root.path()).args(["--port", &port, "--", "true"])).assert_code(125).assert_stderr("in use");
}

fn has_ipv6() -> bool {
    UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

#[test]
fn only_loopback_can_connect() {
    let root = root();
    let serving = serve(root.path(), &[]);
    let port = serving.addr().port();
    if has_ipv6() {
        assert!(get(SocketAddr::from((Ipv6Addr::LOCALHOST, port)), "/a.bin").is_whole());
    }
    // Whoever listens on all addresses would accept this one.
    #[cfg(target_os = "linux")]
    assert!(TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), port)).is_err());
    let stderr = serving.finish();
    assert!(!stderr.contains("warning"), "{stderr}");
}

#[test]
fn the_second_loopback_address_is_not_somebody_elses() {
    if !has_ipv6() {
        return;
    }
    let root = root();
    let taken = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = run(flaky().arg(root.path()).args(["--port", &port]));
    ended.assert_code(1).assert_stderr(&format!(":{port}")).assert_stderr("in use");
}

#[test]
fn other_machines_are_let_in_with_a_warning() {
    let root = root();
    let serving = serve(root.path(), &["--bind", "0.0.0.0"]);
    #[cfg(target_os = "linux")]
    assert!(get(SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), serving.addr().port())), "/a.bin").is_whole());
    let stderr = serving.finish();
    assert!(stderr.contains("warning: 0.0.0.0 "), "{stderr}");
}

#[test]
fn rules_come_from_files_too() {
    let root = root();
    let file = root.path().join("rules");
    fs::write(&file, "# a comment\n\n  a.bin nth=1: status=503 x*\r\n*.bin: status=418 x*\n").unwrap();
    let rules = format!("@{}", file.display());
    let serving = serve(root.path(), &["--rule", "a.bin nth=2: status=404 x*", "--rule", &rules, "--status", "500"]);
    let statuses = |path| [(); 3].map(|()| get(serving.addr(), path).status());
    assert_eq!(statuses("/a.bin"), [503, 404, 418]);
    assert_eq!(statuses("/other"), [500, 500, 500]);
    serving.finish();
}

#[test]
fn a_seed_that_is_not_given_is_printed_and_plays_the_same() {
    let root = root();
    let args = ["--probability", "0.5", "--status", "503"];
    let play = |args: &[&str]| {
        let serving = serve(root.path(), args);
        let statuses: Vec<u16> = (0..40).map(|_| get(serving.addr(), "/a.bin").status()).collect();
        let stderr = serving.finish();
        let (_, seed) = stderr.split_once(", seed ").unwrap_or_else(|| panic!("no seed in {stderr}"));
        let seed = seed.split_whitespace().next().unwrap().to_owned();
        assert!(seed.parse::<u64>().is_ok(), "{seed}");
        (seed, statuses)
    };
    let (seed, statuses) = play(&args);
    let (other, others) = play(&args);
    assert_ne!(seed, other);
    assert_ne!(statuses, others);
    assert_eq!(play(&[&args[..], &["--seed", &seed]].concat()), (seed, statuses));
}

#[test]
fn running_out_of_readers_stops_nothing() {
    let root = root();
    // Nobody reads stdout.
    let mut broken = flaky();
    broken.arg(root.path()).args(["--port", "0"]).stderr(std::process::Stdio::piped());
    let running = Running::spawn(broken.stdout(program::broken_pipe().unwrap()));
    let line = running.line_of_stderr("http://");
    let base = line[line.find("http://").unwrap()..].split([',', '\n']).next().unwrap();
    assert!(get(program::addr(base), "/a.bin").is_whole());
    running.signal("TERM");
    running.wait().assert_code(0);
}

#[test]
fn a_stderr_that_takes_nothing_stops_nothing() {
    let root = root();
    let dead: [std::process::Stdio; 2] =
        [program::broken_pipe().unwrap().into(), program::full_device().unwrap().into()];
    for stderr in dead {
        let mut command = flaky();
        command.arg(root.path()).args(["--port", "0", "--journal", "-"]).stdout(std::process::Stdio::piped());
        let mut running = Running::spawn(command.stderr(stderr));
        let base = running.line();
        assert!(get(program::addr(base.trim_end()), "/a.bin").is_whole());
        assert!(get(program::addr(base.trim_end()), "/a.bin").is_whole());
        running.signal("TERM");
        // The journal that was asked for is not whole, and that is a failure.
        running.wait().assert_code(1);
    }
}

#[test]
fn closed_outputs_stop_nothing() {
    let root = root();
    for closed in [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
        let schedule = root.path().join("played");
        let journal = root.path().join("journal");
        let script = format!("exec \"$0\" \"$@\" {closed}");
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_flaky-server")]).arg(root.path());
        command.arg(format!("--print-schedule={}", schedule.display())).arg("--journal").arg(&journal);
        command.args(["--status", "503", "--", "sh", "-c", "exit 3"]);
        let ended = run(&mut command);
        ended.assert_code(3);
        assert_eq!(fs::read_to_string(&journal).unwrap(), "");
        assert_eq!(fs::read_to_string(&schedule).unwrap(), "*: ok\n");
    }
}
