//! The program as a child process.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// A test that waits longer than this has failed; none waits that long when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The program, with nothing of the caller's environment that it looks at.
pub(crate) fn flaky() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaky-server"));
    command.stdin(Stdio::null()).env("COLUMNS", "100");
    for name in ["FLAKY_BASE", "FLAKY_MIRROR", "FLAKY_URL", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    command
}

/// What a run left behind. Both outputs are UTF-8, or the test fails.
#[derive(Debug)]
pub(crate) struct Ended {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    #[track_caller]
    pub(crate) fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn assert_stderr(&self, part: &str) -> &Self {
        assert!(self.stderr.contains(part), "no {part:?} in {self:#?}");
        self
    }
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ended {
    Running::start(command).wait()
}

/// Sends a signal, such as `TERM`.
pub(crate) fn send_signal(pid: u32, signal: &str) {
    let status = Command::new("kill").arg(format!("-{signal}")).arg(pid.to_string()).status().unwrap();
    assert!(status.success(), "kill -{signal} {pid}: {status}");
}

/// A running program. Its outputs are read as they come, if they are pipes.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))
    }

    /// Where an output has been set already, it is not read here.
    #[track_caller]
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = lines(child.stdout.take());
        let stderr = lines(child.stderr.take());
        Self { child, stdout, stderr }
    }

    pub(crate) fn signal(&self, signal: &str) {
        send_signal(self.child.id(), signal);
    }

    /// Where the program, or its command, reads from.
    #[track_caller]
    pub(crate) fn stdin(&mut self) -> &mut ChildStdin {
        self.child.stdin.as_mut().expect("stdin is a pipe")
    }

    /// The next line of stdout, with its end.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        match self.stdout.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(error) => {
                let _ = self.child.kill();
                panic!("no line on stdout ({error}); stderr: {}", self.stderr.iter().collect::<String>())
            }
        }
    }

    /// The next line of stderr that has this in it.
    #[track_caller]
    pub(crate) fn line_of_stderr(&self, part: &str) -> String {
        loop {
            match self.stderr.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(part) => return line,
                Ok(_) => {}
                Err(error) => panic!("no {part:?} on stderr: {error}"),
            }
        }
    }

    /// Waits until it ends, and gives what has not been read yet.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Ended {
        let stdout = rest(&self.stdout, &mut self.child);
        let stderr = rest(&self.stderr, &mut self.child);
        let code = self.child.wait().unwrap().code();
        Ended { code, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(output: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (lines, received) = mpsc::channel();
    if let Some(output) = output {
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            while output.read_until(b'\n', &mut line).unwrap() > 0 {
                let text = String::from_utf8(std::mem::take(&mut line)).expect("the program writes UTF-8");
                // The test may have failed and gone.
                let _ = lines.send(text);
            }
        });
    }
    received
}

#[track_caller]
fn rest(lines: &Receiver<String>, child: &mut Child) -> String {
    let mut text = String::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => text += &line,
            Err(mpsc::RecvTimeoutError::Disconnected) => return text,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                panic!("it does not end; so far: {text}")
            }
        }
    }
}

/// The program while it serves.
#[derive(Debug)]
pub(crate) struct Serving {
    running: Running,
    ready: String,
}

/// Serves on any free port until [`Serving::stop`].
#[track_caller]
pub(crate) fn serve(root: &Path, args: &[&str]) -> Serving {
    Serving::start(flaky().arg(root).args(["--port", "0"]).args(args))
}

impl Serving {
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut running = Running::start(command);
        let ready = running.line();
        Self { running, ready }
    }

    pub(crate) fn ready_line(&self) -> &str {
        &self.ready
    }

    #[track_caller]
    pub(crate) fn addr(&self) -> SocketAddr {
        addr(self.ready.trim_end())
    }

    /// The next line of stderr with this part.
    #[track_caller]
    pub(crate) fn line_of_stderr(&self, part: &str) -> String {
        self.running.line_of_stderr(part)
    }

    /// Stops it with a signal. The ready line is not in what it returns any more.
    #[track_caller]
    pub(crate) fn stop(self, signal: &str) -> Ended {
        self.running.signal(signal);
        self.running.wait()
    }

    /// Stops it, in order.
    #[track_caller]
    pub(crate) fn finish(self) -> String {
        let ended = self.stop("TERM");
        ended.assert_code(0);
        assert_eq!(ended.stdout, "");
        ended.stderr
    }
}

/// The address of a base URL.
#[track_caller]
pub(crate) fn addr(base: &str) -> SocketAddr {
    base.strip_prefix("http://").and_then(|addr| addr.parse().ok()).unwrap_or_else(|| panic!("{base:?} is no base URL"))
}

/// A pipe that nobody reads any more: each write to it fails.
pub(crate) fn broken_pipe() -> io::Result<io::PipeWriter> {
    let (_, writer) = io::pipe()?;
    Ok(writer)
}

/// A device that is always full.
pub(crate) fn full_device() -> io::Result<File> {
    File::options().write(true).open("/dev/full")
}
