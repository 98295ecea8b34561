//! Real downloaders against the real program.
//!
//! `tests/clients/install.sh` installs them. A test whose client is not there is ignored and says why; it fails
//! instead where `FLAKY_REQUIRE_CLIENTS` is `1`. With `FLAKY_UV_NEWEST=1` the newest uv runs as well, which is held to
//! little.

mod checks;
mod curl;
mod fixtures;
mod process;
mod program;
mod reference;
mod sandbox;
mod uv;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

type Result<T, E = Failed> = std::result::Result<T, E>;

/// These tests wait (for what their clients sleep between attempts) and compute little: more at once than there are
/// processors.
const AT_ONCE: usize = 8;

fn main() -> ExitCode {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(AT_ONCE);
    // The slow ones first.
    let trials = uv::trials().into_iter().chain(curl::trials()).chain(reference::trials()).collect();
    libtest_mimic::run(&args, trials).exit_code()
}

/// Why a test cannot run here.
#[derive(Clone)]
enum Missing {
    /// What can be installed.
    Client(String),
    /// What is promised elsewhere only.
    Platform(&'static str),
}

/// A test, or what takes its place where it cannot run.
fn trial(name: String, missing: Option<Missing>, test: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    let (reason, ignored) = match missing {
        None => return Trial::test(name, test),
        Some(Missing::Client(reason)) => (reason, !asked_for("FLAKY_REQUIRE_CLIENTS")),
        Some(Missing::Platform(reason)) => (reason.to_owned(), true),
    };
    // With `--include-ignored` it runs, and fails: nothing was tested.
    let message = reason.clone();
    Trial::test(name, move || Err(message.into())).with_kind(reason).with_ignored_flag(ignored)
}

fn asked_for(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}
