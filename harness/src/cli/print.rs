//! What goes to stdout and stderr.

use std::fmt::Display;
use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

use super::Unavailable;
use crate::audit::{Paint, Verdict};

/// To stdout, with colours where it takes them. A reader that has gone is nobody's fault; a disk that is full is told.
pub(super) fn out(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Unavailable(format!("cannot write to stdout: {error}")).into())
        }
        _ => Ok(()),
    }
}

/// To stderr.
pub(super) fn note(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "flaky-audit: {text}");
}

/// An error with its causes.
pub(super) fn error(error: &anyhow::Error) {
    let causes: String = error.chain().skip(1).map(|cause| format!("\n  caused by: {cause}")).collect();
    let _ = writeln!(io::stderr(), "flaky-audit: {error}{causes}");
}

/// Colours, for those who see them.
pub(super) fn paint() -> Paint {
    Paint::with(|verdict, text| {
        let style = style(verdict);
        format!("{style}{text}{style:#}")
    })
}

fn style(verdict: Verdict) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match verdict {
        Verdict::Corrupted | Verdict::Crashed | Verdict::Forbidden | Verdict::Hung | Verdict::Poisoned => {
            colour(AnsiColor::Red).bold()
        }
        verdict if verdict.is_finding() => colour(AnsiColor::Yellow),
        Verdict::FailedCleanly | Verdict::Recovered | Verdict::Succeeded => colour(AnsiColor::Green),
        _ => Style::new().dimmed(),
    }
}
