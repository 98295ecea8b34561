//! Each assertion, holding and failing.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use flaky_harness::{
    Assert, AssertionError, Backoff, Downloader, Exit, Job, Outcome, Ran, RunError, Trial, function, link,
};
use flaky_server::{ByteSize, FlakyServer};

use crate::downloaders::{Said, other, retrying, write};
use crate::support::{fetch, run};

/// What was expected, and what came instead.
#[track_caller]
fn check_fails(result: Result<Assert<'_>, AssertionError>, expected: &str, got: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.expected(), error.got()), (expected, got), "\n{error}");
    let report = error.to_string();
    assert!(report.starts_with(&format!("expected {expected}\n     got {got}\n\ndownloader\n")), "{report}");
    assert_eq!(format!("{error:?}"), report);
}

fn reset(retries: u64) -> Outcome {
    run(Trial::with("reset-after=1MB x*").seed(7), retrying(retries))
}

/// Goes on where it broke off, this many times; pauses before it does.
fn resuming(retries: u32, pause: fn(u32) -> Duration) -> impl Downloader {
    function("resuming", move |job| {
        let mut file = Vec::new();
        for attempt in 0..=retries {
            if attempt > 0 {
                std::thread::sleep(pause(attempt));
            }
            // Of a broken body this client has nothing; half a megabyte is what it trusts in.
            match fetch(job.url(), file.len() as u64) {
                Ok(rest) => {
                    file.extend(rest.body);
                    return write(job, &file);
                }
                Err(_) => file.resize(500_000, 0),
            }
        }
        Err(other("gave up"))
    })
}

/// A program that ends in some way, as far as anybody is told.
struct Ends(Exit);

impl Downloader for Ends {
    fn describe(&self, _job: &Job) -> String {
        "a program".to_owned()
    }

    fn run(&self, _job: &Job) -> Result<Ran, RunError> {
        Ok(Ran::new(self.0))
    }
}

#[test]
fn success_and_failure() {
    let succeeds = run(Trial::with("ok"), retrying(0));
    succeeds.assert().succeeded().did_not_hang();
    check_fails(succeeds.assert().try_failed(), "a failure", "returned without an error");
    let fails = reset(0);
    fails.assert().failed().did_not_hang();
    check_fails(fails.assert().try_succeeded(), "success", "returned an error");
    for exit in [Exit::Signal(9), Exit::Panicked, Exit::Status(1)] {
        Trial::with("ok").run(&Ends(exit)).assert().failed();
    }
    let hangs = Trial::with("ok").run(&Ends(Exit::TimedOut));
    check_fails(hangs.assert().try_failed(), "a failure", "had not ended at the timeout");
    check_fails(hangs.assert().try_did_not_hang(), "an end within 60s", "none");
}

#[test]
fn exit_codes() {
    let outcome = Trial::with("ok").run(&Ends(Exit::Status(56)));
    outcome.assert().exit_code(56).exit_code([18, 56]).exit_code(&[18, 56][..]).failed();
    check_fails(outcome.assert().try_exit_code(18), "exit status 18", "exit status 56");
    check_fails(outcome.assert().try_exit_code([18, 92]), "exit status 18 or 92", "exit status 56");
    let function = reset(0);
    check_fails(function.assert().try_exit_code(1), "exit status 1", "returned an error");
    Trial::with("ok").run(&Ends(Exit::Status(0))).assert().succeeded().exit_code(0);
}

#[test]
fn counts() {
    let outcome = reset(3);
    outcome.assert().attempts(4).attempts(2..=4).attempts(4..).attempts(..=9).retries(3).retries(3..4).exhausted(3);
    check_fails(outcome.assert().try_attempts(3), "3 attempts at /fixture.bin", "4");
    check_fails(outcome.assert().try_attempts(5..), "at least 5 attempts at /fixture.bin", "4");
    check_fails(outcome.assert().try_retries(4), "4 retries for /fixture.bin", "3");
    check_fails(outcome.assert().try_did_not_retry(), "one attempt, and no retry", "3 retries");
    check_fails(
        outcome.assert().try_exhausted(2),
        "failure after all of 2 retries: exhausted",
        "exceeded: 4 attempts, where 2 retries allow 3",
    );
    check_fails(
        outcome.assert().try_exhausted(4),
        "failure after all of 4 retries: exhausted",
        "stopped short: 4 attempts, where 4 retries allow 5",
    );
    let once = reset(0);
    once.assert().did_not_retry().exhausted(0);
    let none = Trial::with("ok").run(&function("asks for nothing", |_job| Ok::<(), std::io::Error>(())));
    check_fails(none.assert().try_did_not_retry(), "one attempt, and no retry", "no attempt");
    check_fails(none.assert().try_attempts(1), "1 attempt at /fixture.bin", "0");
    let report = none.assert().try_attempts(1).unwrap_err().to_string();
    assert!(report.contains("it asked the server for nothing at all"), "{report}");
}

#[test]
fn content_and_leftovers() {
    run(Trial::with("ok"), retrying(0)).assert().content_matches().no_leftovers();
    let writes = |bytes: &'static [u8]| {
        function("writes", move |job: &Job| {
            std::fs::write(job.tmp().join("part"), "")?;
            write(job, bytes)
        })
    };
    let trial = || Trial::with("ok").serve_bytes("/f", "content");
    let same = "a file that is the fixture, byte by byte";
    let outcome = trial().run(&writes(b"content"));
    outcome.assert().content_matches();
    check_fails(outcome.assert().try_no_leftovers(), "nothing left behind", "tmp/part");
    let outcome = trial().run(&writes(b"cont"));
    check_fails(outcome.assert().try_content_matches(), same, "`f` is cut short: it has the first 4 of 7 bytes");
    check_fails(outcome.assert().try_no_leftovers(), "nothing left behind", "tmp/part, work/f");
    let outcome = trial().serve_bytes("/g", "").run(&writes(b""));
    let nothing = "nothing to compare: name the file under test with `Trial::file`";
    check_fails(outcome.assert().try_content_matches(), same, nothing);
    let report = trial().run(&function("elsewhere", |job| std::fs::write(job.dir().join("g"), "content")));
    let report = report.assert().try_content_matches().unwrap_err().to_string();
    assert!(report.contains("it is expected as work/f\n  there is work/g"), "{report}");
}

#[test]
fn resuming_and_restarting() {
    let resumes = run(Trial::with("reset-after=1MB, ok"), resuming(1, |_| Duration::ZERO));
    resumes.assert().succeeded().resumed_at(500_000).attempts(2).wasted_at_most(ByteSize::kb(500));
    check_fails(
        resumes.assert().try_restarted(),
        "later attempts, each for the whole file",
        "one from byte 500000 (206)",
    );
    check_fails(
        resumes.assert().try_resumed_at(1_000_000),
        "a later attempt that resumes at byte 1000000",
        "one from byte 500000 (206)",
    );
    check_fails(
        resumes.assert().try_wasted_at_most(ByteSize::b(499_999)),
        "at most 499999 received in vain",
        "500kB of 2500kB received",
    );
    let restarts = reset(1);
    restarts.assert().restarted().wasted_at_most(ByteSize::mb(1));
    check_fails(
        restarts.assert().try_resumed_at(1_000_000),
        "a later attempt that resumes at byte 1000000",
        "one for the whole file",
    );
    let once = reset(0);
    check_fails(once.assert().try_restarted(), "later attempts, each for the whole file", "no later attempt");
    // It asks for the rest, and is not answered: that is no resumption.
    let refused = run(Trial::with("reset-after=1MB, drop"), resuming(1, |_| Duration::ZERO));
    check_fails(
        refused.assert().try_resumed_at(500_000),
        "a later attempt that resumes at byte 500000",
        "one from byte 500000 (no head)",
    );
}

#[test]
fn pauses() {
    let waits = run(Trial::with("drop x*"), resuming(2, |attempt| Duration::from_millis(60) * attempt));
    let backoff = Backoff::at_least(Duration::from_millis(60)).growing(2.0);
    waits.assert().backed_off(backoff);
    let longer = waits.assert().try_backed_off(Backoff::at_least(Duration::from_secs(60))).unwrap_err();
    assert!(longer.got().starts_with("pause 1 is ") && longer.got().ends_with("and should be 60.0s at least"));
    let shorter = waits.assert().try_backed_off(Backoff::at_least(Duration::ZERO).at_most(Duration::from_millis(1)));
    assert!(shorter.unwrap_err().got().ends_with("and should be 1.0ms at most"));
    let once = reset(0);
    check_fails(
        once.assert().try_backed_off(backoff),
        "pauses of at least 60ms, each 2 times the one before",
        "no retry",
    );
}

/// Clients with a target each, which fail together, and come back after pauses of their own.
fn crowd(clients: u64, pause: fn(u64) -> Duration) -> impl Downloader {
    function("crowd", move |job| {
        let url = job.url();
        std::thread::scope(|scope| {
            for client in 0..clients {
                scope.spawn(move || {
                    let url = format!("{url}?client={client}");
                    assert!(fetch(&url, 0).is_err());
                    std::thread::sleep(pause(client));
                    fetch(&url, 0).unwrap();
                });
            }
        });
        Ok::<(), std::io::Error>(())
    })
}

#[test]
fn lockstep() {
    let spread = run(Trial::with("status=503, ok"), crowd(4, |client| Duration::from_millis(100 * client)));
    spread.assert().spread_out(0.5);
    let lockstep = run(Trial::with("status=503, ok"), crowd(4, |_| Duration::from_secs(2)));
    let error = lockstep.assert().try_spread_out(0.5).unwrap_err();
    assert_eq!(error.expected(), "clients that come back at different times, 50 % of their pauses apart");
    assert!(error.got().starts_with("in lockstep: 4 of 4 within "), "{}", error.got());
    let expected = "clients that come back at different times, 10 % of their pauses apart";
    let alone = run(Trial::with("status=503, ok"), crowd(1, |_| Duration::ZERO));
    check_fails(alone.assert().try_spread_out(0.1), expected, "fewer than two targets that were retried");
}

#[test]
fn retry_after() {
    let waits = run(Trial::with("status=503 retry-after=1s, ok"), resuming(1, |_| Duration::from_millis(1_050)));
    waits.assert().succeeded().obeyed_retry_after();
    let hurries = run(Trial::with("status=503 retry-after=9s, ok"), resuming(1, |_| Duration::ZERO));
    let error = hurries.assert().try_obeyed_retry_after().unwrap_err();
    assert_eq!(error.expected(), "no retry before `Retry-After` says");
    assert!(error.got().ends_with("where 9s were asked for"), "{}", error.got());
    let expected = "no retry before `Retry-After` says";
    let ignores = run(Trial::with("status=503 retry-after=9s"), retrying(0));
    check_fails(ignores.assert().try_obeyed_retry_after(), expected, "no retry after a `Retry-After`");
    check_fails(reset(1).assert().try_obeyed_retry_after(), expected, "no reply with a `Retry-After`");
}

#[test]
fn chains() {
    let outcome = reset(1);
    outcome
        .assert()
        .chain_matches([
            "request failed after 1 retries",
            "the response broke off",
            "Connection reset by peer (os error 104)",
        ])
        .chain_matches([link::glob("request failed after * retries"), link::rest(), link::reset()])
        .chain_matches([link::any(), link::any(), link::kind(std::io::ErrorKind::ConnectionReset)])
        .chain_matches(["..", "the response broke off", ".."])
        .root_cause(link::errno("ECONNRESET"))
        .root_cause(std::io::ErrorKind::ConnectionReset);
    let error = outcome.assert().try_root_cause(link::eof()).unwrap_err();
    assert_eq!(error.got(), "another one");
    let error = outcome.assert().try_chain_matches(["the response broke off"]).unwrap_err();
    assert!(error.expected().starts_with("an error chain like this\n"), "{error}");
    let silent = run(Trial::with("ok"), retrying(0));
    assert_eq!(silent.assert().try_root_cause(link::any()).unwrap_err().got(), "no error chain");
}

/// Redacted or not: what differs from run to run need not be in a test.
#[test]
fn chains_are_redacted() {
    let names = function("names", |job| {
        let text = format!("could not fetch {} to {}", job.url(), job.out().display());
        Err::<(), _>(Said { text, source: other("timed out after 10.4s") })
    });
    let outcome = run(Trial::with("ok").redact(regex::Regex::new("could not").unwrap(), "did not"), names);
    let redacted = "did not fetch http://[LOCALHOST]/fixture.bin to [TEMP_DIR]/work/fixture.bin";
    outcome.assert().chain_matches([redacted, "timed out after [TIME]"]).root_cause("timed out after 10.4s");
    assert_eq!(outcome.redacted_chain(), format!("error: {redacted}\n  caused by: timed out after [TIME]"));
}

#[test]
#[should_panic(expected = "expected 3 attempts at /fixture.bin\n     got 1\n\ndownloader\n  0 retries\n")]
fn the_twins_panic_with_the_report() {
    reset(0).assert().attempts(3);
}

/// The place that is blamed is the line of the test.
#[test]
fn panics_blame_the_caller() {
    let outcome = reset(0);
    let (here, blamed) = (line!() + 1, std::sync::Arc::new(std::sync::Mutex::new(None)));
    let panics = || outcome.assert().succeeded();
    let previous = std::panic::take_hook();
    let thread = std::thread::current().id();
    {
        let blamed = std::sync::Arc::clone(&blamed);
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == thread {
                *blamed.lock().unwrap() = info.location().map(|at| (at.file().to_owned(), at.line()));
            } else {
                previous(info);
            }
        }));
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        panics();
    }));
    assert!(result.is_err());
    let (file, line) = blamed.lock().unwrap().clone().unwrap();
    assert!(file.ends_with("assertions.rs"), "{file}");
    assert_eq!(line, here);
}

/// With attempts that are not known any more, nothing about attempts is certain.
#[test]
fn a_journal_with_a_limit_is_no_witness() {
    let limits = flaky_server::Limits { journal: 4, ..flaky_server::Limits::default() };
    let server = FlakyServer::builder()
        .serve_bytes("/f", "content")
        .rule(flaky_server::Rule::any().script("drop x*").unwrap())
        .limits(limits)
        .start()
        .unwrap();
    let outcome = Trial::new(&server).run(&retrying(15));
    let unknown = "nothing that is certain: 12 attempts are not in the journal any more";
    for result in [
        outcome.assert().try_exhausted(3),
        outcome.assert().try_attempts(16),
        outcome.assert().try_did_not_retry(),
        outcome.assert().try_restarted(),
        outcome.assert().try_claims_truthfully(),
    ] {
        assert_eq!(result.unwrap_err().got(), unknown);
    }
    outcome.assert().failed();
}

/// The range that comes is looked at, and not the one that was asked for.
#[test]
fn a_range_that_begins_elsewhere_is_no_resumption() {
    let outcome = run(Trial::with("reset-after=1MB, range-start=0"), resuming(1, |_| Duration::ZERO));
    check_fails(
        outcome.assert().try_resumed_at(500_000),
        "a later attempt that resumes at byte 500000",
        "one from byte 500000, answered from byte 0 (206)",
    );
    assert_eq!(outcome.wire().wasted(), ByteSize::mb(1));
}

/// A server with a mirror, and what becomes of clients that send these header lines to the one, and then some to the other,
/// if they ask there at all.
fn asking_twice() -> (FlakyServer, impl Fn(&FlakyServer, &str, Option<&str>) -> Outcome) {
    let server = FlakyServer::builder().serve_bytes("/f", "content").mirror(true).start().unwrap();
    let ask = |server: &FlakyServer, first: &str, second: Option<&str>| {
        let mut asked = vec![(server.base(), first.to_owned())];
        asked.extend(second.map(|second| (server.mirror().unwrap(), second.to_owned())));
        let downloader = function("asks twice", move |_job| {
            for (base, lines) in &asked {
                let authority = base.strip_prefix("http://").unwrap();
                let mut stream = TcpStream::connect(authority)?;
                write!(stream, "GET /f HTTP/1.1\r\nhost: {authority}\r\n{lines}connection: close\r\n\r\n")?;
                stream.read_to_end(&mut Vec::new())?;
            }
            Ok::<(), io::Error>(())
        });
        Trial::new(server).run(&downloader)
    };
    (server, ask)
}

const FOR_ONE: &str = "credentials for one origin alone";
const BASIC: &str = "authorization: Basic YTpi\r\n";

#[test]
fn credentials_are_for_one_origin() {
    let (server, ask) = asking_twice();
    let port = |base: &str| base.rsplit(':').next().unwrap().to_owned();
    ask(&server, BASIC, Some("")).assert().kept_credentials();
    ask(&server, BASIC, Some("authorization: Basic YTpj\r\n")).assert().kept_credentials();
    let mut ports = [port(&server.base()), port(&server.mirror().unwrap())];
    ports.sort_by_key(|port| port.parse::<u16>().unwrap());
    let leaked = format!("`authorization: Basic #1` on the ports {}", ports.join(" and "));
    let leaks = ask(&server, BASIC, Some("Authorization: basic YTpi\r\n"));
    check_fails(leaks.assert().try_kept_credentials(), FOR_ONE, &leaked);
    let none = ask(&server, "", Some(""));
    check_fails(none.assert().try_kept_credentials(), FOR_ONE, "no credentials at all");
}

/// A jar sends the same ones to each port of a host (RFC 6265 §8.5).
#[test]
fn cookies_are_for_all_ports() {
    let (server, ask) = asking_twice();
    let jar = "cookie: session=a; theme=b\r\n";
    ask(&server, &format!("{BASIC}{jar}"), Some(jar)).assert().kept_credentials();
    let jar_alone = ask(&server, jar, Some(jar));
    check_fails(jar_alone.assert().try_kept_credentials(), FOR_ONE, "no credentials that are for one origin");
}

#[test]
fn many_cookies_hide_no_credentials() {
    let (server, ask) = asking_twice();
    let jar = |value: &str| format!("cookie: {}\r\n{BASIC}", format!("a={value}; ").repeat(17));
    let leaks = ask(&server, &jar("1"), Some(&jar("2")));
    let error = leaks.assert().try_kept_credentials().unwrap_err();
    assert!(error.got().starts_with("`authorization: Basic #2` on the ports "), "{}", error.got());
}

/// Who does not follow the redirect has shown nothing.
#[test]
fn one_port_alone_is_no_proof() {
    let (server, ask) = asking_twice();
    let stays = ask(&server, BASIC, None);
    check_fails(stays.assert().try_kept_credentials(), FOR_ONE, "one origin alone was asked");
    let report = stays.assert().try_kept_credentials().unwrap_err().to_string();
    assert!(report.contains("the redirect was not followed: `status=302 location={mirror}{path}`"), "{report}");
}

/// Ports differ from run to run, and tell which of two was asked.
#[test]
fn a_redacted_table_numbers_the_ports() {
    let (server, ask) = asking_twice();
    let table = ask(&server, "", Some("")).redacted_table();
    let rows: Vec<_> = table.lines().map(|row| row.split(' ').take(4).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(rows[0], "# conn port attempt", "{table}");
    assert!(rows[1].ends_with(" 1 1") && rows[2].ends_with(" 2 2"), "{table}");
}
