//! How to write a downloader: one that does everything right, and the same one broken in every way that people ship.
//!
//! [`download()`] is the model. It is written to be read; its [`Policy`] says in one place what it retries, what it
//! believes, what it keeps and what it says, and the default is right. [`flaws`] has what goes wrong with downloaders
//! in the field, each as a change of that policy. The harness of this project is tried on them: the model passes every
//! trial, and each flaw is caught by the assertion that is for it.
//!
//! # What a downloader has to get right
//!
//! **It retries what is transient, wherever that hides.** In a program that unpacks an archive while it arrives, a
//! reset surfaces six layers deep. [`Transient`] asks all [`links`] of an error, also those that `source()` passes
//! over. What is final (a 404, a wrong certificate, a full disk) is not repeated.
//!
//! **It has one budget.** An HTTP client that retries, inside of a loop that retries, makes 16 attempts where 4 were
//! meant. Here both draw from one [`Budget`], and what is told of retries is what was made.
//!
//! **It waits.** Longer each time, never as long as everybody else ([`Backoff`]), and as long as the server asks
//! ([`asked_at`]), within bounds.
//!
//! **It does not wait for ever.** Neither for a connection, nor for a head, nor for the next byte; and a byte now and
//! then is no download.
//!
//! **It takes nothing for whole that is not.** A body that breaks off is an error: before its `Content-Length`, before
//! its last chunk, by a reset. A digest is that of the file on the disk, however many replies it came from.
//!
//! **It resumes only what is still the same file.** With `If-Range` and a [`StrongEtag`]; and it looks at what came:
//! where a 206 begins and ends, of which version and which length it is; that a 200 is the whole; that a 416 is the end
//! only if the lengths say so. What begins earlier is used from there on, what would leave a hole is not used at all.
//!
//! **It follows redirects, and keeps its keys.** Each attempt begins at the URL that was given, because where that
//! leads may be good for some minutes only. It follows so many and no more, which ends a loop as well: cycles are not
//! looked for. What was given for one origin, a [`Field`] or a password in the URL, is sent to no other.
//!
//! **It leaves the file or nothing.** Bytes are collected under a temporary name beside the target, and renamed when
//! all are there. What a cache keeps for the next run is not trusted, but asked about and verified.
//!
//! **It says what happened.** The error is a chain down to the root cause, and the retries stand second:
//!
//! ```text
//! error: Failed to install app.tar.gz
//!   Caused by: Request failed after 3 retries in 1.2s
//!   Caused by: Failed to extract archive: app.tar.gz
//!   Caused by: failed to unpack `/tmp/.model-downloader-Yk3zRA/app/data/part-6.bin`
//!   Caused by: failed to unpack `app/data/part-6.bin` into `/tmp/.model-downloader-Yk3zRA/app/data/part-6.bin`
//!   Caused by: error decoding response body
//!   Caused by: request or response body error
//!   Caused by: error reading a body from connection
//!   Caused by: Connection reset by peer (os error 104)
//! ```
//!
//! # Examples
//!
//! ```no_run
//! use model_downloader::{Policy, Request, Target, download};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let request = Request::new("http://127.0.0.1:8000/app.tar.gz".parse()?, Target::File("app.tar.gz".into()));
//! let report = download(&request, &Policy::default()).await?;
//! println!("{} bytes, {} retries", report.bytes, report.retries);
//! # Ok(())
//! # }
//! ```
//!
//! # The cases
//!
//! What goes wrong in the field, by the numbers of a conformance suite for downloaders, whose schedules are in
//! `fixtures/schedules/conformance`. The model passes each of these trials; the flaw that the case is about fails it,
//! and the assertion notices.
//!
#![doc = include_str!("cases.md")]
//!
//! # Limits
//!
//! - Plain HTTP: the rest is the same with TLS, whose failures [`Transient`] judges as well.
//! - A body that is delimited by the end of its connection, and cut off in order, cannot be told from a whole one (RFC
//!   9112 §8) without a digest, or a format that knows its end as gzip does.
//! - One run at a time may use what a cache has of a URL. What a power failure does to a part there is only noticed with a
//!   digest.
//! - A run that is killed leaves its temporary file.
//!
//! # What the trials do not notice
//!
#![doc = include_str!("survivors.md")]

mod attempt;
mod digest;
mod download;
mod error;
mod field;
mod files;
pub mod flaws;
mod http;
mod policy;
mod request;
mod retry;

// The public interface is:
pub use digest::{Sha256Sum, Sha256SumError};
pub use download::{Report, download};
pub use error::DownloadError;
pub use field::{Field, FieldError};
pub use flaws::{Flaw, UnknownFlaw};
pub use http::{ContentRange, StrongEtag};
pub use policy::{
    BrokenEnd, Keeping, OnRetryAfter, OnUnsatisfied, OnWhole, Policy, Reading, Redirecting, Resuming, Retrying, Stdout,
    Telling, Told,
};
pub use request::{Request, Target, Url, UrlError};
pub use retry::{Backoff, Budget, Jitter, Loop, Spent, Transient, asked, asked_at, links};
