//! What programs see of the caller's environment.

use std::collections::BTreeMap;
use std::process;

use super::super::{Command, Downloader as _};
use super::Place;

/// In the environment of this very program when it runs for the second time.
const POLLUTED: &str = "FLAKY_POLLUTED";

/// What developers and their machines have.
const POLLUTION: &[&str] = &[
    "ALL_PROXY",
    "AWS_SECRET_ACCESS_KEY",
    "CARGO_HOME",
    "CURL_CA_BUNDLE",
    "CURL_HOME",
    "FLAKY_URL",
    "GITHUB_TOKEN",
    "HF_HOME",
    "HTTPS_PROXY",
    "LC_TIME",
    "NETRC",
    "PIP_INDEX_URL",
    "PYTHONPATH",
    "RUST_LOG",
    "SSH_AUTH_SOCK",
    "UV_CACHE_DIR",
    "XDG_CONFIG_DIRS",
    "http_proxy",
    "npm_config_registry",
];

/// All that a program sees.
fn seen(command: Command) -> BTreeMap<String, String> {
    let text = command.run(&Place::new().job).unwrap().stdout.text();
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_program_sees_what_it_is_to_see_and_nothing_else() {
    if std::env::var_os(POLLUTED).is_none() {
        // The variables of a process are the same for all tests in it: they are set for another process.
        let test = format!("{}::a_program_sees_what_it_is_to_see_and_nothing_else", module_path!());
        let test = test.split_once("::").unwrap().1;
        let output = process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env(POLLUTED, "1")
            .envs(POLLUTION.iter().map(|name| (name, "polluted")))
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
        return;
    }
    let seen = seen(Command::new("env"));
    let names: Vec<_> = seen.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "FLAKY_BASE",
            "FLAKY_OUT",
            "FLAKY_TRIAL",
            "FLAKY_URL",
            "HOME",
            "LANG",
            "LC_ALL",
            "NO_PROXY",
            "PATH",
            "TEMP",
            "TERM",
            "TMP",
            "TMPDIR",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
            "XDG_STATE_HOME",
            "no_proxy",
        ]
    );
    assert!(seen.values().all(|value| !value.contains("polluted")), "{seen:?}");
    assert_eq!(seen["PATH"], std::env::var("PATH").unwrap());
    assert_eq!(seen["FLAKY_URL"], "http://127.0.0.1:1/a.gz");
}

#[test]
fn variables_are_set_inherited_and_removed() {
    let command = Command::new("env")
        .env("A", "1")
        .env("HOME", "/nowhere")
        .inherit_env("CARGO_MANIFEST_DIR")
        .inherit_env("FLAKY_NO_SUCH_VARIABLE")
        .env_remove("TERM")
        .env("FLAKY_TRIAL", "mine");
    let seen = seen(command);
    assert_eq!((seen["A"].as_str(), seen["HOME"].as_str()), ("1", "/nowhere"));
    assert_eq!(seen.get("CARGO_MANIFEST_DIR").cloned(), std::env::var("CARGO_MANIFEST_DIR").ok());
    assert!(!seen.contains_key("TERM") && !seen.contains_key("FLAKY_NO_SUCH_VARIABLE"));
    assert_ne!(seen["FLAKY_TRIAL"], "mine");
}
