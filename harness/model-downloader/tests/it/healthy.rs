//! The model passes every trial.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use flaky_harness::{Assert, Backoff, Outcome, link};

use crate::case::{Case, conformance, file, folder, full_disk, full_disk_folder, rules, stdout, twice};

/// A trial and what must hold of it.
macro_rules! trials {
    ($($name:ident: $case:expr, $($assertion:ident($($arg:expr),*)),+;)*) => {
        $(
            #[test]
            fn $name() {
                check($case, |it| it$(.$assertion($($arg),*))+);
            }
        )*
    };
}

#[track_caller]
fn check(case: Case, holds: impl FnOnce(Assert<'_>) -> Assert<'_>) -> Outcome {
    let outcome = case.run(&[]);
    // Of every trial: it ends, it says of its retries what the wire saw, and it leaves the file or nothing.
    outcome.assert().did_not_hang().claims_truthfully();
    holds(outcome.assert());
    outcome
}

// To a file: what arrived before is not asked for again.
trials! {
    nothing_happens: file("ok"), succeeded(), attempts(1), content_matches(), no_leftovers();
    resets_are_resumed: file("reset-after=1MB, reset-after=500kB, ok"),
        succeeded(), attempts(3), resumed_at(1_000_000), resumed_at(1_500_000), content_matches(), no_leftovers(),
        wasted_at_most(flaky_server::ByteSize::b(0));
    so_are_truncated_bodies: file("truncate-after=1MB, ok"),
        succeeded(), attempts(2), resumed_at(1_000_000), content_matches(), no_leftovers();
    so_are_stalls: file("stall-after=1MB, ok").args(&["--timeout", "300ms"]),
        succeeded(), attempts(2), resumed_at(1_000_000), content_matches(), no_leftovers();
    the_last_byte_counts: file("truncate-at=end-1, ok"),
        succeeded(), attempts(2), resumed_at(1_999_999), content_matches(), no_leftovers();
    chunked: file("framing=chunked truncate-after=1MB, framing=chunked reset-after=100kB, ok"),
        succeeded(), attempts(3), resumed_at(1_000_000), content_matches(), no_leftovers();
    all_of_a_chunked_body_but_its_last_chunk: file("framing=chunked truncate-after=end, ok"),
        succeeded(), attempts(2), content_matches(), no_leftovers();
    close_delimited: file("framing=close reset-after=1MB, ok"),
        succeeded(), attempts(2), resumed_at(1_000_000), content_matches(), no_leftovers();
    close_delimited_and_cut_in_order: file("framing=close truncate-after=1MB, ok").sha256(),
        succeeded(), attempts(2), restarted(), content_matches(), no_leftovers();
    close_delimited_and_always_cut_in_order: file("framing=close truncate-after=1MB x*").sha256(),
        failed(), attempts(2), restarted(), no_leftovers();
    digests_are_of_all_parts: file("reset-after=1MB, reset-after=100kB, ok").sha256(),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    a_wrong_byte_is_final: file("corrupt-at=1MB, ok").sha256(), failed(), did_not_retry(), no_leftovers();
    a_wrong_byte_in_parts_starts_over_once: file("corrupt-at=500kB reset-after=1MB, ok").sha256(),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    breaks_before_the_head: file("reset, drop, ok"), succeeded(), attempts(3), content_matches(), no_leftovers();
    silence: file("hang, ok").args(&["--timeout", "300ms"]), succeeded(), attempts(2), content_matches();
    all_in_one: file("reset, reset-after=1MB, status=503, ok"),
        succeeded(), attempts(4), resumed_at(1_000_000), content_matches(), no_leftovers();
    slowly: file("delay=100ms throttle=10MB/s").args(&["--timeout", "2s"]), succeeded(), attempts(1), content_matches();
    synced: file("ok").args(&["--fsync"]), succeeded(), content_matches(), no_leftovers();
}

// What comes where the rest was asked for is looked at; the file has one revision, and all of it.
trials! {
    an_ignored_range_starts_over: file("reset-after=1MB, ignore-range, ok"),
        succeeded(), attempts(2), content_matches(), no_leftovers();
    ignored_ranges_exhaust: file("ignore-range reset-after=1MB x*"), exhausted(3), root_cause(link::reset()), no_leftovers();
    a_part_that_starts_earlier: file("reset-after=1MB, range-start=999kB, ok"),
        succeeded(), attempts(2), content_matches(), no_leftovers();
    a_part_that_is_the_whole: file("reset-after=1MB, range-start=0 reset-after=500kB, ok"),
        succeeded(), attempts(3), resumed_at(500_000), content_matches(), no_leftovers();
    a_part_that_starts_later: file("reset-after=1MB, range-start=1500kB, ok"),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    no_such_range_in_mid_file: file("reset-after=1MB, unsatisfiable, ok"),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    no_such_range_where_the_length_is_not_known: file("framing=chunked reset-after=1MB, unsatisfiable, ok"),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    a_changed_file_starts_over: file("reset-after=1MB, revision=2 x*"),
        succeeded(), attempts(2), content_matches(), no_leftovers();
    a_file_that_changes_twice: file("reset-after=1MB, revision=2 reset-after=500kB, revision=3 x*"),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    a_changed_file_is_resumed: file("reset-after=1MB, revision=2 reset-after=500kB, revision=2 x*"),
        succeeded(), attempts(3), resumed_at(500_000), content_matches(), no_leftovers();
    a_changed_file_is_not_that_of_the_digest: file("reset-after=1MB, revision=2 x*").sha256(),
        failed(), attempts(2), no_leftovers();
    a_redirect_is_followed: file("status=302 location=/fixture.bin x2, ok"), succeeded(), content_matches();
    a_key_goes_where_its_origin_redirects_to: rules(
            "* query=: status=302 location={path}?signed x*\n\
             * query=signed header=authorization:Bearer\\ key: ok x*\n\
             *: status=401 x*"
        ).args(&["--header", "Authorization: Bearer key"]),
        succeeded(), attempts(2), content_matches();
    a_key_is_not_had_back_elsewhere: rules(
            "* query=: status=302 location={mirror}{path}?elsewhere x*\n\
             * query=elsewhere: status=302 location={base}{path}?back x*\n\
             * query=back header=authorization: status=418 x*"
        ).mirrored().args(&["--header", "Authorization: Bearer key"]),
        succeeded(), attempts(3), content_matches();
    a_chain_of_redirects_is_followed: file("redirects=9 x*"),
        succeeded(), attempts(10), content_matches();
    a_chain_that_is_too_long: conformance("52-redirect-chain"), failed(), attempts(11), no_leftovers();
    a_loop_of_redirects_ends: file("status=302 location=/fixture.bin x*"), failed(), attempts(11), no_leftovers();
}

// Giving up: after all retries and no more, whatever fails; with the cause.
trials! {
    resets_exhaust: file("reset-after=100kB x*"), exhausted(3), exit_code(1), root_cause(link::reset()), no_leftovers();
    resets_before_the_head_exhaust: file("reset x*"), exhausted(3), exit_code(1), root_cause(link::reset());
    ends_before_the_head_exhaust: file("drop x*"), exhausted(3), root_cause(link::eof());
    truncated_bodies_exhaust: file("truncate-after=100kB x*"), exhausted(3), root_cause(link::eof()), no_leftovers();
    chunked_bodies_exhaust: file("framing=chunked truncate-after=100kB x*"),
        exhausted(3), root_cause(link::eof()), no_leftovers();
    close_delimited_bodies_exhaust: file("framing=close reset-after=100kB x*"), exhausted(3), root_cause(link::reset());
    silence_exhausts: file("hang x*").args(&["--timeout", "100ms"]), exhausted(3), root_cause(link::timeout());
    stalls_exhaust: file("stall-after=100kB x*").args(&["--timeout", "100ms"]),
        exhausted(3), root_cause(link::timeout()), no_leftovers();
    statuses_exhaust: file("status=503 x*"), exhausted(3), root_cause(link::status(503)), no_leftovers();
    both_loops_exhaust_one_budget: file("reset x2, reset-after=100kB x*"), exhausted(3), root_cause(link::reset());
    no_retries_is_one_attempt: file("reset x*").args(&["--retries", "0"]), exhausted(0), root_cause(link::reset());
    one_retry_is_two_attempts: file("reset-after=100kB x*").args(&["--retries", "1"]), exhausted(1);
}

// What another attempt does not mend.
trials! {
    not_found_is_final: file("status=404 x*"), failed(), did_not_retry(), root_cause(link::status(404)), no_leftovers();
    forbidden_is_final: file("status=403 x*"), failed(), did_not_retry(), root_cause(link::status(403));
    not_implemented_is_final: file("status=501 x*"), failed(), did_not_retry(), root_cause(link::status(501));
    a_full_disk_is_final: full_disk("ok"), failed(), did_not_retry(), root_cause(link::errno("EFBIG")), no_leftovers();
    a_full_disk_is_final_in_archives: full_disk_folder("ok"),
        failed(), did_not_retry(), root_cause(link::errno("EFBIG")), no_leftovers();
}

// Pauses; that `Retry-After` and jitter are there is held beside the flaws that lack them.
trials! {
    pauses_grow: file("status=503 x3, ok").backoff("100ms"),
        succeeded(), backed_off(Backoff::at_least(Duration::from_millis(50)).growing(2.0));
    a_redirect_can_ask_for_a_pause_too: file("status=302 location=/fixture.bin retry-after=1s, ok"),
        succeeded(), attempts(2), obeyed_retry_after(), content_matches();
    retry_after_is_bounded: file("status=503 retry-after=99999s, ok").args(&["--max-wait", "100ms"]),
        succeeded(), backed_off(Backoff::at_least(Duration::from_millis(100)));
}

// Stdout: nothing before all is there.
trials! {
    stdout_has_the_whole: stdout("reset-after=1MB, truncate-after=100kB, ok"),
        succeeded(), attempts(3), content_matches(), no_leftovers();
    stdout_has_what_is_verified: stdout("reset-after=1MB, ok").sha256(), succeeded(), content_matches(), no_leftovers();
}

// What looks odd, and is in order.
trials! {
    chunks_count_where_there_is_a_length_as_well: conformance("46-content-length-and-chunked"),
        succeeded(), attempts(1), content_matches(), no_leftovers();
    a_coding_is_not_undone: conformance("48-gzip-lie").sha256(), succeeded(), attempts(1), content_matches();
    an_interim_response_is_none: conformance("50-early-hints"), succeeded(), attempts(1), content_matches();
    nor_are_two_thousand: conformance("50-interim-flood"), succeeded(), attempts(1), content_matches();
    two_lengths_are_none: conformance("45-content-length-conflicting"), failed(), did_not_retry(), no_leftovers();
    a_head_has_its_limits: conformance("51-header-bomb"), failed(), did_not_retry(), no_leftovers();
    a_connection_that_is_stale: file("status=302 location=/fixture.bin, stale-close, ok"), succeeded(), content_matches();
}

// Two runs: nothing bad stays from the first one, and what is good is of use.
trials! {
    the_next_run_goes_on: twice("reset-after=100kB x4, ok").cached(),
        succeeded(), attempts(1), resumed_at(400_000), content_matches(), no_leftovers();
    so_it_does_when_the_first_was_killed:
        twice("stall-after=1MB, ok").cached().args(&["--timeout", "60s"]).timeout(Duration::from_secs(2)),
        succeeded(), attempts(1), resumed_at(1_000_000), content_matches(), no_leftovers();
    a_complete_file_is_loaded_anew: twice("ok").cached(), succeeded(), attempts(1), content_matches();
    a_failure_leaves_what_was_there: twice("ok, reset-after=100kB x*"), exhausted(3), content_matches(), no_leftovers();
    a_wrong_byte_is_not_kept: twice("corrupt-at=1MB").cached().sha256(), succeeded(), attempts(1), content_matches();
    a_changed_file_is_not_gone_on_with: twice("reset-after=100kB x4, revision=2 x*").cached(),
        succeeded(), attempts(1), content_matches(), no_leftovers();
    a_cache_that_cannot_be: file("ok").args(&["--cache", "/dev/null/cache"]),
        failed(), attempts(0), root_cause(link::errno("ENOTDIR")), no_leftovers();
}

#[test]
fn each_kind_of_redirect_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let case = file(&format!("status={status} location=/fixture.bin, ok"));
        check(case, |it| it.succeeded().attempts(2).content_matches());
    }
    // One to choose from is none, and one without a place is none either.
    for entry in ["status=300 location=/fixture.bin", "status=302"] {
        check(file(&format!("{entry} x*")), |it| it.failed().attempts(1).no_leftovers());
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_as_the_umask_wants_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let outcome = check(file("ok"), |it| it.succeeded().content_matches());
    let mode = |name| fs::metadata(outcome.dir().join(name)).unwrap().permissions().mode();
    fs::write(outcome.dir().join("other"), "").unwrap();
    assert_eq!(mode("fixture.bin"), mode("other"));
}

#[test]
fn stdout_has_nothing_of_a_failure() {
    let outcome = check(stdout("reset-after=100kB x*"), |it| it.exhausted(3));
    assert_eq!(outcome.content().and_then(|content| content.len), Some(0));
}

#[test]
fn the_cache_keeps_nothing_bad() {
    let digest = "0".repeat(64);
    let outcome =
        check(twice("ok").cached().args(&["--sha256", &digest]), |it| it.failed().did_not_retry().no_leftovers());
    let cached: Vec<_> = fs::read_dir(outcome.dir().join("../home/cache")).unwrap().map(Result::unwrap).collect();
    let bytes: u64 = cached.iter().map(|entry| entry.metadata().unwrap().len()).sum();
    assert!(bytes < 1_000, "{cached:?}");
}

#[test]
fn archives_start_over_and_are_whole() {
    let whole = tree(&check(folder("ok"), |it| it.succeeded().attempts(1)));
    assert_eq!(whole.values().map(Vec::len).sum::<usize>(), 8 * 160_000 + 53 + 21, "{:?}", whole.keys());
    for schedule in [
        "reset-after=1MB, truncate-after=500kB, ok",
        "reset, status=503, stall-after=1MB, ok",
        "framing=chunked truncate-after=end, ok",
        "framing=close truncate-after=1MB, ok",
        "framing=close truncate-at=end-1, ok",
    ] {
        let outcome = check(folder(schedule).args(&["--timeout", "300ms"]), |it| it.succeeded().restarted());
        assert_eq!(tree(&outcome), whole, "{schedule}");
        let text = outcome.stderr().text();
        assert!(text.starts_with("Downloaded app.tar.gz: 1289334 bytes after "), "{text}");
    }
}

#[test]
fn archives_leave_nothing_of_a_failure() {
    check(folder("reset-after=1MB x*"), |it| it.exhausted(3).no_leftovers());
    // All is unpacked by then, and the end is missing.
    check(folder("framing=chunked truncate-after=end x*"), |it| it.exhausted(3).root_cause(link::eof()).no_leftovers());
    check(folder("truncate-at=end-1, reset x*"), |it| it.exhausted(3).no_leftovers());
    check(folder("corrupt-at=100kB"), |it| it.failed().did_not_retry().no_leftovers());
    let digest = "0".repeat(64);
    check(folder("ok").args(&["--sha256", &digest]), |it| it.failed().did_not_retry().no_leftovers());
}

/// What is below the folder of a run.
fn tree(outcome: &Outcome) -> BTreeMap<String, Vec<u8>> {
    fn add(dir: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                add(&entry, root, found);
            } else {
                found.insert(entry.strip_prefix(root).unwrap().display().to_string(), fs::read(&entry).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    add(&outcome.dir(), &outcome.dir(), &mut found);
    found
}

/// The chain of the change that this project began with: the retries second, the reset last, and all between.
#[test]
fn the_chain_of_a_reset_in_an_archive() {
    let outcome = check(folder("reset-after=1MB x*"), |it| it.exhausted(3));
    outcome.assert().chain_matches([
        link::text("Failed to install app.tar.gz"),
        link::glob("Request failed after 3 retries in *s"),
        link::text("Failed to extract archive: app.tar.gz"),
        link::glob("failed to unpack `*/app/data/part-*.bin`"),
        link::glob("failed to unpack `app/data/part-*.bin` into `*/app/data/part-*.bin`"),
        link::text("error decoding response body"),
        link::text("request or response body error"),
        link::text("error reading a body from connection"),
        link::text("Connection reset by peer (os error 104)"),
    ]);
    let text = outcome.stderr().text();
    assert!(
        text.starts_with("error: Failed to install app.tar.gz\n  Caused by: Request failed after 3 retries in "),
        "{text}"
    );
}

/// The HTTP client's own count, of its last call alone, is not in it.
#[test]
fn the_chain_of_a_reset_before_the_head_has_one_count() {
    let outcome = check(file("reset-after=100kB x2, reset x*"), |it| it.exhausted(3));
    outcome.assert().chain_matches([
        link::text("Failed to download fixture.bin"),
        link::glob("Request failed after 3 retries in *s"),
        link::text("Failed to fetch fixture.bin"),
        link::glob("error sending request for url (*)"),
        link::text("client error (SendRequest)"),
        link::text("connection error"),
        link::text("Connection reset by peer (os error 104)"),
    ]);
}

#[test]
fn wrong_arguments_exit_with_2() {
    check(file("ok").args(&["--what"]), |it| it.exit_code(2).attempts(0).no_leftovers());
}
