//! One table of several clients.

use std::fs;
use std::process::ExitCode;

use anyhow::Context as _;

use super::args::Scorecard;
use super::progress::Progress;
use super::{exit, print, subject};
use crate::audit::{Client, Report, scorecard};

/// Audits the clients, one after the other, and writes the table.
pub(super) fn run(args: &Scorecard) -> anyhow::Result<ExitCode> {
    let reports = if args.clients.is_empty() {
        Client::builtins().map(|name| audit(name, args)).collect::<Result<Vec<_>, _>>()?
    } else {
        args.clients.iter().map(|client| audit(client, args)).collect::<Result<Vec<_>, _>>()?
    };
    let page = scorecard(&reports);
    match &args.output {
        None => print::out(&page),
        Some(path) => fs::write(path, page).with_context(|| format!("cannot write `{}`", path.display()))?,
    }
    let failed = reports.iter().any(|report| report.failures().next().is_some());
    Ok(if failed { exit::FAILED.into() } else { exit::HOLDS.into() })
}

/// `NAME` or `NAME=PROGRAM`.
fn audit(client: &str, args: &Scorecard) -> anyhow::Result<Report> {
    let (name, program) = match client.split_once('=') {
        Some((name, program)) => (name, Some(program)),
        None => (client, None),
    };
    let client = Client::find(name)?;
    let client = program.into_iter().fold(client, Client::program);
    let client = args.env.iter().fold(client, |client, (name, value)| client.env(name, value));
    let version = subject::ask_version(&client)?;
    let audit = subject::select(client.audit().version(version), &args.which)?;
    let audit = args.jobs.into_iter().fold(audit, |audit, jobs| audit.jobs(usize::from(jobs)));
    let progress = Progress::new(args.quiet, name);
    let report = audit.run_with(&|event| progress.tell(event));
    progress.end();
    Ok(report?)
}
