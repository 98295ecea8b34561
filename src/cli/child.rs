//! A command that is run against the server.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::process::ExitStatus;

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

use super::exit;
use super::report::fail;
use super::signals::{Signal, Signals};
use crate::FlakyServer;

/// Hosts that no proxy may swallow.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// What stands for the placeholders in a command's words.
struct Urls {
    base: String,
    /// `None` where there may be many.
    url: Option<String>,
    mirror: Option<String>,
}

/// Whether the command makes sense for what is served: `{url}` where there is not exactly one file is an error of
/// usage, like any other in the arguments.
pub(super) fn check(command: &[OsString], single: bool, mirror: bool) -> anyhow::Result<()> {
    let urls = Urls { base: String::new(), url: single.then(String::new), mirror: mirror.then(String::new) };
    command.iter().try_for_each(|word| fill(word, &urls).map(drop))
}

/// Runs the command; returns the exit status that is to be ours.
pub(super) async fn run(command: &[OsString], server: &FlakyServer, signals: &mut Signals) -> anyhow::Result<u8> {
    let urls = Urls { base: server.base(), url: server.single_url(), mirror: server.mirror() };
    let words = command.iter().map(|word| fill(word, &urls)).collect::<Result<Vec<_>, _>>()?;
    let Some((program, args)) = words.split_first() else { bail!("the command is empty") };
    let mut command = Command::new(program);
    command.args(args).env("FLAKY_BASE", &urls.base).kill_on_drop(true);
    for (name, url) in [("FLAKY_URL", &urls.url), ("FLAKY_MIRROR", &urls.mirror)] {
        match url {
            Some(url) => command.env(name, url),
            None => command.env_remove(name),
        };
    }
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, direct(&std::env::var(name).unwrap_or_default(), server));
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            fail(format_args!("cannot run `{}`: {error}", program.display()));
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
fn fill(word: &OsStr, urls: &Urls) -> anyhow::Result<OsString> {
    // What is not Unicode has no placeholder that would have to be found.
    let Some(text) = word.to_str() else { return Ok(word.to_owned()) };
    let mut text = replace(text, "{base}", &urls.base).0;
    for (placeholder, url, otherwise) in [
        (
            "{url}",
            &urls.url,
            "is the one file that is served, and here there may be several: write {base}/PATH instead",
        ),
        ("{mirror}", &urls.mirror, "is the second port, and there is none: add --mirror"),
    ] {
        let (filled, times) = replace(&text, placeholder, url.as_deref().unwrap_or_default());
        if times > 0 && url.is_none() {
            bail!("{placeholder} {otherwise}")
        }
        text = filled;
    }
    Ok(text.into())
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
        let urls =
            Urls { base: "http://h".to_owned(), url: url.map(str::to_owned), mirror: url.map(|_| "m".to_owned()) };
        assert_eq!(fill(word.as_ref(), &urls).ok().as_deref(), filled.map(OsStr::new));
    }

    #[test]
    fn placeholders_are_filled() {
        check("{base}/a-{url}-{url}", Some("http://h/f"), Some("http://h/a-http://h/f-http://h/f"));
        check("{base}{base}", None, Some("http://hhttp://h"));
        check("a{url}", None, None);
        check("{mirror}/a", Some("u"), Some("m/a"));
        check("a{mirror}", None, None);
    }

    #[test]
    fn those_of_others_are_left_alone() {
        check("%{url} ${base} {url}", Some("u"), Some("%{url} ${base} u"));
        check("%{url}", None, Some("%{url}"));
        check("{urls} {u}", None, Some("{urls} {u}"));
    }
}
