//! The reference as JSON lines.

use serde::Serialize;

use super::{Checks, curl::Report, explained};

/// A row.
#[derive(Serialize)]
struct Line<'a> {
    v: u8,
    kind: &'static str,
    area: &'static str,
    fault: &'static str,
    value: Option<&'static str>,
    entry: &'static str,
    wire: &'static str,
    /// What differs; `null` if it holds.
    mismatch: Option<String>,
    /// `null` if there is no curl.
    curl: Option<&'a Report>,
    curl_version: Option<&'a str>,
    /// `null` if it is not built in.
    reqwest: Option<&'a str>,
}

/// A line for each row.
pub(super) fn lines(checks: &Checks) -> String {
    let mut lines = String::new();
    for checked in &checks.rows {
        let (spec, show) = (checked.row.spec(), checked.row.show());
        let line = Line {
            v: 1,
            kind: "wire",
            area: super::title(spec.area()),
            fault: spec.name(),
            value: spec.value(),
            entry: show.entry,
            wire: show.wire,
            mismatch: checked.result.as_ref().err().map(explained),
            curl: checked.curl.as_ref(),
            curl_version: checks.curl.as_ref().map(|curl| curl.version.as_str()),
            reqwest: checked.reqwest.as_deref(),
        };
        lines += &serde_json::to_string(&line).expect("plain fields with string keys are always JSON");
        lines.push('\n');
    }
    lines
}
