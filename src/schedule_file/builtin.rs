//! The schedules that are built in: real bad days.

/// A schedule that is built in.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

macro_rules! builtins {
    ($($name:literal),* $(,)?) => {
        &[$(Builtin {
            name: $name,
            text: include_str!(concat!("../../fixtures/schedules/", $name, ".toml")),
        }),*]
    };
}

/// All of them, by their names.
pub(super) const BUILTINS: &[Builtin] = builtins![
    "captive-portal",
    "dying-cdn-edge",
    "flaky-wifi",
    "half-open-nat",
    "hostile-proxy",
    "mirror-mid-sync",
    "rate-limited-mirror",
    "restarted-server",
    "slow-hotel",
    "stale-pool",
    "truncating-cache",
];
