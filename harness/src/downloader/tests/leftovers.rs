//! Programs that leave others running.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::super::{Command, Downloader as _, Exit, Ran};
use super::Place;
use super::processes::sh;

/// Runs it; then nothing of it may be left, not even a zombie.
fn run(command: &Command, place: &Place) -> Ran {
    let ran = command.run(&place.job).unwrap();
    assert_eq!(those_of(place), [""; 0]);
    ran
}

/// The command lines of all processes that have the place in their environment.
fn those_of(place: &Place) -> Vec<String> {
    let home = format!("HOME={}", place.job.home().display()).into_bytes();
    let folders = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    let ours = folders.filter(|folder| {
        let environment = fs::read(folder.join("environ")).unwrap_or_default();
        environment.split(|&byte| byte == 0).any(|variable| variable == home)
    });
    ours.map(|folder| fs::read_to_string(folder.join("cmdline")).unwrap_or_default()).collect()
}

fn exists(pid: &str) -> bool {
    Path::new("/proc").join(pid.trim_end()).exists()
}

#[test]
fn nothing_is_left_of_a_program_that_ends() {
    let place = Place::new();
    let ran = run(&sh("echo $$"), &place);
    assert!(!exists(&ran.stdout.text()), "a zombie is left");
    assert_eq!(ran.notes, [""; 0]);
}

#[test]
fn children_are_ended_and_named() {
    let ran = run(&sh("sleep 100 & echo out; exit 3"), &Place::new());
    assert_eq!((ran.exit(), ran.stdout.text().as_str()), (Exit::Status(3), "out\n"));
    let [note] = ran.notes.as_slice() else { panic!("{:?}", ran.notes) };
    assert!(note.starts_with("1 process was left behind, and was ended: "), "{note}");
}

#[test]
fn all_children_are_counted() {
    let ran = run(&sh("for i in 1 2 3 4 5 6 7 8 9; do sleep 100 & done"), &Place::new());
    assert!(ran.notes[0].starts_with("9 processes were left behind, and were ended: "), "{:?}", ran.notes);
}

/// Starts a daemon, and goes on when it runs.
const DAEMON: &str = "mkfifo ready; setsid sh -c \"trap '' HUP TERM; : > ready; exec sleep 100\" & : < ready; ";

#[test]
fn a_daemon_that_ignores_signals_is_ended() {
    let ran = run(&sh(&format!("{DAEMON} echo out")), &Place::new());
    assert_eq!((ran.exit(), ran.stdout.text().as_str()), (Exit::Status(0), "out\n"));
    assert!(ran.notes[0].starts_with("1 process was left behind"), "{:?}", ran.notes);
}

#[test]
fn a_daemon_of_a_program_that_hangs_is_ended() {
    let place = Place::new().with_timeout(Duration::from_millis(500));
    let ran = run(&sh(&format!("{DAEMON} trap '' TERM; sleep 100; sleep 100")), &place);
    assert_eq!(ran.exit(), Exit::TimedOut);
    // Whether the daemon had been started by then is not known; the others of the group are no surprise.
    assert!(ran.notes.iter().all(|note| note.starts_with("1 process was left behind")), "{:?}", ran.notes);
}

#[test]
fn who_keeps_starting_others_is_ended() {
    let place = Place::new();
    run(&sh("mkfifo ready; (: > ready; while :; do setsid sh -c 'sleep 0.001'; done) & : < ready"), &place);
    let place = place.with_timeout(Duration::from_millis(200));
    run(&sh("while :; do setsid sh -c 'sleep 0.001; setsid sleep 100 &'; done"), &place);
}

#[test]
fn who_gets_away_does_not_hold_up_the_run() {
    // Without the mark there is no way to find it. It has stdout and stderr, and keeps them open.
    let place = Place::new();
    let daemon = "mkfifo ready; env -i setsid sh -c 'echo $$ > ready; exec sleep 100' & cat ready; echo out";
    let ran = run(&sh(daemon), &place);
    let text = ran.stdout.text();
    let (pid, rest) = text.split_once('\n').unwrap();
    assert_eq!((ran.exit(), rest, ran.notes.len()), (Exit::Status(0), "out\n", 0));
    assert!(exists(pid));
    assert!(std::process::Command::new("/bin/kill").args(["-9", pid]).status().unwrap().success());
}

#[test]
fn runs_leave_those_of_others_alone() {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let ran = run(&sh(&format!("{DAEMON} sleep 100 & echo out")), &Place::new());
                assert_eq!((ran.exit(), ran.stdout.text().as_str()), (Exit::Status(0), "out\n"));
                assert!(ran.notes[0].starts_with("2 processes were left behind"), "{:?}", ran.notes);
            });
        }
    });
}
