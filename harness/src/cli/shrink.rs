//! The smallest schedule that is too much for a downloader.

use std::process::ExitCode;

use super::args::Shrink;
use super::signals::Stopped;
use super::{Unavailable, exit, print, subject};
use crate::audit::{Searching, Shrunk};

/// Searches, and prints what it comes to.
pub(super) fn run(args: &Shrink) -> anyhow::Result<ExitCode> {
    let audit = subject::audit(&args.audit)?;
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    print::note(format_args!("seed {seed}"));
    let search = audit.shrink(seed).max_runs(args.max_runs).deadline(args.deadline);
    let search = args.verdict.iter().fold(search, |search, verdict| search.verdict(*verdict));
    let stopped = Stopped::listen();
    let found = search.run_with(&mut |event| {
        // What was ended by a signal was too much for nobody.
        if let (Searching::TooMuch(script, verdict), false) = (event, stopped.is_set()) {
            print::note(format_args!("{verdict}: {script}"));
        }
    });
    if stopped.is_set() {
        print::note("stopped");
        return Ok(exit::STOPPED.into());
    }
    let found = found?;
    if let Some(why) = &found.broken {
        return Err(Unavailable(format!(
            "it does not have the file where nothing goes wrong, so nothing is to be found: {why}"
        ))
        .into());
    }
    let Some(report) = &found.report else {
        print::out(&format!("seed {seed}: nothing was too much in {}\n", runs(found.runs)))?;
        return Ok(exit::HOLDS.into());
    };
    print::out(&summary(seed, &found))?;
    for record in report.records() {
        print::out(&format!("\n{}\nreplay\n  {}\n", record.account(), report.replay(record)))?;
    }
    Ok(exit::FOUND.into())
}

fn runs(n: u64) -> String {
    if n == 1 { "1 run".to_owned() } else { format!("{n} runs") }
}

fn summary(seed: u64, found: &Shrunk) -> String {
    let script =
        |record: &Option<crate::audit::Record>| record.as_ref().map_or_else(String::new, |it| it.case().played());
    let how =
        if found.is_minimal { "nothing smaller is too much" } else { "the search was ended before all was tried" };
    format!(
        "seed {seed}, {}; {how}\nat first  {}\nsmallest  {}\n",
        runs(found.runs),
        script(&found.first),
        script(&found.smallest)
    )
}
