//! Small files that were served lately, by their names.

use std::path::Path;

use cap_std::fs::Dir;

#[cfg(target_os = "linux")]
use quick_cache::UnitWeighter;

use super::fixture::Fixture;
use super::open_files::OpenFiles;
#[cfg(target_os = "linux")]
use super::small_cache::small_cache;

/// How many files are remembered for each root.
#[cfg(target_os = "linux")]
const FILES: usize = 64;

/// Small files that were served lately: what is to be known of them but their bytes, which are in the cache of blocks.
///
/// One look at the name tells whether it still leads to the same version of the same file; then it need not be opened.
/// No handle is kept. Only names right below the root: on the way to others there could be a new link meanwhile.
#[cfg(target_os = "linux")]
pub(super) struct Known {
    files: quick_cache::sync::Cache<std::path::PathBuf, (super::identity::Identity, Fixture)>,
}

#[cfg(target_os = "linux")]
impl Known {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { files: small_cache(FILES, FILES as u64, UnitWeighter) }
    }

    /// The fixture of this name, if it is the same as before and its bytes are in memory.
    pub(super) fn fixture(&self, dir: &Dir, name: &Path, files: &OpenFiles) -> Option<Fixture> {
        use rustix::fs::{AtFlags, statat};

        let (identity, fixture) = self.files.get(name)?;
        let now = statat(dir, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        if !identity.is_of(&now) {
            self.files.remove(name);
            return None;
        }
        files.only_block(&identity).map(|bytes| fixture.with_bytes(bytes))
    }

    /// Remembers a file that was opened under this name.
    pub(super) fn add(&self, name: &Path, fixture: &Fixture) {
        if let Some(file) = fixture.file().filter(|file| file.is_one_block())
            && !name.as_os_str().as_encoded_bytes().contains(&b'/')
        {
            let facts = fixture.clone().with_bytes(bytes::Bytes::new());
            self.files.insert(name.to_owned(), (*file.identity(), facts));
        }
    }
}

/// Elsewhere every file is opened.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct Known;

#[cfg(not(target_os = "linux"))]
impl Known {
    pub(super) fn new() -> Self {
        Self
    }

    pub(super) fn fixture(&self, _dir: &Dir, _name: &Path, _files: &OpenFiles) -> Option<Fixture> {
        None
    }

    pub(super) fn add(&self, _name: &Path, _fixture: &Fixture) {}
}

#[cfg(target_os = "linux")]
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("files", &self.files.len()).finish()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::path::Path;

    use cap_std::ambient_authority;
    use cap_std::fs::Dir;

    use super::Known;
    use crate::content::block::BLOCK_LEN;
    use crate::content::fixture::Fixture;
    use crate::content::open_files::OpenFiles;

    /// Opens a file, reads its bytes into the cache, and remembers it.
    async fn serve(known: &Known, dir: &Dir, name: &str, files: &OpenFiles) {
        let fixture = Fixture::from_file(name, files.open(dir, Path::new(name)).unwrap());
        fixture.block(0, u64::MAX).load().await.unwrap();
        known.add(Path::new(name), &fixture);
    }

    #[tokio::test]
    async fn the_same_file_with_its_bytes() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), "content").unwrap();
        let dir = Dir::open_ambient_dir(root.path(), ambient_authority()).unwrap();
        let (known, files) = (Known::new(), OpenFiles::new(1 << 20));
        assert!(known.fixture(&dir, Path::new("a"), &files).is_none());
        serve(&known, &dir, "a", &files).await;
        let fixture = known.fixture(&dir, Path::new("a"), &files).expect("it is the same");
        let opened = Fixture::from_file("a", files.open(&dir, Path::new("a")).unwrap());
        assert_eq!((fixture.etag(), fixture.modified()), (opened.etag(), opened.modified()));
        assert_eq!((fixture.len(), fixture.media_type()), (7, opened.media_type()));
        assert_eq!(fixture.block(0, u64::MAX).load().await.unwrap(), "content");
        // Without its bytes it has to be opened.
        assert!(known.fixture(&dir, Path::new("a"), &OpenFiles::new(1 << 20)).is_none());
    }

    #[tokio::test]
    async fn not_what_has_changed_or_gone() {
        let root = tempfile::tempdir().unwrap();
        let dir = Dir::open_ambient_dir(root.path(), ambient_authority()).unwrap();
        let (known, files) = (Known::new(), OpenFiles::new(1 << 20));
        let changes: [&dyn Fn(&Path); 4] = [
            &|path| fs::write(path, "longer content").unwrap(),
            &|path| fs::remove_file(path).unwrap(),
            &|path| {
                fs::write(path.with_extension("new"), "content").unwrap();
                fs::rename(path.with_extension("new"), path).unwrap();
            },
            &|path| {
                fs::rename(path, path.with_extension("moved")).unwrap();
                std::os::unix::fs::symlink("a.moved", path).unwrap();
            },
        ];
        for change in changes {
            let path = root.path().join("a");
            let _ = fs::remove_file(&path);
            fs::write(&path, "content").unwrap();
            serve(&known, &dir, "a", &files).await;
            assert!(known.fixture(&dir, Path::new("a"), &files).is_some());
            change(&path);
            assert!(known.fixture(&dir, Path::new("a"), &files).is_none());
        }
    }

    #[tokio::test]
    async fn neither_large_files_nor_deep_ones() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("dir")).unwrap();
        fs::write(root.path().join("dir/a"), "content").unwrap();
        fs::write(root.path().join("large"), vec![0; BLOCK_LEN as usize + 1]).unwrap();
        let dir = Dir::open_ambient_dir(root.path(), ambient_authority()).unwrap();
        let (known, files) = (Known::new(), OpenFiles::new(1 << 20));
        for name in ["dir/a", "large"] {
            serve(&known, &dir, name, &files).await;
            assert!(known.fixture(&dir, Path::new(name), &files).is_none(), "{name}");
        }
    }
}
