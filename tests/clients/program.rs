//! The program under test: started, stopped, and its journal.

use std::fmt::{self, Display};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Result;
use crate::process;
use crate::sandbox::Sandbox;

pub(crate) const EXECUTABLE: &str = env!("CARGO_BIN_EXE_flaky-server");

const READY: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(20);

/// The program, serving.
pub(crate) struct Program {
    child: Child,
    base: String,
    stdout: Receiver<String>,
    log: PathBuf,
    journal: PathBuf,
}

impl Program {
    /// Serves this file or directory on a free port; the ready line has come.
    pub(crate) fn start(sandbox: &Sandbox, root: &Path, args: &[&str]) -> Result<Self> {
        let (log, journal) = (sandbox.path().join("server.log"), sandbox.path().join("journal.jsonl"));
        let mut child = sandbox
            .command(Path::new(EXECUTABLE))
            .arg(root)
            .args(args)
            .args(["--port", "0", "--journal"])
            .arg(&journal)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let (lines, stdout) = mpsc::channel();
        let pipe = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || pipe.lines().map_while(|line| line.ok()).try_for_each(|line| lines.send(line)));
        // From here on dropping it ends the program.
        let mut this = Self { child, base: String::new(), stdout, log, journal };
        this.base = match this.stdout.recv_timeout(READY) {
            Ok(line) => line,
            Err(error) => return Err(format!("no ready line ({error})\n{}", read(&this.log)).into()),
        };
        match this.base.strip_prefix("http://127.0.0.1:").map(str::parse::<u16>) {
            Some(Ok(_)) => Ok(this),
            _ => Err(format!("the ready line is `{}`\n{}", this.base, read(&this.log)).into()),
        }
    }

    /// The base URL.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Stops it in order.
    pub(crate) fn stop(mut self) -> Result<Journal> {
        process::terminate(&mut self.child)?;
        let status = process::wait(&mut self.child, STOP)?;
        let journal = Journal::read(&self.journal, &read(&self.log))?;
        if status.and_then(|status| status.code()) != Some(0) {
            return Err(format!("the server was to stop with exit status 0, not {status:?}\n{journal}").into());
        }
        let more: Vec<String> = self.stdout.iter().collect();
        if !more.is_empty() {
            return Err(format!("stdout has more than the ready line: {more:?}\n{journal}").into());
        }
        Ok(journal)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program with a command, which ends it.
pub(crate) fn run_command(
    sandbox: &Sandbox,
    root: &Path,
    args: &[&str],
    command: &[&str],
) -> Result<(process::Ran, Journal)> {
    let journal = sandbox.path().join("journal.jsonl");
    let mut program = sandbox.command(Path::new(EXECUTABLE));
    program.arg(root).args(args).arg("--journal").arg(&journal).arg("--").args(command);
    let ran = process::run(&mut program)?;
    let journal = Journal::read(&journal, "(in the client's stderr)")?;
    Ok((ran, journal))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| format!("cannot read {}: {error}", path.display()))
}

/// What the program wrote down.
pub(crate) struct Journal {
    exchanges: Vec<Value>,
    text: String,
    log: String,
}

impl Journal {
    fn read(path: &Path, log: &str) -> Result<Self> {
        let text = read(path);
        let records: Vec<Value> = text
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("the journal is not JSON lines: {error}\n{text}\n{log}"))?;
        let exchanges = records.into_iter().filter(|record| record["kind"] == "exchange").collect();
        Ok(Self { exchanges, text, log: log.to_owned() })
    }

    pub(crate) fn attempts(&self) -> usize {
        self.exchanges.len()
    }

    /// What each attempt has under this key.
    pub(crate) fn column(&self, key: &str) -> Value {
        self.exchanges
            .iter()
            .map(|exchange| exchange.get(key).cloned().unwrap_or_else(|| json!("no such key")))
            .collect()
    }
}

impl Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--- the journal\n{}--- the server's stderr\n{}", self.text, self.log)
    }
}
