//! From the start of the program to its first 200.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};

use super::Bench;
use super::measure::median;
use super::table::{Row, Target, Unit};
use crate::load::{Client, request};
use crate::peer::{Site, free_port};

const PATIENCE: Duration = Duration::from_secs(10);

/// Starts are short, and vary: there are several to a run.
const STARTS_PER_RUN: u32 = 4;

pub(super) fn start(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let root = bench.site.root();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..bench.runs * STARTS_PER_RUN {
        let port = free_port()?;
        let mut command = bench.flaky.command(root, &[]);
        command.args(["--port", &port.to_string()]);
        ours.push(first_reply(command, port)?);
        if let Ok(peer) = &bench.static_web_server {
            let port = free_port()?;
            theirs.push(first_reply(peer.command(root, port), port)?);
        }
    }
    let (what, target) = ("start of the program to its first 200", Target::AtMost(1.0));
    let (name, ours) = ("static-web-server", median(ours));
    Ok(vec![match &bench.static_web_server {
        Ok(_) => Row::ratio(what, Unit::Seconds, ours, (name, median(theirs)), target),
        Err(reason) => Row::missing(what, Unit::Seconds, ours, name, reason, target),
    }])
}

/// Starts a server, and asks until it answers; returns seconds.
fn first_reply(mut command: Command, port: u16) -> anyhow::Result<f64> {
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn()?;
    let result = ask(addr, &mut child, started);
    // It has done what it was started for.
    let _ = child.kill();
    child.wait()?;
    result
}

fn ask(addr: SocketAddr, child: &mut Child, started: Instant) -> anyhow::Result<f64> {
    while TcpStream::connect(addr).is_err() {
        if let Some(status) = child.try_wait()? {
            bail!("a server ended before its first reply: {status}");
        }
        ensure!(started.elapsed() < PATIENCE, "a server does not listen");
        // Asking all the time would take from the server what it starts with.
        std::thread::sleep(Duration::from_micros(50));
    }
    let mut client = Client::connect(addr, 16 * 1024)?;
    client.ask(&request(Site::SMALL))?;
    ensure!(client.reply()? == Site::SMALL_LEN, "a reply of another length");
    Ok(started.elapsed().as_secs_f64())
}
