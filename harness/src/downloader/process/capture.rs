//! Reads what a program writes, to its end, in bounded memory.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::super::Captured;

/// So much is read at a time.
const CHUNK: usize = 64 * 1024;

/// So much is read at most once nobody should be writing any more: what the largest pipe holds.
const REST: usize = 1024 * 1024;

/// The reader ends by itself; this is for systems where it cannot know that it is to end.
const LIMIT: Duration = Duration::from_secs(10);

/// A pipe that a program writes to, and the thread that reads it.
#[derive(Debug)]
pub(super) struct Capture {
    kept: Arc<Mutex<Ring>>,
    ended: Receiver<()>,
    /// A byte in it tells the reader that all who should write have ended.
    stop: PipeWriter,
}

impl Capture {
    /// Reads, from now on, what is written to the pipe that comes with it.
    pub(super) fn start(limit: usize) -> io::Result<(Self, PipeWriter)> {
        let (pipe, stream) = io::pipe()?;
        let (stopped, stop) = io::pipe()?;
        let (end, ended) = mpsc::channel();
        let kept = Arc::new(Mutex::new(Ring::new(limit)));
        let into = Arc::clone(&kept);
        thread::Builder::new().name("flaky-capture".to_owned()).spawn(move || {
            // What was read before an error is still worth showing.
            let _ = read(pipe, &stopped, &into);
            let _ = end.send(());
        })?;
        Ok((Self { kept, ended, stop }, stream))
    }

    /// What was written, once all who should write have ended. Waits for nobody who has got away and still may write.
    pub(super) fn finish(mut self) -> Captured {
        // It fails if the reader has reached the end already. To close the pipe would not do on systems where a program
        // that another thread starts may get a copy of it.
        let _ = self.stop.write_all(&[0]);
        let _ = self.ended.recv_timeout(LIMIT);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *kept, Ring::new(0)).into_captured()
    }
}

fn read(mut pipe: PipeReader, stopped: &PipeReader, into: &Mutex<Ring>) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    let mut rest = REST;
    loop {
        let ready = ready(&pipe, stopped)?;
        if !ready.data || (ready.stopped && rest == 0) {
            return Ok(());
        }
        let length = match pipe.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if ready.stopped {
            rest = rest.saturating_sub(length);
        }
        into.lock().unwrap_or_else(PoisonError::into_inner).push(&chunk[..length]);
    }
}

/// Which of the two pipes has something to say: bytes, or its end.
#[derive(Clone, Copy, Debug)]
struct Ready {
    data: bool,
    stopped: bool,
}

/// Waits for one of the two at least.
#[cfg(unix)]
fn ready(data: &PipeReader, stopped: &PipeReader) -> io::Result<Ready> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::retry_on_intr;

    let mut both = [PollFd::new(data, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
    retry_on_intr(|| poll(&mut both, None))?;
    let [data, stopped] = both.map(|one| !one.revents().is_empty());
    Ok(Ready { data, stopped })
}

/// Whether there is something to read cannot be asked; reading waits for it.
#[cfg(not(unix))]
fn ready(_data: &PipeReader, _stopped: &PipeReader) -> io::Result<Ready> {
    Ok(Ready { data: true, stopped: false })
}

/// The first quarter of a limit, and the last three: how a program starts says less than how it ends.
#[derive(Debug)]
struct Ring {
    head: Vec<u8>,
    head_limit: usize,
    tail: VecDeque<u8>,
    tail_limit: usize,
    omitted: u64,
}

impl Ring {
    fn new(limit: usize) -> Self {
        let head_limit = limit / 4;
        Self { head: Vec::new(), head_limit, tail: VecDeque::new(), tail_limit: limit - head_limit, omitted: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        let (first, bytes) = bytes.split_at(bytes.len().min(self.head_limit - self.head.len()));
        self.head.extend_from_slice(first);
        // Of these, no more than the last can stay.
        let (passing, bytes) = bytes.split_at(bytes.len().saturating_sub(self.tail_limit));
        let leaving = (self.tail.len() + bytes.len()).saturating_sub(self.tail_limit);
        self.tail.drain(..leaving);
        self.tail.extend(bytes);
        self.omitted += (passing.len() + leaving) as u64;
    }

    fn into_captured(self) -> Captured {
        let Self { mut head, tail, omitted, .. } = self;
        if omitted > 0 {
            return Captured::capped(head, omitted, tail);
        }
        head.extend(tail);
        Captured::whole(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of these bytes, if they come in chunks of this size.
    fn kept(limit: usize, bytes: &[u8], chunk: usize) -> Captured {
        let mut ring = Ring::new(limit);
        bytes.chunks(chunk).for_each(|chunk| ring.push(chunk));
        ring.into_captured()
    }

    #[test]
    fn the_first_quarter_and_the_last_three_are_kept() {
        let bytes = b"abcdefghijklmnop";
        for chunk in 1..=bytes.len() {
            for length in 0..=8 {
                assert_eq!(kept(8, &bytes[..length], chunk), Captured::whole(&bytes[..length]), "{length} by {chunk}");
            }
            assert_eq!(kept(8, &bytes[..9], chunk), Captured::capped("ab", 1, "defghi"), "by {chunk}");
            assert_eq!(kept(8, &bytes[..15], chunk), Captured::capped("ab", 7, "jklmno"), "by {chunk}");
            assert_eq!(kept(8, bytes, chunk), Captured::capped("ab", 8, "klmnop"), "by {chunk}");
        }
    }

    #[test]
    fn small_limits_keep_what_they_can() {
        assert_eq!(kept(0, b"abc", 2), Captured::capped("", 3, ""));
        assert_eq!(kept(1, b"abc", 2), Captured::capped("", 2, "c"));
        assert_eq!(kept(3, b"abcd", 3), Captured::capped("", 1, "bcd"));
    }

    #[test]
    fn all_that_was_written_is_there() {
        let (capture, mut stream) = Capture::start(CHUNK).unwrap();
        stream.write_all(b"abc").unwrap();
        drop(stream);
        assert_eq!(capture.finish(), Captured::whole("abc"));
    }

    #[cfg(unix)]
    #[test]
    fn who_keeps_the_pipe_open_is_not_waited_for() {
        let (capture, mut stream) = Capture::start(CHUNK).unwrap();
        stream.write_all(b"abc").unwrap();
        assert_eq!(capture.finish(), Captured::whole("abc"));
        drop(stream);
    }

    #[cfg(unix)]
    #[test]
    fn who_never_stops_writing_is_not_waited_for() {
        let (capture, mut stream) = Capture::start(8).unwrap();
        let writer = thread::spawn(move || while stream.write_all(&[b'y'; CHUNK]).is_ok() {});
        capture.finish();
        // The reader has gone, and that is how the writer learns that it may stop.
        writer.join().unwrap();
    }
}
