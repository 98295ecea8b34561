//! Finding programs, and building them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

use super::Missing;

/// The program of this name in the places where commands are looked for.
pub(crate) fn find(name: &str) -> Result<PathBuf, Missing> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Where Debian has what is meant for administrators.
    let dirs = env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    dirs.map(|dir| dir.join(name)).find(|file| file.is_file()).ok_or_else(|| format!("no `{name}` in PATH"))
}

/// Cargo's target directory: this program runs from a profile's directory in it.
pub(crate) fn target_dir() -> anyhow::Result<PathBuf> {
    let exe = env::current_exe()?;
    exe.parent().and_then(Path::parent).map(Path::to_owned).context("this program is not where cargo builds")
}

/// Builds what `arguments` name, with the cargo that runs this program; says what it said if it fails.
pub(crate) fn cargo_build(arguments: &[&str], dir: &Path) -> Result<(), Missing> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("build").args(arguments).current_dir(dir).stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("cargo does not run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let error = said.lines().find(|line| line.starts_with("error")).unwrap_or("no error was named");
    Err(format!("`cargo build {}` failed: {error}", arguments.join(" ")))
}
