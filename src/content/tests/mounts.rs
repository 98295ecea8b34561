//! What is served, and what is known of it.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use super::{NOT_FOUND, check, directory, read, set_modified, tree};
use crate::content::{BLOCK_LEN, BadPath, Block, Fixture, Fixtures, MountError};

#[test]
fn paths_in_a_directory() {
    let root = tree(&["a.gz", "a b+c.gz", "dir/b.gz", "site/index.html", "%2e%2e", "..."]);
    let fixtures = directory(&root);
    check(&fixtures, "/a.gz", Ok("a.gz"));
    check(&fixtures, "//./a.gz", Ok("a.gz"));
    check(&fixtures, "/a%20b+c.gz", Ok("a b+c.gz"));
    check(&fixtures, "/a%20b%2Bc.gz", Ok("a b+c.gz"));
    check(&fixtures, "/a+b+c.gz", NOT_FOUND);
    check(&fixtures, "/dir//b.gz", Ok("dir/b.gz"));
    check(&fixtures, "/dir%2fb.gz", Ok("dir/b.gz"));
    check(&fixtures, "/%252e%252e", Ok("%2e%2e"));
    check(&fixtures, "/site/", Ok("site/index.html"));
    check(&fixtures, "/site/index.html", Ok("site/index.html"));
    check(&fixtures, "/site", Err("a directory: its path is `/site/`"));
    check(&fixtures, "/dir", Err("a directory: its path is `/dir/`"));
    check(&fixtures, "/a.gz/", NOT_FOUND);
    check(&fixtures, "/a.gz/b", NOT_FOUND);
    check(&fixtures, "/absent", NOT_FOUND);
    check(&fixtures, &format!("/{}", "x".repeat(5000)), NOT_FOUND);
}

#[cfg(unix)]
#[test]
fn a_root_that_is_removed() {
    let parent = tree(&["root/a.gz"]);
    let root = parent.path().join("root");
    let fixtures = Fixtures::new().directory(&root).unwrap().memory("/b.gz", "b").unwrap();
    check(&fixtures, "/a.gz", Ok("root/a.gz"));
    fs::remove_dir_all(&root).unwrap();
    let gone = format!("the served directory `{}` was removed after the server had started", root.display());
    check(&fixtures, "/a.gz", Err(&gone));
    check(&fixtures, "/b.gz", Ok("b"));
    // A new directory of that name is another directory.
    fs::create_dir(&root).unwrap();
    fs::write(root.join("a.gz"), "new").unwrap();
    check(&fixtures, "/a.gz", Err(&gone));
}

#[test]
fn what_cannot_be_served() {
    #[track_caller]
    fn check(mounted: Result<Fixtures, MountError>, expected: &str) {
        assert_eq!(mounted.unwrap_err().to_string(), expected);
    }

    let root = tree(&["a.gz", "dir/a.gz"]);
    let path = |name| root.path().join(name);
    let text = |name| path(name).display().to_string();
    check(
        Fixtures::new().directory(path("absent")),
        &format!("`{}` does not exist: name an existing file or directory", text("absent")),
    );
    check(
        Fixtures::new().directory(path("a.gz")),
        &format!("`{}` is not a directory: serve it as a single file", text("a.gz")),
    );
    check(
        Fixtures::new().file(path("absent")),
        &format!("`{}` does not exist: name an existing file or directory", text("absent")),
    );
    check(
        Fixtures::new().file(path("dir")),
        &format!("`{}` is not a regular file: name one, or a directory of them", text("dir")),
    );
    let twice = "`/a.gz` is served already: every fixture needs a path of its own";
    let once = || Fixtures::new().file(path("a.gz")).unwrap();
    check(once().file(path("dir/a.gz")), twice);
    check(once().memory("//a.gz", "b"), twice);
    for (url, cause) in
        [("a.gz", BadPath::Relative), ("", BadPath::Relative), ("/../a.gz", BadPath::Parent), ("/a\0", BadPath::Nul)]
    {
        match Fixtures::new().memory(url, "b") {
            Err(MountError::Url { source, .. }) => assert_eq!(source, cause, "{url}"),
            other => panic!("{url}: {other:?}"),
        }
    }
}

#[test]
fn the_first_mount_wins() {
    let root = tree(&["a.gz", "b.gz", "dir/b.gz"]);
    let fixtures = Fixtures::new()
        .memory("/a.gz", "memory")
        .unwrap()
        .directory(root.path())
        .unwrap()
        .directory(root.path().join("dir"))
        .unwrap()
        .memory("/late.gz", "late")
        .unwrap();
    check(&fixtures, "/a.gz", Ok("memory"));
    check(&fixtures, "/b.gz", Ok("b.gz"));
    check(&fixtures, "/late.gz", Ok("late"));
    fs::remove_file(root.path().join("b.gz")).unwrap();
    check(&fixtures, "/b.gz", Ok("dir/b.gz"));
}

#[test]
fn the_single_fixture() {
    #[track_caller]
    fn check(fixtures: Result<Fixtures, MountError>, expected: Option<&str>) {
        assert_eq!(fixtures.unwrap().single(), expected);
    }

    let root = tree(&["a b%.gz"]);
    let file = root.path().join("a b%.gz");
    check(Ok(Fixtures::new()), None);
    check(Fixtures::new().directory(root.path()), None);
    check(Fixtures::new().file(&file), Some("/a%20b%25.gz"));
    check(Fixtures::new().memory("/x//y.gz", ""), Some("/x/y.gz"));
    check(Fixtures::new().memory("/dir/", ""), Some("/dir/"));
    check(Fixtures::new().memory("/", ""), Some("/"));
    check(Fixtures::new().file(&file).unwrap().memory("/y.gz", ""), None);
    check(Fixtures::new().file(&file).unwrap().memory("/y.gz", "").unwrap().memory("/z.gz", ""), None);
    check(Fixtures::new().file(&file).unwrap().directory(root.path()), None);
    check(Fixtures::new().directory(root.path()).unwrap().file(&file), None);
    // It leads where it says.
    self::check(&Fixtures::new().file(&file).unwrap(), "/a%20b%25.gz", Ok("a b%.gz"));
}

#[tokio::test]
async fn bytes_in_memory() {
    let bytes = Bytes::from(vec![7; BLOCK_LEN as usize + 1]);
    let fixtures = Fixtures::new().memory("/dir/index.html", bytes.clone()).unwrap();
    let fixture = fixtures.open("/dir/").await.unwrap();
    assert_eq!((fixture.len(), fixture.media_type()), (BLOCK_LEN + 1, "text/html; charset=utf-8"));
    assert_eq!(fixture.modified(), None);
    assert!(read(&fixture).await.unwrap() == bytes);
    match fixture.block(1, u64::MAX) {
        Block::Ready(block) => assert_eq!((block.as_ptr(), block.len() as u64), (bytes[1..].as_ptr(), BLOCK_LEN)),
        Block::Loading(_) => panic!("memory needs no loading"),
    }
    let tag = |bytes: &'static str| Fixture::from_bytes("a", Bytes::from(bytes)).etag().to_owned();
    // Fixed for ever: a schedule that is played again gives the same bytes on the wire.
    assert_eq!(tag("flaky"), TAG_OF_FLAKY);
    assert_ne!(tag("flaky"), tag("flakz"));
}

const TAG_OF_FLAKY: &str = "\"86b9c08f0f1a38f5942db01b524ed815\"";

#[tokio::test]
async fn facts_of_a_file() {
    let root = tree(&["a.tar.gz", "b.tar.gz"]);
    let path = root.path().join("a.tar.gz");
    set_modified(&path, 1_000_000_000);
    let fixtures = directory(&root);
    let open = || async { fixtures.open("/a.tar.gz").await.unwrap() };
    let fixture = open().await;
    assert_eq!((fixture.len(), fixture.media_type()), (8, "application/gzip"));
    assert_eq!(fixture.modified(), Some(UNIX_EPOCH + Duration::from_secs(1_000_000_000)));
    let inner = fixture.etag().strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap();
    assert!(inner.len() == 32 && inner.bytes().all(|byte| byte.is_ascii_hexdigit()), "{inner}");
    assert_eq!(open().await.etag(), fixture.etag());
    assert_ne!(fixtures.open("/b.tar.gz").await.unwrap().etag(), fixture.etag());
    set_modified(&path, 1_000_000_001);
    assert_ne!(open().await.etag(), fixture.etag());
    // Never in the future.
    set_modified(&path, 10_000_000_000);
    assert!(open().await.modified().unwrap() <= SystemTime::now());
}
