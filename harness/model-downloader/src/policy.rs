//! How a download goes about it.

use std::io;
use std::time::Duration;

use crate::retry::{Backoff, Transient};

/// How a download goes about it: what it retries, what it believes, what it keeps, and what it says. The default is
/// right, and [`flaws`](crate::flaws) are changes of it.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// When it makes another attempt.
    pub retrying: Retrying,
    /// Where it lets itself be led.
    pub redirecting: Redirecting,
    /// What it takes from the wire.
    pub reading: Reading,
    /// How it goes on with a part.
    pub resuming: Resuming,
    /// What becomes of the bytes.
    pub keeping: Keeping,
    /// What it says.
    pub telling: Telling,
}

/// When another attempt is made.
#[derive(Clone, Debug)]
pub struct Retrying {
    /// How many retries a download makes at most, all loops together.
    pub retries: u32,
    /// The pauses between attempts.
    pub backoff: Backoff,
    /// What is made of `Retry-After`.
    pub on_retry_after: OnRetryAfter,
    /// The most that a server can make us wait.
    pub max_wait: Duration,
    /// What is worth another attempt.
    pub transient: Transient,
    /// Whether that is so in mid body as well.
    pub in_body: bool,
    /// Whether both loops draw from one budget.
    pub one_budget: bool,
    /// Whether the budget is full again when a byte has arrived.
    pub refill_on_progress: bool,
}

/// What is made of `Retry-After`, which is a number of seconds or a date (RFC 9110 §10.2.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OnRetryAfter {
    /// It is heeded.
    Obey,
    /// Seconds are heeded, and anything else is passed over.
    ObeySeconds,
    /// Seconds are heeded, and at anything else the download has failed.
    NeedSeconds,
    /// It is passed over.
    Ignore,
}

/// Where a download lets itself be led.
#[derive(Clone, Copy, Debug)]
pub struct Redirecting {
    /// How many redirects are followed in an attempt. That alone ends a loop: a cycle is not looked for (RFC 9110 §15.4
    /// says that clients should), because a URL may well lead to itself until it is ready.
    pub most: Option<usize>,
    /// Whether what was given for one origin is sent to no other.
    pub guard_credentials: bool,
    /// Whether each attempt begins at the URL that was given, and not where the one before it was led.
    pub from_the_start: bool,
}

/// What is taken from the wire.
#[derive(Clone, Debug)]
pub struct Reading {
    /// How long nothing may come: at connecting, before the head, in the body.
    pub timeout: Option<Duration>,
    /// How many bytes of a body have to come each second, over the time in which something has to.
    pub min_rate: u64,
    /// The broken ends that pass for the end of a body.
    pub accepted_ends: Vec<BrokenEnd>,
    /// Whether the file is held against the length that was announced.
    pub check_total: bool,
    /// Puts an error of the client's into one that readers return. What is inside must stay visible.
    pub into_io: fn(reqwest::Error) -> io::Error,
}

/// A body that broke off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BrokenEnd {
    /// The connection ended before `Content-Length` was reached.
    BeforeLength,
    /// The connection ended before the last chunk, or there is something that is none.
    BeforeLastChunk,
    /// The connection whose end is that of the body was reset.
    Reset,
}

/// How a part is gone on with.
#[derive(Clone, Copy, Debug)]
pub struct Resuming {
    /// Whether a part is gone on with at all.
    pub resume: bool,
    /// What is made of a 200 where a part was asked for.
    pub on_whole: OnWhole,
    /// Whether the `Content-Range` of a 206 is looked at.
    pub check_range: bool,
    /// Whether the file has to be the same one still: `If-Range`, and the `ETag` of a 206.
    pub check_validator: bool,
    /// Whether a weak validator will do for that.
    pub trust_weak: bool,
    /// What is made of a 416.
    pub on_unsatisfied: OnUnsatisfied,
}

/// What is made of a 200 where a part was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OnWhole {
    /// It is the whole.
    StartOver,
    /// It is taken for the part.
    Append,
}

/// What is made of a 416.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OnUnsatisfied {
    /// The file is complete if it is as long as the reply says; otherwise it starts over.
    Check,
    /// The download has failed.
    Fail,
    /// The file is complete.
    Succeed,
}

/// What becomes of the bytes.
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// Whether they are collected under a temporary name.
    pub temporary_name: bool,
    /// Whether the digest is verified, where one is known.
    pub verify: bool,
    /// Whether the cache is believed without asking the server, and keeps what did not verify.
    pub trust_cache: bool,
    /// What is written to stdout.
    pub stdout: Stdout,
}

/// What is written to stdout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stdout {
    /// What is complete, and verified.
    Complete,
    /// What arrives.
    AsItComes,
}

/// What is said.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// Which retries are told of.
    pub retries: Told,
    /// Whether errors have their causes.
    pub causes: bool,
    /// The exit status of a failure.
    pub failure_status: u8,
}

/// Which retries are told of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Told {
    /// All of them.
    All,
    /// None.
    None,
    /// Those of the outer loop.
    OuterLoop,
}

impl Default for Retrying {
    fn default() -> Self {
        Self {
            retries: 3,
            backoff: Backoff::default(),
            on_retry_after: OnRetryAfter::Obey,
            max_wait: Duration::from_secs(60),
            transient: Transient::default(),
            in_body: true,
            one_budget: true,
            refill_on_progress: false,
        }
    }
}

impl Default for Redirecting {
    fn default() -> Self {
        Self { most: Some(10), guard_credentials: true, from_the_start: true }
    }
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            timeout: Some(Duration::from_secs(10)),
            min_rate: 10,
            accepted_ends: Vec::new(),
            check_total: true,
            into_io: io::Error::other,
        }
    }
}

impl Default for Resuming {
    fn default() -> Self {
        Self {
            resume: true,
            on_whole: OnWhole::StartOver,
            check_range: true,
            check_validator: true,
            trust_weak: false,
            on_unsatisfied: OnUnsatisfied::Check,
        }
    }
}

impl Default for Keeping {
    fn default() -> Self {
        Self { temporary_name: true, verify: true, trust_cache: false, stdout: Stdout::Complete }
    }
}

impl Default for Telling {
    fn default() -> Self {
        Self { retries: Told::All, causes: true, failure_status: 1 }
    }
}
