//! What is known of the last audit, for `--show`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::audit::{Record, Report};

/// Where it is kept; `None` where there is no place for such things.
fn path() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| set("LOCALAPPDATA"));
    let state = state.or_else(|| Some(set("HOME")?.join(".local/state")))?;
    Some(state.join("flaky-audit/last.json"))
}

/// What is known of the runs of a downloader.
#[derive(Default, Deserialize, Serialize)]
struct Last {
    downloader: String,
    runs: BTreeMap<String, String>,
}

/// Keeps what is known of its runs, beside what is known of others of the same downloader: to play one case again is not to
/// forget the rest.
pub(super) fn keep(report: &Report) -> anyhow::Result<()> {
    let path = path().context("neither XDG_STATE_HOME nor HOME is set")?;
    let when = httpdate::fmt_http_date(SystemTime::now());
    let account = |record: &Record| {
        let (name, account, replay) = (record.name(), record.account(), report.replay(record));
        (name.clone(), format!("{name}, {when}\n\n{account}\nreplay\n  {replay}\n"))
    };
    let mut last = read(&path).unwrap_or_default();
    if last.downloader != report.downloader() {
        last = Last { downloader: report.downloader().to_owned(), ..Last::default() };
    }
    last.runs.extend(report.records().iter().map(account));
    let text = serde_json::to_string(&last)?;
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    // Another audit may end at the same time: what is there is one of them, and whole.
    let cannot = || format!("cannot write `{}`", path.display());
    let mut unfinished = NamedTempFile::new_in(folder).with_context(cannot)?;
    unfinished.write_all(text.as_bytes()).with_context(cannot)?;
    unfinished.persist(&path).with_context(cannot)?;
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Last> {
    let text = fs::read_to_string(path).with_context(|| format!("there is no last audit in `{}`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is no audit", path.display()))
}

/// All that is known of these runs.
pub(super) fn show(name: &str) -> anyhow::Result<String> {
    let path = path().context("neither XDG_STATE_HOME nor HOME is set")?;
    let Last { runs, .. } = read(&path)?;
    let is_meant = |run: &str| run == name || run.split(':').next() == Some(name);
    let shown: Vec<_> = runs.iter().filter(|(run, _)| is_meant(run)).map(|(_, account)| account.as_str()).collect();
    if shown.is_empty() {
        let few: Vec<_> = runs.keys().take(FEW).map(String::as_str).collect();
        let more = if runs.len() > FEW { format!(" and {} more", runs.len() - FEW) } else { String::new() };
        bail!("`{name}` was not in the last audit; there were {}{more}", few.join(", "));
    }
    Ok(shown.join("\n"))
}

/// So many names are told where another was meant.
const FEW: usize = 5;
