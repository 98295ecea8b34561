//! Lines on their way to a reader who may be slow, or not there at all.

use std::io::{self, ErrorKind, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes that wait for the reader.
const WAITING: usize = 16 << 20;

/// Bytes of whole lines that are written at once: who reads along sees few lines in parts.
const CHUNK: usize = 64 << 10;

/// How long the end waits for a reader who takes nothing, and for one who takes little.
const IDLE: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(10);

/// How long a write waits that found no room, where the other side has asked for writes that do not block.
const NO_ROOM: Duration = Duration::from_millis(10);

/// Writes lines on a thread of its own, in order, so that whoever has them does not wait for the reader. Clones write
/// to the same place.
#[derive(Clone)]
pub(super) struct Lines {
    shared: Arc<Shared>,
}

/// What happens to a line for which there is no room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Full {
    /// It is lost, and counted: the reader may never come.
    Drop,
    /// It waits: a file takes what it is given, sooner or later.
    Wait,
}

/// What has become of the lines when the end did not wait any longer.
#[derive(Debug)]
pub(super) struct Rest {
    /// Lines that were not written.
    pub(super) lost: u64,
    /// What went wrong, if it was not the reader.
    pub(super) failure: Option<io::Error>,
}

struct Shared {
    full: Full,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    /// Lines that wait or are being written.
    unwritten: u64,
    /// Lines for which there was no room.
    dropped: u64,
    /// Bytes that were written.
    written: u64,
    /// Nothing is written any more.
    failed: bool,
    failure: Option<io::Error>,
}

impl Lines {
    pub(super) fn new(full: Full) -> Self {
        let shared = Shared { full, state: Mutex::default(), changed: Condvar::new() };
        Self { shared: Arc::new(shared) }
    }

    /// Writes what there is and what comes to what `open` opens, which may take its time. The first failure is the
    /// last: what stands there before is whole.
    pub(super) fn start<W: Write>(
        &self,
        open: impl FnOnce() -> io::Result<W> + Send + 'static,
        failed: impl FnOnce(&io::Error) + Send + 'static,
    ) {
        let this = self.clone();
        thread::spawn(move || {
            if let Err(error) = open().and_then(|mut out| this.write(&mut out)) {
                failed(&error);
                this.fail(error);
            }
        });
    }

    /// Gives up: nothing is written any more.
    pub(super) fn fail(&self, error: io::Error) {
        let mut state = self.lock();
        state.failed = true;
        state.failure = Some(error);
        state.waiting = Vec::new();
        self.shared.changed.notify_all();
    }

    /// Adds a line, or several with line ends between them; `false` if they are lost.
    pub(super) fn push(&self, text: &str) -> bool {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let count = 1 + newlines(text.as_bytes());
        let mut state = self.lock();
        while state.waiting.len() >= WAITING && self.shared.full == Full::Wait && !state.failed {
            state = self.wait(state);
        }
        if state.waiting.len() >= WAITING || state.failed {
            state.dropped += count;
            return false;
        }
        state.waiting.extend_from_slice(text.as_bytes());
        state.waiting.push(b'\n');
        state.unwritten += count;
        self.shared.changed.notify_all();
        true
    }

    /// Waits for the reader, but not for long if nothing is read.
    pub(super) fn finish(&self) -> Rest {
        self.finish_within(IDLE, LONGEST)
    }

    pub(super) fn finish_within(&self, idle: Duration, longest: Duration) -> Rest {
        let begun = Instant::now();
        let mut state = self.lock();
        let (mut written, mut since) = (state.written, begun);
        while state.unwritten > 0 && !state.failed {
            let now = Instant::now();
            if state.written != written {
                (written, since) = (state.written, now);
            }
            let left = (begun + longest).min(since + idle).saturating_duration_since(now);
            if left.is_zero() {
                break;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Rest { lost: state.unwritten + state.dropped, failure: state.failure.take() }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        loop {
            let mut state = self.lock();
            while state.waiting.is_empty() {
                state = self.wait(state);
            }
            let batch = mem::take(&mut state.waiting);
            drop(state);
            let mut rest = &batch[..];
            while !rest.is_empty() {
                let (chunk, behind) = rest.split_at(chunk(rest));
                self.write_chunk(chunk, out)?;
                rest = behind;
            }
        }
    }

    fn write_chunk(&self, mut chunk: &[u8], out: &mut impl Write) -> io::Result<()> {
        while !chunk.is_empty() {
            match out.write(chunk) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => {
                    let (done, left) = chunk.split_at(n);
                    let mut state = self.lock();
                    state.unwritten -= newlines(done);
                    state.written += n as u64;
                    self.shared.changed.notify_all();
                    chunk = left;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(NO_ROOM),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The length of the whole lines that fit a chunk, or else of the first line.
fn chunk(bytes: &[u8]) -> usize {
    let fitting = &bytes[..bytes.len().min(CHUNK)];
    let last = fitting.iter().rposition(|b| *b == b'\n').or_else(|| bytes.iter().position(|b| *b == b'\n'));
    last.map_or(bytes.len(), |last| last + 1)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::{PipeReader, Read as _, pipe};

    use super::*;

    fn to_pipe(full: Full) -> (Lines, PipeReader) {
        let (reader, writer) = pipe().unwrap();
        let lines = Lines::new(full);
        lines.start(|| Ok(writer), |_| ());
        (lines, reader)
    }

    #[test]
    fn lines_are_written_in_order_each_with_its_end() {
        let (lines, mut reader) = to_pipe(Full::Wait);
        assert!(lines.push("a") && lines.push("b\nc\n"));
        assert_eq!(lines.finish().lost, 0);
        let mut read = [0; 6];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"a\nb\nc\n");
    }

    #[test]
    fn what_is_not_read_is_counted() {
        let (lines, _reader) = to_pipe(Full::Drop);
        let long = "x".repeat(1 << 20);
        let kept = (0..40).filter(|_| lines.push(&long)).count();
        assert!((16..40).contains(&kept), "{kept}");
        let rest = lines.finish_within(Duration::from_millis(1), LONGEST);
        assert_eq!((rest.lost, rest.failure.is_none()), (40, true));
    }

    #[test]
    fn a_reader_who_has_gone_is_a_failure() {
        let (lines, reader) = to_pipe(Full::Wait);
        drop(reader);
        lines.push("a\nb");
        let rest = lines.finish();
        assert_eq!((rest.lost, rest.failure.unwrap().kind()), (2, ErrorKind::BrokenPipe));
        assert!(!lines.push("c"));
        assert_eq!(lines.finish().lost, 3);
    }

    #[test]
    fn lines_are_cut_between_them() {
        assert_eq!(chunk(b"a\nb\n"), 4);
        let long = [&[b'a'; CHUNK][..], b"\nb\n"].concat();
        assert_eq!(chunk(&long), CHUNK + 1);
        let many = b"abc\n".repeat(CHUNK);
        assert_eq!(chunk(&many), CHUNK);
        assert_eq!(chunk(&many[1..]), CHUNK - 1);
    }
}
