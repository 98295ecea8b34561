//! The line that plays a trial again.

use std::ffi::OsString;

use flaky_server::FlakyServer;

use crate::downloader::shell_line;
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
    let Some(mut command) = downloader.shell() else {
        return format!("{server_line}    # and there: {}", downloader.describe(job));
    };
    // Where several files are served, the program does not know which one is meant.
    if let (Some(file), None) = (job.file(), server.single_url()) {
        command = fill(&command, "{url}", &format!("{{base}}{file}"));
    }
    // Places that only a trial has.
    for (name, place) in [("{out}", "/dev/null"), ("{dir}", "."), ("{home}", "/tmp"), ("{tmp}", "/tmp")] {
        command = fill(&command, name, place);
    }
    format!("{server_line} -- {command}")
}

/// Replaces placeholders; `%{url}` is curl's own, and `${tmp}` a shell's.
fn fill(command: &str, placeholder: &str, value: &str) -> String {
    let mut parts = command.split(placeholder);
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled += if filled.ends_with(['%', '$']) { placeholder } else { value };
        filled += part;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_others_stay() {
        assert_eq!(fill("{tmp}/a ${tmp} %{tmp} {tmp}", "{tmp}", "/tmp"), "/tmp/a ${tmp} %{tmp} /tmp");
    }
}
