//! Opening and reading files where nothing has to be waited for.

use std::fs::File;
use std::path::Path;

use cap_std::fs::Dir;

/// Opens the file at `path` below `dir`, if the kernel knows the way from memory and there is no link on it.
///
/// `None` says nothing about the file: whoever wants to know opens it on a thread that may block. That is also so
/// where the kernel is older than this (Linux 5.12), or a sandbox forbids it.
#[cfg(target_os = "linux")]
pub(super) fn open(dir: &Dir, path: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags, ResolveFlags};

    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
    // openat2(2): CACHED is what keeps it from waiting for a disk.
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::CACHED;
    rustix::fs::openat2(dir, path, flags, Mode::empty(), resolve).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open(_dir: &Dir, _path: &Path) -> Option<File> {
    None
}

/// Fills a buffer from the file, if the system has all of these bytes in memory. `None` says nothing about the file.
#[cfg(target_os = "linux")]
pub(super) fn read(file: &File, buffer: &mut [u8], offset: u64) -> Option<()> {
    use std::io::IoSliceMut;

    use rustix::io::{ReadWriteFlags, preadv2};

    let mut filled = 0;
    while filled < buffer.len() {
        // preadv2(2): NOWAIT is what keeps it from waiting for a disk.
        let rest = &mut [IoSliceMut::new(&mut buffer[filled..])];
        match preadv2(file, rest, offset + filled as u64, ReadWriteFlags::NOWAIT) {
            Ok(0) | Err(_) => return None,
            Ok(read) => filled += read,
        }
    }
    Some(())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn read(_file: &File, _buffer: &mut [u8], _offset: u64) -> Option<()> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::io::Read as _;
    use std::path::Path;

    use cap_std::ambient_authority;
    use cap_std::fs::Dir;

    use super::open;

    #[test]
    fn no_link_and_no_way_out() {
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("root");
        fs::create_dir_all(root.join("dir")).unwrap();
        fs::write(root.join("dir/a"), "content").unwrap();
        fs::write(parent.path().join("secret"), "").unwrap();
        std::os::unix::fs::symlink("dir", root.join("link")).unwrap();
        let dir = Dir::open_ambient_dir(&root, ambient_authority()).unwrap();
        for path in ["link/a", "../secret", "absent", "dir/a/b"] {
            assert!(open(&dir, Path::new(path)).is_none(), "{path}");
        }
        // A kernel that cannot do it has no other answer either.
        if let Some(mut file) = open(&dir, Path::new("dir/a")) {
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            assert_eq!(content, "content");
        }
    }
}
