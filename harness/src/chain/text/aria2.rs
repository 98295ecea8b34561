//! aria2: a line of its log, and the exceptions below it.
//!
//! ```text
//! 11/24 02:58:06 [ERROR] CUID#7 - Download aborted. URI=http://h/app.tar.gz
//! Exception: [AbstractCommand.cc:368] errorCode=1 URI=http://h/app.tar.gz
//!   -> [SocketCore.cc:874] errorCode=1 Failed to receive data, cause: Connection reset by peer
//! ```

use std::sync::LazyLock;

use regex::Regex;

use super::{Format, Found};
use crate::chain::table::regex;

pub(super) const FORMAT: Format = Format { name: "aria2", read };

static ERROR: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\d\d/\d\d \d\d:\d\d:\d\d \[ERROR\] (?:CUID#\d+ - )?(?P<message>.*)$"));

fn read(lines: &[&str]) -> Option<Found> {
    let at = lines.iter().rposition(|line| ERROR.is_match(line))?;
    if lines[at..].iter().any(|line| line.contains("] Download complete: ")) {
        return None;
    }
    let message = ERROR.captures(lines[at])?["message"].trim_end().to_owned();
    let exceptions: Vec<String> = lines[at + 1..].iter().map_while(|line| exception(line)).collect();
    let end = at + 1 + exceptions.len();
    Some(Found { links: [message].into_iter().chain(exceptions).collect(), lines: at..end })
}

fn exception(line: &str) -> Option<String> {
    let text = line.strip_prefix("Exception: ").or_else(|| line.trim_start().strip_prefix("-> "))?;
    Some(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn exceptions_are_below_the_line() {
        let error = "11/24 02:58:06 [ERROR] CUID#7 - a\nException: b\n  -> c\n";
        check(&FORMAT, &format!("{error}\n11/24 02:58:06 [NOTICE] d\n"), &["a", "b", "c"]);
        check_none(&FORMAT, &format!("{error}\n11/24 02:58:06 [NOTICE] Download complete: /e\n"));
        check_none(&FORMAT, "11/24 02:58:06 [INFO] a\nException: b\n");
    }
}
