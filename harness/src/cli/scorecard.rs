//! One table of several clients.

use std::env;
use std::process::ExitCode;
use std::time::SystemTime;

use super::args::Scorecard;
use super::progress::Progress;
use super::signals::Stopped;
use super::{Unavailable, check_output, exit, print, subject, write_to};
use crate::audit::{Client, Report, scorecard};
use crate::downloader::shell_line;

/// Audits the clients, one after the other, and writes the page.
pub(super) fn run(args: &Scorecard) -> anyhow::Result<ExitCode> {
    let stopped = Stopped::listen();
    // Before anything takes minutes: each is there.
    let mut clients = Vec::new();
    for name in names(args) {
        let found = client(&name, args);
        if stopped.is_set() {
            // What was asked for its version was ended.
            print::note("stopped");
            return Ok(exit::STOPPED.into());
        }
        match found {
            Ok(client) => clients.push(client),
            Err(error) if args.clients.is_empty() && error.is::<Unavailable>() => print::note(error),
            Err(error) => return Err(error),
        }
    }
    if clients.is_empty() {
        return Err(Unavailable("none of the clients is there: nothing to audit".to_owned()).into());
    }
    args.output.as_deref().map_or(Ok(()), check_output)?;
    let mut reports = Vec::new();
    for (client, version) in clients {
        let report = audit(&client, version, args);
        if stopped.is_set() {
            print::note("stopped");
            return Ok(exit::STOPPED.into());
        }
        reports.push(report?);
    }
    let page = page(&reports, args);
    match &args.output {
        None => print::out(&page)?,
        Some(path) => write_to(path, &page)?,
    }
    let failed = reports.iter().any(|report| report.failures().next().is_some() || !report.works());
    Ok(if failed { exit::FAILED.into() } else { exit::HOLDS.into() })
}

/// Those that were asked for, or all.
fn names(args: &Scorecard) -> Vec<String> {
    if args.clients.is_empty() { Client::builtins().map(str::to_owned).collect() } else { args.clients.clone() }
}

/// `NAME` or `NAME=PROGRAM`, and its version.
fn client(name: &str, args: &Scorecard) -> anyhow::Result<(Client, String)> {
    let (name, program) = match name.split_once('=') {
        Some((name, program)) => (name, Some(program)),
        None => (name, None),
    };
    let client = program.into_iter().fold(Client::find(name)?, Client::program);
    let client = args.env.iter().fold(client, |client, (name, value)| client.env(name, value));
    let version = subject::ask_version(&client)?;
    Ok((client, version))
}

fn audit(client: &Client, version: String, args: &Scorecard) -> anyhow::Result<Report> {
    let audit = subject::select(client.audit().version(version), &args.which)?;
    let audit = args.jobs.into_iter().fold(audit, |audit, jobs| audit.jobs(usize::from(jobs)));
    let progress = Progress::new(args.quiet, client.name());
    let report = audit.run_with(&|event| progress.tell(event));
    progress.end();
    Ok(report?)
}

/// The table, with what there is to know of it: when and how it was made, what was run, what the words mean.
fn page(reports: &[Report], args: &Scorecard) -> String {
    let mut text = String::from("What known downloaders make of the catalogue of `flaky-audit`.\n\n");
    let date = httpdate::fmt_http_date(SystemTime::now());
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let date = date.get(5..16).unwrap_or(&date);
    let version = env!("CARGO_PKG_VERSION");
    text += &format!("Made on {date} with flaky-audit {version}:\n\n```sh\n{}\n```\n\n", typed());
    text += "Each was called like this, in a fresh home, without credentials and without install scripts:\n\n";
    text += "| client | version | command | held to |\n|---|---|---|---|\n";
    for report in reports {
        let (name, version) = report.client().unwrap_or(("", ""));
        let command = without(report.downloader(), &args.env);
        let command = command.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        text += &format!("| {name} | {version} | `{}` | {} |\n", here(&command), report.measures());
    }
    text += "\nWhat is in bold is held against a client; *once* has no mode in its name. The words are explained in\n";
    text += "[cases and clients](crate::docs::cases#verdicts).\n\n";
    text += &scorecard(reports);
    text
}

/// The command line as it was typed, from the current folder.
fn typed() -> String {
    let words = env::args_os().skip(1).map(|word| {
        let text = here(&word.to_string_lossy());
        match (*text == *word, text.contains(' ')) {
            (true, _) => shell_line([word]),
            // In single quotes no shell would fill in the folder.
            (false, true) => format!("\"{text}\""),
            (false, false) => text,
        }
    });
    format!("flaky-audit {}", words.collect::<Vec<_>>().join(" "))
}

/// A path below the current folder, or the home folder, as a shell would have it.
fn here(text: &str) -> String {
    let here = env::current_dir().map(|here| here.to_string_lossy().into_owned()).unwrap_or_default();
    let home = env::var("HOME").unwrap_or_default();
    [(here, "$PWD"), (home, "$HOME")]
        .iter()
        .filter(|(path, _)| path.len() > 1)
        .fold(text.to_owned(), |text, (path, name)| text.replace(path.as_str(), name))
}

/// A command line without these variables, which the line above it gives to all.
fn without(command: &str, variables: &[(String, String)]) -> String {
    let given =
        |command: String, (name, value): &(String, String)| command.replacen(&format!("{name}={value} "), "", 1);
    let command = variables.iter().fold(command.to_owned(), given);
    match command.strip_prefix("env ").filter(|rest| !rest.split(' ').next().is_some_and(|word| word.contains('='))) {
        Some(rest) => rest.to_owned(),
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_have_is_told_once() {
        let variables = [("A".to_owned(), "1".to_owned())];
        assert_eq!(without("env A=1 curl {url}", &variables), "curl {url}");
        assert_eq!(without("env A=1 B=2 curl {url}", &variables), "env B=2 curl {url}");
        assert_eq!(without("curl {url}", &variables), "curl {url}");
    }
}
