//! What goes to stderr: lines for people, or JSON for programs.

use std::fmt::Display;
use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;

use super::lines::{Full, Lines};

/// Everything for people goes through here: a reader of stderr that does not read must not hold the server up.
static STDERR: LazyLock<Lines> = LazyLock::new(|| {
    let lines = Lines::new(Full::Drop);
    // Where stderr is closed or full, nobody reads it, and that stops nothing.
    lines.start(|| Ok(io::stderr()), |_| ());
    lines
});

/// How long a reader of stderr is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether each line is a JSON object.
static JSON: AtomicBool = AtomicBool::new(false);

/// What is said, as a line of JSON.
#[derive(Serialize)]
struct Message<'a> {
    v: u8,
    kind: &'static str,
    text: &'a str,
}

/// From now on each line is a JSON object with a `kind`.
pub(super) fn speak_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// A line as it is; `false` if nobody reads it.
pub(super) fn push(line: &str) -> bool {
    STDERR.push(line)
}

/// A line for people.
pub(super) fn say(text: impl Display) {
    tell("message", &text.to_string());
}

/// What is not as it should be, and stops nothing.
pub(super) fn warn(text: impl Display) {
    tell("warning", &text.to_string());
}

/// What has failed.
pub(super) fn fail(text: impl Display) {
    tell("error", &text.to_string());
}

/// An error, with its causes.
pub(super) fn error(error: &anyhow::Error) {
    fail(format_args!("{error:#}"));
}

fn tell(kind: &'static str, text: &str) {
    if JSON.load(Ordering::Relaxed) {
        json(&Message { v: 1, kind, text });
    } else if kind == "message" {
        push(text);
    } else {
        push(&format!("{kind}: {text}"));
    }
}

/// An object of its own, where everything is one.
pub(super) fn json(object: &impl Serialize) {
    push(&serde_json::to_string(object).expect("plain fields with string keys are always JSON"));
}

/// Waits until everything has been written, but not for a reader of stderr that does not read.
pub(super) fn flush() {
    let _ = STDERR.finish_within(PATIENCE, PATIENCE);
}
