//! A file that is not complete yet.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use super::entry::{Entry, Facts};
use crate::digest::Sha256Sum;
use crate::error::{AttemptError, local};
use crate::http::Asked;
use crate::policy::{Keeping, Resuming};
use crate::request::{Request, Target};

/// A file that is not complete yet, under a name that nobody takes for the result.
///
/// It lies beside its target, because only within one file system a rename is atomic, and is gone when the run ends
/// without success; or in the cache, where it stays for the next run.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    place: Place,
    facts: Facts,
    /// Whether it may have been put together from several replies.
    resumed: bool,
    /// Whether it started over because of its digest.
    started_over: bool,
}

#[derive(Debug)]
enum Place {
    Cache(Entry),
    /// It has its final name already.
    Final,
    Temporary(TempPath),
}

impl Partial {
    pub(crate) async fn open(request: &Request, policy: &Keeping) -> Result<Self, AttemptError> {
        let (path, place, facts) = match (&request.cache, &request.target) {
            (Some(cache), _) => {
                fs::create_dir_all(cache).await.map_err(local("create", cache))?;
                let entry = Entry::new(cache, request.url.without_userinfo().to_string());
                let facts = entry.load().await;
                (entry.part().to_owned(), Place::Cache(entry), facts)
            }
            (None, Target::File(path)) if !policy.temporary_name => (path.clone(), Place::Final, Facts::default()),
            (None, Target::File(path)) => temporary(beside(path))?,
            (None, _) => temporary(Path::new(&std::env::temp_dir()))?,
        };
        // What is there is of an earlier run.
        let resumed = matches!(place, Place::Cache(_));
        Ok(Self { path, place, facts, resumed, started_over: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes there are: on the disk, not in somebody's count.
    pub(crate) async fn len(&self) -> u64 {
        fs::metadata(&self.path).await.map_or(0, |metadata| metadata.len())
    }

    /// How many bytes there are to be, as far as the server has said so.
    pub(crate) fn total(&self) -> Option<u64> {
        self.facts.total
    }

    /// What can be asked to be resumed. Without a strong validator nothing can: nobody knows what the rest would be of.
    pub(crate) async fn asked(&self, policy: &Resuming) -> Option<Asked> {
        let have = self.len().await;
        let Facts { etag, total } = self.facts.clone();
        let can = policy.resume && have > 0 && (etag.is_some() || !policy.check_validator);
        can.then_some(Asked { have, etag, total })
    }

    /// Starts over, with a file of this kind.
    pub(crate) async fn start_over(&mut self, facts: Facts) -> Result<File, AttemptError> {
        let file = File::create(&self.path).await.map_err(local("write", &self.path))?;
        // The bytes are gone before it says what the next ones are of: it never says something wrong.
        if let Place::Cache(entry) = &self.place {
            entry.save(&facts).await.map_err(local("write", &self.path))?;
        }
        self.facts = facts;
        self.resumed = false;
        Ok(file)
    }

    /// Goes on from this byte, which is no later than where what is there ends.
    pub(crate) async fn append(&mut self, first: u64, total: Option<u64>) -> Result<File, AttemptError> {
        self.resumed = true;
        self.facts.total = total.or(self.facts.total);
        let opened = async {
            let file = OpenOptions::new().append(true).open(&self.path).await?;
            file.set_len(first).await?;
            Ok(file)
        };
        opened.await.map_err(local("write", &self.path))
    }

    /// Throws away what is there: the next attempt asks for the whole.
    pub(crate) async fn forget(&mut self) -> Result<(), AttemptError> {
        self.start_over(Facts::default()).await.map(drop)
    }

    /// Holds the whole file against its digest.
    ///
    /// What does not fit is thrown away, and that is final: the server has another file than the one that we want. Only
    /// if it was put together from parts, or nothing had said how long it is, something else may be why; then the error
    /// says that it is worth one attempt from the beginning.
    pub(crate) async fn verify(&mut self, expected: Sha256Sum, policy: &Keeping) -> Result<(), AttemptError> {
        let got = self.digest().await.map_err(local("read", &self.path))?;
        if got == expected {
            return Ok(());
        }
        let again = (self.resumed || self.facts.total.is_none()) && !self.started_over;
        self.started_over = true;
        if !policy.trust_cache {
            self.forget().await?;
        }
        Err(AttemptError::Digest { expected, got, again })
    }

    async fn digest(&self) -> io::Result<Sha256Sum> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || Sha256Sum::of_file(&path)).await.map_err(io::Error::other)?
    }

    /// Gives it its name, in one step: whoever looks finds the whole file, or what was there before.
    pub(crate) async fn move_to(self, target: &Path, fsync: bool) -> Result<(), AttemptError> {
        self.persist(target, fsync).await.map_err(local("write", target))
    }

    async fn persist(self, target: &Path, fsync: bool) -> io::Result<()> {
        if fsync {
            sync(&self.path).await?;
        }
        match self.place {
            Place::Final => {}
            Place::Temporary(path) => path.persist(target)?,
            Place::Cache(entry) => {
                match fs::rename(&self.path, target).await {
                    // The cache is on another file system. A copy takes its time, and so it has another name first.
                    Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                        let path = builder().tempfile_in(beside(target))?.into_temp_path();
                        fs::copy(&self.path, &path).await?;
                        if fsync {
                            sync(&path).await?;
                        }
                        path.persist(target)?;
                    }
                    renamed => renamed?,
                }
                entry.remove().await;
            }
        }
        // A name is on the disk when its folder is.
        if fsync && cfg!(unix) { File::open(beside(target)).await?.sync_all().await } else { Ok(()) }
    }

    /// Writes it to stdout.
    pub(crate) async fn print(self) -> Result<(), AttemptError> {
        let copied = async {
            let mut stdout = tokio::io::stdout();
            tokio::io::copy(&mut File::open(&self.path).await?, &mut stdout).await?;
            stdout.flush().await
        };
        copied.await.map_err(local("write to", Path::new("stdout")))?;
        if let Place::Cache(entry) = &self.place {
            entry.remove().await;
        }
        Ok(())
    }
}

async fn sync(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(path).await?.sync_all().await
}

/// The folder that this is in.
pub(crate) fn beside(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn temporary(folder: &Path) -> Result<(PathBuf, Place, Facts), AttemptError> {
    let path = builder().tempfile_in(folder).map_err(local("create a file in", folder))?.into_temp_path();
    Ok((path.to_path_buf(), Place::Temporary(path), Facts::default()))
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".model-downloader-").suffix(".part");
    // A temporary file is for its owner alone, and this one is to be the result: as everybody's umask wants it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Keeping =
        Keeping { temporary_name: true, verify: true, trust_cache: false, stdout: crate::Stdout::Complete };

    /// A request for ten bytes, with a cache in this folder, which has them, or something like them.
    async fn cached(dir: &Path, bytes: &str) -> Request {
        let mut request = Request::new("http://h/a".parse().unwrap(), Target::Stdout);
        request.cache = Some(dir.to_owned());
        let entry = Entry::new(dir, request.url.to_string());
        let etag = crate::StrongEtag::parse(r#""a""#);
        entry.save(&Facts { etag, total: Some(10) }).await.unwrap();
        fs::write(entry.part(), bytes).await.unwrap();
        request
    }

    #[tokio::test]
    async fn what_an_earlier_run_has_left_is_worth_one_attempt_from_the_beginning() {
        let dir = tempfile::tempdir().unwrap();
        let request = cached(dir.path(), "012345678x").await;
        let mut partial = Partial::open(&request, &POLICY).await.unwrap();
        let expected = "0".repeat(64).parse().unwrap();
        for worth in [true, false] {
            let verified = partial.verify(expected, &POLICY).await;
            assert!(matches!(verified, Err(AttemptError::Digest { again, .. }) if again == worth), "{verified:?}");
            assert_eq!((partial.len().await, partial.asked(&Resuming::default()).await), (0, None));
        }
    }

    #[tokio::test]
    async fn the_cache_knows_no_password() {
        let dir = tempfile::tempdir().unwrap();
        let mut request = cached(dir.path(), "01234").await;
        request.url = "http://name:secret@h/a".parse().unwrap();
        let mut partial = Partial::open(&request, &POLICY).await.unwrap();
        assert_eq!((partial.len().await, partial.total()), (5, Some(10)));
        partial.forget().await.unwrap();
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).await.unwrap();
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[tokio::test]
    async fn the_cache_keeps_nothing_of_what_is_done() {
        let dir = tempfile::tempdir().unwrap();
        let (cache, target) = (dir.path().join("cache"), dir.path().join("a"));
        fs::create_dir(&cache).await.unwrap();
        let partial = Partial::open(&cached(&cache, "0123456789").await, &POLICY).await.unwrap();
        partial.move_to(&target, true).await.unwrap();
        assert_eq!(fs::read_to_string(target).await.unwrap(), "0123456789");
        assert_eq!(std::fs::read_dir(&cache).unwrap().count(), 0);

        let partial = Partial::open(&cached(&cache, "").await, &POLICY).await.unwrap();
        partial.print().await.unwrap();
        assert_eq!(std::fs::read_dir(&cache).unwrap().count(), 0);
    }

    /// Where there are two.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_cache_may_be_on_another_file_system() {
        let (dir, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir_in("/dev/shm").unwrap());
        let target = dir.path().join("a");
        let partial = Partial::open(&cached(cache.path(), "0123456789").await, &POLICY).await.unwrap();
        partial.move_to(&target, true).await.unwrap();
        assert_eq!(fs::read_to_string(target).await.unwrap(), "0123456789");
        assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_alone_is_beside_what_is_here() {
        assert_eq!(beside(Path::new("a")), Path::new("."));
        assert_eq!(beside(Path::new("b/a")), Path::new("b"));
        assert_eq!(beside(Path::new("/")), Path::new("."));
    }
}
