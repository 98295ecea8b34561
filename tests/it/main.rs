//! What the server does, seen from the other end of the wire.

mod support;

/// Answers that differ from the correct one.
mod answers;
/// Broken, random, huge and hostile requests: the server outlives them all.
mod bad_clients;
/// What becomes of the bytes of a body.
mod bytes;
/// The program, by its arguments, its streams and its exit status.
#[cfg(all(unix, feature = "cli"))]
mod cli;
/// What happens to connections before there is a request, and how many requests they have.
mod connections;
/// A break comes behind exactly as many body bytes as planned, in every trial.
mod exact;
/// Replies whose form is wrong on purpose, and what becomes of their connections.
#[cfg(feature = "verify")]
mod forms;
/// Fixtures that are computed.
mod generated;
/// The journal says what happened on the wire.
mod journal;
/// Start, shutdown and drop; files that change or vanish meanwhile.
mod lifecycle;
/// What an answer means that is not the correct one.
mod meaning;
/// A random schedule of the whole vocabulary: journal and clients agree.
#[cfg(target_os = "linux")]
mod random;
/// A schedule plays the same again, whoever comes first.
#[cfg(all(unix, feature = "cli"))]
mod replay;
/// Parts of files, what is said of them, and files that have become others.
mod resume;
/// Schedules as files: what is built in, what the documentation tells, and the schema.
#[cfg(feature = "schedule-file")]
mod schedule_files;
/// Correct HTTP/1.1 where nothing is injected.
mod serving;
/// Files in which the server names itself.
mod templates;
/// Rules that go by the request, its connection, the time, or a closure; and rules that change at run time.
mod when;
/// What the reference shows is on the wire, byte for byte.
#[cfg(feature = "verify")]
mod wire;
