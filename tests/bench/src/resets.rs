//! Resets under load: how many were exact, as the clients count and as the journal does.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context as _, ensure};

use crate::client::{End, fetch};
use crate::serve::OFFSETS;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Resets in all.
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// Clients at once.
    #[arg(long, default_value_t = 32)]
    clients: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve", "--journal", &args.count.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the server")?;
    let mut said = BufReader::new(server.stdout.take().context("the server has no output")?).lines();
    let addr: SocketAddr = said.next().context("the server did not start")??.parse()?;

    let started = Instant::now();
    let next = AtomicU64::new(0);
    let inexact = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..args.clients {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= args.count {
                        return;
                    }
                    let offset = OFFSETS[usize::try_from(n).unwrap_or(0) % OFFSETS.len()];
                    let result = fetch(addr, &format!("/{offset}"));
                    if !matches!(result, Ok((got, End::Reset)) if got == offset) {
                        let text = format!("reset-after={offset}: {result:?}");
                        inexact.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(text);
                    }
                }
            });
        }
    });
    let took = started.elapsed();
    drop(server.stdin.take());
    let journal = said.next().context("the server's journal is missing")??;
    ensure!(server.wait()?.success(), "the server failed");

    let inexact = inexact.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    for text in inexact.iter().take(10) {
        println!("{text}");
    }
    let (recorded, journal_inexact) = journal.split_once(' ').context("the server's journal is garbled")?;
    println!(
        "{} resets by {} clients in {took:.1?} ({:.0} a second): {} inexact; in the journal {recorded}, {journal_inexact} inexact",
        args.count,
        args.clients,
        args.count as f64 / took.as_secs_f64(),
        inexact.len(),
    );
    let exact = inexact.is_empty() && journal_inexact == "0" && recorded == args.count.to_string();
    Ok(if exact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
