//! The program: arguments, then a configuration, then a run.
//!
//! `args` only reads what was typed; `config` makes of it what a server is built from, and is where everything
//! that can be wrong is found; `serve` and `child` run. stdout carries the ready line and nothing else, or belongs
//! to the command; everything for people goes to stderr.

mod args;
mod child;
mod conditions;
mod config;
pub mod exit;
mod faults;
mod generate;
mod hash;
mod lines;
mod log;
mod output;
mod pages;
mod report;
mod serve;
mod signals;
mod verify;

use std::process::ExitCode;

use clap::error::ErrorKind;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args = match args::Args::from_process() {
        Ok(args) => args,
        Err(error) => {
            // `--help` and `--version` come as errors too, and belong on stdout.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit::ORDERLY.into(),
                _ => exit::USAGE.into(),
            };
        }
    };
    if args.json {
        report::speak_json();
    }
    if let Some(form) = args.verify_wire {
        let holds = verify::run(form, args.json).unwrap_or_else(|error| {
            report::error(&error);
            false
        });
        report::flush();
        return if holds { exit::ORDERLY.into() } else { exit::FAILURE.into() };
    }
    let command = !args.command.is_empty();
    let printed = match args.completions {
        _ if args.man => Some(pages::man()),
        Some(shell) => Some(pages::completions(shell)),
        None if args.list_schedules => Some(pages::schedules()),
        None if args.print_schema => Some(pages::schema()),
        None => None,
    };
    if let Some(printed) = printed {
        return if printed.is_ok() { exit::ORDERLY.into() } else { exit::FAILURE.into() };
    }
    let code = match config::Config::new(args).map(serve::run) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            report::error(&error);
            if command { exit::COMMAND_FAILED.into() } else { exit::FAILURE.into() }
        }
        Err(error) => {
            report::error(&error);
            exit::USAGE.into()
        }
    };
    report::flush();
    code
}
