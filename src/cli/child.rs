//! A command that is run against the server.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::process::ExitStatus;

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

use super::exit;
use super::report::say;
use super::signals::{Signal, Signals};
use crate::FlakyServer;

/// Hosts that no proxy may swallow.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// Whether the command makes sense for what is served: `{url}` where there is not exactly one file is an error of
/// usage, like any other in the arguments.
pub(super) fn check(command: &[OsString], single: bool) -> anyhow::Result<()> {
    let url = single.then_some("");
    command.iter().try_for_each(|word| fill(word, "", url).map(drop))
}

/// Runs the command; returns the exit status that is to be ours.
pub(super) async fn run(command: &[OsString], server: &FlakyServer, signals: &mut Signals) -> anyhow::Result<u8> {
    let (base, url) = (server.base(), server.single_url());
    let words = command.iter().map(|word| fill(word, &base, url.as_deref())).collect::<Result<Vec<_>, _>>()?;
    let Some((program, args)) = words.split_first() else { bail!("the command is empty") };
    let mut command = Command::new(program);
    command.args(args).env("FLAKY_BASE", &base).kill_on_drop(true);
    match url {
        Some(url) => command.env("FLAKY_URL", url),
        None => command.env_remove("FLAKY_URL"),
    };
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, direct(&std::env::var(name).unwrap_or_default(), server));
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            say(format_args!("error: cannot run `{}`: {error}", program.display()));
            return Ok(if error.kind() == io::ErrorKind::NotFound { exit::NOT_FOUND } else { exit::NOT_EXECUTABLE });
        }
    };
    loop {
        tokio::select! {
            status = child.wait() => return Ok(code(status.context("cannot wait for the command")?)),
            signal = signals.next() => forward(&mut child, signal),
        }
    }
}

/// Hosts that are to be reached without a proxy: those that were before, loopback, and what the server listens on.
fn direct(others: &str, server: &FlakyServer) -> String {
    let mut hosts: Vec<String> = others.split(',').filter(|host| !host.is_empty()).map(str::to_owned).collect();
    hosts.extend(LOOPBACK.map(str::to_owned));
    hosts.extend(server.addrs().iter().map(|addr| addr.ip().to_string()).filter(|ip| !LOOPBACK.contains(&ip.as_str())));
    hosts.join(",")
}

/// Replaces the placeholders in one word.
fn fill(word: &OsStr, base: &str, url: Option<&str>) -> anyhow::Result<OsString> {
    // What is not Unicode has no placeholder that would have to be found.
    let Some(text) = word.to_str() else { return Ok(word.to_owned()) };
    let text = replace(text, "{base}", base).0;
    match (url, replace(&text, "{url}", url.unwrap_or_default())) {
        (None, (_, 1..)) => {
            bail!("{{url}} is the one file that is served, and here there may be several: write {{base}}/PATH instead")
        }
        (_, (text, _)) => Ok(text.into()),
    }
}

/// Replaces a placeholder, and says how often; `%{url}` is curl's own, and `${url}` a shell's.
fn replace(text: &str, placeholder: &str, value: &str) -> (String, usize) {
    let mut parts = text.split(placeholder);
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let mut count = 0;
    for part in parts {
        let foreign = filled.ends_with(['%', '$']);
        count += usize::from(!foreign);
        filled += if foreign { placeholder } else { value };
        filled += part;
    }
    (filled, count)
}

#[cfg(unix)]
fn code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;

    match (status.code(), status.signal()) {
        (Some(code), _) => u8::try_from(code).unwrap_or(exit::FAILURE),
        (None, Some(signal)) => exit::SIGNALLED + u8::try_from(signal).unwrap_or(0),
        (None, None) => exit::COMMAND_FAILED,
    }
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(exit::FAILURE)
}

#[cfg(unix)]
fn forward(child: &mut Child, signal: Signal) {
    use rustix::process::{Pid, Signal as Number, kill_process};

    // A terminal sends its interrupt to the command as well; twice is more than was asked for.
    if signal == Signal::Interrupt && io::stdin().is_terminal() {
        return;
    }
    let number = match signal {
        Signal::HangUp => Number::HUP,
        Signal::Interrupt => Number::INT,
        Signal::Terminate => Number::TERM,
    };
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It fails if the command has just ended, and then `wait` says so.
        let _ = kill_process(pid, number);
    }
}

#[cfg(not(unix))]
fn forward(_child: &mut Child, _signal: Signal) {
    // The console tells the command by itself.
    let _ = io::stdin().is_terminal();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, url: Option<&str>, filled: Option<&str>) {
        assert_eq!(fill(word.as_ref(), "http://h", url).ok().as_deref(), filled.map(OsStr::new));
    }

    #[test]
    fn placeholders_are_filled() {
        check("{base}/a-{url}-{url}", Some("http://h/f"), Some("http://h/a-http://h/f-http://h/f"));
        check("{base}{base}", None, Some("http://hhttp://h"));
        check("a{url}", None, None);
    }

    #[test]
    fn those_of_others_are_left_alone() {
        check("%{url} ${base} {url}", Some("u"), Some("%{url} ${base} u"));
        check("%{url}", None, Some("%{url}"));
        check("{urls} {u}", None, Some("{urls} {u}"));
    }
}
