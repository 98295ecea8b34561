//! Packages for package managers: small, real, and the same on every machine.
//!
//! They are what `fixtures/files` of the repository has: a wheel with a simple index, a package for npm, a crate with a
//! sparse registry, and an archive that stands where installers look for a Python interpreter.
//!
//! # Examples
//!
//! ```
//! use flaky_server::{FlakyServer, packages};
//!
//! let server = packages::serve(FlakyServer::builder()).start()?;
//! // pip download flaky-demo --index-url ...
//! println!("{}/packages/simple", server.base());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::FlakyServerBuilder;

macro_rules! files {
    ($name:ident; $($path:literal)+) => {
        &[$(($path, $name!(concat!("../fixtures/files", $path)))),+]
    };
}

/// What is served as it is.
const FILES: &[(&str, &[u8])] = files! { include_bytes;
    "/20241002/cpython-3.8.20+20241002-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz"
    "/packages/cargo/crates/flaky-demo-1.0.0.crate"
    "/packages/cargo/index/fl/ak/flaky-demo"
    "/packages/npm/tarballs/flaky-demo-1.0.0.tgz"
    "/packages/pypi/flaky_demo-1.0.0-py3-none-any.whl"
    "/packages/pypi/flaky_demo-1.0.0-py3-none-any.whl.metadata"
};

/// What has the base URL in it.
const TEMPLATES: &[(&str, &str)] = files! { include_str;
    "/packages/cargo/index/config.json"
    "/packages/npm/flaky-demo"
};

/// Pages, which are served under the path of their folder.
const PAGES: &[(&str, &str)] = files! { include_str;
    "/packages/simple/index.html"
    "/packages/simple/flaky-demo/index.html"
};

/// Serves them, under `/packages` and `/20241002`.
///
/// | for | what to tell it |
/// |---|---|
/// | pip, uv | `--index-url {base}/packages/simple`, package `flaky-demo` |
/// | npm | `--registry {base}/packages/npm`, package `flaky-demo` |
/// | cargo | `sparse+{base}/packages/cargo/index/`, crate `flaky-demo` |
/// | `uv python install` | `--mirror {base}`, version 3.8.20 for Linux on x86_64 with glibc |
pub fn serve(builder: FlakyServerBuilder) -> FlakyServerBuilder {
    let builder = FILES.iter().fold(builder, |builder, (path, bytes)| builder.serve_bytes(*path, *bytes));
    let builder = TEMPLATES.iter().fold(builder, |builder, (path, text)| builder.serve_template(*path, *text));
    PAGES
        .iter()
        .fold(builder, |builder, (path, text)| builder.serve_template(path.trim_end_matches("index.html"), *text))
}
