//! What is served.

use std::fmt::Write as _;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

/// The file that uv asks for, below the directory that is served.
pub(crate) const INSTALLER: &str =
    "20241002/cpython-3.8.20+20241002-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

pub(crate) fn files() -> PathBuf {
    root().join("files")
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The content of one member of an archive that `fixtures/make.py` made: stored blocks in gzip, plain ustar inside.
pub(crate) fn member(archive: &[u8], name: &str) -> Option<Vec<u8>> {
    let tar = stored(archive);
    let mut rest = tar.as_slice();
    while rest.len() >= 512 {
        let (header, behind) = rest.split_at(512);
        let size = octal(&header[124..135])?;
        if until_nul(&header[..100]) == name.as_bytes() {
            return behind.get(..size).map(<[u8]>::to_vec);
        }
        rest = behind.get(size.next_multiple_of(512)..)?;
    }
    None
}

/// RFC 1952 without optional fields; RFC 1951 without compression: a byte whose lowest bit says "the last", the length,
/// its complement, the bytes.
fn stored(archive: &[u8]) -> Vec<u8> {
    let mut rest = &archive[10..];
    let mut out = Vec::with_capacity(archive.len());
    loop {
        assert!(rest[0] <= 1, "a block of the fixture is not stored");
        let length = usize::from(u16::from_le_bytes([rest[1], rest[2]]));
        out.extend_from_slice(&rest[5..5 + length]);
        if rest[0] == 1 {
            return out;
        }
        rest = &rest[5 + length..];
    }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn octal(field: &[u8]) -> Option<usize> {
    usize::from_str_radix(str::from_utf8(field).ok()?, 8).ok()
}
