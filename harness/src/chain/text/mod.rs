//! Error chains in what programs print: one file for each format.
//!
//! A new format is one file with a [`Format`], and one line in [`FORMATS`].

mod announced;
mod anyhow;
mod aria2;
mod cargo;
mod caused_by;
mod clean;
mod color_eyre;
mod curl;
mod eyre;
mod go;
mod joined;
mod layout;
mod level;
mod marked;
mod miette;
mod node;
mod npm;
mod one_line;
mod panic;
mod pip;
mod python;
mod tree;
mod uv;
mod wget;

use std::ops::Range;

pub(crate) use self::announced::{announces, implies};
pub(crate) use self::clean::clean;

/// A way to print an error chain.
struct Format {
    name: &'static str,
    /// The last error of this format in the lines of a text.
    read: fn(&[&str]) -> Option<Found>,
}

/// An error chain in a text.
#[derive(Debug, Eq, PartialEq)]
struct Found {
    /// The outermost first.
    links: Vec<String>,
    /// Where it is.
    lines: Range<usize>,
}

/// Where two of them read the same lines, the first one is right.
static FORMATS: &[Format] = &[
    python::FORMAT,
    node::FORMAT,
    npm::FORMAT,
    pip::FORMAT,
    miette::FORMAT,
    color_eyre::FORMAT,
    cargo::FORMAT,
    eyre::FORMAT,
    anyhow::FORMAT,
    uv::FORMAT,
    panic::FORMAT,
    curl::FORMAT,
    wget::FORMAT,
    aria2::FORMAT,
    go::FORMAT,
    one_line::FORMAT,
];

/// The error chain that a program printed last, and the name of its format.
///
/// An error behind which a retry is announced is that of an earlier attempt, and not the program's.
pub(super) fn read(output: &[u8]) -> Option<(&'static str, Vec<String>)> {
    let text = clean(output);
    let lines: Vec<&str> = text.lines().collect();
    let retried = lines.iter().rposition(|line| announces(line));
    let mut last: Option<(&'static str, Found)> = None;
    for format in FORMATS {
        let Some(mut found) = (format.read)(&lines) else { continue };
        found.links.retain(|link| !link.is_empty());
        let earlier = retried.is_some_and(|retried| retried >= found.lines.end);
        let behind = last.as_ref().is_none_or(|(_, last)| found.lines.start >= last.lines.end);
        if !earlier && behind && !found.links.is_empty() {
            last = Some((format.name, found));
        }
    }
    last.map(|(name, found)| (name, found.links))
}

/// The number of the first line from `from` on that is not blank.
fn skip_blank(lines: &[&str], from: usize) -> usize {
    let blank = lines.iter().skip(from).take_while(|line| line.trim().is_empty()).count();
    from.min(lines.len()) + blank
}

#[cfg(test)]
mod testing {
    use super::Format;

    /// The links that a format finds in a text.
    #[track_caller]
    pub(super) fn check(format: &Format, text: &str, links: &[&str]) {
        let lines: Vec<&str> = text.lines().collect();
        let found = (format.read)(&lines).map(|found| found.links);
        assert_eq!(found.as_deref().unwrap_or_default(), links, "{} in {text}", format.name);
    }

    #[track_caller]
    pub(super) fn check_none(format: &Format, text: &str) {
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((format.read)(&lines), None, "{} in {text}", format.name);
    }
}
