//! What is to be found of each flaw.

use flaky_harness::audit::Verdict::{self, *};

/// In which way the model is tried, and what is to be found then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// The pause between its attempts.
    pub(crate) backoff: &'static str,
    /// It knows the digest, and has a cache.
    pub(crate) verifies: bool,
    /// It writes to stdout, which goes to the file.
    pub(crate) stdout: bool,
    /// Only these cases; all if there are none.
    pub(crate) cases: &'static [&'static str],
    /// The verdicts, the worst first.
    pub(crate) verdicts: &'static [Verdict],
}

impl Expected {
    pub(crate) const DEFAULT: Self =
        Self { backoff: "300ms", verifies: false, stdout: false, cases: &[], verdicts: &[] };

    pub(crate) const VERIFIED: Self = Self { verifies: true, ..Self::DEFAULT };

    pub(crate) const TO_STDOUT: Self = Self { stdout: true, cases: &["body", "range", "two-phase"], ..Self::DEFAULT };

    /// That its pauses differ shows only where they are long.
    pub(crate) const SLOW_TO_COME_BACK: Self = Self { backoff: "2s", cases: &["backoff-spread"], ..Self::DEFAULT };

    const fn all(verdicts: &'static [Verdict]) -> Self {
        Self { verdicts, ..Self::DEFAULT }
    }

    const fn of(self, verdicts: &'static [Verdict]) -> Self {
        Self { verdicts, ..self }
    }
}

/// Each flaw, and what is to be found of it.
pub(crate) const EXPECTED: &[(&str, Expected)] = &[
    ("never-retries", Expected::all(&[Skipped])),
    ("retries-only-before-body", Expected::all(&[Skipped, StoppedShort])),
    ("hides-io-error", Expected::all(&[Skipped, StoppedShort])),
    ("forgets-its-retries", Expected::all(&[Silent])),
    ("counts-outer-loop-only", Expected::all(&[Untrue, Silent])),
    ("nests-loops", Expected::all(&[Exceeded, Untrue])),
    ("one-too-many", Expected::all(&[Exceeded])),
    ("one-too-few", Expected::all(&[StoppedShort])),
    ("refills-budget", Expected::all(&[Hung, Exceeded])),
    ("loses-root-cause", Expected::all(&[LostCause])),
    ("accepts-truncated-body", Expected::all(&[Corrupted])),
    ("accepts-truncated-chunked", Expected::all(&[Corrupted])),
    ("accepts-reset", Expected::all(&[Corrupted])),
    ("appends-whole-file", Expected::all(&[Corrupted])),
    ("never-resumes", Expected::all(&[StartedOver])),
    ("ignores-content-range", Expected::all(&[Corrupted])),
    ("accepts-short-part", Expected::all(&[Corrupted])),
    ("ignores-changed-etag", Expected::all(&[Corrupted])),
    ("sends-weak-etags", Expected::all(&[Forbidden])),
    ("takes-416-for-success", Expected::all(&[Corrupted])),
    ("takes-416-for-failure", Expected::all(&[StoppedShort])),
    ("writes-in-place", Expected::all(&[LeftPartial])),
    ("trusts-its-cache", Expected::VERIFIED.of(&[Poisoned])),
    ("no-backoff", Expected::all(&[NoBackoff, Lockstep])),
    ("ignores-retry-after", Expected::all(&[IgnoredRetryAfter])),
    ("passes-over-dates", Expected::all(&[IgnoredRetryAfter])),
    ("chokes-on-dates", Expected::all(&[Skipped])),
    // Where the wait is longer than any clock can hold, it ends instead, and has counted retries that it never made.
    ("obeys-any-wait", Expected::all(&[Hung, Untrue])),
    ("retries-404", Expected::all(&[Exceeded])),
    ("retries-any-status", Expected::all(&[Exceeded])),
    ("takes-statuses-for-final", Expected::all(&[Skipped, StoppedShort])),
    ("gives-up-on-408", Expected::all(&[Skipped])),
    ("no-jitter", Expected::SLOW_TO_COME_BACK.of(&[Lockstep])),
    ("never-times-out", Expected::all(&[Hung])),
    ("accepts-corrupted-bytes", Expected::VERIFIED.of(&[Corrupted])),
    ("exits-zero", Expected::all(&[Corrupted])),
    ("follows-redirects-for-ever", Expected::all(&[Hung])),
    ("leaks-credentials", Expected::all(&[Forbidden])),
    ("keeps-signed-url", Expected::all(&[StoppedShort])),
    ("concatenates-attempts", Expected::TO_STDOUT.of(&[Corrupted, StartedOver])),
    ("blames-network", Expected::all(&[Exceeded])),
];
