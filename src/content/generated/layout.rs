//! What stands where in a generated fixture.

use bytes::Bytes;

use super::gzip::{Gzip, Padding};
use super::{Generated, Noise, Payload, tar};

/// What stands where in one generated fixture: enough to compute any part of it.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    len: u64,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Plain(Payload),
    Gzip(Gzip),
}

/// Fewer bytes than a file of its kind has at least.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TooSmall {
    /// The least.
    pub(crate) least: u64,
}

/// How many bytes without blocks are computed at once, which takes a few dozen microseconds.
const AT_ONCE: u64 = 64 * 1024;

impl Layout {
    /// The layout of what has this name; the key is that of its noise.
    pub(crate) fn new(name: &str, generated: Generated, key: [u8; 32]) -> Result<Self, TooSmall> {
        let (len, noise) = (generated.len(), Noise::new(key));
        let lower = name.to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
        let form = if ends(&[".tar.gz", ".tgz"]) {
            let archive = |room| tar::archive(name, tar::whole(room), noise);
            Form::Gzip(Gzip::new(len, tar::LEAST, Padding::Comment, archive).map_err(TooSmall::new)?)
        } else if ends(&[".gz"]) {
            // Without any, all seeds would give the same.
            let least = 1;
            let payload = |room| Payload::noise(room, noise);
            Form::Gzip(Gzip::new(len, least, Padding::None, payload).map_err(TooSmall::new)?)
        } else if ends(&[".tar"]) {
            if len < tar::LEAST {
                return Err(TooSmall::new(tar::LEAST));
            }
            Form::Plain(tar::archive(name, len, noise))
        } else {
            Form::Plain(Payload::noise(len, noise))
        };
        Ok(Self { len, form })
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from `offset` on, as many as are computed at once, but none from `end` on. All noise is combined
    /// with the mask.
    pub(crate) fn bytes(&self, offset: u64, end: u64, mask: u8) -> Bytes {
        let end = end.min(self.len);
        if offset >= end {
            return Bytes::new();
        }
        match &self.form {
            Form::Plain(payload) => {
                let mut bytes = vec![0; AT_ONCE.min(end - offset) as usize];
                payload.fill(offset, mask, &mut bytes);
                bytes.into()
            }
            Form::Gzip(gzip) => {
                let (start, bytes) = gzip.compute(offset, end, mask);
                let end = bytes.len().min(usize::try_from(end - start).unwrap_or(usize::MAX));
                Bytes::from(bytes).slice((offset - start) as usize..end)
            }
        }
    }
}

impl TooSmall {
    fn new(least: u64) -> Self {
        Self { least }
    }
}
