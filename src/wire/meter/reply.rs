//! What was written of one response.

/// What was written of one response.
#[derive(Debug, Default)]
pub(in crate::wire) struct Reply {
    pub(in crate::wire) status: Option<u16>,
    /// Whether anything of it was written that can be seen to be different.
    pub(in crate::wire) has_begun: bool,
    /// Bytes that were written behind its end, and belong to no message.
    pub(in crate::wire) beyond: u64,
    pub(in crate::wire) body_sent: u64,
    /// Where in the stream the message ended.
    pub(in crate::wire) end: Option<u64>,
    pub(super) runs: Vec<Run>,
}

/// Body bytes in the stream: `count` pieces of `size` bytes, each beginning `stride` bytes after the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    at: u64,
    size: u64,
    stride: u64,
    count: u64,
}

impl Reply {
    /// How many body bytes lie in the first `acked` bytes of the stream.
    pub(in crate::wire) fn body_acked(&self, acked: u64) -> u64 {
        self.runs.iter().map(|run| run.before(acked)).sum()
    }

    pub(super) fn extend(&mut self, at: u64, len: u64) {
        match self.runs.last_mut() {
            // Right behind the last piece: it only grew.
            Some(run) if run.count == 1 && run.at + run.size == at => {
                run.size += len;
                self.fold();
            }
            Some(run) if run.count == 1 && run.size == len => {
                run.stride = at - run.at;
                run.count = 2;
            }
            Some(run) if run.count > 1 && run.size == len && run.at + run.stride * run.count == at => run.count += 1,
            _ => self.runs.push(Run { at, size: len, stride: 0, count: 1 }),
        }
    }

    /// Joins the last piece to the run before it, so that a body in equal chunks stays one run even if the kernel
    /// takes its chunks in parts.
    fn fold(&mut self) {
        let [.., before, last] = self.runs.as_mut_slice() else { return };
        if before.size != last.size {
            return;
        }
        if before.count == 1 {
            before.stride = last.at - before.at;
        } else if before.at + before.stride * before.count != last.at {
            return;
        }
        before.count += 1;
        self.runs.pop();
    }
}

impl Run {
    /// How many of its bytes lie before `acked`.
    fn before(&self, acked: u64) -> u64 {
        let Some(past) = acked.checked_sub(self.at) else { return 0 };
        if self.count == 1 {
            return past.min(self.size);
        }
        let whole = (past / self.stride).min(self.count);
        if whole == self.count {
            return self.count * self.size;
        }
        whole * self.size + (past - whole * self.stride).min(self.size)
    }
}
