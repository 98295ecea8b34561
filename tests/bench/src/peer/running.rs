//! A server that runs, as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

/// A server that has not accepted a connection by then has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that runs, as a process of its own. It ends when it is dropped.
pub(crate) struct Running {
    child: Child,
    addr: SocketAddr,
    /// What it needs for as long as it runs.
    _dir: Option<TempDir>,
}

impl Running {
    /// Starts a server that prints its address, or its URL, on a line.
    pub(crate) fn telling(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let addr = line.trim().trim_start_matches("http://").parse();
        let addr = addr.with_context(|| format!("{command:?} said `{}` and no address", line.trim()))?;
        Ok(Self { child, addr, _dir: None })
    }

    /// Starts a server that is to listen on this port of 127.0.0.1, and waits until it does.
    pub(crate) fn on_port(mut command: Command, port: u16, dir: Option<TempDir>) -> anyhow::Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut running = Self { child, addr: (Ipv4Addr::LOCALHOST, port).into(), _dir: dir };
        let started = Instant::now();
        while TcpStream::connect(running.addr).is_err() {
            if let Some(status) = running.child.try_wait()? {
                bail!("{command:?} ended: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("{command:?} does not listen");
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        Ok(running)
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.terminate();
        self.child.wait()?;
        Ok(())
    }

    fn terminate(&mut self) {
        // Not std's kill: the workers of a server would survive their master.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            // It has ended already, most likely.
            let _ = self.child.kill();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.terminate();
            let _ = self.child.wait();
        }
    }
}

/// A port that is free at the moment.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
