//! A client as it stands in its file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What may stand in the file of a client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Document {
    /// What it is called in tables.
    pub(super) title: String,
    /// The program, a name or a path.
    pub(super) program: String,
    /// Arguments that make it print its version.
    pub(super) version: Vec<String>,
    /// Its arguments, with placeholders.
    pub(super) args: Vec<String>,
    /// Variables that it gets, with placeholders.
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
    /// Variables that it gets as the caller has them, and what they are where the caller has none: `~` is the caller's home.
    #[serde(default)]
    pub(super) inherit: BTreeMap<String, String>,
    /// Files in its folder; `{base}` is replaced.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// The file under test, if it is one of the packages.
    pub(super) package: Option<String>,
    /// Where the result is, if it is not where `{out}` is.
    pub(super) result: Option<ResultTable>,
    /// Its budget.
    pub(super) retries: Option<u64>,
    pub(super) body_retries: Option<u64>,
    /// The statuses that it asks again after.
    pub(super) statuses: Option<Vec<u16>>,
    #[serde(default)]
    pub(super) resumes: bool,
    #[serde(default)]
    pub(super) verifies: bool,
    #[serde(default)]
    pub(super) aborts_slow: bool,
    /// The time in which a run ends, whatever happens.
    pub(super) timeout: Option<String>,
    /// How it tells of its retries, if not in words that are known: a regular expression with the group `retries` or
    /// `attempts`.
    #[serde(default)]
    pub(super) claims: Vec<String>,
    /// Where its cache is.
    pub(super) cache: Option<String>,
    /// How to get it.
    pub(super) install: String,
    /// What else there is to know.
    #[serde(default)]
    pub(super) notes: String,
}

/// Where the result is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ResultTable {
    /// The path of a file below the folders of the trial ends so.
    pub(super) ends_with: String,
    /// And this is its SHA-256.
    pub(super) sha256: String,
}
