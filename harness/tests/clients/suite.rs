//! Tests that need a client.

use std::ffi::OsStr;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

/// Why the tests of a client cannot run here.
#[derive(Debug)]
pub(crate) enum Missing {
    /// What can be installed.
    Client(String),
    /// Another version: of this one nobody knows whether the tests hold for it.
    Version(String),
    /// Other tests are for the version that is here.
    Elsewhere(String),
    /// What is promised elsewhere only.
    Platform(&'static str),
}

impl Missing {
    /// In a sentence.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Client(reason) | Self::Version(reason) | Self::Elsewhere(reason) => reason,
            Self::Platform(reason) => reason,
        }
    }

    /// Whether that is no failure even where all clients are required.
    fn is_forgiven(&self) -> bool {
        matches!(self, Self::Elsewhere(_) | Self::Platform(_))
    }

    /// What to do about it.
    fn help(&self) -> &'static str {
        match self {
            Self::Version(_) => {
                "\nRun these tests with FLAKY_ANY_VERSION=1. If they pass, widen the range of versions in \
                 harness/tests/clients; if not, say there what this version does."
            }
            Self::Client(_) | Self::Elsewhere(_) | Self::Platform(_) => "",
        }
    }
}

/// A test with its name.
pub(crate) type Named<F = fn()> = (&'static str, F);

/// Functions with their names.
macro_rules! named {
    [$($test:ident),* $(,)?] => { vec![$((stringify!($test), $test as _)),*] };
}
pub(crate) use named;

/// The tests of a client, or what takes their place where they cannot run.
pub(crate) fn suite(
    client: &str,
    missing: Option<Missing>,
    tests: impl IntoIterator<Item = Named<impl FnOnce() + Send + 'static>>,
) -> Vec<Trial> {
    let named = tests.into_iter().map(|(name, test)| (format!("{client}::{name}"), test));
    let Some(missing) = missing else {
        let running = |(name, test): (String, _)| Trial::test(name, move || finished(test));
        return named.map(running).collect();
    };
    let ignored = missing.is_forgiven() || !asked_for("FLAKY_REQUIRE_CLIENTS");
    let failing = |(name, _)| {
        // With `--include-ignored` it runs, and fails: nothing was tested.
        let message = format!("{}{}", missing.reason(), missing.help());
        Trial::test(name, move || Err(message.into())).with_kind(missing.reason()).with_ignored_flag(ignored)
    };
    named.map(failing).collect()
}

/// Whether a variable of the environment is `1`.
pub(crate) fn asked_for(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

/// A test that does not panic has passed.
fn finished(test: impl FnOnce()) -> Result<(), Failed> {
    test();
    Ok(())
}

/// What is missing if this is to be true on Linux; elsewhere bytes are not counted exactly.
pub(crate) fn unless(is_there: impl FnOnce() -> bool, needs: impl Into<String>) -> Option<Missing> {
    if !cfg!(target_os = "linux") {
        return Some(Missing::Platform("exact on Linux only"));
    }
    (!is_there()).then(|| Missing::Client(needs.into()))
}

/// What a program says about its version; `None` if there is no such program.
pub(crate) fn version(program: impl AsRef<OsStr>) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
