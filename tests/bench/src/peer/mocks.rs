//! Mock servers from the crates registry, in a program of their own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::{Missing, Running, Site, cargo_build, target_dir};

/// A mock server that serves bytes from memory.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mock {
    Httpmock,
    Wiremock,
}

impl Mock {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Httpmock => "httpmock",
            Self::Wiremock => "wiremock-rs",
        }
    }

    /// Serves the small file's path, with as many bytes.
    pub(crate) fn start(self) -> Result<Running, Missing> {
        let name = match self {
            Self::Httpmock => "httpmock",
            Self::Wiremock => "wiremock",
        };
        let mut command = Command::new(peers()?);
        command.args([name, Site::SMALL, &Site::SMALL_LEN.to_string()]);
        Running::telling(command).map_err(|error| format!("{name} does not start: {error:#}"))
    }
}

/// The program with the mock servers, built at its first use.
pub(crate) fn peers() -> Result<PathBuf, Missing> {
    static PEERS: OnceLock<Result<PathBuf, Missing>> = OnceLock::new();

    let build = || {
        let target = target_dir().map_err(|error| error.to_string())?.join("peers");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        cargo_build(&["--release", "--locked", "--target-dir", &target.to_string_lossy()], &root)?;
        Ok(target.join("release/flaky-peers"))
    };
    PEERS.get_or_init(build).clone()
}
