//! static-web-server, from the crates registry.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Missing, Running, find, free_port};

/// static-web-server: `cargo install static-web-server`.
pub(crate) struct StaticWebServer {
    program: PathBuf,
}

impl StaticWebServer {
    /// The program at `path`, or else the one in `PATH`.
    pub(crate) fn find(path: Option<&Path>) -> Result<Self, Missing> {
        let program = path.map_or_else(|| find("static-web-server"), |path| Ok(path.to_owned()))?;
        Ok(Self { program })
    }

    /// The command that serves a directory on a port.
    pub(crate) fn command(&self, root: &Path, port: u16) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["--host", "127.0.0.1", "--log-level", "error", "--port", &port.to_string(), "--root"]).arg(root);
        command
    }

    /// Serves a directory.
    pub(crate) fn start(&self, root: &Path) -> Result<Running, Missing> {
        let start = || {
            let port = free_port()?;
            Running::on_port(self.command(root, port), port, None)
        };
        start().map_err(|error: anyhow::Error| format!("static-web-server does not start: {error:#}"))
    }
}
