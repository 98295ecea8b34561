//! The program: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    flaky_harness::cli::main()
}
