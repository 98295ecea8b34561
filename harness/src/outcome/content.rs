//! The file that a downloader made, held against the fixture.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flaky_server::FixtureReader;
use sha2::{Digest as _, Sha256};

use crate::wire::Version;

/// The file that a downloader made, held against the fixture.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// Where it is, or should be.
    pub path: PathBuf,
    /// Its length in bytes; `None` if there is no such file.
    pub len: Option<u64>,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Which revision of the fixture it is held against: 1 is the fixture itself, others are those that
    /// [`revision=N`](flaky_server::Fault::revision) has served in the trial.
    pub revision: u32,
    /// The path of the fixture that it is held against in the place of its own, because
    /// [`replaced-by=PATH`](flaky_server::Fault::replaced_by) has served that in the trial.
    pub replaced_by: Option<String>,
    /// The fixture's length; `None` if nothing is served under the file's name.
    pub fixture_len: Option<u64>,
    /// The fixture's SHA-256.
    pub fixture_sha256: Option<String>,
    /// Why it cannot be read, if it cannot.
    pub unreadable: Option<String>,
    /// The first byte that differs, or that only one of them has; `None` if they are the same.
    pub differs_at: Option<u64>,
    /// How many bytes at its beginning are those of a version that was served before the one that it is held against; `None` if
    /// there was none, or it is no longer than what they have in common.
    pub earlier: Option<u64>,
}

/// How much is compared at once.
const PIECE: usize = 64 * 1024;

impl Content {
    /// Holds the file against the version that it is, if it is one of these, or against the last of them.
    pub(crate) fn compare(
        path: &Path,
        versions: &[Version],
        open: impl Fn(&Version) -> Option<FixtureReader>,
    ) -> io::Result<Self> {
        let mut all = versions.iter();
        let mut version = all.next().unwrap_or(&Version::Revision(1));
        let mut earlier = None;
        loop {
            let mut content = Self::compare_with(path, version, || open(version))?;
            match all.next() {
                Some(next) if !content.matches() => {
                    earlier = earlier.max(content.differs_at);
                    version = next;
                }
                _ => {
                    content.earlier = earlier.filter(|earlier| content.differs_at.is_some_and(|at| *earlier > at));
                    return Ok(content);
                }
            }
        }
    }

    /// Reads both, in pieces. `open` opens the fixture, if there is one.
    fn compare_with(path: &Path, version: &Version, open: impl Fn() -> Option<FixtureReader>) -> io::Result<Self> {
        let (mut file, unreadable) = match open_file(path) {
            Ok(file) => (file, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let mut fixture = open();
        let mut ours = Side::default();
        let mut theirs = Side::default();
        let mut hash = Sha256::new();
        let mut differs_at = None;
        loop {
            let position = ours.len;
            let file = ours.fill(file.as_mut())?;
            let fixture = theirs.fill(fixture.as_mut())?;
            if differs_at.is_none() && file != fixture {
                let common = file.iter().zip(fixture).take_while(|(a, b)| a == b).count();
                differs_at = Some(position + common as u64);
            }
            hash.update(file);
            if file.is_empty() && fixture.is_empty() {
                break;
            }
        }
        let exists = file.is_some();
        // An empty file is not the same as none.
        let differs_at = if exists == fixture.is_some() { differs_at } else { Some(differs_at.unwrap_or(0)) };
        let sha256 = exists.then(|| hex(hash));
        // Digests are slow in tests that are not optimised: of what is the same, one is enough.
        let fixture_sha256 = match differs_at {
            None => sha256.clone(),
            Some(_) => open().map(digest).transpose()?,
        };
        let (len, fixture_len) = (exists.then_some(ours.len), fixture.map(|_| theirs.len));
        let (revision, replaced_by) = match version {
            Version::Revision(revision) => (*revision, None),
            Version::ReplacedBy(path) => (1, Some(path.clone())),
        };
        let path = path.to_owned();
        Ok(Self {
            path,
            len,
            sha256,
            revision,
            replaced_by,
            fixture_len,
            fixture_sha256,
            unreadable,
            differs_at,
            earlier: None,
        })
    }

    /// Whether it is there, and the same as the fixture.
    pub fn matches(&self) -> bool {
        self.len.is_some() && self.fixture_len.is_some() && self.differs_at.is_none()
    }
}

/// Opens what is a file; to open a pipe would wait for somebody to write to it.
fn open_file(path: &Path) -> io::Result<Option<File>> {
    match path.metadata() {
        Ok(metadata) if metadata.is_file() => File::open(path).map(Some),
        Ok(_) => Err(io::Error::other("it is no regular file")),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One of the two that are compared.
#[derive(Default)]
struct Side {
    piece: Vec<u8>,
    len: u64,
}

impl Side {
    /// The next piece: full, unless it is the last.
    fn fill(&mut self, source: Option<&mut impl Read>) -> io::Result<&[u8]> {
        self.piece.clear();
        if let Some(source) = source {
            source.take(PIECE as u64).read_to_end(&mut self.piece)?;
        }
        self.len += self.piece.len() as u64;
        Ok(&self.piece)
    }
}

/// The SHA-256 of what can be read, in lower-case hexadecimal.
pub(crate) fn digest(mut source: impl Read) -> io::Result<String> {
    let mut side = Side::default();
    let mut hash = Sha256::new();
    loop {
        let piece = side.fill(Some(&mut source))?;
        if piece.is_empty() {
            return Ok(hex(hash));
        }
        hash.update(piece);
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for Content {
    /// What there is to say of it, in a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(why) = &self.unreadable {
            return write!(f, "`{name}` cannot be read: {why}");
        }
        match (self.len, self.fixture_len, self.differs_at) {
            (None, _, _) => write!(f, "there is no file `{name}`"),
            (Some(len), None, _) => write!(f, "`{name}` has {len} bytes, and there is no fixture to hold it against"),
            (Some(len), Some(_), None) => write!(f, "`{name}` has all {len} bytes of the fixture, and they are right"),
            (Some(len), Some(whole), Some(at)) if at == len => {
                write!(f, "`{name}` is cut short: it has the first {len} of {whole} bytes")
            }
            (Some(len), Some(whole), Some(at)) if at == whole => {
                write!(f, "`{name}` is too long: behind all {whole} bytes of the fixture it has {} more", len - whole)
            }
            (Some(len), Some(whole), Some(at)) => {
                write!(f, "`{name}` differs from byte {at} on; it has {len} bytes, the fixture {whole}")?;
                match (self.revision, &self.replaced_by) {
                    (_, Some(path)) => write!(f, " (that of `{path}`, which has taken its place)")?,
                    (1, None) => {}
                    (revision, None) => write!(f, " (in its revision {revision}, the newest that was served)")?,
                }
                match self.earlier {
                    Some(earlier) => write!(f, "; its first {earlier} bytes are those of an earlier version"),
                    None => Ok(()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use flaky_server::FlakyServer;

    use super::*;

    #[track_caller]
    fn check(file: Option<&[u8]>, fixture: Option<&[u8]>, expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        if let Some(file) = file {
            std::fs::write(&path, file).unwrap();
        }
        let server = FlakyServer::builder().serve_bytes("/f", fixture.unwrap_or_default().to_vec()).start().unwrap();
        let content = Content::compare(&path, &[], |_| fixture.map(|_| server.fixture("/f").unwrap())).unwrap();
        assert_eq!(content.to_string(), expected);
        assert_eq!(content.matches(), file.is_some() && file == fixture);
        let sha256 = |bytes: Option<&[u8]>| bytes.map(|bytes| hex(Sha256::new_with_prefix(bytes)));
        assert_eq!((content.sha256, content.fixture_sha256), (sha256(file), sha256(fixture)));
    }

    #[test]
    fn all_that_can_be_wrong_with_a_file() {
        check(Some(b"content"), Some(b"content"), "`f` has all 7 bytes of the fixture, and they are right");
        check(Some(b"cont"), Some(b"content"), "`f` is cut short: it has the first 4 of 7 bytes");
        check(Some(b""), Some(b"content"), "`f` is cut short: it has the first 0 of 7 bytes");
        check(Some(b""), Some(b""), "`f` has all 0 bytes of the fixture, and they are right");
        check(None, Some(b""), "there is no file `f`");
        check(
            Some(b"contentcontent"),
            Some(b"content"),
            "`f` is too long: behind all 7 bytes of the fixture it has 7 more",
        );
        check(Some(b"conTent"), Some(b"content"), "`f` differs from byte 3 on; it has 7 bytes, the fixture 7");
        check(Some(b"content"), None, "`f` has 7 bytes, and there is no fixture to hold it against");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let content = Content::compare(&path, &[], |_| None).unwrap();
        assert_eq!(content.to_string(), "`f` cannot be read: it is no regular file");
        assert!(!content.matches());
    }

    #[test]
    fn a_file_may_be_any_revision_that_was_served() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let server = FlakyServer::builder().serve_bytes("/f", "content").serve_bytes("/g", "other").start().unwrap();
        let open = |version: &Version| match version {
            Version::Revision(revision) => server.fixture("/f").ok().map(|fixture| fixture.revision(*revision)),
            Version::ReplacedBy(path) => server.fixture(path).ok(),
        };
        let both = [1, 2].map(Version::Revision);
        let mut second = Vec::new();
        open(&both[1]).unwrap().read_to_end(&mut second).unwrap();
        std::fs::write(&path, &second).unwrap();
        let content = Content::compare(&path, &both, open).unwrap();
        assert!(content.matches() && content.revision == 2, "{content:?}");
        assert!(!Content::compare(&path, &[], open).unwrap().matches());
        // Half of one and half of another is neither, and is told as what it is.
        std::fs::write(&path, [&b"cont"[..], &second[4..]].concat()).unwrap();
        let content = Content::compare(&path, &both, open).unwrap();
        assert!(!content.matches(), "{content:?}");
        let shown = content.to_string();
        assert!(
            shown.ends_with("the newest that was served); its first 4 bytes are those of an earlier version"),
            "{shown}"
        );
        let swapped = [Version::Revision(1), Version::ReplacedBy("/g".to_owned())];
        std::fs::write(&path, b"other").unwrap();
        let content = Content::compare(&path, &swapped, open).unwrap();
        assert!(content.matches() && content.replaced_by.as_deref() == Some("/g"), "{content:?}");
        std::fs::write(&path, b"otter").unwrap();
        let shown = Content::compare(&path, &swapped, open).unwrap().to_string();
        assert!(shown.ends_with("the fixture 5 (that of `/g`, which has taken its place)"), "{shown}");
    }

    #[test]
    fn pieces_are_compared_at_their_ends() {
        for at in [0, PIECE - 1, PIECE, 2 * PIECE] {
            let fixture = vec![7; 2 * PIECE + 1];
            let mut file = fixture.clone();
            file[at] = 8;
            let expected = format!("`f` differs from byte {at} on; it has 131073 bytes, the fixture 131073");
            check(Some(&file), Some(&fixture), &expected);
        }
        let fixture = vec![7; 2 * PIECE];
        check(
            Some(&fixture[..PIECE]),
            Some(&fixture),
            &format!("`f` is cut short: it has the first {PIECE} of {} bytes", 2 * PIECE),
        );
    }
}
