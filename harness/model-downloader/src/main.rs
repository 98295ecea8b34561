//! The model downloader as a program.

mod arguments;

use std::io::{self, Write as _};
use std::process::ExitCode;

use model_downloader::{DownloadError, Policy, Report, Request, download, flaws};

use crate::arguments::{Arguments, HELP, UsageError};

/// Wrong arguments.
const USAGE: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match arguments::read(lexopt::Parser::from_env()) {
        Ok(Arguments::Download(request, policy)) => run(&request, &policy).await,
        Ok(Arguments::Help) => print(HELP),
        Ok(Arguments::ListFlaws) => {
            let width = flaws::ALL.iter().map(|flaw| flaw.name().len()).max().unwrap_or_default();
            let lines = flaws::ALL.iter().map(|flaw| format!("{:width$}  {}\n", flaw.name(), flaw.summary()));
            print(&lines.collect::<String>())
        }
        Ok(Arguments::Version) => print(concat!("model-downloader ", env!("CARGO_PKG_VERSION"), "\n")),
        Err(error) => {
            say(&usage(&error));
            ExitCode::from(USAGE)
        }
    }
}

async fn run(request: &Request, policy: &Policy) -> ExitCode {
    match download(request, policy).await {
        Ok(report) => {
            say(&done(&request.name(), report));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&failed(&error));
            ExitCode::from(policy.telling.failure_status)
        }
    }
}

/// Retries that helped are told of as well: nobody else would know that the server is in a bad way.
fn done(name: &str, report: Report) -> String {
    let retries = match report.retries {
        0 => String::new(),
        1 => " after 1 retry".to_owned(),
        retries => format!(" after {retries} retries"),
    };
    format!("Downloaded {name}: {} bytes{retries} in {:.1}s\n", report.bytes, report.took.as_secs_f64())
}

fn failed(error: &DownloadError) -> String {
    format!("error: {}\n", error.chain().join("\n  Caused by: "))
}

fn usage(error: &UsageError) -> String {
    format!("error: {error}\n\n`model-downloader --help` has all options.\n")
}

fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn say(text: &str) {
    // Nobody is left to be told that nobody reads it.
    let _ = io::stderr().write_all(text.as_bytes());
}
