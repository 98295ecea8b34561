//! SHA-256.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, as 64 hexadecimal digits.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Sha256Sum([u8; 32]);

/// The text is no SHA-256 digest.
#[derive(Debug, thiserror::Error)]
#[error("a SHA-256 has 64 hexadecimal digits")]
pub struct Sha256SumError;

impl Sha256Sum {
    pub(crate) fn of(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }

    /// That of a file as it is on the disk: whatever went into it, in however many parts.
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut piece = vec![0; 256 * 1024];
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                return Ok(Self::of(hash));
            }
            hash.update(&piece[..read]);
        }
    }
}

impl FromStr for Sha256Sum {
    type Err = Sha256SumError;

    fn from_str(text: &str) -> Result<Self, Sha256SumError> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Sha256SumError);
        }
        let mut sum = [0; 32];
        for (i, byte) in sum.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| Sha256SumError)?;
        }
        Ok(Self(sum))
    }
}

impl fmt::Display for Sha256Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Sum({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn it_is_read_and_written() {
        assert_eq!(EMPTY.parse::<Sha256Sum>().unwrap(), Sha256Sum::of(Sha256::new()));
        assert_eq!(EMPTY.to_uppercase().parse::<Sha256Sum>().unwrap().to_string(), EMPTY);
        assert_eq!(format!("{:?}", Sha256Sum::of(Sha256::new())), format!("Sha256Sum({EMPTY})"));
        for text in ["", "e3", &EMPTY[1..], &EMPTY.replace('e', "x"), &"é".repeat(32)] {
            assert!(text.parse::<Sha256Sum>().is_err(), "{text}");
        }
    }

    #[test]
    fn of_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(Sha256Sum::of_file(file.path()).unwrap().to_string(), EMPTY);
    }
}
