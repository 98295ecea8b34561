//! When retries come.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use flaky_harness::{Job, Trial, function};

use crate::support::run;

/// Sends this many requests over one connection, each `pause` after the reply to the one before it was complete.
fn on_one_connection(job: &Job, requests: u32, pause: impl Fn(u32) -> Duration) -> std::io::Result<()> {
    let authority = job.base().trim_start_matches("http://").to_owned();
    let path = job.file().unwrap_or("/").to_owned();
    let mut connection = BufReader::new(TcpStream::connect(&authority)?);
    for number in 0..requests {
        thread::sleep(if number == 0 { Duration::ZERO } else { pause(number) });
        connection.get_mut().write_all(format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\n\r\n").as_bytes())?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            connection.read_line(&mut line)?;
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        std::io::copy(&mut connection.by_ref().take(length), &mut std::io::sink())?;
    }
    Ok(())
}

/// A kernel may put an acknowledgement off (RFC 9293 §3.8.6.3), as Linux does on a connection that has been used for a
/// while: then the server learns late that a reply has arrived.
#[test]
fn nobody_is_early_because_an_acknowledgement_was_late() {
    const BEFORE: u32 = 40;
    let waits = |pause: Duration| {
        function("waits", move |job| {
            on_one_connection(job, BEFORE + 2, |number| if number > BEFORE { pause } else { Duration::ZERO })
        })
    };
    let trial = || {
        let script = format!("ok x{BEFORE}, status=503 retry-after=1s, ok");
        Trial::with(script).serve_bytes("/f", "content")
    };
    let outcome = run(trial(), waits(Duration::from_secs(1)));
    outcome.assert().succeeded().attempts(u64::from(BEFORE) + 2).obeyed_retry_after();
    let error = run(trial(), waits(Duration::from_millis(200))).assert().try_obeyed_retry_after().unwrap_err();
    assert!(error.got().ends_with("where 1s were asked for"), "{}", error.got());
}
