//! A fixture as it is, for comparing.

use std::fmt;
use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use tokio::runtime::Handle;

use super::runtime::wait_for;
use crate::content::{Block, Fixture};

/// The bytes of a fixture as they are served where nothing is injected, from [`FlakyServer::fixture`].
///
/// Reading blocks. It works on any thread, also on one of a runtime.
///
/// [`FlakyServer::fixture`]: crate::FlakyServer::fixture
pub struct FixtureReader {
    fixture: Fixture,
    runtime: Handle,
    position: u64,
    block: Bytes,
}

impl FixtureReader {
    pub(super) fn new(fixture: Fixture, runtime: Handle) -> Self {
        Self { fixture, runtime, position: 0, block: Bytes::new() }
    }

    /// Another revision of the fixture, from its first byte on: what [`revision=N`](crate::Fault::revision) serves.
    #[must_use]
    pub fn revision(self, number: u32) -> Self {
        Self::new(self.fixture.revision(number), self.runtime)
    }

    /// The length of the whole fixture, in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a reader is no collection")]
    pub fn len(&self) -> u64 {
        self.fixture.len()
    }

    fn next_block(&self) -> io::Result<Bytes> {
        let (fixture, position) = (self.fixture.clone(), self.position);
        // In the runtime from the start: a file's block is read on its threads.
        let load = async move {
            match fixture.block(position, fixture.len()) {
                Block::Ready(bytes) => Ok(bytes),
                Block::Loading(bytes) => bytes.await,
            }
        };
        wait_for(&self.runtime, load)?.map_err(io::Error::other)
    }
}

impl Read for FixtureReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.block.is_empty() {
            self.block = self.next_block()?;
            self.position += self.block.len() as u64;
        }
        let len = self.block.len().min(buf.len());
        self.block.copy_to_slice(&mut buf[..len]);
        Ok(len)
    }
}

impl fmt::Debug for FixtureReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FixtureReader")
            .field("fixture", &self.fixture)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
