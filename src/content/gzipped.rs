//! Fixtures in the gzip coding, made when they are asked for.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::OnceLock;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::block::ReadError;
use super::disk::finished;
use super::fixture::Fixture;
use super::small_cache::small_cache;

/// The largest fixture that is coded: it is held in memory while it is sent.
const MOST: u64 = 16 * 1024 * 1024;

/// How many bytes are kept coded, ...
const KEPT: u64 = 4 * MOST;

/// ... of about so many fixtures.
const FIXTURES: usize = 100;

/// The level of the coding, so that the same content is coded in the same bytes.
const LEVEL: u32 = 6;

/// What was coded lately.
#[derive(Default)]
pub(super) struct Gzipped {
    /// Made when there is something: many a server codes nothing.
    coded: OnceLock<Cache<Version, Bytes, Length>>,
}

/// The tag of a representation, and how many times over it is coded.
type Version = (String, u32);

/// What is coded weighs what it holds.
#[derive(Clone, Debug)]
struct Length;

impl Weighter<Version, Bytes> for Length {
    fn weight(&self, _: &Version, coded: &Bytes) -> u64 {
        (coded.len() as u64).max(1)
    }
}

/// Why a fixture is not coded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CodingError {
    /// It would take too much memory.
    #[error("a fixture that is coded may have {most} bytes, and this one has {len}")]
    Large {
        /// Its length.
        len: u64,
        /// The largest length.
        most: u64,
    },
    /// Its bytes cannot be had.
    #[error("could not read the fixture")]
    Read(#[from] ReadError),
}

impl Gzipped {
    /// The fixture, coded so many times over. However many ask, each version of it is coded once.
    pub(super) async fn code(&self, fixture: &Fixture, times: u32) -> Result<Fixture, CodingError> {
        if fixture.len() > MOST {
            return Err(CodingError::Large { len: fixture.len(), most: MOST });
        }
        let version = (fixture.version().to_owned(), times);
        let bytes = self.coded().get_or_insert_async(&version, code(fixture, times)).await?;
        Ok(fixture.gzipped(bytes, times))
    }

    fn coded(&self) -> &Cache<Version, Bytes, Length> {
        self.coded.get_or_init(|| small_cache(FIXTURES, KEPT, Length))
    }
}

async fn code(fixture: &Fixture, times: u32) -> Result<Bytes, CodingError> {
    let mut content = fixture.read().await?;
    // Megabytes are no work for a thread that serves.
    let coding = tokio::task::spawn_blocking(move || {
        for _ in 0..times {
            let mut coder = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
            coder.write_all(&content)?;
            content = coder.finish()?;
        }
        Ok::<_, io::Error>(content.into())
    });
    let coded = finished(coding.await).and_then(|coded| coded);
    coded.map_err(|error| CodingError::Read(error.into()))
}

impl fmt::Debug for Gzipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gzipped").field("coded", &self.coded.get().map_or(0, Cache::len)).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut decoded).unwrap();
        decoded
    }

    async fn bytes(fixture: &Fixture) -> Bytes {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < fixture.len() {
            bytes.extend_from_slice(&fixture.block(bytes.len() as u64, u64::MAX).load().await.unwrap());
        }
        bytes.into()
    }

    #[tokio::test]
    async fn so_many_times_over() {
        let content: Vec<u8> = (0..1_000_000_u32).map(|n| (n / 251) as u8 ^ n as u8).collect();
        let fixture = Fixture::from_bytes("a.html", content.clone().into());
        let gzipped = Gzipped::default();
        let (once, twice) = (gzipped.code(&fixture, 1).await.unwrap(), gzipped.code(&fixture, 2).await.unwrap());
        assert_eq!(decoded(&bytes(&once).await), content);
        assert_eq!(decoded(&bytes(&twice).await), bytes(&once).await);
        for coded in [&once, &twice] {
            assert_eq!((coded.media_type(), coded.modified()), (fixture.media_type(), fixture.modified()));
            assert_eq!(coded.coding().unwrap().name(), "gzip");
        }
        let tags: std::collections::BTreeSet<_> = [&fixture, &once, &twice].map(Fixture::etag).into();
        assert_eq!(tags.len(), 3, "{tags:?}");
    }

    #[tokio::test]
    async fn what_was_coded_is_kept() {
        let fixture = Fixture::from_bytes("a", Bytes::from_static(b"content"));
        let gzipped = Gzipped::default();
        let first = gzipped.code(&fixture, 1).await.unwrap().block(0, u64::MAX).load().await.unwrap();
        let second = gzipped.code(&fixture, 1).await.unwrap().block(0, u64::MAX).load().await.unwrap();
        assert_eq!(first.as_ptr(), second.as_ptr());
        // The time in the header would be another one each time.
        assert_eq!(first[..8], *b"\x1f\x8b\x08\0\0\0\0\0");
    }

    #[tokio::test]
    async fn what_is_large_is_not_coded() {
        let large = |len: u64| Fixture::from_bytes("a", vec![0; len as usize].into());
        let gzipped = Gzipped::default();
        assert!(gzipped.code(&large(MOST), 1).await.is_ok());
        let error = gzipped.code(&large(MOST + 1), 1).await.unwrap_err();
        assert!(matches!(error, CodingError::Large { len, most } if len == most + 1), "{error:?}");
    }
}
