//! Python's urllib, which does not retry: one call is one request.

use flaky_harness::{Command, Effort, Outcome, Trial, link};

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::suite::{Missing, Named, named, suite, unless, version};
use crate::support::run;
use crate::versions::Versions;

const VERSIONS: Versions =
    Versions::new("3.6", "3.13", &["3.6.15", "3.7.16", "3.8.18", "3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0"]);

/// The function that writes a file. `urlopen` and `read` end in the same exception.
const RETRIEVE: &str = "import sys, urllib.request as it; it.urlretrieve(*sys.argv[1:])";

/// Its exit status after an exception.
const FAILED: i32 = 1;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[Behaviour {
    client: "Python's urllib",
    versions: VERSIONS,
    command: "urllib.request.urlretrieve(url, file)",
    budget: 0,
    rows: [
        Row {
            script: "reset-after=500kB x2, ok",
            effort: Effort::Skipped,
            exit: FAILED,
            asks: &[WHOLE],
            // It writes pieces of 8 KiB, and loses the one that was not whole.
            leaves: Leaves::First(499_712, &[]),
            cause: Cause::Reset("ConnectionResetError: [Errno 104] Connection reset by peer"),
            tells: Tells::Nothing,
        },
        Row {
            script: "reset-after=500kB x*",
            effort: Effort::Skipped,
            exit: FAILED,
            asks: &[WHOLE],
            // It writes pieces of 8 KiB, and loses the one that was not whole.
            leaves: Leaves::First(499_712, &[]),
            cause: Cause::Reset("ConnectionResetError: [Errno 104] Connection reset by peer"),
            tells: Tells::Nothing,
        },
    ],
}];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> =
        named![a_truncated_body_is_noticed_by_one_function, a_truncated_body_is_no_error_for_who_reads_in_pieces,];
    let own = suite("urllib", missing(), tests);
    own.into_iter().chain(suite("urllib", missing(), BEHAVIOURS[0].tests(|script| play(script, RETRIEVE)))).collect()
}

fn missing() -> Option<Missing> {
    unless(|| true, "").or_else(|| VERSIONS.missing("python3", version("python3").as_deref()))
}

fn play(script: &str, program: &str) -> Outcome {
    run(Trial::with(script), Command::new("python3").args(["-c", program, "{url}", "{out}"]))
}

/// `urlretrieve` counts.
fn a_truncated_body_is_noticed_by_one_function() {
    let outcome = play("truncate-after=1MB x*", RETRIEVE);
    let cause = link::text(
        "urllib.error.ContentTooShortError: <urlopen error retrieval incomplete: got only 1000000 out of 2000000 bytes>",
    );
    outcome.assert().exit_code(FAILED).did_not_retry().root_cause(cause);
}

/// `read(N)` returns what there is, and then nothing, as it does at the end of the file; `read()` would raise
/// `IncompleteRead`.
fn a_truncated_body_is_no_error_for_who_reads_in_pieces() {
    let copy = "import sys, shutil, urllib.request as it; \
                shutil.copyfileobj(it.urlopen(sys.argv[1]), open(sys.argv[2], 'wb'))";
    let outcome = play("truncate-after=1MB x*", copy);
    outcome.assert().succeeded().did_not_retry();
    let error = outcome.assert().try_content_matches().unwrap_err();
    assert!(error.got().starts_with("`fixture.bin` is cut short: it has the first 1000000 of "), "{}", error.got());

    let read = "import sys, urllib.request as it; open(sys.argv[2], 'wb').write(it.urlopen(sys.argv[1]).read())";
    let outcome = play("truncate-after=1MB x*", read);
    outcome.assert().exit_code(FAILED).did_not_retry().root_cause(link::eof());
}
