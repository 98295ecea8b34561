//! The conformance schedules in which nobody listens.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::path::Path;

use flaky_server::{FlakyServer, ScheduleFile};

use crate::support::{Raw, content, get, start, wait_for_port};

fn serve(name: &str) -> (ScheduleFile, FlakyServer) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schedules/conformance").join(name);
    let file = ScheduleFile::load(path).unwrap();
    let server = start(FlakyServer::builder().serve_bytes("/f", content(1000)).schedule_file(&file));
    (file, server)
}

#[test]
fn always() {
    let (_, server) = serve("02-refused-always.toml");
    for _ in 0..3 {
        assert_eq!(TcpStream::connect(server.addr()).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
}

#[test]
fn then_up() {
    let (file, server) = serve("03-refused-then-up.toml");
    // Whether this test comes in time to be refused is up to the machine.
    assert_eq!(file.downtimes(), ["for=2s".parse().unwrap()]);
    wait_for_port(server.addr());
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).body, content(1000));
}
