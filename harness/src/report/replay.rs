//! The line that plays a trial again.

use std::ffi::OsString;

use flaky_server::FlakyServer;

use crate::downloader::{replace_placeholders, shell_line};
use crate::{Downloader, Job};

/// The line that plays a trial again with `flaky-server` from a shell; where that cannot be, what can.
///
/// `fresh`: nothing came before it, neither on the server nor in its folder.
pub(crate) fn replay(server: &FlakyServer, downloader: &dyn Downloader, job: &Job, fresh: bool) -> String {
    let schedule = server.schedule();
    let in_rust = |why: &str| format!("the same test, with `.seed({})`: {why}", server.seed());
    if schedule.rules().any(flaky_server::Rule::has_closure) {
        return in_rust("a closure is among the rules, and has no text");
    }
    if !fresh {
        return in_rust("it goes on from what came before");
    }
    let source = match server.sources() {
        [] => return in_rust("what is served is in memory"),
        [source] => source,
        [..] => return in_rust("several places are served"),
    };
    let mut words: Vec<OsString> = vec!["flaky-server".into(), source.into()];
    for rule in schedule.rules() {
        words.extend(["--rule".into(), rule.to_string().into()]);
    }
    words.extend(["--seed".into(), server.seed().to_string().into()]);
    let server_line = shell_line(words);
    let Some(command) = downloader.shell() else {
        return format!("{server_line}    # and there: {}", downloader.describe(job));
    };
    let command = replace_placeholders(&command, |placeholder| match (placeholder, job.file()) {
        // Where several files are served, the program does not know which one is meant.
        ("{url}", Some(file)) if server.single_url().is_none() => Some(format!("{{base}}{file}")),
        // Places that only a trial has.
        ("{out}", _) => Some("/dev/null".to_owned()),
        ("{dir}", _) => Some(".".to_owned()),
        ("{home}" | "{tmp}", _) => Some("/tmp".to_owned()),
        _ => None,
    });
    format!("{server_line} -- {command}")
}
