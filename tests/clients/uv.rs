//! uv, which streams an archive and unpacks it on the way.
//!
//! 0.7.17 is the last release that does not say how often it retried, and that lets two loops of retries multiply;
//! 0.7.18 is the first that counts both against one budget and says so.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::checks::Checks;
use crate::fixtures::{self, INSTALLER};
use crate::process::{End, Ran};
use crate::program::{Journal, Program};
use crate::sandbox::Sandbox;
use crate::{Missing, Result, asked_for, process, trial};

/// What uv asks for: the name has a plus sign in it.
const TARGET: &str = "/20241002/cpython-3.8.20%2B20241002-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";
const LIBRARY: &str = "python/lib/libpython3.8.so.1.0";

#[derive(Clone, Copy)]
enum Release {
    /// The retries of a loop around a loop, neither of which knows of the other.
    Nested,
    /// One budget, named in the error chain.
    OneBudget,
    /// The same in the words of a current release.
    Current,
}

use Release::{Current, Nested, OneBudget};

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    let releases = [("0.7.17", Nested), ("0.7.18", OneBudget), ("0.13.9", Current)];
    for (version, release) in releases {
        let uv = executable(version);
        let missing = missing(&uv, version, "tests/clients/install.sh");
        let mut add = |name: &str, test: fn(&Path, Release) -> Result<()>| {
            let uv = uv.clone();
            trials.push(trial(format!("uv-{version}::{name}"), missing.clone(), move || test(&uv, release)));
        };
        add("reset_before_the_head", reset_before_the_head);
        add("reset_in_mid_body", reset_in_mid_body);
        add("recovers_after_two_resets", recovers_after_two_resets);
    }
    if asked_for("FLAKY_UV_NEWEST") {
        let uv = executable("newest");
        let missing = missing(&uv, "newest", "tests/clients/install.sh --newest");
        trials.push(trial("uv-newest::retries".to_owned(), missing, move || newest_retries(&uv)));
    }
    trials
}

fn executable(version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("target/clients/uv-{version}/bin/uv"))
}

fn missing(uv: &Path, version: &str, cure: &str) -> Option<Missing> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        Some(Missing::Platform("the installer archive is for linux x86_64 gnu"))
    } else if !uv.is_file() {
        Some(Missing::Client(format!("needs uv {version}: run {cure}")))
    } else {
        None
    }
}

/// Installs, with uv's own metadata or with ours, in which the digest is that of the fixture.
fn install(uv: &Path, sandbox: &Sandbox, base: &str, own_metadata: bool) -> Result<Ran> {
    let mut command = sandbox.command(uv);
    command
        .args(["python", "install", "3.8.20", "--mirror", base])
        .env("UV_NO_CONFIG", "1")
        .env("UV_CACHE_DIR", sandbox.path().join("cache"))
        .env("UV_PYTHON_INSTALL_DIR", pythons(sandbox))
        .env("UV_PYTHON_INSTALL_BIN", "0");
    if !own_metadata {
        command.arg("--python-downloads-json-url").arg(fixtures::root().join("downloads.json"));
    }
    process::run(&mut command)
}

fn pythons(sandbox: &Sandbox) -> PathBuf {
    sandbox.path().join("pythons")
}

fn reset_in_mid_body(uv: &Path, release: Release) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--reset-after", "1MB"])?;
    let base = program.base().to_owned();
    let ran = install(uv, &sandbox, &base, true)?;
    let journal = program.stop()?;

    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &End::Status(1));
    four_attempts(&mut checks, &journal);
    checks.column(&journal, "status", [200; 4]);
    checks.column(&journal, "body_acked", [1_000_000; 4]);
    checks.equal_lines("the error chain", &chain(&ran, &sandbox, &base), &mid_body_chain(release));
    checks.verdict(&[&ran, &journal])
}

fn recovers_after_two_resets(uv: &Path, _: Release) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--script", "reset-after=1MB x2, ok"])?;
    let ran = install(uv, &sandbox, program.base(), false)?;
    let journal = program.stop()?;

    let archive = fs::read(fixtures::files().join(INSTALLER))?;
    let library = fixtures::member(&archive, LIBRARY).ok_or("the fixture has no library in it")?;
    let installed = pythons(&sandbox).join("cpython-3.8.20-linux-x86_64-gnu/lib/libpython3.8.so.1.0");

    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &End::Status(0));
    checks.equal("attempts", &journal.attempts(), &3);
    checks.column(&journal, "end", ["rst", "rst", "complete"]);
    checks.column(&journal, "body_acked", [1_000_000, 1_000_000, archive.len()]);
    match fs::read(&installed) {
        Ok(bytes) => {
            checks.equal("SHA-256 of the installed library", &fixtures::sha256(&bytes), &fixtures::sha256(&library));
        }
        Err(error) => checks.holds(format_args!("{} can be read: {error}", installed.display()), false),
    }
    checks.verdict(&[&ran, &journal])
}

fn reset_before_the_head(uv: &Path, release: Release) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--reset"])?;
    let base = program.base().to_owned();
    let ran = install(uv, &sandbox, &base, true)?;
    let journal = program.stop()?;

    // Three retries in each of four rounds; the chain says three all the same.
    let attempts = if matches!(release, Nested) { 16 } else { 4 };
    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &End::Status(1));
    checks.equal("attempts", &journal.attempts(), &attempts);
    checks.column(&journal, "end", vec!["rst"; attempts]);
    checks.column(&journal, "by", vec!["server"; attempts]);
    checks.column(&journal, "status", vec![Value::Null; attempts]);
    checks.equal_lines("the error chain", &chain(&ran, &sandbox, &base), &no_head_chain(release));
    checks.verdict(&[&ran, &journal])
}

/// Its wording and its number of retries are its own affair. What is seen is printed.
fn newest_retries(uv: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--reset-after", "1MB"])?;
    let ran = install(uv, &sandbox, program.base(), false)?;
    let journal = program.stop()?;

    #[expect(clippy::print_stderr, reason = "the one thing that this test is for")]
    {
        eprintln!("{} attempts; {ran}", journal.attempts());
    }
    let mut checks = Checks::default();
    checks.holds("it fails", matches!(ran.end, End::Status(status) if status != 0));
    checks.holds("there are 4 attempts or more", journal.attempts() >= 4);
    checks.verdict(&[&ran, &journal])
}

/// Four attempts at the archive, each reset by the server.
fn four_attempts(checks: &mut Checks, journal: &Journal) {
    checks.equal("attempts", &journal.attempts(), &4);
    checks.column(journal, "method", ["GET"; 4]);
    checks.column(journal, "target", [TARGET; 4]);
    checks.column(journal, "attempt", [1, 2, 3, 4]);
    checks.column(journal, "end", ["rst"; 4]);
    checks.column(journal, "by", ["server"; 4]);
}

fn mid_body_chain(release: Release) -> Vec<String> {
    let retries: &[&str] = match release {
        Nested => &[],
        OneBudget => &["Request failed after 3 retries"],
        Current => &["Request failed after 3 retries in [TIME]"],
    };
    let archive: &[&str] =
        &["Failed to extract archive: cpython-3.8.20-20241002-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz"];
    let unpacking: &[&str] = match release {
        Nested | OneBudget => &[
            "failed to unpack `[SANDBOX]/pythons/.temp/[TEMP]/python/lib/libpython3.8.so.1.0`",
            "failed to unpack `python/lib/libpython3.8.so.1.0` into \
             `[SANDBOX]/pythons/.temp/[TEMP]/python/lib/libpython3.8.so.1.0`",
        ],
        // Of 1,000,000 bytes 90 are the gzip container's.
        Current => &["Invalid tar file", "at byte 999910: failed to read tar data", "failed to read tar data"],
    };
    let transport: &[&str] = &[
        "error decoding response body",
        "request or response body error",
        "error reading a body from connection",
        "Connection reset by peer (os error 104)",
    ];
    chain_of(release, &[retries, archive, unpacking, transport].concat())
}

fn no_head_chain(release: Release) -> Vec<String> {
    let url = format!("[BASE]{TARGET}");
    let sending = format!("error sending request for url ({url})");
    let plain = format!("Failed to download {url}");
    let quoted = format!("Failed to download `{url}`");
    let download: [&str; 2] = match release {
        Nested | OneBudget => [&plain, "Request failed after 3 retries"],
        Current => ["Request failed after 3 retries in [TIME]", &quoted],
    };
    let transport: [&str; 4] =
        [&sending, "client error (SendRequest)", "connection error", "Connection reset by peer (os error 104)"];
    chain_of(release, &[&download[..], &transport[..]].concat())
}

fn chain_of(release: Release, causes: &[&str]) -> Vec<String> {
    let label = if matches!(release, Current) { "cause" } else { "Caused by" };
    let first = "error: Failed to install cpython-3.8.20-linux-x86_64-gnu".to_owned();
    [first].into_iter().chain(causes.iter().map(|cause| format!("  {label}: {cause}"))).collect()
}

/// The lines from `error:` on, without what differs from run to run.
fn chain(ran: &Ran, sandbox: &Sandbox, base: &str) -> Vec<String> {
    let sandbox = sandbox.path().display().to_string();
    ran.stderr
        .lines()
        .skip_while(|line| !line.starts_with("error:"))
        .map(|line| redact_time(&redact_temp(&line.replace(&sandbox, "[SANDBOX]").replace(base, "[BASE]"))))
        .collect()
}

/// `/.temp/.tmpNK3xWn/` has a name that is made up.
fn redact_temp(line: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for part in line.split('/') {
        let random = part.strip_prefix(".tmp").is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric()));
        out.push(if random && out.last() == Some(&".temp") { "[TEMP]" } else { part });
    }
    out.join("/")
}

/// `retries in 6.0s` has a time in it.
fn redact_time(line: &str) -> String {
    const BEFORE: &str = " retries in ";
    match line.split_once(BEFORE) {
        Some((claim, time)) if time.starts_with(|c: char| c.is_ascii_digit()) && time.ends_with('s') => {
            format!("{claim}{BEFORE}[TIME]")
        }
        _ => line.to_owned(),
    }
}
