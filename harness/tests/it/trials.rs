//! Servers, folders, files, timeouts.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flaky_harness::{Effort, Exit, Job, Trial, TrialError, function, future};
use flaky_server::{FlakyServer, Rule, Schedule, matchers::path};

use crate::PATIENCE;
use crate::downloaders::{FILE, other, retrying, write};
use crate::support::{counted, fetch, run};

const SCRIPT: &str = "reset-after=1MB x2, ok";

fn server() -> FlakyServer {
    let rule = Rule::when(path("/a.bin")).script(SCRIPT).unwrap();
    FlakyServer::builder()
        .serve_bytes("/a.bin", vec![1; 2_000_000])
        .serve_bytes("/b.bin", "b")
        .rule(rule)
        .start()
        .unwrap()
}

#[test]
fn on_a_server_of_its_own() {
    let outcome = run(Trial::with(SCRIPT), retrying(2));
    outcome.assert().succeeded().attempts(3).retries(2).restarted().content_matches().no_leftovers().did_not_hang();
    assert_eq!(outcome.effort(3), Effort::Recovered(2));
    assert_eq!(outcome.wire().received(), 4_000_000);
    assert_eq!(outcome.wire().wasted().bytes(), 2_000_000);
    assert!(outcome.wall_time() < PATIENCE);
}

#[test]
fn everything_that_is_a_schedule() {
    let rule = || Rule::any().script("drop, ok").unwrap();
    let attempts = |trial: Trial<'static>| run(trial, retrying(3)).attempts();
    assert_eq!(attempts(Trial::with("drop, ok")), 2);
    assert_eq!(attempts(Trial::with("drop, ok".to_owned())), 2);
    assert_eq!(attempts(Trial::with("drop, ok".parse::<flaky_server::Script>().unwrap())), 2);
    assert_eq!(attempts(Trial::with(rule())), 2);
    assert_eq!(attempts(Trial::with(vec![rule()])), 2);
    assert_eq!(attempts(Trial::with([rule()])), 2);
    assert_eq!(attempts(Trial::with(Schedule::new([rule()], 7).unwrap())), 2);
}

#[test]
fn on_the_server_of_a_test() {
    let server = server();
    // What was there before is not the trial's.
    fetch(&server.url("/b.bin"), 0).unwrap();
    let outcome = run(Trial::new(&server).file("/a.bin"), retrying(3));
    outcome.assert().succeeded().attempts(3).content_matches();
    let outcome = run(Trial::new(&server).file("/b.bin"), retrying(0));
    outcome.assert().succeeded().attempts(1).content_matches();
    assert_eq!(server.journal().attempts("/b.bin"), 2);
}

#[test]
fn a_second_trial_at_the_same_time_is_an_error() {
    let server = Arc::new(server());
    let (begun, has_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let may_go_on = Mutex::new(may_go_on);
    let first = {
        let server = Arc::clone(&server);
        std::thread::spawn(move || {
            let waits = function("waits", move |_job| {
                begun.send(()).map_err(|_| other("nobody waits"))?;
                may_go_on.lock().unwrap().recv().map_err(|_| other("nobody goes on"))
            });
            Trial::new(&server).run(&waits).succeeded()
        })
    };
    has_begun.recv_timeout(PATIENCE).unwrap();
    let error = Trial::new(&server).try_run(&retrying(0)).unwrap_err();
    assert!(matches!(&error, TrialError::Busy { server: base } if *base == server.base()), "{error:?}");
    assert!(error.to_string().contains("`Trial::with`"), "{error}");
    // A server of its own is another one.
    run(Trial::with("ok"), retrying(0)).assert().succeeded();
    go_on.send(()).unwrap();
    assert!(first.join().unwrap());
    run(Trial::new(&server).file("/b.bin"), retrying(0)).assert().succeeded();
}

#[test]
fn what_cannot_be_run_is_an_error() {
    let error = Trial::with("reset-afer=1MB").try_run(&retrying(0)).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("^^^^^^^^^^") && source.contains("did you mean `reset-after`?"), "{source}");

    let server = server();
    let error = Trial::new(&server).file("/c.bin").try_run(&retrying(0)).unwrap_err();
    assert!(matches!(&error, TrialError::NoSuchFile { file, .. } if file == "/c.bin"), "{error:?}");
    assert_eq!(server.journal().total_attempts(), 0);
}

#[test]
#[should_panic(expected = "the trial could not be run: the schedule cannot be played\n  caused by: unknown fault")]
fn run_panics_with_the_causes() {
    Trial::with("dorp").run(&retrying(0));
}

#[test]
fn a_target_narrows() {
    let server = server();
    let both = function("both", |job| {
        fetch(&format!("{}/b.bin", job.base()), 0)?;
        fetch(&format!("{}/a.bin", job.base()), 0)
    });
    let outcome = run(Trial::new(&server), both);
    outcome.assert().failed().attempts(2).retries(0);
    outcome.target("/a.bin").assert().attempts(1);
    outcome.target("GET /b.bin").assert().attempts(1);
    outcome.target("HEAD /b.bin").assert().attempts(0);
    outcome.assert().target("/c.bin", |it| {
        it.attempts(0);
    });
    assert!(outcome.content().is_none());
}

#[test]
fn a_path_is_the_same_however_it_is_encoded() {
    let trial = || Trial::with("ok").serve_bytes("/a+b c.bin", "content").file("/a%2Bb%20c.bin");
    let download = |path: &'static str| {
        function("encodes", move |job: &Job| {
            let file = fetch(&format!("{}{path}", job.base()), 0).map_err(|error| other(&error.to_string()))?;
            write(job, &file.body)
        })
    };
    for path in ["/a+b%20c.bin", "/%61%2bb%20c.bin?token=1"] {
        run(trial(), download(path)).assert().succeeded().attempts(1);
    }
}

#[test]
fn a_later_run_finds_the_folder_of_an_earlier_one() {
    let keeps = function("keeps what it has", |job| {
        let have = std::fs::read(job.out()).unwrap_or_default();
        let cached = job.home().join("cache");
        std::fs::write(cached, "")?;
        match fetch(job.url(), have.len() as u64) {
            Ok(rest) => write(job, &[have, rest.body].concat()),
            Err(_) => {
                write(job, &[0; 10])?;
                Err(other("broke off"))
            }
        }
    });
    let bytes: Vec<u8> = [vec![0; 10], vec![1; 10]].concat();
    let server = FlakyServer::builder()
        .serve_bytes("/f", bytes)
        .rule(Rule::any().script("reset-after=10, ok").unwrap())
        .start()
        .unwrap();
    let first = run(Trial::new(&server), &keeps);
    first.assert().failed();
    assert_eq!(first.leftovers(), [first.dir().join("f")]);
    let second = run(Trial::new(&server).after(&first), &keeps);
    // It is the only attempt of its trial, and it resumes.
    second.assert().succeeded().attempts(1).resumed_at(10).content_matches().no_leftovers();
    assert!(second.assert().try_restarted().is_err() && second.assert().try_resumed_at(0).is_err());
    // A first attempt for a part, with no trial before it, resumes nothing.
    let part = function("a part", |job| fetch(job.url(), 10).map(|_| ()).map_err(|error| other(&error.to_string())));
    assert!(run(Trial::new(&server), part).assert().try_resumed_at(10).is_err());
    let dir = second.dir();
    drop((first, second));
    assert!(!dir.exists());
}

#[test]
fn a_downloader_that_never_ends_is_ended() {
    let outcome = Trial::with("stall-after=1MB x*").timeout(Duration::from_secs(2)).run(&counted(retrying(0)));
    assert!(outcome.hung() && !outcome.succeeded(), "{outcome:?}");
    let error = outcome.assert().try_did_not_hang().unwrap_err();
    assert_eq!(error.expected(), "an end within 2s");
    assert!(outcome.assert().try_failed().is_err());
    assert_eq!(outcome.attempts(), 1);
}

#[test]
fn a_future_is_a_downloader() {
    let gets = future("gets", |job: Job| async move {
        tokio::task::spawn_blocking(move || {
            let file = fetch(job.url(), 0).map_err(|error| other(&error.to_string()))?;
            write(&job, &file.body)
        })
        .await
        .map_err(|error| other(&error.to_string()))?
    });
    run(Trial::with("ok"), &gets).assert().succeeded().content_matches();
    let outcome = run(Trial::with("drop"), &gets);
    outcome.assert().failed().attempts(1);
    // What `unwrap_err` prints is short.
    assert_eq!(format!("{:?}", outcome.assert()), "Assert(gets: returned an error)");
}

#[tokio::test]
async fn trials_run_inside_of_a_runtime() {
    run(Trial::with("drop, ok"), retrying(1)).assert().succeeded().attempts(2);
    let outcome = Trial::with("ok").run(&future("returns", |_job| async { Ok::<(), std::io::Error>(()) }));
    assert_eq!(outcome.exit(), Exit::Returned);
}

#[test]
fn a_panic_is_an_outcome() {
    let outcome = Trial::with("ok").run(&function("panics", |_job| -> std::io::Result<()> { panic!("at once") }));
    assert_eq!(outcome.exit(), Exit::Panicked);
    assert!(outcome.stderr().text().contains("at once"));
    outcome.assert().failed().attempts(0);
}

#[test]
fn the_seed_is_told() {
    let trial = Trial::with(Rule::any().probability("0.5".parse().unwrap()).script("drop x*").unwrap()).seed(42);
    let outcome = run(trial, retrying(9));
    let again = Trial::with(Rule::any().probability("0.5".parse().unwrap()).script("drop x*").unwrap()).seed(42);
    assert_eq!(run(again, retrying(9)).attempts(), outcome.attempts());
    let report = outcome.assert().try_attempts(99).unwrap_err().to_string();
    assert!(report.contains("seed 42"), "{report}");
    assert_eq!(outcome.exchanges()[0].path_and_query(), FILE);
}

#[cfg(unix)]
#[test]
fn a_command_of_the_standard_library_goes_in_as_it_is() {
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "printf %s \"$1\" >{out}", "sh", "{url}"]);
    let outcome = Trial::with("ok").run(&command);
    outcome.assert().succeeded().attempts(0);
    let url = std::fs::read_to_string(outcome.dir().join("fixture.bin")).unwrap();
    assert!(url.ends_with(FILE), "{url}");
    let tokio = tokio::process::Command::from(command);
    Trial::with("ok").run(&tokio).assert().succeeded();
}
