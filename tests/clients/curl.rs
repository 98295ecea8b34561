//! curl, which hands over what it got, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::checks::Checks;
use crate::process::{End, Ran};
use crate::program::{self, Program};
use crate::sandbox::Sandbox;
use crate::{Missing, Result, fixtures, process, trial};

const FILE: &str = "app.tar.gz";
const HALF: usize = 644_667;

/// A reset in mid body: versions of curl differ in what they call it.
const RESET: [End; 2] = [End::Status(56), End::Status(18)];
/// A body that is shorter than announced.
const PARTIAL: End = End::Status(18);
const NOTHING_CAME: End = End::Status(52);

pub(crate) fn trials() -> Vec<Trial> {
    let found = executable();
    let missing = if !cfg!(target_os = "linux") {
        Some(Missing::Platform("exact on Linux only"))
    } else if found.is_none() {
        Some(Missing::Client("needs curl in PATH".to_owned()))
    } else {
        None
    };
    let curl = found.unwrap_or_default();
    let mut trials = Vec::new();
    let mut add = |name: &str, test: fn(&Path) -> Result<()>| {
        let curl = curl.clone();
        trials.push(trial(format!("curl::{name}"), missing.clone(), move || test(&curl)));
    };
    add("retry_alone_does_not_retry_a_reset", retry_alone_does_not_retry_a_reset);
    add("retry_all_errors_recovers", retry_all_errors_recovers);
    add("a_second_run_resumes", a_second_run_resumes);
    add("truncate_after_is_a_partial_file", truncate_after_is_a_partial_file);
    add("drop_is_an_empty_reply", drop_is_an_empty_reply);
    add("as_command_recovers", as_command_recovers);
    add("as_command_fails", as_command_fails);
    trials
}

pub(crate) fn executable() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("curl")).find(|file| file.is_file())
}

/// curl fetches the file into the sandbox.
fn fetch(curl: &Path, sandbox: &Sandbox, base: &str, args: &[&str]) -> Result<Ran> {
    process::run(sandbox.command(curl).args(["-sS", "-f", "-O"]).args(args).arg(format!("{base}/{FILE}")))
}

fn whole() -> Result<Vec<u8>> {
    Ok(fs::read(fixtures::files().join(FILE))?)
}

/// The downloaded file is exactly the first bytes of what is served.
fn has_first(checks: &mut Checks, sandbox: &Sandbox, length: usize) -> Result<()> {
    let got = fs::read(sandbox.file(FILE)).unwrap_or_default();
    let whole = whole()?;
    checks.equal("bytes on disk", &got.len(), &length);
    checks.equal("SHA-256", &fixtures::sha256(&got), &fixtures::sha256(&whole[..length]));
    Ok(())
}

fn retry_alone_does_not_retry_a_reset(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--reset-after", "1MB"])?;
    let ran = fetch(curl, &sandbox, program.base(), &["--retry", "3"])?;
    let journal = program.stop()?;

    let mut checks = Checks::default();
    checks.holds(format_args!("{:?} is one of {RESET:?}", ran.end), RESET.contains(&ran.end));
    checks.equal("attempts", &journal.attempts(), &1);
    checks.column(&journal, "end", ["rst"]);
    checks.column(&journal, "by", ["server"]);
    checks.column(&journal, "body_acked", [1_000_000]);
    has_first(&mut checks, &sandbox, 1_000_000)?;
    checks.verdict(&[&ran, &journal])
}

fn retry_all_errors_recovers(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--script", "reset-after=1MB x2, ok"])?;
    let args = ["--retry", "3", "--retry-all-errors", "--retry-delay", "1"];
    let ran = fetch(curl, &sandbox, program.base(), &args)?;
    let journal = program.stop()?;

    let length = whole()?.len();
    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &End::Status(0));
    checks.equal("attempts", &journal.attempts(), &3);
    checks.column(&journal, "end", ["rst", "rst", "complete"]);
    checks.column(&journal, "body_acked", [1_000_000, 1_000_000, length]);
    has_first(&mut checks, &sandbox, length)?;
    checks.verdict(&[&ran, &journal])
}

fn a_second_run_resumes(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--script", "reset-after=1MB, ok"])?;
    let first = fetch(curl, &sandbox, program.base(), &["-C", "-"])?;
    let second = fetch(curl, &sandbox, program.base(), &["-C", "-"])?;
    let journal = program.stop()?;

    let length = whole()?.len();
    let mut checks = Checks::default();
    checks.holds(format_args!("{:?} is one of {RESET:?}", first.end), RESET.contains(&first.end));
    checks.equal("the second exit status", &second.end, &End::Status(0));
    checks.column(&journal, "range", json!([null, "bytes=1000000-"]));
    checks.column(&journal, "status", [200, 206]);
    checks.column(&journal, "end", ["rst", "complete"]);
    checks.column(&journal, "body_acked", [1_000_000, length - 1_000_000]);
    has_first(&mut checks, &sandbox, length)?;
    checks.verdict(&[&first, &second, &journal])
}

fn truncate_after_is_a_partial_file(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--truncate-after", "1MB"])?;
    let ran = fetch(curl, &sandbox, program.base(), &[])?;
    let journal = program.stop()?;

    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &PARTIAL);
    checks.column(&journal, "end", ["fin"]);
    checks.column(&journal, "by", ["server"]);
    checks.column(&journal, "body_acked", [1_000_000]);
    has_first(&mut checks, &sandbox, 1_000_000)?;
    checks.verdict(&[&ran, &journal])
}

fn drop_is_an_empty_reply(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let program = Program::start(&sandbox, &fixtures::files(), &["--drop"])?;
    let ran = fetch(curl, &sandbox, program.base(), &[])?;
    let journal = program.stop()?;

    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &NOTHING_CAME);
    checks.column(&journal, "end", ["fin"]);
    checks.column(&journal, "by", ["server"]);
    checks.column(&journal, "status", [Value::Null]);
    checks.holds("there is no file", !sandbox.file(FILE).exists());
    checks.verdict(&[&ran, &journal])
}

/// curl as the program's COMMAND; on stdout it writes the status and the length of what it got last.
fn as_command(curl: &Path, sandbox: &Sandbox, script: &str) -> Result<(Ran, program::Journal)> {
    let curl = curl.to_str().ok_or("the path of curl is not Unicode")?;
    let retry = ["--retry", "2", "--retry-all-errors", "--retry-delay", "1"];
    let command =
        [&[curl, "-sS", "-f", "-O", "-w", "%{http_code} %{size_download}\n"], &retry[..], &["{url}"]].concat();
    program::run_command(sandbox, &fixtures::files().join(FILE), &["--script", script], &command)
}

fn as_command_recovers(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let (ran, journal) = as_command(curl, &sandbox, "reset-after=50% x2, ok")?;

    let length = whole()?.len();
    let mut checks = Checks::default();
    checks.equal("exit status", &ran.end, &End::Status(0));
    checks.equal("stdout", &String::from_utf8_lossy(&ran.stdout), &format!("200 {length}\n"));
    checks.column(&journal, "end", ["rst", "rst", "complete"]);
    checks.column(&journal, "body_acked", [HALF, HALF, length]);
    has_first(&mut checks, &sandbox, length)?;
    checks.verdict(&[&ran, &journal])
}

fn as_command_fails(curl: &Path) -> Result<()> {
    let sandbox = Sandbox::new()?;
    let (ran, journal) = as_command(curl, &sandbox, "reset-after=50% x*")?;

    let mut checks = Checks::default();
    checks.holds(format_args!("{:?} is one of {RESET:?}", ran.end), RESET.contains(&ran.end));
    checks.equal("stdout", &String::from_utf8_lossy(&ran.stdout), &format!("200 {HALF}\n"));
    checks.column(&journal, "end", ["rst"; 3]);
    checks.column(&journal, "body_acked", [HALF; 3]);
    has_first(&mut checks, &sandbox, HALF)?;
    checks.verdict(&[&ran, &journal])
}
