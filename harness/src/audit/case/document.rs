//! A case as it stands in its file.

use serde::Deserialize;

use super::Expect;
use crate::audit::Level;

/// What may stand in the file of a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) level: Level,
    pub(super) expect: Expect,
    /// An entry that breaks an attempt.
    pub(super) bad: Option<String>,
    /// What breaks the first attempt, before `bad`.
    pub(super) before: Option<String>,
    /// A script, which is played as it stands.
    pub(super) script: Option<String>,
    /// Several rules, one a line; `{file}` is the path of the file under test.
    pub(super) rules: Option<String>,
    /// When the server is down.
    pub(super) down: Option<String>,
    #[serde(default)]
    pub(super) mirror: bool,
    #[serde(default)]
    pub(super) credentials: bool,
    /// The disk is full: a file can have this many bytes.
    pub(super) disk: Option<String>,
    pub(super) crowd: Option<u32>,
    #[serde(default)]
    pub(super) undetectable: bool,
    #[serde(default)]
    pub(super) slow: bool,
    #[serde(default)]
    pub(super) resumes: bool,
    #[serde(default)]
    pub(super) connections: bool,
    #[serde(default)]
    pub(super) circles: bool,
    #[serde(default)]
    pub(super) uncounted: bool,
    #[serde(default)]
    pub(super) later: bool,
    pub(super) never: Option<NeverTable>,
    #[serde(default)]
    pub(super) clauses: Vec<String>,
    #[serde(default)]
    pub(super) issues: Vec<String>,
    #[serde(default)]
    pub(super) wire: String,
    #[serde(default)]
    pub(super) good: String,
    #[serde(default)]
    pub(super) why: String,
}

/// What a good downloader never sends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NeverTable {
    /// The plan of the exchange that shows it, an entry of a script.
    pub(super) plan: String,
    /// What it has done then.
    pub(super) says: String,
}
