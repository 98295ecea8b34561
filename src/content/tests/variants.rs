//! Files in content codings, beside the files that they were made from.

use super::{check, directory, read, tree};
use crate::content::Fixtures;

/// What there is of a path: the codings and contents, in the order of preference.
#[track_caller]
fn variants(fixtures: &Fixtures, path: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let opened = fixtures.open_all(path).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(opened.fixture.coding(), None);
        let mut texts = Vec::new();
        for variant in opened.variants {
            assert_eq!(variant.media_type(), opened.fixture.media_type());
            assert_ne!(variant.etag(), opened.fixture.etag());
            let name = variant.coding().unwrap().name();
            let tag = variant.etag();
            assert!(tag.starts_with('"') && tag.ends_with(&format!("-{name}\"")), "{tag}");
            texts.push(format!("{name} {}", String::from_utf8(read(&variant).await.unwrap()).unwrap()));
        }
        texts
    })
}

#[test]
fn files_beside_a_file() {
    let root =
        tree(&["a.js", "a.js.gz", "a.js.br", "a.js.zst", "a.js.xz", "b.js", "site/index.html", "site/index.html.gz"]);
    let fixtures = directory(&root).precompressed(true);
    assert_eq!(variants(&fixtures, "/a.js"), ["br a.js.br", "zstd a.js.zst", "gzip a.js.gz"]);
    assert_eq!(variants(&fixtures, "/site/"), ["gzip site/index.html.gz"]);
    assert_eq!(variants(&fixtures, "/site/index.html"), ["gzip site/index.html.gz"]);
    assert!(variants(&fixtures, "/b.js").is_empty());
    // What was asked for by its own name is what it is.
    assert!(variants(&fixtures, "/a.js.gz").is_empty());
    check(&fixtures, "/a.js.gz", Ok("a.js.gz"));
    // Nobody has asked for it.
    assert!(variants(&directory(&root), "/a.js").is_empty());
}

#[test]
fn a_file_must_be_there_itself() {
    let root = tree(&["a.js.gz"]);
    let fixtures = directory(&root).precompressed(true);
    check(&fixtures, "/a.js", super::NOT_FOUND);
}

#[test]
fn each_directory_has_its_own() {
    let (root, other) = (tree(&["a.js", "b.js.gz"]), tree(&["a.js", "a.js.gz", "b.js"]));
    let fixtures = directory(&root).directory(other.path()).unwrap().memory("/b.js.br", "br").unwrap();
    let fixtures = fixtures.precompressed(true);
    assert!(variants(&fixtures, "/a.js").is_empty());
    assert!(variants(&fixtures, "/b.js").is_empty());
    let memory = Fixtures::new().memory("/a.js", "js").unwrap().directory(other.path()).unwrap();
    let memory = memory.memory("/a.js.zst", "zst").unwrap().precompressed(true);
    assert_eq!(variants(&memory, "/a.js"), ["zstd zst"]);
}

#[cfg(unix)]
#[test]
fn no_way_out_or_to_what_is_hidden() {
    use std::os::unix::fs::symlink;

    let parent = tree(&["secret", "root/a.js", "root/.hidden"]);
    let root = parent.path().join("root");
    symlink("../secret", root.join("a.js.br")).unwrap();
    symlink(".hidden", root.join("a.js.gz")).unwrap();
    std::fs::create_dir(root.join("a.js.zst")).unwrap();
    let fixtures = || Fixtures::new().directory(&root).unwrap().precompressed(true);
    assert!(variants(&fixtures(), "/a.js").is_empty());
    assert_eq!(variants(&fixtures().hidden(true), "/a.js"), ["gzip root/.hidden"]);
}
