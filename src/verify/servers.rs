//! The two servers of a check.

use std::net::SocketAddr;

use super::fixture::{OTHER_PATH, PATH, file, other};
use crate::{FlakyServer, FlakyServerBuilder, Rule, StartError, matchers::any};

/// One that plays an entry, and one that plays nothing.
#[derive(Debug)]
pub(crate) struct Servers {
    played: FlakyServer,
    control: FlakyServer,
}

impl Servers {
    /// Starts both; they stop when this is dropped.
    pub(crate) fn start(entry: &str) -> Result<Self, StartError> {
        let rule = Rule::when(any()).script(entry)?;
        let mirrored = builder().mirror(entry.contains("{mirror}"));
        Ok(Self { played: mirrored.rule(rule).start()?, control: builder().start()? })
    }

    /// Where the entry is played.
    pub(super) fn played(&self) -> SocketAddr {
        self.played.addr()
    }

    /// Where nothing goes wrong.
    pub(super) fn control(&self) -> SocketAddr {
        self.control.addr()
    }

    /// The URL of the file, where the entry is played.
    #[cfg(feature = "cli")]
    pub(crate) fn url(&self) -> String {
        self.played.url(PATH)
    }
}

fn builder() -> FlakyServerBuilder {
    FlakyServer::builder().serve_bytes(PATH, file()).serve_bytes(OTHER_PATH, other()).seed(1)
}
