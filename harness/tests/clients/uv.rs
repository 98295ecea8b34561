//! uv, which streams an archive and unpacks it on the way: a reset surfaces six layers deep in its error.
//!
//! Its budget is 3 retries. 0.7.17 is the last release that does not say when it has used them up, and in which one loop
//! of retries runs inside another. 0.7.18 counts both loops against one budget, and says so.

use flaky_harness::{Command, Effort, Outcome, Told, Trial, link};

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::suite::{Missing, Named, named, suite, unless};
use crate::support::run;
use crate::versions::Versions;
use crate::{installed, workspace};

const BUDGET: u64 = 3;

/// What it asks for; the plus sign comes as `%2B`.
const ARCHIVE: &str = "/20241002/cpython-3.8.20+20241002-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";

/// What it makes of the archive.
const LIBRARY: &str = "libpython3.8.so.1.0";

const fn behaviour(versions: Versions, tells: Tells) -> Behaviour {
    Behaviour {
        client: "uv",
        versions,
        command: "uv python install 3.8.20",
        budget: BUDGET,
        rows: [
            Row {
                script: "reset-after=1MB x2, ok",
                effort: Effort::Recovered(2),
                exit: 0,
                asks: &[WHOLE, WHOLE, WHOLE],
                leaves: Leaves::Installed(LIBRARY),
                cause: Cause::None,
                tells: Tells::Nothing,
            },
            Row {
                script: "reset-after=1MB x*",
                effort: Effort::Exhausted,
                exit: 1,
                asks: &[WHOLE, WHOLE, WHOLE, WHOLE],
                leaves: Leaves::Without(LIBRARY),
                cause: Cause::Reset("Connection reset by peer (os error 104)"),
                tells,
            },
        ],
    }
}

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour(Versions::only("0.7.17"), Tells::Nothing),
    behaviour(Versions::new("0.7.18", "0.13.9", &["0.7.18", "0.8.0", "0.9.0", "0.11.0", "0.13.9"]), Tells::Truth),
];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let of = |version: &'static str, tests: Vec<Named<fn(&str)>>| {
        let tests = tests.into_iter().map(|(name, test)| (name, move || test(version)));
        suite(&format!("uv-{version}"), missing(version), tests)
    };
    let suites = [
        of("0.7.17", named![multiplies_its_retries, says_nothing_of_its_retries, recovers]),
        of("0.7.18", named![has_one_budget_for_both_loops, tells_the_truth, recovers]),
        of("0.13.9", named![has_one_budget_for_both_loops, tells_the_truth, recovers]),
    ];
    let behaviours = [("0.7.17", &BEHAVIOURS[0]), ("0.7.18", &BEHAVIOURS[1]), ("0.13.9", &BEHAVIOURS[1])];
    let behaviours = behaviours.into_iter().map(|(version, behaviour)| {
        let play = move |script: &str| play(script, install_known(version));
        suite(&format!("uv-{version}"), missing(version), behaviour.tests(play))
    });
    suites.into_iter().chain(behaviours).flatten().collect()
}

fn missing(version: &str) -> Option<Missing> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))) {
        return Some(Missing::Platform("the archive is for linux x86_64 gnu"));
    }
    let is_there = || installed(&format!("uv-{version}/bin/uv")).is_file();
    unless(is_there, format!("needs uv {version}: run tests/clients/install.sh"))
}

/// `uv python install`, of which a mirror has the archive.
fn install(version: &str) -> Command {
    Command::new(installed(&format!("uv-{version}/bin/uv")))
        .args(["python", "install", "3.8.20", "--mirror", "{base}"])
        .env("UV_NO_CONFIG", "1")
        .env("UV_PYTHON_INSTALL_BIN", "0")
        .env("UV_PYTHON_INSTALL_DIR", "{dir}/pythons")
        .file(ARCHIVE)
}

fn play(schedule: &str, uv: Command) -> Outcome {
    run(Trial::with(schedule).serve_dir(workspace("fixtures/files")), uv)
}

/// Four attempts, and the message of a program that makes one: skipped, or exhausted? It takes the wire to tell.
fn says_nothing_of_its_retries(version: &str) {
    let outcome = play("reset-after=1MB x*", install(version));
    outcome.assert().exit_code(1).attempts(4).exhausted(BUDGET).restarted();
    assert_eq!(outcome.told(), Told::Nothing { saw: 3, at_least: 3 });
    assert_eq!(outcome.assert().try_claims_truthfully().unwrap_err().got(), "it said nothing of 3 retries");

    let library = "python/lib/libpython3.8.so.1.0";
    let unpacked = format!("[TEMP_DIR]/work/pythons/.temp/[TEMP]/{library}");
    outcome
        .assert()
        .chain_matches([
            link::text("Failed to install cpython-3.8.20-linux-x86_64-gnu"),
            link::glob("Failed to extract archive: cpython-3.8.20-*.tar.gz"),
            link::text(format!("failed to unpack `{unpacked}`")),
            link::text(format!("failed to unpack `{library}` into `{unpacked}`")),
            link::text("error decoding response body"),
            link::text("request or response body error"),
            link::text("error reading a body from connection"),
            link::reset(),
        ])
        .root_cause(link::errno("ECONNRESET"));
}

fn tells_the_truth(version: &str) {
    let outcome = play("reset-after=1MB x*", install(version));
    outcome
        .assert()
        .exit_code(1)
        .attempts(4)
        .exhausted(BUDGET)
        .restarted()
        .claims_truthfully()
        .chain_matches([
            link::text("Failed to install cpython-3.8.20-linux-x86_64-gnu"),
            // 0.13.9 goes on: ` in 9.2s`.
            link::glob("Request failed after 3 retries*"),
            link::glob("Failed to extract archive: cpython-3.8.20-*.tar.gz"),
            // What unpacked it is another library in 0.13.9.
            link::rest(),
            link::text("error decoding response body"),
            link::text("request or response body error"),
            link::text("error reading a body from connection"),
            link::reset(),
        ])
        .root_cause(link::errno("ECONNRESET"));
    assert_eq!(outcome.told(), Told::Truth { retries: 3 });
}

/// What fails before the head is retried by the HTTP client, three times; and by the loop around it, three times.
fn multiplies_its_retries(version: &str) {
    let outcome = play("reset x*", install(version));
    outcome.assert().exit_code(1).attempts(16).root_cause(link::reset());

    let effort = outcome.effort(BUDGET);
    assert!(matches!(effort, Effort::Exceeded { attempts: 16, budget: BUDGET, multiplied: Some(_) }), "{effort:?}");
    let arithmetic = "16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the other";
    assert_eq!(
        outcome.assert().try_exhausted(BUDGET).unwrap_err().got(),
        format!("exceeded: 16 attempts, where 3 retries allow 4 ({arithmetic})")
    );

    // The inner loop says what it did, each time; the outer one does not know of it.
    outcome.assert().chain_matches([
        link::text("Failed to install cpython-3.8.20-linux-x86_64-gnu"),
        link::glob("Failed to download http://*.tar.gz"),
        link::text("Request failed after 3 retries"),
        link::glob("error sending request for url (http://*.tar.gz)"),
        link::rest(),
        link::reset(),
    ]);
    assert_eq!(
        outcome.assert().try_claims_truthfully().unwrap_err().got(),
        format!("it said 3 retries, where the wire saw 15 ({arithmetic}, of which it knows one)")
    );
}

fn has_one_budget_for_both_loops(version: &str) {
    let outcome = play("reset x*", install(version));
    outcome
        .assert()
        .exit_code(1)
        .attempts(4)
        .exhausted(BUDGET)
        .claims_truthfully()
        .root_cause(link::errno("ECONNRESET"));
}

/// The digest that uv knows is that of the real archive; an install that is to succeed needs the fixture's.
fn install_known(version: &str) -> Command {
    install(version).arg("--python-downloads-json-url").arg(workspace("fixtures/downloads.json"))
}

fn recovers(version: &str) {
    let outcome = play("reset-after=1MB x2, ok", install_known(version));
    outcome.assert().succeeded().attempts(3).restarted().claims_truthfully();
    assert_eq!(outcome.effort(BUDGET), Effort::Recovered(2));
    let library = outcome.dir().join("pythons/cpython-3.8.20-linux-x86_64-gnu/lib/libpython3.8.so.1.0");
    assert!(library.is_file(), "{} is not there", library.display());
}
