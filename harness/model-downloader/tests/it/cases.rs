//! The cases of a conformance suite for downloaders: the model passes each, and the flaw that the case is about fails
//! it.

use std::time::Duration;

use flaky_harness::{Backoff, link};
use flaky_server::ByteSize;

use crate::case::{conformance, file, rules};
use crate::flaws;
use crate::table::{cell, check_table};

/// A row of the table in the documentation.
struct Row {
    case: &'static str,
    trial: &'static str,
    flaw: &'static str,
    assertion: &'static str,
}

/// A test for each row: the number of the case, the trial, what the model comes to, and the flaw that fails it, with
/// the assertion that notices and what its report says.
macro_rules! cases {
    ($($name:ident: $number:literal, $case:expr, $($holds:ident($($arg:expr),*)),+;
        $flaw:literal: $assertion:ident($($wrong:expr),*), $says:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let case = $case;
                let right = case.run(&[]);
                // Of each: it ends, it says of its retries what the wire saw, and it leaves the file or nothing.
                right.assert().did_not_hang().claims_truthfully().no_leftovers()$(.$holds($($arg),*))+;
                flaws::check($flaw, &case, &right, |it| it.$assertion($($wrong),*), $says);
            }
        )*

        const CASES: &[Row] = &[
            $(Row {
                case: $number,
                trial: stringify!($case),
                flaw: $flaw,
                assertion: concat!(stringify!($assertion), "(", stringify!($($wrong),*), ")"),
            }),*
        ];
    };
}

cases! {
    // Connections and bodies that break.
    reset_on_accept: "4", conformance("04-reset-on-accept"), succeeded(), content_matches();
        "never-retries": try_succeeded(), "error sending request";
    reset_before_headers: "5", conformance("05-reset-before-headers"), succeeded(), attempts(3), content_matches();
        "never-retries": try_succeeded(), "it made one attempt, and no retry";
    fin_before_headers: "6", conformance("06-fin-before-headers"), succeeded(), attempts(3), content_matches();
        "never-retries": try_succeeded(), "it made one attempt, and no retry";
    reset_mid_headers: "7", conformance("07-reset-mid-headers"), succeeded(), attempts(3), content_matches();
        "never-retries": try_succeeded(), "it made one attempt, and no retry";
    fin_mid_headers: "7", conformance("07-fin-mid-headers"), succeeded(), attempts(3), content_matches();
        "never-retries": try_succeeded(), "it made one attempt, and no retry";
    reset_mid_body: "8", conformance("08-reset-mid-body"),
        succeeded(), attempts(3), resumed_at(1_000_000), content_matches();
        "retries-only-before-body": try_succeeded(), "it made one attempt, and no retry";
    reset_mid_body_buffered: "9", conformance("09-reset-mid-body-buffered"),
        succeeded(), attempts(3), resumed_at(1_000_000), content_matches();
        "hides-io-error": try_succeeded(), "it made one attempt, and no retry";
    fin_mid_body: "10", conformance("10-fin-mid-body"), succeeded(), attempts(3), content_matches();
        "accepts-truncated-body": try_content_matches(), "it has the first 1000000 of 2000000 bytes";
    fin_last_byte: "11", conformance("11-fin-last-byte"), succeeded(), attempts(3), content_matches();
        "accepts-truncated-body": try_content_matches(), "it has the first 1999999 of 2000000 bytes";
    chunked_cut_mid_chunk: "12", conformance("12-chunked-cut-mid-chunk"), succeeded(), attempts(3), content_matches();
        "accepts-truncated-chunked": try_content_matches(), "it has the first 1000000 of 2000000 bytes";
    chunked_no_last_chunk: "13", conformance("13-chunked-no-last-chunk"), succeeded(), attempts(2), content_matches();
        "accepts-truncated-chunked": try_attempts(2), "expected 2 attempts";
    chunked_cut_in_trailer: "14", conformance("14-chunked-cut-in-trailer"), succeeded(), attempts(2), content_matches();
        "accepts-truncated-chunked": try_attempts(2), "expected 2 attempts";
    chunked_bad_size: "15", conformance("15-chunked-bad-size"), failed(), did_not_retry();
        "accepts-truncated-chunked": try_failed(), "it has the first 1000000 of 2000000 bytes";
    chunked_reset: "16", conformance("16-chunked-reset"), succeeded(), attempts(3), content_matches();
        "retries-only-before-body": try_succeeded(), "it made one attempt, and no retry";
    close_delimited_fin: "17", conformance("17-close-delimited-fin").sha256(), failed(), attempts(2);
        "accepts-corrupted-bytes": try_failed(), "it has the first 1000000 of 2000000 bytes";
    close_delimited_reset: "18", conformance("18-close-delimited-reset"), succeeded(), attempts(3), content_matches();
        "accepts-reset": try_content_matches(), "it has the first 1000000 of 2000000 bytes";
    stall_before_headers: "24",
        conformance("24-stall-before-headers").args(&["--timeout", "300ms"]).timeout(Duration::from_secs(3)),
        succeeded(), attempts(3), content_matches();
        "never-times-out": try_did_not_hang(), "it was in attempt 1, which had got 0 bytes";
    stall_mid_body: "25",
        conformance("25-stall-mid-body").args(&["--timeout", "300ms"]).timeout(Duration::from_secs(3)),
        succeeded(), attempts(3), content_matches();
        "never-times-out": try_did_not_hang(), "it was in attempt 1, which had got 1000000 bytes";
    drip: "26",
        file("drip=1/100ms x2, ok").args(&["--timeout", "500ms", "--min-rate", "100"]).timeout(Duration::from_secs(5)),
        succeeded(), attempts(3), content_matches();
        "never-times-out": try_did_not_hang(), "it was in attempt 1, which had got ";

    // Statuses.
    status_500: "27", conformance("27-status-500"), succeeded(), attempts(3), content_matches();
        "takes-statuses-for-final": try_succeeded(), "it made one attempt, and no retry";
    status_502: "27", conformance("27-status-502"), succeeded(), attempts(3), content_matches();
        "takes-statuses-for-final": try_succeeded(), "it made one attempt, and no retry";
    status_503: "27", conformance("27-status-503"), succeeded(), attempts(3), content_matches();
        "takes-statuses-for-final": try_succeeded(), "it made one attempt, and no retry";
    status_504: "27", conformance("27-status-504"), succeeded(), attempts(3), content_matches();
        "takes-statuses-for-final": try_succeeded(), "it made one attempt, and no retry";
    status_503_always: "27", file("status=503 x*"), exhausted(3), root_cause(link::status(503));
        "takes-statuses-for-final": try_exhausted(3), "skipped: one attempt";
    too_many_requests: "28", conformance("28-too-many-requests"),
        succeeded(), attempts(2), obeyed_retry_after(), content_matches();
        "ignores-retry-after": try_obeyed_retry_after(), "where 2s were asked for";
    retry_after_date: "29", conformance("29-retry-after-date"),
        succeeded(), attempts(2), obeyed_retry_after(), content_matches();
        "passes-over-dates": try_obeyed_retry_after(), "where 3s were asked for";
    retry_after_date_rfc850: "29", file("status=503 retry-after-date=1s/rfc850, ok"),
        succeeded(), attempts(2), obeyed_retry_after(), content_matches();
        "chokes-on-dates": try_succeeded(), "it made one attempt, and no retry";
    retry_after_date_asctime: "29", file("status=503 retry-after-date=1s/asctime, ok"),
        succeeded(), attempts(2), obeyed_retry_after(), content_matches();
        "passes-over-dates": try_obeyed_retry_after(), "where 1s were asked for";
    retry_after_garbage: "30", conformance("30-retry-after-garbage"), succeeded(), attempts(3), content_matches();
        "chokes-on-dates": try_succeeded(), "it made one attempt, and no retry";
    retry_after_negative: "30", conformance("30-retry-after-negative").timeout(Duration::from_secs(5)),
        succeeded(), attempts(3), content_matches();
        "chokes-on-dates": try_succeeded(), "it made one attempt, and no retry";
    retry_after_past: "30", conformance("30-retry-after-past").backoff("100ms").timeout(Duration::from_secs(5)),
        succeeded(), attempts(3), backed_off(Backoff::at_least(Duration::from_millis(50))), content_matches();
        "no-backoff": try_backed_off(Backoff::at_least(Duration::from_millis(50))), "and should be 50.0ms at least";
    retry_after_huge: "30",
        conformance("30-retry-after-huge").args(&["--max-wait", "200ms"]).timeout(Duration::from_secs(5)),
        succeeded(), attempts(3), backed_off(Backoff::at_least(Duration::from_millis(200))), content_matches();
        "obeys-any-wait": try_did_not_hang(), "an end within 5s";
    retry_after_overflow: "30",
        conformance("30-retry-after-overflow").args(&["--max-wait", "200ms"]).timeout(Duration::from_secs(5)),
        succeeded(), attempts(3), backed_off(Backoff::at_least(Duration::from_millis(200))), content_matches();
        "ignores-retry-after": try_backed_off(Backoff::at_least(Duration::from_millis(200))), "and should be 200.0ms at least";
    retry_after_distant: "30",
        file("status=503 retry-after-date=10000d, ok").args(&["--max-wait", "200ms"]).timeout(Duration::from_secs(5)),
        succeeded(), attempts(2), backed_off(Backoff::at_least(Duration::from_millis(200))), content_matches();
        "obeys-any-wait": try_did_not_hang(), "an end within 5s";
    retry_after_is_counted: "30", file("status=503 retry-after-text=1e9 x*"),
        exhausted(3), root_cause(link::status(503));
        "forgets-its-retries": try_claims_truthfully(), "it said nothing of 3 retries";
    status_408: "31", conformance("31-status-408"), succeeded(), attempts(2), content_matches();
        "gives-up-on-408": try_succeeded(), "it made one attempt, and no retry";
    status_404: "32", conformance("32-status-404"), failed(), did_not_retry(), root_cause(link::status(404));
        "retries-404": try_did_not_retry(), "3 retries";
    status_403: "32", conformance("32-status-403"), failed(), did_not_retry(), root_cause(link::status(403));
        "retries-any-status": try_did_not_retry(), "3 retries";
    status_410: "32", conformance("32-status-410"), failed(), did_not_retry(), root_cause(link::status(410));
        "retries-any-status": try_did_not_retry(), "3 retries";
    backoff: "33", conformance("33-backoff-spread").args(&["--retries", "4"]).backoff("50ms"),
        succeeded(), attempts(5), backed_off(Backoff::at_least(Duration::from_millis(25)).growing(2.0));
        "no-backoff": try_backed_off(Backoff::at_least(Duration::from_millis(25))), "and should be 25.0ms at least";
    backoff_spread: "33",
        conformance("33-backoff-spread").crowd().args(&["--retries", "4", "--max-backoff", "2s"]).backoff("2s"),
        succeeded(), spread_out(0.2);
        "no-jitter": try_spread_out(0.2), "in lockstep";

    // Parts.
    range_honoured: "34", conformance("34-range-honoured"),
        succeeded(), attempts(2), resumed_at(1_000_000), wasted_at_most(ByteSize::b(0)), content_matches();
        "never-resumes": try_resumed_at(1_000_000), "one for the whole file";
    range_ignored: "35", conformance("35-range-ignored-200"), succeeded(), attempts(2), content_matches();
        "appends-whole-file": try_content_matches(), "it has 3000000 bytes, the fixture 2000000";
    range_from_zero: "36", conformance("36-range-206-from-zero"), succeeded(), attempts(2), content_matches();
        "ignores-content-range": try_content_matches(), "it has 3000000 bytes, the fixture 2000000";
    range_earlier: "37", conformance("37-range-206-earlier-start"), succeeded(), attempts(2), content_matches();
        "ignores-content-range": try_content_matches(), "it has 2001000 bytes, the fixture 2000000";
    range_later: "37", conformance("37-range-206-later-start"), succeeded(), attempts(3), content_matches();
        "ignores-content-range": try_content_matches(), "it has 1999999 bytes, the fixture 2000000";
    range_of_several_parts: "38", conformance("38-range-206-multipart"), succeeded(), attempts(3), content_matches();
        "ignores-content-range": try_content_matches(), "differs from byte 1000000 on";
    range_without_content_range: "38", conformance("38-range-206-no-content-range"),
        succeeded(), attempts(3), content_matches();
        "ignores-content-range": try_attempts(3), "expected 3 attempts";
    another_range_without_content_range: "38", file("reset-after=50%, range-start=0 no-header=content-range, ok"),
        succeeded(), attempts(3), content_matches();
        "ignores-content-range": try_content_matches(), "it has 3000000 bytes, the fixture 2000000";
    range_of_another_length: "38", conformance("38-range-206-wrong-total"), succeeded(), attempts(3), content_matches();
        "ignores-content-range": try_attempts(3), "expected 3 attempts";
    range_without_a_length: "38", conformance("38-range-206-unknown-total"),
        succeeded(), attempts(2), resumed_at(1_000_000), content_matches();
        "never-resumes": try_resumed_at(1_000_000), "one for the whole file";
    range_short: "39", conformance("39-range-206-short"),
        succeeded(), attempts(3), resumed_at(1_500_000), content_matches();
        "accepts-short-part": try_content_matches(), "it has the first 1500000 of 2000000 bytes";
    range_always_short: "39", file("reset-after=50%, range-shorter=50% x*"), failed(), attempts(4);
        "accepts-short-part": try_failed(), "it has the first 1500000 of 2000000 bytes";
    range_longer_than_it_says: "39",
        file("reset-after=50%, range-earlier=1kB content-range=bytes%201000000-1999999/2000000, ok"),
        succeeded(), attempts(3), content_matches();
        "ignores-content-range": try_content_matches(), "it has 2001000 bytes, the fixture 2000000";
    unsatisfiable_mid_file: "40", conformance("40-range-416-midfile"), succeeded(), attempts(3), content_matches();
        "takes-416-for-success": try_content_matches(), "it has the first 1000000 of 2000000 bytes";
    unsatisfiable_at_half: "40", conformance("40-range-416-half-length"), succeeded(), attempts(3), content_matches();
        "takes-416-for-success": try_content_matches(), "it has the first 1000000 of 2000000 bytes";
    unsatisfiable_without_a_length: "40", conformance("40-range-416-no-length"),
        succeeded(), attempts(3), content_matches();
        "takes-416-for-success": try_content_matches(), "it has the first 1000000 of 2000000 bytes";
    unsatisfiable_at_the_end: "40", file("framing=chunked truncate-after=end, ok"),
        succeeded(), attempts(2), content_matches();
        "takes-416-for-failure": try_succeeded(), "416 Range Not Satisfiable";
    changed: "41", conformance("41-changed-if-range"), succeeded(), attempts(2), content_matches();
        "ignores-changed-etag": try_content_matches(), "differs from byte ";
    changed_without_if_range: "42", conformance("42-changed-no-if-range"), succeeded(), attempts(3), content_matches();
        "ignores-changed-etag": try_content_matches(), "differs from byte ";
    changed_in_the_same_second: "42", conformance("42-same-last-modified"), succeeded(), attempts(2), content_matches();
        "ignores-changed-etag": try_content_matches(), "differs from byte ";
    changed_under_the_same_etag: "42", conformance("42-same-etag").sha256(), failed(), attempts(3);
        "accepts-corrupted-bytes": try_failed(), "it takes this for success: `fixture.bin` differs from byte ";
    changed_and_changed_back: "42", file("reset-after=50%, revision=2 same-etag, ok").sha256(),
        succeeded(), attempts(3), content_matches();
        "accepts-corrupted-bytes": try_content_matches(), "differs from byte ";
    weak_etag: "43", conformance("43-weak-etag"), succeeded(), attempts(2), restarted(), content_matches();
        "sends-weak-etags": try_restarted(), "one from byte 1000000, answered from byte 0 (200)";
    weak_etag_refused: "43",
        rules("* header=if-range:W/*: status=400 x*\n*: weak-etag reset-after=50%, weak-etag x*"),
        succeeded(), attempts(2), restarted(), content_matches();
        "sends-weak-etags": try_succeeded(), "HTTP status client error (400 Bad Request)";
    weak_etag_changed: "43",
        file("weak-etag reset-after=50%, weak-etag revision=2 same-etag ignore-if-range x*"),
        succeeded(), attempts(2), restarted(), content_matches();
        "sends-weak-etags": try_content_matches(), "differs from byte ";
    no_etag: "43", file("no-header=etag reset-after=50%, no-header=etag revision=2 x*"),
        succeeded(), attempts(2), restarted(), content_matches();
        "ignores-changed-etag": try_content_matches(), "differs from byte ";
    signed_url_expired: "44", conformance("44-signed-url-expired"),
        succeeded(), attempts(4), resumed_at(1_000_000), content_matches();
        "keeps-signed-url": try_succeeded(), "HTTP status client error (403 Forbidden)";

    // Heads and content.
    content_length_too_short: "47", conformance("47-content-length-too-short").sha256(), failed(), did_not_retry();
        "accepts-corrupted-bytes": try_failed(), "it has the first 1000000 of 2000000 bytes";
    gzip_truncated: "48", conformance("48-gzip-truncated").sha256(), failed(), did_not_retry();
        "accepts-corrupted-bytes": try_failed(), "it takes this for success";
    bit_flip: "49", conformance("49-bit-flip").sha256(), failed(), did_not_retry();
        "accepts-corrupted-bytes": try_failed(), "differs from byte 1000000 on";
    html: "49", conformance("49-html-200").sha256(), failed(), did_not_retry();
        "accepts-corrupted-bytes": try_failed(), "it takes this for success";
    empty: "49", conformance("49-empty-200").sha256(), failed(), did_not_retry();
        "accepts-corrupted-bytes": try_failed(), "it takes this for success";

    // Redirects.
    redirect_loop: "52", conformance("52-redirect-loop").timeout(Duration::from_secs(5)), failed(), attempts(11);
        "follows-redirects-for-ever": try_did_not_hang(), "an end within 5s";
    redirect_dead: "52", conformance("52-redirect-dead"), succeeded(), attempts(3), content_matches();
        "never-retries": try_succeeded(), "Connection refused";
    redirect_always_dead: "52", file("status=302 location={dead}/fixture.bin x*"),
        failed(), attempts(4), root_cause(link::refused());
        "nests-loops": try_attempts(4), "expected 4 attempts";
    redirect_to_503: "52", rules("* query=: status=302 location={path}?x x*\n* query=x: status=503 x*"),
        failed(), attempts(8), root_cause(link::status(503));
        "nests-loops": try_attempts(8), "expected 8 attempts";
    redirect_with_password: "52",
        conformance("52-redirect-cross-host").mirrored().args(&["--header", "Authorization: Bearer key"]),
        succeeded(), attempts(2), content_matches();
        "leaks-credentials": try_succeeded(), "HTTP status client error (400 Bad Request)";
    redirect_with_cookie: "52",
        conformance("52-redirect-cross-host").mirrored().args(&["--header", "Cookie: session=key"]),
        succeeded(), attempts(2), content_matches();
        "leaks-credentials": try_succeeded(), "HTTP status client error (400 Bad Request)";
    redirect_and_nobody_minds: "52",
        rules("* query=: status=307 location={mirror}{path}?m x*")
            .mirrored()
            .args(&["--header", "Authorization: Bearer key"]),
        succeeded(), attempts(2), content_matches(), kept_credentials();
        "leaks-credentials": try_kept_credentials(), "`authorization: Bearer #1` on the ports";
    redirect_with_key: "52",
        rules("* query=m header=x-key: status=400 x*\n* query=: status=308 location={mirror}{path}?m x*")
            .mirrored()
            .args(&["--header", "X-Key: key"]),
        succeeded(), attempts(2), content_matches();
        "leaks-credentials": try_succeeded(), "HTTP status client error (400 Bad Request)";
}

/// With `FLAKY_UPDATE=1` it writes the table instead.
#[test]
fn the_table_in_the_documentation_is_this_one() {
    let mut table = "| case | trial | the flaw that fails it | assertion |\n|---|---|---|---|\n".to_owned();
    for Row { case, trial, flaw, assertion } in CASES {
        let (trial, assertion) = (cell(trial), cell(assertion.trim_start_matches("try_")));
        table += &format!("| {case} | `{trial}` | `{flaw}` | `{assertion}` |\n");
    }
    check_table(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cases.md"), &table);
}
