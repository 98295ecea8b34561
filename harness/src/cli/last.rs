//! What is known of the last audit, for `--show`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use tempfile::NamedTempFile;

use crate::audit::Report;

/// Where it is kept; `None` where there is no place for such things.
fn path() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| set("LOCALAPPDATA"));
    let state = state.or_else(|| Some(set("HOME")?.join(".local/state")))?;
    Some(state.join("flaky-audit/last.json"))
}

/// Keeps what is known of its runs.
pub(super) fn keep(report: &Report) -> anyhow::Result<()> {
    let path = path().context("neither XDG_STATE_HOME nor HOME is set")?;
    let runs: BTreeMap<_, _> = report
        .records()
        .iter()
        .map(|it| (it.name(), format!("{}\nreplay\n  {}\n", it.account(), report.replay(it))))
        .collect();
    let text = serde_json::to_string(&runs)?;
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    // Another audit may end at the same time: what is there is one of them, and whole.
    let cannot = || format!("cannot write `{}`", path.display());
    let mut unfinished = NamedTempFile::new_in(folder).with_context(cannot)?;
    unfinished.write_all(text.as_bytes()).with_context(cannot)?;
    unfinished.persist(&path).with_context(cannot)?;
    Ok(())
}

/// All that is known of these runs.
pub(super) fn show(name: &str) -> anyhow::Result<String> {
    let path = path().context("neither XDG_STATE_HOME nor HOME is set")?;
    let text = fs::read_to_string(&path).with_context(|| format!("there is no last audit in `{}`", path.display()))?;
    let runs: BTreeMap<String, String> =
        serde_json::from_str(&text).with_context(|| format!("`{}` is no audit", path.display()))?;
    let is_meant = |run: &str| run == name || run.split(':').next() == Some(name);
    let shown: Vec<_> =
        runs.iter().filter(|(run, _)| is_meant(run)).map(|(run, account)| format!("{run}\n\n{account}")).collect();
    if shown.is_empty() {
        bail!("`{name}` was not in the last audit; there were {}", runs.keys().cloned().collect::<Vec<_>>().join(", "));
    }
    Ok(shown.join("\n"))
}
