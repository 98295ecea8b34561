//! What curl reports.

use std::fmt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Serialize;

use super::line;
use crate::verify::notation::Ask;

/// curl, as it is installed.
#[derive(Debug)]
pub(super) struct Curl {
    path: PathBuf,
    /// The number.
    pub(super) version: String,
}

/// What it said.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Its exit status; `None` if it did not run, or a signal ended it.
    pub(super) status: Option<i32>,
    /// Its message, without ports and times; where there is none, what it got.
    pub(super) message: String,
}

/// How long it waits for something that does not come, in seconds.
const MAX_TIME: &str = "2";

const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

impl Curl {
    /// The curl on the PATH.
    pub(super) fn find() -> Option<Self> {
        let folders = std::env::var_os("PATH")?;
        let name = format!("curl{}", std::env::consts::EXE_SUFFIX);
        let path = std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|file| file.is_file())?;
        let said = Command::new(&path).arg("--version").stdin(Stdio::null()).output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout);
        // `curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 ...`
        let version = said.split_whitespace().nth(1)?.to_owned();
        Some(Self { path, version })
    }

    /// Asks for this URL.
    pub(super) fn ask(&self, url: &str, ask: &Ask) -> Report {
        let mut command = Command::new(&self.path);
        // Nothing that is configured on this machine has a say.
        command.args(["-q", "-sS", "-o", NOWHERE, "--noproxy", "*", "--max-time", MAX_TIME]).env("LC_ALL", "C");
        command.args(["-w", "%{http_code}, %{size_download} bytes"]);
        if ask.method == "HEAD" {
            command.arg("--head");
        }
        command.args(ask.lines.iter().flat_map(|line| ["-H", line.as_str()])).arg(url);
        match command.stdin(Stdio::null()).output() {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                let message = match said.trim() {
                    "" => line(&String::from_utf8_lossy(&output.stdout)),
                    said => told(said),
                };
                Report { status: output.status.code(), message }
            }
            Err(error) => Report::failed(&error.into()),
        }
    }
}

impl Report {
    /// It was not asked.
    pub(super) fn failed(error: &anyhow::Error) -> Self {
        Self { status: None, message: line(&format!("{error:#}")) }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "{status}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The message without what is another one each time: ports, and times.
fn told(said: &str) -> String {
    let said = line(said);
    let said = said.strip_prefix("curl: (").and_then(|rest| Some(rest.split_once(") ")?.1)).unwrap_or(&said);
    let words: Vec<&str> = said.split(' ').collect();
    let is_number = |word: Option<&&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let (mut kept, mut at): (Vec<String>, usize) = (Vec::new(), 0);
    while let Some(word) = words.get(at) {
        let unit = words.get(at + 2).filter(|unit| unit.starts_with("ms") || unit.starts_with("milliseconds"));
        match (*word, unit) {
            ("after", Some(unit)) if is_number(words.get(at + 1)) => {
                if let (Some(last), true) = (kept.last_mut(), unit.ends_with(':')) {
                    last.push(':');
                }
                at += 3;
            }
            ("port", _) if is_number(words.get(at + 1)) => at += 2,
            (word, _) => {
                kept.push(word.to_owned());
                at += 1;
            }
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_changes_is_left_out() {
        for (said, expected) in [
            ("curl: (56) Recv failure: Connection reset by peer\n", "Recv failure: Connection reset by peer"),
            (
                "curl: (28) Operation timed out after 2001 milliseconds with 500 out of 1000 bytes received",
                "Operation timed out with 500 out of 1000 bytes received",
            ),
            (
                "curl: (7) Failed to connect to 127.0.0.1 port 41 after 0 ms: Couldn't connect to server",
                "Failed to connect to 127.0.0.1: Couldn't connect to server",
            ),
            ("curl: (1) after all", "after all"),
            ("", ""),
        ] {
            assert_eq!(told(said), expected);
        }
    }
}
