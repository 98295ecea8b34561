//! Cold builds of a test's dependency.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

use super::Bench;
use super::measure::median;
use super::table::{Row, Target, Unit};

/// What a build took, and how many crates it was of.
#[derive(Clone, Copy)]
struct Build {
    seconds: f64,
    crates: usize,
}

/// Builds in an empty crate with one dependency, each with all that cargo builds for it.
pub(super) fn build(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let ours = format!("flaky-server = {{ path = {root:?}, default-features = false }}");
    let lines = [ours.as_str(), "wiremock = \"0.6\"", "httpmock = \"0.8\""];
    let crates: Vec<TempDir> = lines.iter().map(|line| empty_crate(line)).collect::<Result<_, _>>()?;
    let mut seconds = vec![Vec::new(); lines.len()];
    // Each takes most of a minute.
    for _ in 0..bench.runs.min(3) {
        for (dir, seconds) in crates.iter().zip(&mut seconds) {
            seconds.push(cold(dir.path())?);
        }
    }
    let mut builds = Vec::new();
    for (dir, seconds) in crates.iter().zip(seconds) {
        builds.push(Build { seconds: median(seconds), crates: count(dir.path())? });
    }
    let [ours, wiremock, httpmock] = builds[..] else { unreachable!("as many as there are lines") };
    let faster = if wiremock.seconds < httpmock.seconds { ("wiremock-rs", wiremock) } else { ("httpmock", httpmock) };
    let what = "the library without default features, cold debug build";
    let crates = |name, peer: Build| {
        let (ours, peer) = (ours.crates as f64, peer.crates as f64);
        Row::ratio("the same: crates", Unit::Count, ours, (name, peer), Target::Below(1.0))
    };
    let faster = (faster.0, faster.1.seconds);
    Ok(vec![
        Row::ratio(what, Unit::Seconds, ours.seconds, faster, Target::AtMost(0.8)),
        crates("wiremock-rs", wiremock),
        crates("httpmock", httpmock),
    ])
}

fn empty_crate(dependency: &str) -> anyhow::Result<TempDir> {
    let dir = TempDir::with_prefix("flaky-bench-build-")?;
    let manifest = format!(
        "[workspace]\n[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{dependency}\n"
    );
    fs::write(dir.path().join("Cargo.toml"), manifest)?;
    fs::create_dir(dir.path().join("src"))?;
    fs::write(dir.path().join("src/lib.rs"), "")?;
    // Downloads are no part of what is measured.
    cargo(dir.path(), &["fetch"])?;
    Ok(dir)
}

fn cold(dir: &Path) -> anyhow::Result<f64> {
    let target = dir.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let started = Instant::now();
    cargo(dir, &["build", "--offline"])?;
    Ok(started.elapsed().as_secs_f64())
}

/// The crates that are built on this machine, the dependency itself among them.
fn count(dir: &Path) -> anyhow::Result<usize> {
    let tree = cargo(dir, &["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])?;
    let crates: std::collections::BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    // The empty crate is none of them.
    crates.len().checked_sub(1).context("cargo tree printed nothing")
}

fn cargo(dir: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = dir.join("target");
    let output = Command::new(cargo).args(arguments).current_dir(dir).env("CARGO_TARGET_DIR", target).output()?;
    ensure!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
