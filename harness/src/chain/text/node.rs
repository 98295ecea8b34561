//! Node.js: an error with its stack, and what it holds in braces, its cause among it.
//!
//! ```text
//! TypeError: fetch failed
//!     at async get (file:///get.mjs:5:20) {
//!   [cause]: Error: connect ECONNREFUSED 127.0.0.1:80
//!       at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {
//!     errno: -111,
//!   }
//! }
//! ```

use std::sync::LazyLock;

use regex::Regex;

use super::layout::joined;
use super::{Format, Found};
use crate::chain::table::regex;

pub(super) const FORMAT: Format = Format { name: "node", read };

const CAUSE: &str = "[cause]: ";

/// No message is longer than this.
const MESSAGE_LINES: usize = 50;

fn read(lines: &[&str]) -> Option<Found> {
    // The last stack that is indented as that of an outermost error is, and the first line of it.
    let is_outermost = |at: usize| lines[at].starts_with("    at ");
    let stack = (0..lines.len()).rev().find(|&at| is_outermost(at) && !(at > 0 && is_outermost(at - 1)))?;
    let above = stack.saturating_sub(MESSAGE_LINES)..stack;
    let start = above.rev().take_while(|&at| !is_outermost(at)).find(|&at| starts_with_class(lines[at]))?;
    let end = end(lines, stack);
    let mut links = vec![message(&lines[start..stack], lines[start])];
    for (at, line) in lines.iter().enumerate().take(end).skip(stack) {
        if let Some(cause) = line.trim_start().strip_prefix(CAUSE) {
            let more = lines[at + 1..end].iter().take_while(|line| !is_structure(line)).count();
            links.push(message(&lines[at..=at + more], cause));
        }
    }
    Some(Found { links, lines: start..end })
}

/// `TypeError: ...`, `DOMException [TimeoutError]: ...`.
fn starts_with_class(line: &str) -> bool {
    static CLASS: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:Uncaught )?[A-Z][A-Za-z0-9_$]*(?: \[\w+\])?(?:: |$)"));
    CLASS.is_match(line)
}

/// The lines of a message, the first one without what is before it.
fn message(lines: &[&str], first: &str) -> String {
    let text = joined([first].into_iter().chain(lines.iter().skip(1).map(|line| line.trim())));
    // An error without a message has a colon all the same.
    text.trim_end_matches(" {").trim_end_matches([',', ' ']).trim_end_matches(':').to_owned()
}

/// A line of a stack, or of what an error holds.
fn is_structure(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("at ") || line.starts_with(['}', '[', ']']) || line.is_empty() || is_property(line)
}

/// `code: 'ECONNRESET',`
fn is_property(line: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_');
    line.ends_with([',', '{', '\'']) && line.split_once(": ").is_some_and(|(name, _)| is_name(name))
}

/// Where the stack, and what the error holds, end.
fn end(lines: &[&str], stack: usize) -> usize {
    let indented = |line: &&&str| line.starts_with(char::is_whitespace);
    let end = stack + lines[stack..].iter().take_while(indented).count();
    end + usize::from(lines.get(end).is_some_and(|line| line.trim_end() == "}"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn causes_are_in_braces() {
        let text = "log\nError: a\nb\n    at c (d:1:2)\n    at e {\n  code: 'X',\n  [cause]: TypeError: f\n      at g {\n    [cause]: [H]\n  }\n}\n\nNode.js v20\n";
        check(&FORMAT, text, &["Error: a\nb", "TypeError: f", "[H]"]);
    }

    #[test]
    fn a_cause_may_say_nothing() {
        let text = "TypeError: fetch failed\n    at a {\n  [cause]: AggregateError [ECONNREFUSED]: \n      at b {\n    code: 'X',\n    [errors]: [ [Error], [Error] ]\n  }\n}\n";
        check(&FORMAT, text, &["TypeError: fetch failed", "AggregateError [ECONNREFUSED]"]);
    }

    #[test]
    fn a_stack_needs_an_error() {
        check(&FORMAT, "DOMException [TimeoutError]: a\n    at b\n", &["DOMException [TimeoutError]: a"]);
        check_none(&FORMAT, "attempt 1/3 failed: a\n    at b\n");
        check_none(&FORMAT, "npm error Error: a\nnpm error     at b\n");
    }
}
