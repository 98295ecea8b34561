//! The files that are served.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A directory of files to serve, gone when it is dropped.
pub(crate) struct Site {
    dir: TempDir,
}

const MIB: usize = 1024 * 1024;

impl Site {
    pub(crate) const SMALL: &str = "/small.bin";
    pub(crate) const SMALL_LEN: u64 = 1024;
    pub(crate) const SLOW: &str = "/slow.bin";
    pub(crate) const BROKEN: &str = "/broken.bin";
    pub(crate) const SLOW_LEN: u64 = MIB as u64;
    pub(crate) const LARGE: &str = "/large.bin";
    pub(crate) const HUGE: &str = "/huge.bin";

    /// With the small files alone.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let site = Self { dir: TempDir::with_prefix("flaky-bench-")? };
        site.fill(Self::SMALL, 1024)?;
        site.fill(Self::SLOW, MIB)?;
        site.fill(Self::BROKEN, MIB)?;
        Ok(site)
    }

    /// Adds a file of so many MiB.
    pub(crate) fn add(&self, name: &str, mib: usize) -> anyhow::Result<()> {
        self.fill(name, mib * MIB)
    }

    fn fill(&self, name: &str, len: usize) -> anyhow::Result<()> {
        // No holes, and no two blocks alike for who would compress or share them.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut file = File::create(self.path(name))?;
        let mut block = Vec::with_capacity(MIB);
        let mut left = len;
        while left > 0 {
            block.clear();
            while block.len() < left.min(MIB) {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                block.extend_from_slice(&state.rotate_left(29).to_le_bytes());
            }
            block.truncate(left.min(MIB));
            file.write_all(&block)?;
            left -= block.len();
        }
        Ok(())
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name.trim_start_matches('/'))
    }
}
