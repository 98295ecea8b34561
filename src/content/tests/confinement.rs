//! Nothing but regular files below the root.

use std::fs;
use std::time::Duration;

use super::{NOT_FOUND, NOT_REGULAR, OUTSIDE, check, directory, read, tree};
use crate::content::{Fixtures, MountError, OpenError};

#[test]
fn no_way_upwards() {
    let parent = tree(&["secret", "root/dir/a.gz"]);
    let fixtures = Fixtures::new().directory(parent.path().join("root")).unwrap();
    check(&fixtures, "/dir/a.gz", Ok("root/dir/a.gz"));
    for path in [
        "/../secret",
        "/dir/../../secret",
        "/dir/../dir/a.gz",
        "/%2e%2e/secret",
        "/.%2E/secret",
        "/..%2fsecret",
        "/%2e%2e%2fsecret",
        "/..%5csecret",
        "/..\\secret",
    ] {
        check(&fixtures, path, Err("the path has a `..` component"));
    }
    check(&fixtures, "/..%252fsecret", NOT_FOUND);
    check(&fixtures, &format!("/{}", parent.path().join("secret").display()), NOT_FOUND);
    check(&fixtures, "/%zz", Err("the path has a `%` that is not followed by two hexadecimal digits"));
    check(&fixtures, "/secret%00", Err("the path has a NUL character"));
    check(&fixtures, "*", Err("the path does not begin with `/`"));
}

#[test]
fn hidden_names() {
    let root = tree(&[".env", ".git/config", "a/.b/c"]);
    let hidden = |hidden| directory(&root).hidden(hidden);
    for path in ["/.env", "/%2eenv", "/.git/config", "/a/.b/c"] {
        check(&hidden(false), path, NOT_FOUND);
    }
    check(&hidden(true), "/.env", Ok(".env"));
    check(&hidden(true), "/a/.b/c", Ok("a/.b/c"));
    // A file that was named is served, whatever its name.
    check(&Fixtures::new().file(root.path().join(".env")).unwrap(), "/.env", Ok(".env"));
}

#[cfg(unix)]
#[test]
fn symbolic_links() {
    use std::os::unix::fs::symlink;

    let parent = tree(&["secret", "elsewhere/secret", "root/dir/a.gz"]);
    let root = parent.path().join("root");
    symlink("dir/a.gz", root.join("inside")).unwrap();
    symlink("dir", root.join("inside-dir")).unwrap();
    symlink("../dir/a.gz", root.join("dir/up-and-inside")).unwrap();
    symlink("../secret", root.join("outside")).unwrap();
    symlink(parent.path().join("secret"), root.join("absolute")).unwrap();
    symlink("../elsewhere", root.join("outside-dir")).unwrap();
    symlink("loop", root.join("loop")).unwrap();
    symlink("absent", root.join("dangling")).unwrap();

    let fixtures = Fixtures::new().directory(&root).unwrap();
    check(&fixtures, "/inside", Ok("root/dir/a.gz"));
    check(&fixtures, "/inside-dir/a.gz", Ok("root/dir/a.gz"));
    check(&fixtures, "/dir/up-and-inside", Ok("root/dir/a.gz"));
    check(&fixtures, "/outside", OUTSIDE);
    check(&fixtures, "/absolute", OUTSIDE);
    check(&fixtures, "/outside-dir/secret", OUTSIDE);
    check(&fixtures, "/loop", NOT_FOUND);
    check(&fixtures, "/dangling", NOT_FOUND);
    // A link that was named is followed, once.
    let single = Fixtures::new().file(root.join("outside")).unwrap();
    check(&single, "/outside", Ok("secret"));
}

#[cfg(unix)]
#[test]
fn a_root_that_is_replaced() {
    let parent = tree(&["root/a.gz", "outside/a.gz"]);
    let root = parent.path().join("root");
    let fixtures = Fixtures::new().directory(&root).unwrap();
    fs::rename(&root, parent.path().join("moved")).unwrap();
    std::os::unix::fs::symlink("outside", &root).unwrap();
    check(&fixtures, "/a.gz", Ok("root/a.gz"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_is_swapped_while_it_is_opened() {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};

    let parent = tree(&["outside/a.gz", "root/inside/a.gz"]);
    let root = parent.path().join("root");
    let fixtures = Fixtures::new().directory(&root).unwrap();
    symlink("inside", root.join("dir")).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for target in ["../outside", "inside"].into_iter().cycle() {
                symlink(target, root.join("next")).unwrap();
                fs::rename(root.join("next"), root.join("dir")).unwrap();
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let runtime = tokio::runtime::Handle::current();
        let opened = std::thread::spawn({
            move || {
                runtime.block_on(async {
                    for _ in 0..2000 {
                        match fixtures.open("/dir/a.gz").await {
                            Ok(fixture) => {
                                assert_eq!(read(&fixture).await.unwrap(), b"root/inside/a.gz");
                            }
                            Err(error) => assert!(matches!(error, OpenError::Outside | OpenError::NotFound), "{error}"),
                        }
                    }
                });
            }
        })
        .join();
        done.store(true, Ordering::Relaxed);
        opened.unwrap();
    });
}

#[cfg(unix)]
#[test]
fn special_files_do_not_block() {
    let root = tree(&["a.gz"]);
    let fifo = root.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(root.path().join("socket")).unwrap();
    let fixtures = directory(&root);
    let (done, checked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        check(&fixtures, "/fifo", NOT_REGULAR);
        check(&fixtures, "/socket", NOT_REGULAR);
        done.send(()).unwrap();
    });
    // Nobody will ever open the other end.
    checked.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(matches!(Fixtures::new().file(&fifo), Err(MountError::NotAFile { .. })));
    assert!(matches!(Fixtures::new().file("/dev/null"), Err(MountError::NotAFile { .. })));
}
