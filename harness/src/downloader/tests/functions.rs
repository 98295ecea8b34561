//! Functions of all kinds.

use std::error::Error;
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, future, io, thread};

use anyhow::Context as _;

use super::super::{Downloader as _, Exit, Function, Job, Ran, function, future as future_downloader};
use super::Place;

/// A time that is over soon.
const SHORT: Duration = Duration::from_millis(50);

fn run(function: &Function) -> Ran {
    function.run(&Place::new().job).unwrap()
}

fn chain(ran: &Ran) -> Vec<&str> {
    ran.chain.as_ref().unwrap().links().iter().map(|link| link.text()).collect()
}

fn reset() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "reset")
}

#[test]
fn a_function_gets_the_job() {
    let place = Place::new();
    let ran = function("f", |job: &Job| fs::write(job.out(), job.url())).run(&place.job).unwrap();
    assert_eq!((ran.exit(), ran.chain), (Exit::Returned, None));
    assert_eq!(fs::read_to_string(place.job.out()).unwrap(), place.job.url());
}

#[test]
fn errors_of_all_kinds_are_taken() {
    let anyhow =
        run(&function("f", |_: &Job| Err::<(), _>(reset()).context("cannot unpack").context("cannot install")));
    assert_eq!((anyhow.exit(), chain(&anyhow)), (Exit::Failed, vec!["cannot install", "cannot unpack", "reset"]));
    assert_eq!(chain(&run(&function("f", |_: &Job| Err::<(), _>(reset())))), ["reset"]);
    assert_eq!(chain(&run(&function("f", |_: &Job| Err::<(), _>("text".to_owned())))), ["text"]);
    assert_eq!(chain(&run(&function("f", |_: &Job| Err::<(), _>("text")))), ["text"]);
    assert_eq!(chain(&run(&function("f", |_: &Job| Err::<(), Box<dyn Error>>(reset().into())))), ["reset"]);
    let shared = || -> Result<(), Box<dyn Error + Send + Sync>> { Err(reset())? };
    assert_eq!(chain(&run(&function("f", move |_: &Job| shared()))), ["reset"]);
    assert_eq!(chain(&run(&future_downloader("f", move |_| async move { shared() }))), ["reset"]);
}

#[test]
fn a_panic_is_told() {
    let ran = run(&function("f", |_: &Job| -> io::Result<()> { panic!("at {}", 1) }));
    assert_eq!((ran.exit(), ran.stderr.text().as_str()), (Exit::Panicked, "at 1"));
    let ran = run(&future_downloader("f", |_| async { if true { panic!("static") } else { io::Result::Ok(()) } }));
    assert_eq!((ran.exit(), ran.stderr.text().as_str()), (Exit::Panicked, "static"));
    let ran = run(&function("f", |_: &Job| -> io::Result<()> { std::panic::panic_any(7) }));
    assert_eq!((ran.exit(), ran.stderr.is_empty()), (Exit::Panicked, true));
}

#[test]
fn a_function_that_does_not_return_is_left() {
    let (never, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let function = function("f", move |_: &Job| wait.lock().unwrap().recv());
    let ran = function.run(&Place::new().with_timeout(SHORT).job).unwrap();
    assert_eq!((ran.exit(), ran.notes.len()), (Exit::TimedOut, 1));
    drop(never);
}

#[test]
fn a_future_need_not_be_send() {
    let ran = run(&future_downloader("f", |job: Job| async move {
        let url = Rc::new(job.url().to_owned());
        tokio::task::yield_now().await;
        let _listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        tokio::time::sleep(Duration::from_millis(1)).await;
        if url.is_empty() { Ok(()) } else { Err(reset()) }
    }));
    assert_eq!((ran.exit(), chain(&ran)), (Exit::Failed, vec!["reset"]));
}

#[test]
fn a_future_that_does_not_end_is_dropped() {
    let (guard, dropped) = mpsc::channel::<()>();
    let function = future_downloader("f", move |_| {
        let guard = guard.clone();
        async move {
            future::pending::<()>().await;
            drop(guard);
            io::Result::Ok(())
        }
    });
    let ran = function.run(&Place::new().with_timeout(SHORT).job).unwrap();
    assert_eq!((ran.exit(), ran.notes.len()), (Exit::TimedOut, 0));
    // The one that is left is the function's own.
    drop(function);
    assert_eq!(dropped.recv(), Err(mpsc::RecvError));
}

#[test]
fn what_a_future_has_spawned_ends_with_it() {
    let (guard, dropped) = mpsc::channel::<()>();
    let function = future_downloader("f", move |_| {
        let guard = guard.clone();
        async move {
            tokio::spawn(async move {
                future::pending::<()>().await;
                drop(guard);
            });
            // It is blocked for longer than the test lasts, and not waited for.
            tokio::task::spawn_blocking(|| thread::sleep(Duration::from_secs(1000)));
            io::Result::Ok(())
        }
    });
    assert_eq!(run(&function).exit(), Exit::Returned);
    drop(function);
    assert_eq!(dropped.recv(), Err(mpsc::RecvError));
}

#[test]
fn a_future_that_blocks_is_left() {
    let (never, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let function = future_downloader("f", move |_| {
        let result = wait.lock().unwrap().recv();
        async move { result }
    });
    let ran = function.run(&Place::new().with_timeout(SHORT).job).unwrap();
    assert_eq!((ran.exit(), ran.notes.len()), (Exit::TimedOut, 1));
    drop(never);
}

#[tokio::test]
async fn a_test_may_have_a_runtime_itself() {
    assert_eq!(run(&future_downloader("f", |_| async { io::Result::Ok(()) })).exit(), Exit::Returned);
    assert_eq!(run(&function("f", |_: &Job| io::Result::Ok(()))).exit(), Exit::Returned);
}

#[test]
fn it_says_what_it_is_called_and_about() {
    let function = function("my client", |_: &Job| io::Result::Ok(())).file("a.gz");
    assert_eq!(function.describe(&Place::new().job), "my client");
    assert_eq!((super::super::Downloader::file(&function), function.shell()), (Some("/a.gz"), None));
    assert_eq!(format!("{function:?}"), r#"Function { name: "my client", file: Some("/a.gz"), .. }"#);
}
