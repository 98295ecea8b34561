//! A fixture as it is, for comparing.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

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
        let block = {
            // A file's block is read on the threads of the runtime; what is computed is computed on this one.
            let _entered = self.runtime.enter();
            self.fixture.block(self.position, self.fixture.len())
        };
        match block {
            Block::Ready(bytes) => Ok(bytes),
            Block::Loading(bytes) => wait_for(&self.runtime, bytes)?.map_err(io::Error::other),
        }
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

impl Seek for FixtureReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(distance) => self.len().checked_add_signed(distance),
            SeekFrom::Current(distance) => self.stream_position()?.checked_add_signed(distance),
        };
        let Some(position) = position else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "there is nothing before the first byte"));
        };
        (self.position, self.block) = (position, Bytes::new());
        Ok(position)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position - self.block.len() as u64)
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
