//! pip: a tree below the name of an error, or lines that start with `ERROR: `.
//!
//! ```text
//! error: incomplete-download
//!
//! × Download failed after 6 attempts because not enough bytes were received (0 bytes/400 kB)
//! ╰─> URL: http://h/app-1.0-py3-none-any.whl
//! ```

use std::sync::LazyLock;

use regex::Regex;

use super::level::after_level;
use super::{Format, Found, tree};
use crate::chain::table::regex;

pub(super) const FORMAT: Format = Format { name: "pip", read };

fn read(lines: &[&str]) -> Option<Found> {
    let tree = tree::last(lines, |at| tree::root(lines[at], &["× "]).filter(|_| lines[at].starts_with('×')));
    [tree, listed(lines)].into_iter().flatten().max_by_key(|found| found.lines.start)
}

/// The last of the `ERROR: ` lines, and those directly before it.
fn listed(lines: &[&str]) -> Option<Found> {
    let is_error = |line: &&str| line.starts_with("ERROR: ");
    let last = lines.iter().rposition(is_error)?;
    let count = lines[..=last].iter().rev().take_while(|line| is_error(line)).count();
    let range = last + 1 - count..last + 1;
    let links = lines[range.clone()].iter().filter_map(|line| after_level(line)).flat_map(split).collect();
    Some(Found { links, lines: range })
}

/// The error of requests that pip shows with its own, and the cause that urllib3 shows with that.
fn split(message: &str) -> Vec<String> {
    static OWN: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?P<own>.* due to an? \w+): (?P<cause>.*)$"));
    let (mut links, mut rest) = match OWN.captures(message) {
        Some(parts) => (vec![parts["own"].to_owned()], parts.name("cause").map_or("", |cause| cause.as_str())),
        None => (Vec::new(), message),
    };
    while let Some((error, cause)) = rest.strip_suffix(')').and_then(|rest| rest.split_once(" (Caused by ")) {
        links.push(error.to_owned());
        rest = cause;
    }
    links.push(rest.to_owned());
    links
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn trees_have_a_name() {
        check(
            &FORMAT,
            "error: connection-failed\n\n× Failed to connect\n╰─> it was closed\n\nhint: no",
            &["Failed to connect", "it was closed"],
        );
    }

    #[test]
    fn lines_that_follow_each_other_belong_together() {
        check(&FORMAT, "ERROR: a\nCollecting b\nERROR: c\nERROR: d\n", &["c", "d"]);
        check_none(&FORMAT, "ERROR:backoff:Giving up");
        let text =
            "ERROR: Could not install packages due to an OSError: Pool(host='h'): Max retries (Caused by E('no'))";
        check(
            &FORMAT,
            text,
            &["Could not install packages due to an OSError", "Pool(host='h'): Max retries", "E('no')"],
        );
    }
}
