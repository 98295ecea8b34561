//! Shared blocks of files, also of files that change.

use std::fs::{self, File};

use super::{directory, large_file, read, set_modified, tree};
use crate::content::{BLOCK_LEN, Block, OpenError, ReadError};

#[tokio::test]
async fn blocks_of_a_file() {
    let root = tree(&[]);
    for len in [0, 1, BLOCK_LEN - 1, BLOCK_LEN, BLOCK_LEN + 1, 3 * BLOCK_LEN + 5] {
        let bytes = large_file(&root.path().join("a"), len);
        let fixture = directory(&root).open("/a").await.unwrap();
        assert_eq!(fixture.len(), len);
        assert!(read(&fixture).await.unwrap() == bytes, "{len} bytes");
        // Twice: from the disk and from memory.
        assert!(read(&fixture).await.unwrap() == bytes, "{len} bytes");
        for (offset, end) in [(0, 1), (1, 1), (BLOCK_LEN - 1, len), (BLOCK_LEN, len), (BLOCK_LEN + 1, len), (len, len)]
        {
            let stop = end.min(len).min((offset / BLOCK_LEN + 1) * BLOCK_LEN);
            let expected = bytes.get(offset as usize..stop as usize).unwrap_or_default();
            let block = fixture.block(offset, end).load().await.unwrap();
            assert!(block == expected, "{offset} to {end} of {len}");
        }
    }
}

#[tokio::test]
async fn connections_share_blocks() {
    let root = tree(&[]);
    large_file(&root.path().join("a"), 2 * BLOCK_LEN);
    let fixtures = directory(&root);
    let mut opened = Vec::new();
    for _ in 0..20 {
        opened.push(fixtures.open("/a").await.unwrap());
    }
    // All of them ask before the first one has it.
    let blocks: Vec<_> = opened.iter().map(|fixture| fixture.block(7, u64::MAX)).collect();
    let mut shared = Vec::new();
    for block in blocks {
        shared.push(block.load().await.unwrap());
    }
    assert!(shared.iter().all(|block| block.as_ptr() == shared[0].as_ptr()));
    assert!(matches!(fixtures.open("/a").await.unwrap().block(0, u64::MAX), Block::Ready(_)));
    // One that nobody waits for is read all the same.
    drop(opened[0].block(BLOCK_LEN, u64::MAX));
    for _ in 0..10_000_000 {
        if fixtures.cached() == 2 * BLOCK_LEN {
            break;
        }
        std::thread::yield_now();
    }
    assert_eq!(fixtures.cached(), 2 * BLOCK_LEN);
}

#[tokio::test]
async fn the_cache_is_bounded() {
    let root = tree(&[]);
    let bytes = large_file(&root.path().join("a"), 16 * BLOCK_LEN);
    for (size, kept) in [(0, 0), (BLOCK_LEN - 1, 0), (4 * BLOCK_LEN, 4 * BLOCK_LEN), (1 << 40, 16 * BLOCK_LEN)] {
        let fixtures = directory(&root).cache_size(size);
        let fixture = fixtures.open("/a").await.unwrap();
        assert!(read(&fixture).await.unwrap() == bytes, "{size}");
        assert!(read(&fixture).await.unwrap() == bytes, "{size}");
        assert_eq!(fixtures.cached(), kept, "{size}");
    }
}

#[tokio::test]
async fn a_file_that_shrinks() {
    let root = tree(&[]);
    let path = root.path().join("a");
    let bytes = large_file(&path, 3 * BLOCK_LEN);
    let fixtures = directory(&root);
    let fixture = fixtures.open("/a").await.unwrap();
    fixture.block(0, u64::MAX).load().await.unwrap();
    for len in [2 * BLOCK_LEN + 1, 1, 0] {
        File::options().write(true).open(&path).unwrap().set_len(len).unwrap();
        match fixture.block(2 * BLOCK_LEN, u64::MAX).load().await {
            Err(ReadError::Shrank { expected, actual }) => {
                assert_eq!((expected, actual), (3 * BLOCK_LEN, len));
            }
            other => panic!("{other:?}"),
        }
    }
    // What is in memory is still the file that was opened.
    assert!(fixture.block(0, u64::MAX).load().await.unwrap() == bytes[..BLOCK_LEN as usize]);
    assert_eq!(fixtures.open("/a").await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_that_changes() {
    let root = tree(&[]);
    let path = root.path().join("a");
    let old = large_file(&path, 2 * BLOCK_LEN);
    let fixtures = directory(&root);
    let opened = fixtures.open("/a").await.unwrap();
    opened.block(0, u64::MAX).load().await.unwrap();

    fs::write(&path, vec![1; old.len()]).unwrap();
    set_modified(&path, 2);
    let second = opened.block(BLOCK_LEN, u64::MAX).load().await;
    assert!(matches!(second, Err(ReadError::Changed)), "{second:?}");
    assert!(opened.block(0, u64::MAX).load().await.unwrap() == old[..BLOCK_LEN as usize]);

    let new = fixtures.open("/a").await.unwrap();
    assert_ne!(new.etag(), opened.etag());
    assert!(read(&new).await.unwrap() == vec![1; old.len()]);
    // Growing is changing as well.
    File::options().write(true).open(&path).unwrap().set_len(3 * BLOCK_LEN).unwrap();
    let grown = directory(&root).open("/a").await.unwrap();
    assert_eq!(grown.len(), 3 * BLOCK_LEN);
    File::options().write(true).open(&path).unwrap().set_len(4 * BLOCK_LEN).unwrap();
    let first = grown.block(0, u64::MAX).load().await;
    assert!(matches!(first, Err(ReadError::Changed)), "{first:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_change_that_restores_the_time() {
    let root = tree(&[]);
    let path = root.path().join("a");
    large_file(&path, 10);
    let fixtures = directory(&root);
    let old = fixtures.open("/a").await.unwrap();
    read(&old).await.unwrap();
    // The clock of the file system stands still for some milliseconds at a time.
    let mut new = old.clone();
    for _ in 0..100_000 {
        fs::write(&path, [1; 10]).unwrap();
        set_modified(&path, 1);
        new = fixtures.open("/a").await.unwrap();
        if new.etag() != old.etag() {
            break;
        }
    }
    assert_ne!(new.etag(), old.etag());
    assert_eq!((new.len(), new.modified()), (old.len(), old.modified()));
    assert!(read(&new).await.unwrap() == [1; 10]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_whose_name_is_taken_away() {
    let root = tree(&["new"]);
    let path = root.path().join("a");
    let bytes = large_file(&path, 3 * BLOCK_LEN);
    let fixtures = directory(&root);
    let fixture = fixtures.open("/a").await.unwrap();
    fixture.block(0, u64::MAX).load().await.unwrap();
    fs::rename(root.path().join("new"), &path).unwrap();
    assert!(
        fixture.block(BLOCK_LEN, u64::MAX).load().await.unwrap() == bytes[BLOCK_LEN as usize..][..BLOCK_LEN as usize]
    );
    fs::remove_file(&path).unwrap();
    assert!(read(&fixture).await.unwrap() == bytes);
    assert!(matches!(fixtures.open("/a").await, Err(OpenError::NotFound)));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_share_handles() {
    use std::os::unix::fs::MetadataExt;

    let root = tree(&["a"]);
    let inode = fs::metadata(root.path().join("a")).unwrap().ino();
    let handles = || {
        let handles = fs::read_dir("/proc/self/fd").unwrap();
        let paths = handles.filter_map(|handle| fs::metadata(handle.ok()?.path()).ok());
        paths.filter(|metadata| metadata.ino() == inode).count()
    };
    let fixtures = directory(&root);
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(fixtures.open("/a").await.unwrap());
    }
    assert_eq!(handles(), 1);
    drop(open);
    assert_eq!(handles(), 0);
}

#[tokio::test]
async fn files_that_were_open_are_forgotten() {
    let root = tree(&["a"]);
    let path = root.path().join("a");
    let fixtures = directory(&root);
    for version in 0..1000 {
        set_modified(&path, version);
        assert_eq!(fixtures.open("/a").await.unwrap().len(), 1);
    }
    assert!(fixtures.known_files() < 10, "{}", fixtures.known_files());
}
