//! The line that plays a trial again.

use flaky_server::FlakyServer;

use crate::{Downloader, Job};

/// The line that plays a trial again with `flaky-server` from a shell; where that cannot be, what can.
pub(crate) fn replay(server: &FlakyServer, downloader: &dyn Downloader, job: &Job) -> String {
    let schedule = server.schedule();
    let in_rust = |why: &str| format!("the same test, with `.seed({})`: {why}", server.seed());
    if schedule.rules().any(flaky_server::Rule::has_closure) {
        return in_rust("a closure is among the rules, and has no text");
    }
    let source = match server.sources() {
        [] => return in_rust("what is served is in memory"),
        [source] => source,
        [..] => return in_rust("several places are served"),
    };
    let mut line = format!("flaky-server {}", quoted(&source.display().to_string()));
    for rule in schedule.rules() {
        line += &format!(" --rule {}", quoted(&rule.to_string()));
    }
    line += &format!(" --seed {}", server.seed());
    match downloader.shell() {
        Some(mut command) => {
            // Where several files are served, the program does not know which one is meant.
            if let (Some(file), None) = (job.file(), server.single_url()) {
                command = command.replace("{url}", &format!("{{base}}{file}"));
            }
            line += &format!(" -- {}", in_tmp(&command));
        }
        None => line += &format!("    # and there: {}", downloader.describe(job)),
    }
    line
}

/// A command with the places that only a trial has.
fn in_tmp(command: &str) -> String {
    [("{out}", "/dev/null"), ("{dir}", "."), ("{home}", "$HOME"), ("{tmp}", "/tmp")]
        .iter()
        .fold(command.to_owned(), |command, (name, place)| command.replace(name, place))
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        assert_eq!(quoted("fixtures/files"), "fixtures/files");
        assert_eq!(quoted("*: reset x*"), "'*: reset x*'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
