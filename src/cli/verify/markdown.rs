//! The reference as a page of the documentation.

use super::legend::LEGEND;
use super::{Checks, spelling, title};

const ABOUT: &str = "\
Every term, with entries that have it and what a client of them sees. The program prints this page, and holds each row
against the wire when it does; `flaky-server --verify-wire` does so anywhere. The page is made by

```text
cargo run --features reqwest -- --verify-wire=markdown > src/docs/reference.md
```

What a term does in full is described at [`Fault`](crate::Fault). Under *on the wire* stands what goes to and fro, in the
order in which it happens ([`Show`](crate::decision::Show) has all of the notation):

";

/// The page.
pub(super) fn page(checks: &Checks) -> String {
    let legend: String = LEGEND.map(|(written, meaning)| format!("| {} | {meaning} |\n", code(written))).concat();
    let mut page = format!("{ABOUT}| written | what it is |\n|---|---|\n{legend}{}", clients(checks));
    let (mut area, mut name) = (None, "");
    for checked in &checks.rows {
        let (spec, show) = (checked.row.spec(), checked.row.show());
        if area.replace(spec.area()) != Some(spec.area()) {
            page += &format!("\n# {}\n\n{}", title(spec.area()), head(checks));
        }
        let summary =
            if name == spec.name() { String::new() } else { format!(" {}", spec.summary().replace('|', "\\|")) };
        name = spec.name();
        page += &format!("| {}{summary} | {} | {} |", code(&spelling(checked.row)), code(show.entry), code(show.wire));
        page += &checked.curl.iter().map(|report| format!(" {} |", plain(&report.to_string()))).collect::<String>();
        page += &checked.reqwest.iter().map(|report| format!(" {} |", plain(report))).collect::<String>();
        page.push('\n');
    }
    page
}

/// Who was asked.
fn clients(checks: &Checks) -> String {
    let mut clients = Vec::new();
    if let Some(curl) = &checks.curl {
        clients.push(format!("- curl {}: its exit status, and its message or what it got\n", curl.version));
    }
    #[cfg(feature = "reqwest")]
    clients.push(format!("- a client with reqwest {}: the first and the last cause\n", super::reqwest::VERSION));
    if clients.is_empty() {
        return String::new();
    }
    format!("\nThe clients wait two seconds for something that does not come. They are:\n\n{}", clients.concat())
}

fn head(checks: &Checks) -> String {
    let mut columns = vec!["fault", "spelling", "on the wire"];
    columns.extend(checks.curl.as_ref().map(|_| "curl"));
    if cfg!(feature = "reqwest") {
        columns.push("reqwest");
    }
    format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len()))
}

/// A cell with text that is typed.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    // A tick ends what a tick begins.
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A cell with words.
fn plain(text: &str) -> String {
    text.chars().fold(String::new(), |mut cell, c| {
        if "\\|`*_[]<>".contains(c) {
            cell.push('\\');
        }
        cell.push(c);
        cell
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_no_borders_in_them() {
        assert_eq!(code("framing=length|close"), "`framing=length\\|close`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(plain("a|b_c <d> [e]"), "a\\|b\\_c \\<d\\> \\[e\\]");
    }
}
