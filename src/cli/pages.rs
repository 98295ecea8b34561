//! What is made from the definition of the command line: the manual page, and completions.

use std::io::{self, Write as _};

use clap_complete::Shell;

use super::args::Args;

/// Prints the manual page, in roff.
pub(super) fn man() -> io::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::whole()).render(&mut page)?;
    print(&page)
}

/// Prints what the shell completes by.
pub(super) fn completions(shell: Shell) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::whole(), "flaky-server", &mut script);
    print(&script)
}

/// Prints at once: a reader that has gone is an error, not a panic halfway.
pub(super) fn print(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}
