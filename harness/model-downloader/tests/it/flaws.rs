//! Each flaw is caught by the assertion that is for it, in words that name its nature; and without the flaw it holds.

use std::collections::BTreeSet;
use std::time::Duration;

use flaky_harness::{Assert, AssertionError, Backoff, Outcome, link};
use model_downloader::flaws;

use crate::case::{Case, conformance, file, full_disk, stdout, twice};
use crate::table::{cell, check_table};

/// What has to hold without a flaw, and to fail with it.
pub(crate) type Holds = fn(Assert<'_>) -> Result<Assert<'_>, AssertionError>;

/// `holds` holds of this run without the flaw, and fails with it; then the report says this.
#[track_caller]
pub(crate) fn check(flaw: &str, case: &Case, right: &Outcome, holds: Holds, says: &str) {
    holds(right.assert()).unwrap();
    let wrong = case.run(&[flaw]);
    match holds(wrong.assert()) {
        Ok(_) => panic!("nobody has noticed `{flaw}`\n\n{}", wrong.table()),
        Err(error) => assert!(error.to_string().contains(says), "`{says}` is not said in\n\n{error}"),
    }
}

/// A row of the table in the documentation.
struct Row {
    flaw: &'static str,
    trial: &'static str,
    assertion: &'static str,
    says: &'static str,
}

/// A test for each row: the flaw, the trial, the assertion that catches it, and what its report says.
macro_rules! caught {
    ($($name:ident: $flaw:literal, $case:expr, $assertion:ident($($arg:expr),*), $says:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let case = $case;
                check($flaw, &case, &case.run(&[]), |it| it.$assertion($($arg),*), $says);
            }
        )*

        const CAUGHT: &[Row] = &[
            $(Row {
                flaw: $flaw,
                trial: stringify!($case),
                assertion: concat!(stringify!($assertion), "(", stringify!($($arg),*), ")"),
                says: $says,
            }),*
        ];
    };
}

caught! {
    // Attempts.
    never_retries: "never-retries", file("reset-after=100kB x*"), try_exhausted(3), "skipped: one attempt";
    retries_only_before_body: "retries-only-before-body", file("reset, reset-after=100kB x*"),
        try_exhausted(3), "stopped short: 2 attempts, where 3 retries allow 4";
    hides_io_error: "hides-io-error", file("reset-after=100kB x*"),
        try_exhausted(3), "the error was not taken for transient";
    forgets_its_retries: "forgets-its-retries", file("reset-after=100kB x*"),
        try_claims_truthfully(), "it said nothing of 3 retries";
    counts_outer_loop_only: "counts-outer-loop-only", file("reset x2, reset-after=100kB x*"),
        try_claims_truthfully(), "it leaves out 2 before the head of a response";
    nests_loops: "nests-loops", file("reset x*"),
        try_exhausted(3), "16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the other";
    nests_loops_and_tells_of_one: "nests-loops", file("reset x*"), try_claims_truthfully(), "of which it knows one";
    one_too_many: "one-too-many", file("reset-after=100kB x*"),
        try_exhausted(3), "exceeded: 5 attempts, where 3 retries allow 4";
    one_too_few: "one-too-few", file("reset-after=100kB x*"),
        try_exhausted(3), "stopped short: 3 attempts, where 3 retries allow 4";
    refills_budget: "refills-budget", file("reset-after=100kB x*"), try_exhausted(3), "exceeded: 20 attempts";
    retries_404: "retries-404", file("status=404 x*"), try_did_not_retry(), "3 retries";
    retries_any_status: "retries-any-status", file("status=410 x*"), try_did_not_retry(), "3 retries";
    takes_statuses_for_final: "takes-statuses-for-final", file("status=503, ok"),
        try_succeeded(), "it made one attempt, and no retry";
    gives_up_on_408: "gives-up-on-408", file("status=408, ok"), try_succeeded(), "it made one attempt, and no retry";
    blames_network: "blames-network", full_disk("ok"),
        try_did_not_retry(), "it retries what is no matter of the network";

    // What is said.
    loses_root_cause: "loses-root-cause", file("reset-after=100kB x*"), try_root_cause(link::reset()), "a reset";
    exits_zero: "exits-zero", file("status=404 x*"), try_failed(), "exit status 0";

    // Bodies.
    leaks_credentials: "leaks-credentials",
        conformance("52-redirect-cross-host").mirrored().args(&["--header", "Authorization: Bearer key"]),
        try_succeeded(), "HTTP status client error (400 Bad Request)";
    keeps_signed_url: "keeps-signed-url", conformance("44-signed-url-expired"),
        try_succeeded(), "HTTP status client error (403 Forbidden)";
    accepts_truncated_body: "accepts-truncated-body", file("truncate-after=100kB x*"),
        try_failed(), "it takes this for success: `fixture.bin` is cut short";
    accepts_truncated_chunked: "accepts-truncated-chunked", file("framing=chunked truncate-after=100kB x*"),
        try_failed(), "it takes this for success: `fixture.bin` is cut short";
    accepts_reset: "accepts-reset", file("framing=close reset-after=100kB x*"),
        try_failed(), "it takes this for success: `fixture.bin` is cut short";
    accepts_corrupted_bytes: "accepts-corrupted-bytes", file("corrupt-at=1MB").sha256(),
        try_failed(), "it takes this for success: `fixture.bin` differs from byte 1000000 on";
    never_times_out: "never-times-out",
        file("stall-after=100kB, ok").args(&["--timeout", "300ms"]).timeout(Duration::from_secs(3)),
        try_did_not_hang(), "it was in attempt 1, which had got 100000 bytes";

    follows_redirects_for_ever: "follows-redirects-for-ever",
        file("status=302 location=/fixture.bin x*").timeout(Duration::from_secs(5)),
        try_did_not_hang(), "got none";

    // Resuming.
    appends_whole_file: "appends-whole-file", file("reset-after=1MB, ignore-range"),
        try_content_matches(), "differs from byte 1000000 on; it has 3000000 bytes, the fixture 2000000";
    never_resumes: "never-resumes", file("reset-after=1MB, ok"), try_resumed_at(1_000_000), "one for the whole file";
    ignores_content_range: "ignores-content-range", file("reset-after=1MB, range-start=500kB"),
        try_content_matches(), "differs from byte 1000000 on; it has 2500000 bytes, the fixture 2000000";
    accepts_short_part: "accepts-short-part", file("reset-after=1MB, range-shorter=50%, ok"),
        try_content_matches(), "is cut short: it has the first 1500000 of 2000000 bytes";
    sends_weak_etags: "sends-weak-etags",
        file("weak-etag reset-after=1MB, weak-etag revision=2 same-etag ignore-if-range x*"),
        try_content_matches(), "differs from byte ";
    ignores_changed_etag: "ignores-changed-etag", file("reset-after=1MB, revision=2 x*"),
        try_content_matches(), "differs from byte ";
    takes_416_for_success: "takes-416-for-success", file("reset-after=1MB, unsatisfiable"),
        try_content_matches(), "is cut short: it has the first 1000000 of 2000000 bytes";
    takes_416_for_failure: "takes-416-for-failure", file("framing=chunked truncate-after=end, ok"),
        try_succeeded(), "root cause: HTTP status client error (416 Range Not Satisfiable)";

    // Files.
    writes_in_place: "writes-in-place", file("reset-after=100kB x*"), try_no_leftovers(), "work/fixture.bin";
    trusts_its_cache: "trusts-its-cache", twice("corrupt-at=1MB").cached().sha256(),
        try_content_matches(), "differs from byte 1000000 on";
    concatenates_attempts: "concatenates-attempts", stdout("reset-after=1MB, ok"),
        try_content_matches(), "differs from byte 1000000 on; it has 3000000 bytes, the fixture 2000000";

    // Pauses.
    no_backoff: "no-backoff", file("reset-after=1MB, ok").backoff("1s"),
        try_backed_off(Backoff::at_least(Duration::from_millis(500))), "and should be 500.0ms at least";
    ignores_retry_after: "ignores-retry-after", file("status=503 retry-after=1s, ok"),
        try_obeyed_retry_after(), "where 1s were asked for";
    passes_over_dates: "passes-over-dates", file("status=503 retry-after-date=1s, ok"),
        try_obeyed_retry_after(), "where 1s were asked for";
    chokes_on_dates: "chokes-on-dates", file("status=503 retry-after-date=1s, ok"),
        try_succeeded(), "it made one attempt, and no retry";
    obeys_any_wait: "obeys-any-wait",
        file("status=503 retry-after=99999s, ok").args(&["--max-wait", "100ms"]).timeout(Duration::from_secs(3)),
        try_did_not_hang(), "got none";
    no_jitter: "no-jitter", file("status=503, ok").crowd().backoff("3s"), try_spread_out(0.12), "in lockstep";
}

#[test]
fn no_flaw_is_left_out() {
    let caught: BTreeSet<_> = CAUGHT.iter().map(|row| row.flaw).collect();
    let all: BTreeSet<_> = flaws::ALL.iter().map(|flaw| flaw.name()).collect();
    assert_eq!(caught, all);
}

/// With `FLAKY_UPDATE=1` it writes the table instead.
#[test]
fn the_table_in_the_documentation_is_this_one() {
    let mut table = "| flaw | trial | assertion | its report says |\n|---|---|---|---|\n".to_owned();
    for Row { flaw, trial, assertion, says } in CAUGHT {
        let (trial, assertion) = (cell(trial), cell(assertion.trim_start_matches("try_")));
        table += &format!("| `{flaw}` | `{trial}` | `{assertion}` | {says} |\n");
    }
    check_table(concat!(env!("CARGO_MANIFEST_DIR"), "/src/flaws/caught.md"), &table);
}
