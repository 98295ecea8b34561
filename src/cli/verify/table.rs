//! The reference for people: an aligned table.

use super::legend::LEGEND;
use super::{Checked, Checks, explained, spelling, title};

/// A wider cell does not widen its column.
const WIDEST: usize = 80;

/// A table for each area, the mismatches below their rows.
pub(super) fn text(checks: &Checks) -> String {
    let mut text = String::from("On the wire\n");
    for (written, meaning) in LEGEND {
        text += &format!("  {written:<36}{meaning}\n");
    }
    let mut area = None;
    let widths = widths(checks);
    for checked in &checks.rows {
        if area.replace(checked.row.spec().area()) != Some(checked.row.spec().area()) {
            text += &format!("\n{}\n", title(checked.row.spec().area()));
            push(&mut text, &head(checks), &widths);
        }
        push(&mut text, &cells(checked), &widths);
        if let Err(mismatch) = &checked.result {
            explained(mismatch).lines().for_each(|line| text += &format!("      {line}\n"));
        }
    }
    let wrong = checks.rows.iter().filter(|checked| checked.result.is_err()).count();
    let rows = checks.rows.len();
    text + &if wrong == 0 { format!("\nall {rows} hold\n") } else { format!("\n{wrong} of {rows} do not hold\n") }
}

fn head(checks: &Checks) -> Vec<String> {
    let curl = checks.curl.as_ref().map_or_else(|| "curl".to_owned(), |curl| format!("curl {}", curl.version));
    let head = ["fault", "spelling", "on the wire", "result", &curl].map(str::to_owned).to_vec();
    #[cfg(feature = "reqwest")]
    let head = [head, vec![format!("reqwest {}", super::reqwest::VERSION)]].concat();
    head
}

fn cells(checked: &Checked) -> Vec<String> {
    let show = checked.row.show();
    let result = if checked.result.is_ok() { "ok" } else { "differs" };
    let curl = checked.curl.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let mut cells = vec![spelling(checked.row), show.entry.to_owned(), show.wire.to_owned(), result.to_owned(), curl];
    cells.extend(checked.reqwest.clone());
    cells
}

fn widths(checks: &Checks) -> Vec<usize> {
    let rows: Vec<_> = checks.rows.iter().map(cells).chain([head(checks)]).collect();
    let width = |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| cell.chars().count());
    (0..head(checks).len())
        .map(|column| width(column).filter(|width| *width <= WIDEST).max().unwrap_or_default())
        .collect()
}

fn push(text: &mut String, cells: &[String], widths: &[usize]) {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line += &format!("  {cell:<width$}");
    }
    *text += line.trim_end();
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::decision::{Show, reference};
    use crate::verify::Row;

    #[test]
    fn a_mismatch_stands_beneath_its_row() {
        let spec = reference().find(|spec| spec.name() == "drop").unwrap();
        let rows = ["GET RST", "GET FIN"].map(|wire| check(Row::new(spec, Show { entry: "drop", wire }), None));
        let text = text(&Checks { rows: rows.into(), curl: None });
        let lines: Vec<&str> = text.lines().skip_while(|line| *line != "Reply").collect();
        assert_eq!(lines[0], "Reply");
        assert!(lines[1].starts_with("  fault  spelling  on the wire  result   curl"), "{text}");
        assert!(lines[2].starts_with("  drop   drop      GET RST      differs  -"), "{text}");
        assert_eq!(lines[3..6], ["      drop: expected RST, got FIN", "        GET RST", "            ^^^"]);
        assert!(lines[6].starts_with("  drop   drop      GET FIN      ok       -"), "{text}");
        assert_eq!(lines[8], "1 of 2 do not hold");
    }
}
