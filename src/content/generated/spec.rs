//! What is to be generated.

use crate::units::ByteSize;

/// A fixture that is computed as it is sent: any length, from a seed, on no disk and in constant memory.
///
/// Its length is exact, to the byte. What it is follows from the name that it is served under:
///
/// | name | bytes |
/// |---|---|
/// | `*.tar.gz`, `*.tgz` | a tar archive, compressed with gzip: a directory with a `README.txt` and a large `data.bin` |
/// | `*.gz` | pseudo-random bytes, compressed with gzip |
/// | `*.tar` | the tar archive alone |
/// | others, also `*.zip` and `*.whl` | pseudo-random bytes |
///
/// The compressed ones unpack with any tool, and their checksums are right; nothing in them is smaller for being
/// compressed. The same path, length and seed give the same bytes, in every run and every version from 1.0 on. They
/// are another file for each path and for each length: who mixes two of them up is found out.
///
/// Any part is computed by itself, so that a range at the end of 1 TiB comes as fast as one at its start.
///
/// # Examples
///
/// ```
/// use std::io::{Read as _, Seek as _, SeekFrom};
///
/// use flaky_server::{ByteSize, FlakyServer, Generated};
///
/// let server = FlakyServer::builder()
///     .serve_generated("/app.tar.gz", ByteSize::mb(100))
///     .serve_generated("/huge.bin", Generated::new(ByteSize::gib(1024)).seed(7))
///     .start()?;
///
/// assert_eq!(server.fixture("/app.tar.gz")?.len(), 100_000_000);
/// let mut end = Vec::new();
/// let mut huge = server.fixture("/huge.bin")?;
/// huge.seek(SeekFrom::End(-5))?;
/// huge.read_to_end(&mut end)?;
/// assert_eq!(end.len(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Generated {
    size: ByteSize,
    seed: u64,
}

impl Generated {
    /// A fixture of exactly this length.
    pub const fn new(size: ByteSize) -> Self {
        Self { size, seed: 0 }
    }

    /// The seed of its bytes. Defaults to 0, whatever the seed of the server is.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    pub(in crate::content) fn len(self) -> u64 {
        self.size.bytes()
    }

    pub(in crate::content) fn key(self) -> u64 {
        self.seed
    }
}

impl From<ByteSize> for Generated {
    fn from(size: ByteSize) -> Self {
        Self::new(size)
    }
}
