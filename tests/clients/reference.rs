//! The page of the reference: what curl reports is what it says.

use std::path::Path;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::checks::Checks;
use crate::process::{self, End, Ran};
use crate::sandbox::Sandbox;
use crate::{Missing, Result, curl, program, trial};

const PAGE: &str = include_str!("../../src/docs/reference.md");

/// A client that is timed may be late on a busy machine: then all are asked again.
const TRIES: usize = 3;

const TIMED_OUT: i64 = 28;

/// What a connection comes to that ends before curl has asked: whether it sees that as it connects, sends or receives is a
/// matter of time.
const ENDED_AT_ONCE: [i64; 4] = [7, 52, 55, 56];

pub(crate) fn trials() -> Vec<Trial> {
    let missing = if !cfg!(target_os = "linux") {
        Some(Missing::Platform("exact on Linux only"))
    } else if curl::executable().is_none() {
        Some(Missing::Client("needs curl in PATH".to_owned()))
    } else {
        None
    };
    vec![trial("reference::curl_reports_what_the_page_says".to_owned(), missing, page_holds)]
}

/// The spelling, the wire and curl's exit status of each row.
fn rows_of_the_page() -> Result<Vec<(String, String, i64)>> {
    let typed = |cell: &str| cell.trim_matches(['`', ' ']).replace("\\|", "|");
    // The notation is a table as well, before the first heading.
    let rows =
        PAGE.lines().skip_while(|line| !line.starts_with("# ")).filter(|line| line.starts_with("| `")).map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            let (status, _) = cells[3].split_once(':').ok_or_else(|| format!("no exit status in {line}"))?;
            Ok((typed(cells[1]), typed(cells[2]), status.trim().parse()?))
        });
    rows.collect()
}

/// What differs from the page, what of that is a client that was late, and curl's version.
fn differences(ran: &Ran) -> Result<(Vec<String>, bool, String)> {
    let rows: Vec<Value> =
        std::str::from_utf8(&ran.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let version = rows.first().and_then(|row| row["curl_version"].as_str()).unwrap_or_default().to_owned();
    let page = rows_of_the_page()?;
    if page.len() != rows.len() {
        return Err(format!("{} rows on the page, {} of the program", page.len(), rows.len()).into());
    }
    // Other versions have other numbers for the same thing.
    let is_same = PAGE.contains(&format!("- curl {version}:"));
    let (mut different, mut is_late) = (Vec::new(), true);
    for ((entry, wire, expected), row) in page.iter().zip(&rows) {
        let status = row["curl"]["status"].as_i64();
        let is_asked = ["GET", "HEAD"].iter().any(|method| wire.starts_with(method));
        let ended = !is_asked && status.is_some_and(|status| ENDED_AT_ONCE.contains(&status));
        let fits =
            status == Some(*expected) || ended || (!is_same && status.is_some_and(|s| (s == 0) == (*expected == 0)));
        if row["entry"] != entry.as_str() || row["wire"] != wire.as_str() || !fits {
            different.push(format!("{entry}: {wire}: {expected} on the page, {row}"));
            is_late &= status == Some(TIMED_OUT);
        }
    }
    Ok((different, is_late, version))
}

fn page_holds() -> Result<()> {
    let sandbox = Sandbox::new()?;
    for left in (0..TRIES).rev() {
        let ran = process::run(sandbox.command(Path::new(program::EXECUTABLE)).args(["--verify-wire", "--json"]))?;
        if ran.end != End::Status(0) {
            return Err(format!("something is not on the wire\n{ran}").into());
        }
        let (different, is_late, version) = differences(&ran)?;
        if !different.is_empty() && is_late && left > 0 {
            continue;
        }
        let mut checks = Checks::default();
        let what = format!("curl {version} does what src/docs/reference.md says, whose first lines say how it is made");
        checks.equal_lines(&what, &different, &[]);
        return checks.verdict(&[&ran]);
    }
    unreachable!("the last try returns")
}
