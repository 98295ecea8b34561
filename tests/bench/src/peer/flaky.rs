//! Our own program.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Missing, Running, cargo_build, target_dir};

/// Our own program, built in release mode.
pub(crate) struct Flaky {
    program: PathBuf,
}

impl Flaky {
    /// Builds it, unless it is current.
    pub(crate) fn build() -> Result<Self, Missing> {
        let target = target_dir().map_err(|error| error.to_string())?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let dir = target.to_string_lossy();
        cargo_build(&["--release", "--locked", "-p", "flaky-server", "--target-dir", &dir], &root)?;
        Ok(Self { program: target.join("release/flaky-server") })
    }

    /// The command that serves a directory, with these arguments before it.
    pub(crate) fn command(&self, root: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["--quiet", "--bind", "127.0.0.1"]).args(arguments).arg(root);
        command
    }

    /// Serves a directory on a free port.
    pub(crate) fn start(&self, root: &Path, arguments: &[&str]) -> anyhow::Result<Running> {
        let mut command = self.command(root, arguments);
        command.args(["--port", "0"]);
        Running::telling(command)
    }
}
