//! What a failed assertion prints.

use std::fmt::Write as _;

use flaky_server::{Entry, Exchange, Table};

use super::indented;
use super::waterfall::waterfall;
use crate::Outcome;
use crate::claim::Count;
use crate::outcome::shown;
use crate::told::Told;

/// Of what a downloader printed, the last so many lines are shown if nothing else tells what it said.
const LINES: usize = 12;

/// Of a line of what it printed, so many characters are shown.
const WIDTH: usize = 300;

/// Of more exchanges than that, only the first and the last are in the table.
const ROWS: usize = 64;

/// Files that were left behind are listed up to this number.
const LEFTOVERS: usize = 10;

/// What a failed assertion prints: what was expected and what came; the downloader; the schedule and the seed; what the
/// wire saw, as a table and over time; what the downloader said; what may be behind it; and how to see it again.
pub(crate) fn failure(outcome: &Outcome, expected: &str, got: &str, nearest: &[String]) -> String {
    let result = outcome.content().map(ToString::to_string).unwrap_or_default();
    let text = account(outcome, format!("expected {expected}\n     got {got}\n"), got, &result);
    text + &section("nearest", &nearest.join("\n")) + &section("replay", &outcome.facts().replay)
}

/// The same without what is about an assertion: all that is known of an outcome. It goes on from `text`, in which `got` is
/// what is known of the downloader already. `result` is what there is to say of what it made.
pub(crate) fn account(outcome: &Outcome, mut text: String, got: &str, result: &str) -> String {
    let facts = outcome.facts();
    text += &section("downloader", &downloader(outcome, result));
    text += &section("schedule", &format!("{}seed {}\n", facts.rules, facts.seed));
    text += &section(&format!("the wire saw ({})", outcome.scope_name()), &wire(outcome));
    text += &section("over time", &waterfall(outcome.exchanges()));
    text + &section("the downloader said", &said(outcome, got))
}

/// A part with a title, if there is anything in it.
fn section(title: &str, body: &str) -> String {
    if body.trim().is_empty() { String::new() } else { format!("\n{title}\n{}", indented(body)) }
}

fn downloader(outcome: &Outcome, result: &str) -> String {
    let facts = outcome.facts();
    let mut text = format!("{}\n{} after {:.1}s\n", facts.downloader, facts.ran.exit(), facts.took.as_secs_f64());
    if !result.is_empty() {
        let _ = writeln!(text, "{result}");
    }
    let left = outcome.leftovers();
    if !left.is_empty() {
        let names: Vec<_> = left.iter().take(LEFTOVERS).map(|path| shown(path, outcome.root())).collect();
        let more =
            if left.len() > LEFTOVERS { format!(", and {} more", left.len() - LEFTOVERS) } else { String::new() };
        let _ = writeln!(text, "left behind: {}{more}", names.join(", "));
    }
    for note in outcome.notes() {
        let _ = writeln!(text, "note: {note}");
    }
    for (name, stream) in [("stdout", outcome.stdout()), ("stderr", outcome.stderr())] {
        if stream.omitted() > 0 {
            let kept = stream.total() - stream.omitted();
            let _ = writeln!(text, "note: of {} bytes of {name}, {kept} were kept", stream.total());
        }
    }
    text
}

/// The table of exchanges; of many, the first and the last.
fn table(outcome: &Outcome) -> String {
    let exchanges = &outcome.facts().exchanges;
    if exchanges.len() <= ROWS {
        return outcome.table().to_string();
    }
    let of = |part: &[Exchange]| part.iter().cloned().collect::<Table>();
    let (first, last) = (&exchanges[..ROWS / 2], &exchanges[exchanges.len() - ROWS / 2..]);
    format!("{}... {} more ...\n{}", of(first), exchanges.len() - ROWS, of(last))
}

fn wire(outcome: &Outcome) -> String {
    if outcome.facts().exchanges.is_empty() {
        return "no request\n".to_owned();
    }
    let mut text = table(outcome);
    let (attempts, retries, resends) = (outcome.attempts(), outcome.retries(), outcome.wire().resends());
    let _ = write!(text, "{}, {}", Count::Attempts(attempts), Count::Retries(retries));
    if resends > 0 {
        let _ = write!(text, ", {resends} of them resends by the HTTP stack");
    }
    let places = outcome.wire().places();
    if retries > 0 {
        let _ = write!(text, " ({places})");
    }
    text.push('\n');
    let planned = |exchange: &Exchange| exchange.plan.parse::<Entry>().is_ok_and(|entry| entry.has_fault());
    if !outcome.facts().exchanges.iter().any(|exchange| exchange.applied && planned(exchange)) {
        text.push_str("no fault of the schedule has happened\n");
    }
    if outcome.facts().dropped > 0 {
        let _ = writeln!(text, "{} earlier attempts are not in the journal any more", outcome.facts().dropped);
    }
    text
}

/// What it said, and whether that is true, unless `got` has it already.
fn said(outcome: &Outcome, got: &str) -> String {
    let mut text = String::new();
    if outcome.chain().is_empty() {
        let stderr = outcome.stderr();
        let stream = if stderr.is_empty() { outcome.stdout() } else { stderr };
        let printed = stream.text();
        let lines: Vec<&str> = printed.lines().collect();
        let skipped = lines.len().saturating_sub(LINES);
        if skipped > 0 {
            let _ = writeln!(text, "... {skipped} lines ...");
        }
        for line in &lines[skipped..] {
            let _ = writeln!(text, "{}", printable(line));
        }
    } else {
        let _ = writeln!(text, "{}", outcome.chain().to_string().trim_end());
    }
    if let Some(claim) = outcome.claims().total() {
        let _ = writeln!(text, "claim: {claim}");
    }
    let told = outcome.told();
    let verdict = told.to_string();
    if !matches!(told, Told::Nothing { at_least: 0, .. }) && !got.contains(&verdict) {
        let _ = writeln!(text, "it {verdict}");
    }
    text
}

/// A line, cut where it is too long, without control characters, which could hide what stands before them.
fn printable(line: &str) -> String {
    let mut shown: String =
        line.chars().take(WIDTH).map(|c| if c.is_control() && c != '\t' { '·' } else { c }).collect();
    if line.chars().nth(WIDTH).is_some() {
        shown += " ...";
    }
    shown
}
