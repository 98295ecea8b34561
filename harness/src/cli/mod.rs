//! The program `flaky-audit`: arguments, then an audit, then its report.
//!
//! Reports go to stdout; the progress bar, notes and errors to stderr.

mod args;
mod exit;
mod last;
mod print;
mod progress;
mod scorecard;
mod shrink;
mod signals;
mod subject;

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use self::args::{Args, Command, Format, Which};
use self::progress::Progress;
use self::signals::Stopped;
use crate::audit::{AuditError, Case, Client, Event, Report};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // `--help` and `--version` come as errors too, and belong on stdout.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit::HOLDS.into(),
                _ => exit::USAGE.into(),
            };
        }
    };
    run(&args).unwrap_or_else(|error| {
        print::error(&error);
        let failed = matches!(error.downcast_ref(), Some(AuditError::Run(_))) || error.is::<Unavailable>();
        if failed { exit::FAILED.into() } else { exit::USAGE.into() }
    })
}

/// What was asked for is right, and cannot be had here.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unavailable(String);

fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Some(Command::Scorecard(args)) => return scorecard::run(args),
        Some(Command::Shrink(args)) => return shrink::run(args),
        None => {}
    }
    if let Some(text) = printed(args)? {
        print::out(&text)?;
        return Ok(exit::HOLDS.into());
    }
    let audit = subject::select(subject::audit(&args.audit)?, &args.which)?.level(args.level.into());
    args.output.as_deref().map_or(Ok(()), check_output)?;
    let stopped = Stopped::listen();
    let progress = Progress::new(args.quiet, "");
    let report = audit.run_with(&|event| match event {
        // What was ended works no worse than before.
        Event::DoesNotWork(_) if stopped.is_set() => {}
        event => progress.tell(event),
    });
    progress.end();
    if stopped.is_set() {
        print::note("stopped");
        return Ok(exit::STOPPED.into());
    }
    let report = report?;
    if let Err(error) = last::keep(&report) {
        print::note(format_args!("--show will not know of this audit: {error:#}"));
    }
    write(&report, args)?;
    Ok(code(&report))
}

/// What is only to be printed.
fn printed(args: &Args) -> anyhow::Result<Option<String>> {
    if args.list {
        return list(&args.which).map(Some);
    }
    if let Some(name) = &args.explain {
        let catalogue = subject::catalogue(&args.which.catalogue)?;
        let cases = catalogue.selected(std::slice::from_ref(name), &[])?;
        let texts: Vec<_> = cases.into_iter().map(Case::explain).collect();
        return Ok(Some(texts.join("\n")));
    }
    if args.list_clients {
        let clients =
            Client::builtins().map(|name| Client::find(name).map(|it| format!("{name:<12}  {}\n", it.title())));
        return Ok(Some(clients.collect::<Result<_, _>>()?));
    }
    if let Some(name) = &args.explain_client {
        return Ok(Some(Client::find(name)?.explain()));
    }
    args.show.as_deref().map(last::show).transpose()
}

/// The cases, group by group.
fn list(which: &Which) -> anyhow::Result<String> {
    let catalogue = subject::catalogue(&which.catalogue)?;
    let cases = catalogue.selected(&which.cases, &which.except)?;
    let width = cases.iter().map(|case| case.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut group = "";
    for case in cases {
        if case.group() != group {
            group = case.group();
            text += &format!("{group}\n");
        }
        text += &format!("  {:<width$}  {:<6}  {}\n", case.name(), case.level(), case.title());
    }
    Ok(text)
}

fn write(report: &Report, args: &Args) -> anyhow::Result<()> {
    let text = match args.format {
        None => None,
        Some(Format::Json) => Some(report.json()),
        Some(Format::Markdown) => Some(report.markdown()),
    };
    match (text, &args.output) {
        (None, _) => print::out(&report.table(&print::paint())),
        (Some(text), None) => print::out(&text),
        (Some(text), Some(path)) => {
            print::out(&report.table(&print::paint()))?;
            write_to(path, &text)
        }
    }
}

/// Before anything takes minutes: it can be written. What is not there is not there afterwards either.
fn check_output(path: &Path) -> Result<(), Unavailable> {
    let cannot = |error| Unavailable(format!("cannot write `{}`: {error}", path.display()));
    match OpenOptions::new().create_new(true).append(true).open(path) {
        Ok(_) => fs::remove_file(path).map_err(cannot),
        // A link to what is not there is there.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().create(true).append(true).open(path).map(drop).map_err(cannot)
        }
        Err(error) => Err(cannot(error)),
    }
}

/// Writes a report. What took minutes to make is not lost if that fails: it goes to stdout.
fn write_to(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).or_else(|error| {
        print::out(text)?;
        Err(Unavailable(format!("cannot write `{}`, so it went to stdout: {error}", path.display())).into())
    })
}

fn code(report: &Report) -> ExitCode {
    if report.failures().next().is_some() || !report.works() {
        exit::FAILED.into()
    } else if report.holds() {
        exit::HOLDS.into()
    } else {
        exit::FOUND.into()
    }
}
