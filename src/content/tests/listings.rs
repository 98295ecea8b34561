//! What stands for a directory without an index file.

use std::fs;

use super::{NOT_FOUND, check, directory, read, tree};
use crate::content::{Fixtures, OpenError};

/// The names that are listed under a path, each with its length behind it if it has one.
#[track_caller]
fn listed(fixtures: &Fixtures, path: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let page = runtime.block_on(async {
        let page = fixtures.open(path).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!((page.media_type(), page.modified()), ("text/html; charset=utf-8", None));
        String::from_utf8(read(&page).await.unwrap()).unwrap()
    });
    let row = |line: &str| {
        let (_, rest) = line.split_once("<a href=\"")?;
        let (name, rest) = rest.split_once("\">")?;
        let (_, rest) = rest.split_once("<td align=\"right\">")?;
        Some(format!("{name} {}", rest.strip_suffix("</td></tr>")?).trim_end().to_owned())
    };
    page.lines().filter_map(row).collect()
}

#[track_caller]
fn check_redirect(fixtures: &Fixtures, path: &str, expected: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    match runtime.block_on(fixtures.open(path)) {
        Err(OpenError::Directory { path: to }) => assert_eq!(to, expected, "{path}"),
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn names_of_a_directory() {
    let root = tree(&["b.gz", "a <&>.gz", "dir/c.gz", ".secret", ".git/d", "site/index.html"]);
    fs::create_dir(root.path().join("empty")).unwrap();
    let fixtures = directory(&root);
    assert_eq!(listed(&fixtures, "/"), ["dir/", "empty/", "site/", "a%20%3C%26%3E.gz 8", "b.gz 4"]);
    assert_eq!(listed(&fixtures, "//./dir//"), ["../", "c.gz 8"]);
    assert_eq!(listed(&fixtures, "/empty/"), ["../"]);
    check(&fixtures, "/site/", Ok("site/index.html"));
    for path in ["/b.gz/", "/absent/", "/dir/absent/", "/.git/", "/dir/c.gz/d/"] {
        check(&fixtures, path, NOT_FOUND);
    }
    let hidden = directory(&root).hidden(true);
    assert_eq!(listed(&hidden, "/")[..4], [".git/", "dir/", "empty/", "site/"]);
    assert_eq!(listed(&hidden, "/")[4], ".secret 7");
    assert_eq!(listed(&hidden, "/.git/"), ["../", "d 6"]);
}

#[test]
fn a_directory_without_its_slash() {
    let root = tree(&["dir/a.gz", "site/index.html", "e f/g", ".git/d"]);
    let fixtures = directory(&root);
    check_redirect(&fixtures, "/dir", "/dir/");
    check_redirect(&fixtures, "/site", "/site/");
    check_redirect(&fixtures, "/e%20f", "/e%20f/");
    // It names no other host.
    check_redirect(&fixtures, "//dir", "/dir/");
    check_redirect(&fixtures, "///.//dir", "/dir/");
    check(&fixtures, "/.git", NOT_FOUND);
    check(&fixtures, "//evil.example", NOT_FOUND);
}

#[test]
fn without_listings() {
    let root = tree(&["dir/a.gz", "site/index.html"]);
    let fixtures = directory(&root).memory("/b/c", "c").unwrap().listing(false);
    for path in ["/", "/dir/", "/dir", "/b/", "/b"] {
        check(&fixtures, path, NOT_FOUND);
    }
    check(&fixtures, "/site/", Ok("site/index.html"));
    check_redirect(&fixtures, "/site", "/site/");
}

#[test]
fn several_mounts_are_one_directory() {
    let (root, other) = (tree(&["a.gz", "dir/b.gz"]), tree(&["a.gz", "dir/c.gz", "name/d", "late"]));
    fs::write(other.path().join("a.gz"), "longer than the first").unwrap();
    let single = tree(&["single.gz"]);
    let fixtures = Fixtures::new()
        .memory("/x/y/z.gz", "z")
        .unwrap()
        .memory("/name", "0123456789")
        .unwrap()
        .memory("/.hidden", "")
        .unwrap()
        .memory("/with/", "index")
        .unwrap()
        .directory(root.path())
        .unwrap()
        .directory(other.path())
        .unwrap()
        .file(single.path().join("single.gz"))
        .unwrap();
    let expected = ["dir/", "name/", "with/", "x/", "a.gz 4", "late 4", "name 10", "single.gz 9"];
    assert_eq!(listed(&fixtures, "/"), expected);
    assert_eq!(listed(&fixtures, "/dir/"), ["../", "b.gz 8", "c.gz 8"]);
    assert_eq!(listed(&fixtures, "/x/"), ["../", "y/"]);
    assert_eq!(listed(&fixtures, "/x/y/"), ["../", "z.gz 1"]);
    check_redirect(&fixtures, "/x/y", "/x/y/");
    check(&fixtures, "/name", Ok("0123456789"));
    check(&fixtures, "/with/", Ok("index"));
    check_redirect(&fixtures, "/with", "/with/");
    check(&fixtures, "/x/y/z.gz/", NOT_FOUND);
    check(&fixtures, "/x/yy/", NOT_FOUND);
    check(&fixtures, "/.hidden/", NOT_FOUND);
    assert_eq!(fixtures.single(), None);
    let file = Fixtures::new().file(single.path().join("single.gz")).unwrap();
    assert_eq!((listed(&file, "/"), file.single()), (vec!["single.gz 9".to_owned()], Some("/single.gz")));
}

#[cfg(unix)]
#[test]
fn nothing_is_listed_that_is_not_served() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let parent = tree(&["secret", "elsewhere/secret", "root/dir/a.gz", "root/.hidden/b"]);
    let root = parent.path().join("root");
    for (to, name) in [
        ("dir/a.gz", "inside"),
        ("dir", "inside-dir"),
        ("../secret", "outside"),
        ("../elsewhere", "outside-dir"),
        ("loop", "loop"),
        ("absent", "dangling"),
        (".hidden", "to-hidden"),
        (".hidden/b", "to-hidden-file"),
    ] {
        symlink(to, root.join(name)).unwrap();
    }
    assert!(std::process::Command::new("mkfifo").arg(root.join("fifo")).status().unwrap().success());
    fs::write(root.join("a\\..\\b"), "").unwrap();
    fs::write(root.join(std::ffi::OsStr::from_bytes(b"\xff\n")), "x").unwrap();
    let fixtures = Fixtures::new().directory(&root).unwrap();
    assert_eq!(listed(&fixtures, "/"), ["dir/", "inside-dir/", "inside 13", "%FF%0A 1"]);
    assert_eq!(listed(&fixtures, "/inside-dir/"), ["../", "a.gz 13"]);
    check_redirect(&fixtures, "/inside-dir", "/inside-dir/");
    for path in ["/outside-dir/", "/outside-dir", "/outside/"] {
        check(&fixtures, path, super::OUTSIDE);
    }
    for path in ["/to-hidden/", "/to-hidden", "/fifo/"] {
        check(&fixtures, path, NOT_FOUND);
    }
    // Each reference leads to what it stands for.
    check(&fixtures, "/%FF%0A", Ok("x"));
}

#[cfg(unix)]
#[test]
fn a_root_that_is_removed_has_no_listing() {
    let parent = tree(&["root/a.gz"]);
    let root = parent.path().join("root");
    let fixtures = Fixtures::new().directory(&root).unwrap();
    assert_eq!(listed(&fixtures, "/"), ["a.gz 9"]);
    fs::remove_dir_all(&root).unwrap();
    let gone = format!("the served directory `{}` was removed after the server had started", root.display());
    check(&fixtures, "/", Err(&gone));
}

#[tokio::test]
async fn a_listing_has_a_tag_of_its_content() {
    let root = tree(&["a.gz"]);
    let fixtures = directory(&root);
    let tag = async || fixtures.open("/").await.unwrap().etag().to_owned();
    let first = tag().await;
    assert_eq!(tag().await, first);
    fs::write(root.path().join("b.gz"), "").unwrap();
    assert_ne!(tag().await, first);
    fs::remove_file(root.path().join("b.gz")).unwrap();
    assert_eq!(tag().await, first);
}
