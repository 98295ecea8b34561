//! The reference as a page of the documentation.

use super::{Checks, spelling, title};

const ABOUT: &str = "\
Every term, with entries that have it and what a client of them sees. The program prints this page, and holds each row
against the wire when it does; `flaky-server --verify-wire` does so anywhere. The page is made by

```text
cargo run --features reqwest -- --verify-wire=markdown > src/docs/reference.md
```

What stands under *on the wire* is explained at [`Show`](crate::decision::Show), and what a term does at
[`Fault`](crate::Fault).";

/// The page.
pub(super) fn page(checks: &Checks) -> String {
    let mut page = format!("{ABOUT}{}", clients(checks));
    let mut area = None;
    for checked in &checks.rows {
        let (spec, show) = (checked.row.spec(), checked.row.show());
        if area.replace(spec.area()) != Some(spec.area()) {
            page += &format!("\n# {}\n\n{}", title(spec.area()), head(checks));
        }
        page += &format!("| {} | {} | {} |", code(&spelling(checked.row)), code(show.entry), code(show.wire));
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
        return "\n".to_owned();
    }
    format!("\n\nThe clients wait two seconds for something that does not come. They are:\n\n{}", clients.concat())
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
