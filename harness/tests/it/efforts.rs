//! Skipped, exhausted, exceeded.

use flaky_harness::{Downloader, Effort, Outcome, Trial, function};

use crate::downloaders::{FILE, other, retrying, with_retries, write};
use crate::support::{fetch, run};

/// A loop of retries around another one, neither of which knows of the other.
fn nested(outer: u64, inner: u64) -> impl Downloader {
    function("nested loops", move |job| {
        let mut left = outer;
        loop {
            match with_retries(job.url(), inner) {
                Ok(file) => return write(job, &file.body),
                Err(_) if left > 0 => left -= 1,
                Err(_) => return Err(other(&format!("request failed after {outer} retries"))),
            }
        }
    })
}

#[track_caller]
fn check(schedule: &str, downloader: impl Downloader, budget: u64, expected: &Effort) -> Outcome {
    let outcome = run(Trial::with(schedule), downloader);
    assert_eq!(outcome.effort(budget), *expected, "{}", outcome.table());
    outcome
}

#[test]
fn a_budget_that_is_used_up_is_exhausted() {
    check("reset-after=1MB x*", retrying(3), 3, &Effort::Exhausted).assert().failed().exhausted(3).attempts(4);
    check("status=503 x*", retrying(0), 0, &Effort::Exhausted);
}

#[test]
fn one_attempt_is_skipped() {
    let outcome = check("reset-after=1MB x*", retrying(0), 3, &Effort::Skipped);
    outcome.assert().did_not_retry();
    let error = outcome.assert().try_exhausted(3).unwrap_err();
    assert!(error.got().starts_with("skipped: "), "{}", error.got());
}

#[test]
fn what_is_not_transient_is_declined() {
    check("status=404 x*", retrying(3), 3, &Effort::Declined).assert().did_not_retry();
    check("status=503 x*", retrying(0), 3, &Effort::Skipped);
}

#[test]
fn fewer_attempts_stop_short() {
    check("reset x*", retrying(1), 3, &Effort::StoppedShort { attempts: 2, budget: 3 });
}

#[test]
fn more_attempts_exceed() {
    let outcome = run(Trial::with("reset x*"), retrying(4));
    let effort = outcome.effort(3);
    assert_eq!(effort.to_string(), "exceeded: 5 attempts, where 3 retries allow 4");
}

#[test]
fn nested_loops_multiply() {
    let outcome = run(Trial::with("reset x*"), nested(3, 3));
    assert_eq!(outcome.attempts(), 16);
    let text = "exceeded: 16 attempts, where 3 retries allow 4 (16 = (3 + 1) × (3 + 1): two loops of 3 retries, one \
                inside the other)";
    assert_eq!(outcome.effort(3).to_string(), text);
    let error = outcome.assert().try_attempts(4).unwrap_err();
    assert!(error.to_string().contains("multiplied: 16 = (3 + 1) × (3 + 1)"), "{error}");
    let told = "said 3 retries, where the wire saw 15 (16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the \
                other, of which it knows one)";
    assert_eq!(outcome.told().to_string(), told);

    let outcome = run(Trial::with("reset x*"), nested(1, 3));
    assert_eq!(
        outcome.effort(3).to_string(),
        "exceeded: 8 attempts, where 3 retries allow 4 (8 = (1 + 1) × (3 + 1): a loop of 1 retry around one of 3)"
    );
}

#[test]
fn too_many_attempts_exceed_even_if_the_last_one_succeeds() {
    let outcome = run(Trial::with("reset x5, ok"), retrying(9));
    outcome.assert().succeeded().content_matches();
    assert!(matches!(outcome.effort(3), Effort::Exceeded { attempts: 6, .. }));
}

#[test]
fn success_is_recovered_or_unneeded() {
    check("drop x2, ok", retrying(3), 3, &Effort::Recovered(2));
    check("ok", retrying(3), 3, &Effort::Unneeded);
}

#[test]
fn a_failure_that_the_wire_did_not_see_is_unprovoked() {
    let full = function("disk full", |job| {
        fetch(job.url(), 0).map_err(|error| other(&error.to_string()))?;
        Err::<(), _>(other("no space left on device"))
    });
    check("ok", full, 3, &Effort::Unprovoked);
}

/// A client that keeps its connection, and repeats silently what died on it (RFC 9112 §9.3.1).
#[test]
fn resends_are_not_held_against_anybody() {
    let keeps = function("keeps its connection", |job| {
        use std::io::{BufRead as _, BufReader, Read as _, Write as _};
        let authority = job.base().trim_start_matches("http://").to_owned();
        let request = format!("GET {FILE} HTTP/1.1\r\nhost: {authority}\r\n\r\n");
        let mut kept = BufReader::new(std::net::TcpStream::connect(&authority)?);
        let head = |kept: &mut BufReader<std::net::TcpStream>| {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if kept.read_line(&mut head)? == 0 {
                    return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
                }
            }
            Ok(head)
        };
        // 503 comes first, and the connection lives.
        kept.get_mut().write_all(request.as_bytes())?;
        let first = head(&mut kept)?;
        let length = first.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        std::io::copy(&mut kept.by_ref().take(length), &mut std::io::sink())?;
        // The retry dies on the kept connection, and is sent again over a new one.
        kept.get_mut().write_all(request.as_bytes())?;
        if head(&mut kept).is_ok() {
            return Err(other("the connection should have died"));
        }
        with_retries(job.url(), 0).map_err(|error| other(&error.to_string()))?;
        Err::<(), _>(other("gave up after 1 retry"))
    });
    let outcome = run(Trial::with("status=503, drop, ok"), keeps);
    assert_eq!((outcome.attempts(), outcome.wire().resends()), (3, 1), "{}", outcome.table());
    outcome.assert().attempts(2).attempts(3).retries(1).retries(2).claims_truthfully();
    assert!(outcome.assert().try_attempts(1).is_err() && outcome.assert().try_attempts(4).is_err());
    assert_eq!(outcome.assert().try_attempts(4).unwrap_err().got(), "2 to 3");
}

/// It leaves in mid body, or has all of it, although nothing is wrong there: that is no failure of the wire.
#[test]
fn who_leaves_by_itself_was_not_provoked() {
    let full = |reads: usize| {
        function("disk full", move |job| {
            use std::io::{Read as _, Write as _};
            let (authority, path) = job.url()[7..].split_once('/').expect("a URL");
            for _ in 0..2 {
                let mut stream = std::net::TcpStream::connect(authority)?;
                write!(stream, "GET /{path} HTTP/1.1\r\nhost: {authority}\r\n\r\n")?;
                stream.read_exact(&mut vec![0; reads])?;
            }
            Err::<(), _>(other("no space left on device"))
        })
    };
    // More than all buffers between the two hold, and less than any. (The proxy would have buffers of its own.)
    for (len, reads) in [(32_000_000, 1_000), (2_000, 2_000)] {
        let outcome = Trial::with("ok").serve_bytes("/f", vec![0; len]).run(&full(reads));
        assert_eq!((outcome.attempts(), outcome.effort(3)), (2, Effort::Unprovoked), "{}", outcome.table());
        let report = outcome.assert().try_did_not_retry().unwrap_err().to_string();
        assert!(report.contains("it retries what is no matter of the network"), "{report}");
    }
}

/// What it would have made of its last attempt, nobody knows.
#[test]
fn who_hangs_has_exhausted_nothing() {
    let trial = Trial::with("reset x3, stall-after=0 x*").timeout(std::time::Duration::from_secs(2));
    let outcome = trial.run(&retrying(3));
    assert_eq!((outcome.attempts(), outcome.effort(3)), (4, Effort::Hung), "{}", outcome.table());
    assert_eq!(outcome.assert().try_exhausted(3).unwrap_err().got(), "hung: it had not ended at the timeout");
    outcome.assert().claims_truthfully();
}

/// The retry helped; what it failed of comes later.
#[test]
fn what_was_mended_is_not_why_it_failed() {
    let full = function("disk full", |job| {
        with_retries(job.url(), 3).map_err(|error| other(&error.to_string()))?;
        Err::<(), _>(other("no space left on device"))
    });
    let outcome = check("reset-after=1MB, ok", full, 3, &Effort::Unprovoked);
    assert_eq!(outcome.effort(1), Effort::Unprovoked);
}

/// Wrong bytes in a complete reply: whoever checks them may ask again, or not.
#[test]
fn wrong_bytes_may_be_retried() {
    let checks = |retries: u64| {
        function("checks", move |job| {
            for _ in 0..=retries {
                let _ = fetch(job.url(), 0);
            }
            Err::<(), _>(other("wrong digest"))
        })
    };
    check("corrupt-at=5, corrupt-at=6, corrupt-at=7, corrupt-at=8", checks(3), 3, &Effort::Exhausted)
        .assert()
        .exhausted(3);
    check("corrupt-at=5", checks(0), 3, &Effort::Declined).assert().did_not_retry();
}

/// Each target has a budget of its own; another query is the same file, whose URL is signed anew.
#[test]
fn budgets_are_for_one_thing() {
    let signs = function("signs anew", |job| {
        for token in 0..4 {
            let _ = fetch(&format!("{}?token={token}", job.url()), 0);
        }
        Err::<(), _>(other("request failed after 3 retries"))
    });
    let outcome = check("status=503 x*", signs, 3, &Effort::Exhausted);
    outcome.assert().attempts(4).retries(3).exhausted(3).restarted().claims_truthfully();
    assert!(outcome.assert().try_did_not_retry().is_err());

    let both = function("two files", |job| {
        for path in ["/a", "/b"] {
            for _ in 0..4 {
                let _ = fetch(&format!("{}{path}", job.base()), 0);
            }
        }
        Err::<(), _>(other("request failed after 3 retries"))
    });
    let trial = Trial::with("status=503 x*").serve_bytes("/a", "a").serve_bytes("/b", "b");
    let outcome = run(trial, both);
    outcome.assert().retries(6).exhausted(3).claims_truthfully();
}

/// A probe is no attempt that was retried.
#[test]
fn what_follows_a_good_reply_is_in_doubt() {
    let probes = function("probes", |job| {
        let _ = fetch(job.url(), 1_999_999);
        with_retries(job.url(), 2).map(|_| ()).map_err(|_| other("request failed after 2 retries"))
    });
    let outcome = check("ok, reset-after=1MB x*", probes, 2, &Effort::Exhausted);
    outcome.assert().attempts(4).retries(2).retries(3).claims_truthfully();
}
