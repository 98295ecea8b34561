//! Measures what flaky-server promises.
//!
//! ```text
//! cargo run --release -p flaky-bench -- decide
//! cargo run --release -p flaky-bench -- resets --count 100000 --clients 32
//! cargo run --release -p flaky-bench -- speed
//! cargo run --release -p flaky-bench -- schedule
//! ```
//!
//! Client and server are processes of their own: both ends of thousands of connections in one process would share
//! its limit of open files, and its locks.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the result of a program")]

mod client;
mod decide;
mod load;
mod peer;
mod resets;
mod schedule;
mod serve;
mod speed;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(about = "Measures what flaky-server promises")]
enum Command {
    /// Measures how long a decision takes among many rules.
    Decide(decide::Args),
    /// Resets bodies at several offsets, and counts the ones that were not exact.
    Resets(resets::Args),
    /// Loads a schedule file with many rules, and fails if that takes longer than it may.
    Schedule(schedule::Args),
    /// The server of `resets`: serves until its standard input ends, then says what its journal saw.
    #[command(hide = true)]
    Serve(serve::Args),
    /// Measures the speed of ours beside that of others, and prints a table.
    Speed(speed::Args),
    /// One measurement of `speed`: many servers in this process.
    #[command(hide = true)]
    Starts(speed::StartsArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    match Command::parse() {
        Command::Decide(args) => decide::run(&args),
        Command::Resets(args) => resets::run(&args),
        Command::Schedule(args) => schedule::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Speed(args) => speed::run(&args),
        Command::Starts(args) => speed::starts(&args),
    }
}
