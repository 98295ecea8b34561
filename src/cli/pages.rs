//! What is printed instead of serving: the manual page, completions, schedules that are built in, and the schema.

use std::io::{self, Write as _};

use clap_complete::Shell;

use super::args::Args;
use crate::ScheduleFile;

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

/// Prints the schedules that are built in, each with why.
pub(super) fn schedules() -> io::Result<()> {
    let mut list = String::new();
    for name in ScheduleFile::builtins() {
        let file = ScheduleFile::builtin(name);
        let why = file.as_ref().and_then(ScheduleFile::why).unwrap_or_default();
        list += name;
        list.push('\n');
        for line in why.lines().take(2) {
            list += &format!("  {line}\n");
        }
    }
    print(list.as_bytes())
}

/// Prints the schema of schedule files.
pub(super) fn schema() -> io::Result<()> {
    print(format!("{}\n", ScheduleFile::json_schema()).as_bytes())
}

/// Prints at once: a reader that has gone is an error, not a panic halfway.
pub(super) fn print(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}
