//! Programs that end, each in its own way.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::super::{Command, Downloader as _, Exit, Ran, RunError};
use super::Place;

/// Long enough for a shell to start, and no test depends on whether it has.
const SHORT: Duration = Duration::from_millis(300);

pub(super) fn sh(script: &str) -> Command {
    Command::new("/bin/sh").args(["-c", script])
}

fn run(script: &str) -> Ran {
    sh(script).run(&Place::new().job).unwrap()
}

/// How it ended, what it wrote to stdout, and to stderr. Nothing else is said of it.
fn told(ran: &Ran) -> (Exit, String, String) {
    assert_eq!(ran.notes, [""; 0]);
    (ran.exit(), ran.stdout.text(), ran.stderr.text())
}

#[test]
fn the_status_and_both_streams_are_told() {
    let ran = run("echo out; echo err >&2; exit 3");
    assert_eq!(told(&ran), (Exit::Status(3), "out\n".to_owned(), "err\n".to_owned()));
    assert_eq!(run("").exit(), Exit::Status(0));
}

#[test]
fn a_signal_is_told() {
    assert_eq!(run("kill -9 $$").exit(), Exit::Signal(9));
    assert_eq!(run("kill -TERM $$").exit(), Exit::Signal(15));
}

#[test]
fn placeholders_are_filled() {
    let place = Place::new();
    let command = Command::new("{dir}/../../../../../../../bin/sh");
    let ran = command
        .args(["-c", r#"echo "$0 $1 $A""#, "{base}", "{out}"])
        .env("A", "{url}")
        .current_dir("{home}")
        .run(&place.job);
    let job = &place.job;
    assert_eq!(
        ran.unwrap().stdout.text(),
        format!("{} {} {}\n", job.base(), job.out().display(), "http://127.0.0.1:1/a.gz")
    );
}

#[test]
fn it_works_in_its_own_folder() {
    let place = Place::new();
    let ran = sh("echo x > a.gz; echo y > $HOME/y; echo z > $TMPDIR/z; pwd -P").run(&place.job).unwrap();
    assert_eq!(Path::new(ran.stdout.text().trim_end()), place.job.dir().canonicalize().unwrap());
    assert_eq!(std::fs::read_to_string(place.job.out()).unwrap(), "x\n");
    assert!(place.job.home().join("y").exists() && place.job.tmp().join("z").exists());
}

#[test]
fn its_folder_may_be_another_one() {
    let place = Place::new();
    let ran = sh("pwd -P").current_dir("a/b").run(&place.job).unwrap();
    assert_eq!(Path::new(ran.stdout.text().trim_end()), place.job.dir().canonicalize().unwrap().join("a/b"));
    assert_eq!(sh("pwd -P").current_dir("/").run(&place.job).unwrap().stdout.text(), "/\n");
    let error = sh("").current_dir("/does/not/exist").run(&place.job).unwrap_err();
    assert_eq!(error.to_string(), "cannot run in the folder `/does/not/exist`");
}

#[test]
fn a_program_that_is_not_there_is_an_error() {
    let place = Place::new();
    std::fs::write(place.job.dir().join("text"), "").unwrap();
    for (program, kind) in [
        ("flaky-no-such-program", io::ErrorKind::NotFound),
        ("/no/such/program", io::ErrorKind::NotFound),
        ("{dir}", io::ErrorKind::PermissionDenied),
        ("{dir}/text", io::ErrorKind::PermissionDenied),
    ] {
        let error = Command::new(program).run(&place.job).unwrap_err();
        let RunError::Start { program: named, source } = &error else { panic!("{error:?}") };
        assert_eq!(source.kind(), kind, "{program}");
        assert!(named.ends_with(program.trim_start_matches("{dir}")), "{named}");
    }
}

#[test]
fn stdin_is_what_was_given() {
    let place = Place::new();
    let read = |command: Command| command.run(&place.job).unwrap().stdout.text();
    assert_eq!(read(sh("cat; echo end")), "end\n");
    assert_eq!(read(sh("cat; echo end").stdin("abc ")), "abc end\n");
    // More than a pipe holds, of which nothing or little is read.
    let much = vec![b'x'; 1_000_000];
    assert_eq!(read(sh("wc -c | tr -d ' '").stdin(much.clone())), "1000000\n");
    assert_eq!(read(sh("echo end").stdin(much.clone())), "end\n");
    assert_eq!(read(sh("head -c 1; exec <&-; echo end").stdin(much)), "xend\n");
}

#[test]
fn the_beginning_and_the_end_of_the_output_are_kept() {
    let place = Place::new();
    let ran = sh("echo first; head -c 5000 /dev/zero; echo last").run(&place.job).unwrap();
    assert_eq!((ran.stdout.total(), ran.stdout.omitted()), (5011, 5011 - 1024));
    let text = ran.stdout.text();
    assert!(text.starts_with("first\n") && text.ends_with("last\n") && text.contains("3987 bytes were not kept"));
}

#[test]
fn a_gigabyte_of_output_neither_blocks_nor_fills_the_memory() {
    let ran = run("head -c 1000000000 /dev/zero; echo last >&2");
    assert_eq!((ran.exit(), ran.stderr.text()), (Exit::Status(0), "last\n".to_owned()));
    assert_eq!((ran.stdout.total(), ran.stdout.omitted()), (1_000_000_000, 1_000_000_000 - 1024));
}

#[test]
fn a_program_that_never_stops_writing_is_ended() {
    let ran = sh("while :; do echo y; echo n >&2; done").run(&Place::new().with_timeout(SHORT).job).unwrap();
    assert_eq!(ran.exit(), Exit::TimedOut);
}

#[test]
fn streams_may_be_closed() {
    assert_eq!(told(&run("exec >&- 2>&-; exit 7")).0, Exit::Status(7));
    let ran = run("exec >&-; echo on >&2; exit 7");
    assert_eq!(told(&ran), (Exit::Status(7), String::new(), "on\n".to_owned()));
}

#[test]
fn folders_may_be_deleted() {
    let ran = run(r#"rm -rf "$HOME" "$TMPDIR" "$PWD"; echo gone"#);
    assert_eq!(told(&ran), (Exit::Status(0), "gone\n".to_owned(), String::new()));
}

#[test]
fn a_program_that_hangs_is_ended() {
    let place = Place::new().with_timeout(SHORT);
    for script in ["exec sleep 100", "trap 'exit 0' TERM; while :; do sleep 100; done", "kill -STOP $$"] {
        assert_eq!(sh(script).run(&place.job).unwrap().exit(), Exit::TimedOut, "{script}");
    }
}

#[test]
fn a_program_that_does_not_want_to_end_is_ended() {
    let place = Place::new().with_timeout(SHORT);
    let ran = sh("trap '' HUP INT TERM; while :; do sleep 100; done").run(&place.job).unwrap();
    assert_eq!(told(&ran).0, Exit::TimedOut);
}

#[test]
fn a_program_that_hangs_is_asked_to_end_once() {
    // How far it had come is not known, but whatever it said is kept.
    let place = Place::new().with_timeout(SHORT);
    let ran = sh("echo begun; trap 'echo asked' TERM; while :; do sleep 0.01; done").run(&place.job).unwrap();
    assert_eq!(ran.exit(), Exit::TimedOut);
    assert!("begun\nasked\n".starts_with(&ran.stdout.text()), "{:?}", ran.stdout.text());
}

#[test]
fn many_run_side_by_side() {
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|n| scope.spawn(move || run(&format!("echo {n}; exit {n}")))).collect();
        for (n, ran) in runs.into_iter().enumerate() {
            let ran = ran.join().unwrap();
            assert_eq!(told(&ran).1, format!("{n}\n"));
        }
    });
}

#[test]
fn each_run_has_a_mark_of_its_own() {
    let place = Place::new();
    let marks: BTreeSet<_> = (0..5).map(|_| sh("echo $FLAKY_TRIAL").run(&place.job).unwrap().stdout.text()).collect();
    assert_eq!(marks.len(), 5);
}
