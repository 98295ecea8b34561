//! Schedules as files: what is served, and what goes wrong with it, in TOML or JSON.
//!
//! `toml` and `json` read the two syntaxes into one `tree`, in which everything has its place; `de` makes a `document` of
//! that, whose types say what may stand in a file, and which the schema is made from; `read` makes of it what it means, and
//! finds what cannot be right; `write` goes the other way.

mod aside;
mod at;
mod builtin;
mod de;
mod document;
#[cfg(feature = "cli")]
mod edit;
mod error;
mod fixture;
mod json;
mod limits;
mod read;
mod rule;
mod scalar;
#[cfg(test)]
mod tests;
mod texts;
mod toml;
mod tree;
mod write;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::Value;

use self::aside::Aside;
use self::builtin::BUILTINS;
use self::document::Document;
#[cfg(feature = "cli")]
pub(crate) use self::edit::{Beside, absolute};
pub use self::error::LoadError;
pub(crate) use self::fixture::{FileFixture, Source};
pub(crate) use self::limits::FileLimits;
use self::rule::FileRule;
use crate::decision::{ParseError, did_you_mean, nearest};
use crate::{Downtime, Rule, Script};

/// What a server serves, and what goes wrong with it: a schedule as it stands in a file.
///
/// The file is TOML, or JSON with the same keys: [the page on schedule files](crate::docs::schedule_files) says what may
/// stand in it. It displays in its canonical form, which is TOML, and reads back as equal.
///
/// # Examples
///
/// ```
/// use flaky_server::{FlakyServer, ScheduleFile};
///
/// let file: ScheduleFile = r#"
///     seed = 42
///
///     [[fixtures]]
///     path = "/app.tar.gz"
///     generate = "1MB"
///
///     [[rules]]
///     match = "*.tar.gz"
///     first = 2
///     script = "reset-after=50% x2, ok"
/// "#.parse()?;
/// assert_eq!(file.rules().next().unwrap().to_string(), "*.tar.gz first=2: reset-after=50% x2, ok");
///
/// let server = FlakyServer::builder().schedule_file(&file).start()?;
/// assert_eq!(server.seed(), 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleFile {
    why: Option<String>,
    seed: Option<u64>,
    downtimes: Vec<Downtime>,
    mirror: bool,
    hidden: bool,
    listing: bool,
    precompressed: bool,
    limits: FileLimits,
    matchers: BTreeMap<String, Rule>,
    scripts: BTreeMap<String, Script>,
    fixtures: Vec<FileFixture>,
    rules: Vec<FileRule>,
    /// What is wrong if there is no second port, and its rules name one: whether there is one, a command line or a builder
    /// may say as well.
    unmirrored: Aside<Option<Box<ParseError>>>,
    /// What relative paths are relative to.
    folder: PathBuf,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Syntax {
    Json,
    Toml,
}

/// Bytes that a file may have.
const MAX_FILE: u64 = 16 << 20;

impl Default for ScheduleFile {
    /// Nothing is served, and nothing goes wrong.
    fn default() -> Self {
        Self {
            why: None,
            seed: None,
            downtimes: Vec::new(),
            mirror: false,
            hidden: false,
            listing: true,
            precompressed: false,
            limits: FileLimits::default(),
            matchers: BTreeMap::new(),
            scripts: BTreeMap::new(),
            fixtures: Vec::new(),
            rules: Vec::new(),
            unmirrored: Aside::default(),
            folder: PathBuf::new(),
        }
    }
}

impl ScheduleFile {
    /// Reads a schedule: JSON if it begins with `{`, and TOML otherwise. Relative paths in it are relative to the current
    /// directory.
    ///
    /// # Errors
    ///
    /// Says what is wrong first, where, and what would be right. Keys and kinds of values come before what they say.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::ScheduleFile;
    ///
    /// let toml = ScheduleFile::parse("rules = ['*.whl: drop x2, ok']")?;
    /// let json = ScheduleFile::parse(r#"{ "rules": [{ "match": "*.whl", "script": ["drop x2", "ok"] }] }"#)?;
    /// assert_eq!(toml, json);
    ///
    /// let error = ScheduleFile::parse("rules = ['*.whl: dorp x2, ok']").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "unknown fault `dorp`\n  \
    ///      rules = ['*.whl: dorp x2, ok']\n                   \
    ///      ^^^^\n  \
    ///      did you mean `drop`?"
    /// );
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let begun = text.trim_start_matches(|c: char| c.is_whitespace() || c == read::BYTE_ORDER_MARK);
        read::read(text, if begun.starts_with('{') { Syntax::Json } else { Syntax::Toml })
    }

    /// Reads a schedule from a file: one that ends in `.json` or `.toml` is what it says, others are told by how they
    /// begin. Relative paths in it are relative to its folder.
    ///
    /// # Errors
    ///
    /// If it cannot be read, has more than 16 MiB, or something in it cannot be right.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let unreadable = |source| LoadError::Io { path: path.to_owned(), source };
        let mut text = String::new();
        let mut file = File::open(path).map_err(unreadable)?.take(MAX_FILE + 1);
        if file.read_to_string(&mut text).map_err(unreadable)? as u64 > MAX_FILE {
            return Err(LoadError::TooLarge { path: path.to_owned() });
        }
        let read = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => read::read(&text, Syntax::Json),
            Some("toml") => read::read(&text, Syntax::Toml),
            _ => Self::parse(&text),
        };
        let file = read.map_err(|source| LoadError::Parse { path: path.to_owned(), source })?;
        Ok(Self { folder: path.parent().map(Path::to_owned).unwrap_or_default(), ..file })
    }

    /// Reads a schedule by the name of a [built-in](Self::builtin) one, or by the path of a file. What has neither a
    /// separator nor `.toml` or `.json` at its end is a name, unless there is such a file.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load), and if there is no such name.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::ScheduleFile;
    ///
    /// assert!(ScheduleFile::find("flaky-wifi").is_ok());
    /// let error = ScheduleFile::find("flaky-wify").unwrap_err();
    /// assert!(error.to_string().ends_with("did you mean `flaky-wifi`?"));
    /// ```
    pub fn find(name: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = name.as_ref();
        let Some(name) = path.to_str() else { return Self::load(path) };
        let is_path = name.contains(std::path::is_separator) || name.ends_with(".toml") || name.ends_with(".json");
        if is_path || path.is_file() {
            return Self::load(path);
        }
        Self::builtin(name).ok_or_else(|| {
            let help = did_you_mean(&nearest(name, Self::builtins()))
                .unwrap_or_else(|| format!("there are {}", Self::builtins().collect::<Vec<_>>().join(", ")));
            LoadError::Unknown { name: name.to_owned(), help }
        })
    }

    /// The schedule of this name that is built in, if there is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::ScheduleFile;
    ///
    /// let wifi = ScheduleFile::builtin("flaky-wifi").expect("it is built in");
    /// assert!(wifi.why().is_some());
    /// assert!(ScheduleFile::builtin("monday").is_none());
    /// ```
    pub fn builtin(name: &str) -> Option<Self> {
        let builtin = BUILTINS.iter().find(|builtin| builtin.name == name)?;
        // A test reads them all.
        read::read(builtin.text, Syntax::Toml).ok()
    }

    /// The names of the schedules that are built in.
    pub fn builtins() -> impl ExactSizeIterator<Item = &'static str> {
        BUILTINS.iter().map(|builtin| builtin.name)
    }

    /// A JSON Schema (draft 2020-12) of schedule files, for editors and other programs. It is made from the types that files are
    /// read into; what they say beyond that (patterns, scripts, what goes together) it does not know.
    pub fn json_schema() -> String {
        let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(without_null));
        let schema = settings.into_generator().into_root_schema_for::<Document>();
        // Keys that are text, and values that are schemas: this is always JSON.
        serde_json::to_string_pretty(&schema).unwrap_or_default()
    }

    /// What it is for.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// The seed of all that is left to chance, if the file has one.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// The rules, in order.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter().map(|rule| &rule.rule)
    }

    /// When the server is down.
    pub fn downtimes(&self) -> &[Downtime] {
        &self.downtimes
    }

    /// Whether there is a second port, which is never down.
    pub fn has_mirror(&self) -> bool {
        self.mirror
    }

    /// What is wrong with its rules if there is no second port.
    pub(crate) fn check_without_mirror(&self) -> Result<(), ParseError> {
        self.unmirrored.0.as_deref().cloned().map_or(Ok(()), Err)
    }

    /// What is served.
    pub(crate) fn fixtures(&self) -> &[FileFixture] {
        &self.fixtures
    }

    pub(crate) fn limits(&self) -> &FileLimits {
        &self.limits
    }

    pub(crate) fn serves_hidden(&self) -> bool {
        self.hidden
    }

    pub(crate) fn has_listing(&self) -> bool {
        self.listing
    }

    pub(crate) fn serves_precompressed(&self) -> bool {
        self.precompressed
    }

    /// A path of a fixture, from here.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

/// A key that is not needed may be left out, and is never `null`: TOML has none.
fn without_null(schema: &mut Schema) {
    let Some(Value::Array(types)) = schema.get_mut("type") else { return };
    types.retain(|name| name != "null");
    if let [one] = &types[..] {
        let one = one.clone();
        schema.insert("type".to_owned(), one);
    }
}

impl FromStr for ScheduleFile {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}
