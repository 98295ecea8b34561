//! What reaches stderr while serving.

use std::fs;

use super::{flaky, get, root, send, serve};

/// Nothing in it can do anything to a terminal.
#[track_caller]
fn assert_harmless(stderr: &str) {
    let bad = stderr.chars().find(|c| !(*c == '\n' || (' '..='~').contains(c)));
    assert_eq!(bad, None, "{stderr:?}");
}

#[test]
fn nothing_from_a_request_reaches_a_terminal_raw() {
    let root = root();
    // Names that a reason for a refusal may quote.
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("out\x1b[2J")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.path().join("gone\x1b]0;x\x07")).unwrap();
    fs::create_dir(root.path().join("dir\x1b[31m")).unwrap();
    for args in [&[][..], &["--status", "503"], &["--journal", "-"], &["--print-schedule", "--drop"]] {
        let serving = serve(root.path(), args);
        for path in [
            "/%1b[2J%1b]0;owned%07",
            "/%1B%5B2J",
            "/%0d%0aHTTP/1.1%20200%20OK",
            "/%c2%9b2J",
            "/%e2%80%ae",
            "/%ff%fe",
            "/a.bin?%1b[2J",
            "/out%1b[2J",
            "/gone%1b]0;x%07",
            "/dir%1b[31m",
            "/dir%1b[31m/x",
            "/%00",
            "/%",
            "/../%1b",
        ] {
            get(serving.addr(), path);
        }
        let raw: [&[u8]; 9] = [
            b"GET /\x1b[2J HTTP/1.1\r\nhost: x\r\n\r\n",
            b"GET /\xff\xfe\x9b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            b"GET /\xc2\x9b2J HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            b"GET /?\xc2\x9b2J HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            b"\x1b[2J / HTTP/1.1\r\nhost: x\r\n\r\n",
            b"\x1b[2J\x1b]0;x\x07\r\n\r\n",
            b"GET /a.bin HTTP/1.1\r\nhost: x\r\nrange: bytes=\x1b[2J\r\nconnection: close\r\n\r\n",
            b"GET /a.bin HTTP/1.1\r\nhost: x\r\nrange: bytes=\xc2\x9b\tx\r\nconnection: close\r\n\r\n",
            b"GET http://\x9b/\xc2\x9b HTTP/1.1\r\nhost: \x9b\r\nconnection: close\r\n\r\n",
        ];
        for bytes in raw {
            send(serving.addr(), bytes);
        }
        let stderr = serving.finish();
        assert!(stderr.contains("/%1B"), "{stderr}");
        assert_harmless(&stderr);
    }
}

#[test]
fn quiet_leaves_the_address_and_nothing_of_the_exchanges() {
    let root = root();
    let serving = serve(root.path(), &["--quiet", "--seed", "5"]);
    assert!(get(serving.addr(), "/a.bin").is_whole());
    let stderr = serving.finish();
    assert!(stderr.contains("serving ") && stderr.contains("seed 5"), "{stderr}");
    assert!(!stderr.contains("a.bin"), "{stderr}");
    assert!(!stderr.contains("attempt"), "{stderr}");

    let serving = serve(root.path(), &["--seed", "5"]);
    get(serving.addr(), "/a.bin");
    // One line for the exchange, and one of the table.
    let stderr = serving.finish();
    assert_eq!(stderr.matches("GET /a.bin").count(), 2, "{stderr}");
}

#[test]
fn the_table_is_the_end_and_has_the_notes() {
    let root = root();
    let serving = serve(root.path(), &[]);
    assert_eq!(get(serving.addr(), "/nope").status(), 404);
    get(serving.addr(), "/a.bin");
    let stderr = serving.finish();
    let table: Vec<&str> = stderr.lines().rev().take(3).collect();
    assert!(table[2].ends_with("note"), "{stderr}");
    assert!(table[1].contains("GET /nope ") && table[1].ends_with("no fixture is served under this path"), "{stderr}");
    assert!(table[0].contains("GET /a.bin ") && table[0].ends_with("complete"), "{stderr}");

    let serving = serve(root.path(), &[]);
    get(serving.addr(), "/a.bin");
    let stderr = serving.finish();
    assert!(stderr.lines().rev().nth(1).unwrap().ends_with("gap"), "{stderr}");
}

/// A reader of stderr that does not read holds nothing up, not even the end.
#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let root = root();
    std::fs::write(root.path().join("f"), "content").unwrap();
    let mut child = flaky()
        .arg(root.path())
        .args(["--port", "0"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut ready).unwrap();
    let addr = super::program::addr(ready.trim_end());
    for _ in 0..2_000 {
        assert_eq!(get(addr, "/f").body, b"content");
    }
    super::program::send_signal(child.id(), "TERM");
    assert!(child.wait().unwrap().success());
}
