//! Tests that need a client.

use std::ffi::OsStr;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

/// Why the tests of a client cannot run here.
#[derive(Debug)]
pub(crate) enum Missing {
    /// What can be installed.
    Client(String),
    /// What is promised elsewhere only.
    Platform(&'static str),
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
    let required = std::env::var_os("FLAKY_REQUIRE_CLIENTS").is_some_and(|value| value == "1");
    let (reason, ignored) = match missing {
        Missing::Client(reason) => (reason, !required),
        Missing::Platform(reason) => (reason.to_owned(), true),
    };
    let failing = |(name, _)| {
        // With `--include-ignored` it runs, and fails: nothing was tested.
        let message = reason.clone();
        Trial::test(name, move || Err(message.into())).with_kind(reason.clone()).with_ignored_flag(ignored)
    };
    named.map(failing).collect()
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
