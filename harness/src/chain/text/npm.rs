//! npm: what is known about the error, a line each, and advice.
//!
//! ```text
//! npm error code ECONNREFUSED
//! npm error syscall connect
//! npm error FetchError: request to http://h/app failed, reason: connect ECONNREFUSED 127.0.0.1:80
//! ```

use super::{Format, Found};

pub(super) const FORMAT: Format = Format { name: "npm", read };

/// What npm 10 and npm 9 start their lines with.
const PREFIXES: &[&str] = &["npm error", "npm ERR!"];

/// Lines with these are about the error, and not its message.
const KEYS: &[&str] = &["code", "errno", "syscall", "path", "dest", "file", "signal", "command"];

/// What is before a message, by its kind.
const KINDS: &[&str] = &["network ", "enoent ", "notarget ", "audit ", "EUSAGE "];

fn read(lines: &[&str]) -> Option<Found> {
    let end = lines.iter().rposition(|line| after_prefix(line).is_some())? + 1;
    // An error starts with its code; what is printed between its lines, such as a spinner, does not matter.
    let has_code = |line: &&str| after_prefix(line).is_some_and(|rest| rest.starts_with("code "));
    let start = lines[..end]
        .iter()
        .rposition(has_code)
        .or_else(|| lines.iter().position(|line| after_prefix(line).is_some()))?;
    let message = lines[start..end].iter().filter_map(|line| after_prefix(line)).find(|rest| is_message(rest))?;
    let message = KINDS.iter().find_map(|kind| message.strip_prefix(kind)).unwrap_or(message);
    let links = match message.split_once(" failed, reason: ") {
        Some((request, reason)) => vec![format!("{request} failed"), reason.to_owned()],
        None => vec![message.to_owned()],
    };
    Some(Found { links, lines: start..end })
}

fn after_prefix(line: &str) -> Option<&str> {
    let rest = PREFIXES.iter().find_map(|prefix| line.strip_prefix(prefix))?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

fn is_message(rest: &str) -> bool {
    let first = rest.split(' ').next().unwrap_or_default();
    !rest.is_empty() && !KEYS.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn the_message_is_behind_the_codes() {
        let text = "npm error code E\nnpm error errno E\nnpm error network request to u failed, reason: read E\nnpm error network advice\n";
        check(&FORMAT, text, &["request to u failed", "read E"]);
        check(
            &FORMAT,
            "npm ERR! code E503\nnpm ERR! 503 Service Unavailable - GET u\n",
            &["503 Service Unavailable - GET u"],
        );
        check(&FORMAT, "npm error code E\n/\nnpm error network aborted\n-\n", &["aborted"]);
        check_none(&FORMAT, "npm http fetch GET u attempt 1 failed with 503\nnpm errors\n");
    }
}
