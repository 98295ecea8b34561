//! curl: `curl: (56) Recv failure: Connection reset by peer`, for each attempt. The last one counts.

use super::{Format, Found};

pub(super) const FORMAT: Format = Format { name: "curl", read };

fn read(lines: &[&str]) -> Option<Found> {
    let (at, error) = (0..lines.len()).rev().find_map(|at| Some((at, error(lines[at])?)))?;
    Some(Found { links: vec![error.to_owned()], lines: at..at + 1 })
}

fn error(line: &str) -> Option<&str> {
    let error = line.strip_prefix("curl: ")?.trim_end();
    let (code, _) = error.strip_prefix('(')?.split_once(") ")?;
    (!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(error)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn an_error_has_a_number() {
        check(&FORMAT, "curl: (22) a\ncurl: (56) b\n* c\n", &["(56) b"]);
        check_none(&FORMAT, "curl: option --x: is unknown\ncurl: () x\n* Recv failure\n");
    }
}
