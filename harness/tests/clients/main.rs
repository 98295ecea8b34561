//! Real downloaders, and what the harness finds out about them: how each retries, and whether it says so.
//!
//! `tests/clients/install.sh`, at the root of the workspace, installs those that have to be of a certain version. A test
//! whose client is not there is ignored and says why; it fails instead where `FLAKY_REQUIRE_CLIENTS` is `1`.

mod aria2c;
#[cfg(feature = "audit")]
mod audits;
mod behaviour;
mod cargo;
mod curl;
mod node;
mod page;
mod pip;
mod suite;
mod urllib;
mod uv;
mod versions;
mod wget;

#[expect(dead_code, unused_imports, reason = "what is left is for the integration tests")]
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::Arguments;

/// These tests wait (for what their clients sleep between attempts) and compute little: more at once than there are
/// processors.
const AT_ONCE: usize = 8;

fn main() -> ExitCode {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(AT_ONCE);
    // The slow ones first.
    let suites = [
        uv::tests(),
        pip::tests(),
        cargo::tests(),
        wget::tests(),
        curl::tests(),
        aria2c::tests(),
        node::tests(),
        urllib::tests(),
        #[cfg(feature = "audit")]
        audits::tests(),
        page::tests(),
        versions::tests::tests(),
    ];
    libtest_mimic::run(&args, suites.into_iter().flatten().collect()).exit_code()
}

/// A path of the workspace.
fn workspace(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)
}

/// What `tests/clients/install.sh` installs.
fn installed(client: &str) -> PathBuf {
    workspace("target/clients").join(client)
}
