//! What is said against what was seen.

use flaky_harness::{ClaimPattern, Downloader, Told, Trial, function};

use crate::downloaders::{other, retrying};
use crate::support::{Fetch, FetchError, fetch, run};

/// An HTTP client that retries what fails before the head, below an application that retries what fails in the body,
/// and knows of its own retries alone.
fn two_layers(outer: u64) -> impl Downloader {
    fn client(url: &str) -> Result<Fetch, FetchError> {
        let mut left = 3;
        loop {
            match fetch(url, 0) {
                Err(FetchError::Head(_)) if left > 0 => left -= 1,
                result => return result,
            }
        }
    }
    function("two layers", move |job| {
        let mut retries = 0;
        loop {
            match client(job.url()) {
                Ok(_) => return Ok(()),
                Err(_) if retries < outer => retries += 1,
                Err(error) => return Err(other(&format!("request failed after {retries} retries: {error}"))),
            }
        }
    })
}

/// The inner retries succeed, an outer one follows, and only the outer ones are reported.
#[test]
fn inner_retries_that_succeed_are_found() {
    let outcome = run(Trial::with("drop x2, reset-after=1MB x*"), two_layers(1));
    assert_eq!(outcome.attempts(), 4);
    let places = outcome.wire().places();
    assert_eq!((places.before_head, places.in_body), (2, 1));
    assert_eq!(
        outcome.told().to_string(),
        "said 1 retry, where the wire saw 3 (those in mid body alone; it leaves out 2 before the head of a response)"
    );
    let error = outcome.assert().try_claims_truthfully().unwrap_err();
    assert!(error.got().starts_with("it said 1 retry, where the wire saw 3"), "{}", error.got());
    // With one kind of fault the two cannot be told apart, and nothing is wrong.
    run(Trial::with("reset-after=1MB x*"), two_layers(3)).assert().failed().claims_truthfully();
}

#[test]
fn the_truth_is_found_in_the_chain() {
    let outcome = run(Trial::with("reset-after=1MB x*"), retrying(3));
    assert_eq!(outcome.told(), Told::Truth { retries: 3 });
    outcome.assert().claims_truthfully();
}

#[test]
fn silence_is_found() {
    let silent = || {
        function("silent", |job| {
            crate::downloaders::with_retries(job.url(), 2).map(|_| ()).map_err(|_| other("it did not work out"))
        })
    };
    let outcome = run(Trial::with("reset x*"), silent());
    assert_eq!(outcome.told(), Told::Nothing { saw: 2, at_least: 2 });
    assert_eq!(outcome.assert().try_claims_truthfully().unwrap_err().got(), "it said nothing of 2 retries");
    // Nobody has to boast of retries that helped.
    run(Trial::with("reset, ok"), silent()).assert().succeeded().claims_truthfully();
    // Nor of none.
    run(Trial::with("status=404"), silent()).assert().failed().claims_truthfully();
}

#[test]
fn to_follow_a_redirect_is_no_retry() {
    let follows = function("follows", |job| {
        for _ in 0..3 {
            let _ = fetch(job.url(), 0);
        }
        Err::<(), _>(other("too many redirects"))
    });
    let outcome = run(Trial::with("status=302 location=/fixture.bin x*"), follows);
    assert_eq!((outcome.attempts(), outcome.told()), (3, Told::Nothing { saw: 2, at_least: 0 }));
    outcome.assert().failed().claims_truthfully();
}

#[test]
fn words_of_ones_own_are_read() {
    let own = || {
        function("words of its own", |job| {
            crate::downloaders::with_retries(job.url(), 2).map(|_| ()).map_err(|_| other("tries used: 3 of 3"))
        })
    };
    let pattern = ClaimPattern::new(r"tries used: (?P<attempts>\d+)").unwrap();
    run(Trial::with("reset x*").claim(pattern), own()).assert().claims_truthfully();
    let pattern = ClaimPattern::new(r"tries used: (?P<retries>\d+)").unwrap();
    let outcome = run(Trial::with("reset x*").claim(pattern), own());
    assert_eq!(
        outcome.told().to_string(),
        "said 3 retries, where the wire saw 2 (that is the number of attempts: retries are one less)"
    );
    assert!(ClaimPattern::new("no group").is_err());
}

/// A downloader speaks of all that it did, and not of the file under test alone.
#[test]
fn other_files_may_be_what_it_speaks_of() {
    let index = function("index first", |job| {
        let index = format!("{}/index.json", job.base());
        for _ in 0..3 {
            let _ = fetch(&index, 0);
        }
        fetch(job.url(), 0).map(|_| ()).map_err(|_| other("failed after 2 retries"))
    });
    let rules = flaky_server::Schedule::parse_rules("/index.json: status=503 x*\n/a: status=404 x*").unwrap();
    let trial = Trial::with(rules).serve_bytes("/index.json", "{}").serve_bytes("/a", "a").file("/a");
    let outcome = run(trial, index);
    assert_eq!((outcome.attempts(), outcome.told()), (1, Told::Truth { retries: 2 }));
}

/// What is lost may have told of retries.
#[test]
fn lost_words_are_held_against_nobody() {
    let prints = flaky_harness::Command::new("sh").args(["-c", "seq 100000 >&2; exit 1"]);
    let outcome = Trial::with("ok").output_limit(1_000).run(&prints);
    assert_eq!(outcome.told(), Told::Unheard);
    let report = outcome.assert().try_claims_truthfully().unwrap_err().to_string();
    assert!(report.contains("keep more of it, with `Trial::output_limit`"), "{report}");
}
