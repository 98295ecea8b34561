//! The program: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    flaky_server::cli::main()
}
