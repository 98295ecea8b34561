//! Downloaders that are known by name.

mod document;
mod error;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flaky_server::units::parse_duration;

use self::document::Document;
pub use self::error::ClientError;
use super::promises::Promises;
use super::subject::{Expected, Serves, Subject};
use super::{Audit, fixture_sha256};
use crate::claim::ClaimPattern;
use crate::{Captured, Command, Downloader as _, Outcome, Trial};

macro_rules! files {
    ($($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../../clients/", $name, ".toml")))),+]
    };
}

/// Those that are built in.
const BUILTIN: &[(&str, &str)] = files! {
    "aria2c"
    "cargo"
    "curl"
    "model"
    "node-fetch"
    "npm"
    "pip"
    "requests"
    "uv-pip"
    "uv-python"
    "wget"
};

/// A downloader that is known by name: how to call it, how to make it hurry, what it promises, where its result is.
///
/// A client is a file in TOML; [the page on cases and clients](crate::docs::cases) has its keys.
#[derive(Clone, Debug)]
pub struct Client {
    name: String,
    title: String,
    program: PathBuf,
    version: Vec<String>,
    args: Vec<String>,
    env: Vec<(String, String)>,
    inherit: Vec<(String, String)>,
    files: Vec<(String, String)>,
    package: Option<String>,
    result: Option<(String, String)>,
    promises: Promises,
    timeout: Option<Duration>,
    claims: Vec<ClaimPattern>,
    /// What stands on the line that plays a run again.
    options: Vec<String>,
    cache: Option<String>,
    install: String,
    notes: String,
}

/// A version is there soon, or never.
const ASKING: Duration = Duration::from_secs(20);

impl Client {
    /// The names of the clients that are built in.
    pub fn builtins() -> impl ExactSizeIterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// The client of this name that is built in, or that of a file if it ends in `.toml`.
    ///
    /// # Errors
    ///
    /// If there is none, or if its file is wrong.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use flaky_harness::audit::Client;
    ///
    /// let report = Client::find("wget")?.program("target/wget").audit().cases("range-*").run()?;
    /// print!("{report}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find(name: &str) -> Result<Self, ClientError> {
        let path = Path::new(name);
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(path).map_err(|source| ClientError::Io { path: path.to_owned(), source })?;
            let client = Self::parse(&path.file_stem().unwrap_or_default().to_string_lossy(), &text)?;
            return Ok(Self { options: vec!["--client".to_owned(), path.display().to_string()], ..client });
        }
        match BUILTIN.iter().find(|(known, _)| *known == name) {
            Some((name, text)) => Self::parse(name, text),
            None => Err(ClientError::Unknown {
                name: name.to_owned(),
                known: Self::builtins().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Reads the file of a client.
    ///
    /// # Errors
    ///
    /// If a key is unknown, missing or wrong.
    pub fn parse(name: &str, text: &str) -> Result<Self, ClientError> {
        let wrong = |source| ClientError::Syntax { name: name.to_owned(), source: Box::new(source) };
        let document: Document = toml::from_str(text).map_err(wrong)?;
        let together = |what| ClientError::Together { name: name.to_owned(), what };
        if document.package.is_some() != document.result.is_some() {
            return Err(together("`package` and `result` belong together"));
        }
        let timeout = match &document.timeout {
            None => None,
            Some(text) => match parse_duration(text) {
                Ok(time) if !time.is_zero() => Some(time),
                _ => return Err(together("`timeout` is a time such as 30s")),
            },
        };
        let claims: Result<_, _> = document.claims.iter().map(|pattern| ClaimPattern::new(pattern)).collect();
        Ok(Self {
            name: name.to_owned(),
            title: document.title,
            program: document.program.into(),
            version: document.version,
            args: document.args,
            env: document.env.into_iter().collect(),
            inherit: document.inherit.into_iter().collect(),
            files: document.files.into_iter().collect(),
            package: document.package,
            result: document.result.map(|result| (result.ends_with, result.sha256)),
            promises: Promises {
                retries: document.retries,
                body_retries: document.body_retries,
                statuses: document.statuses,
                resumes: document.resumes,
                verifies: document.verifies,
                aborts_slow: document.aborts_slow,
            },
            timeout,
            claims: claims.map_err(|source| ClientError::Claim { name: name.to_owned(), source })?,
            options: vec!["--client".to_owned(), name.to_owned()],
            cache: document.cache,
            install: document.install,
            notes: document.notes.trim().to_owned(),
        })
    }

    /// With the program at this path, in the place of the one in `PATH`.
    #[must_use]
    pub fn program(mut self, path: impl Into<PathBuf>) -> Self {
        self.program = path.into();
        self.options.extend(["--program".to_owned(), self.program.display().to_string()]);
        self
    }

    /// With this variable.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.options.extend(["--env".to_owned(), format!("{name}={value}")]);
        self.env.push((name, value));
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is called in tables.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its arguments, with their placeholders.
    #[cfg(feature = "cli")]
    pub(crate) fn args(&self) -> &[String] {
        &self.args
    }

    /// How to get it.
    pub fn install(&self) -> &str {
        &self.install
    }

    /// What is known of it.
    pub fn explain(&self) -> String {
        let mut text = format!("{}: {}\n\n", self.name, self.title);
        let mut section = |title: &str, body: &str| {
            if !body.is_empty() {
                text += &format!("{title}\n{}\n", crate::report::indented(body));
            }
        };
        section("command", &self.command().shell().unwrap_or_default());
        section("cache", self.cache.as_deref().unwrap_or("none"));
        section("install", &self.install);
        section("notes", &self.notes);
        text.trim_end().to_owned() + "\n"
    }

    /// Asks it for its version: the first word that begins with a digit, or with `v` and a digit, that it prints. `None` if it cannot be run.
    pub fn ask_version(&self) -> Option<String> {
        let asking = self.around(Command::new(&self.program)).args(&self.version);
        let outcome = Trial::with("ok").timeout(ASKING).try_run(&asking).ok().filter(Outcome::succeeded)?;
        let printed = [outcome.stdout(), outcome.stderr()].map(Captured::text).concat();
        let word = |line: &str| {
            let words = line.split([' ', ',']).map(|word| word.trim_start_matches('v').to_owned());
            words.into_iter().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        };
        printed.lines().find_map(word)
    }

    /// An audit of it, with what it promises.
    pub fn audit(&self) -> Audit {
        let mut subject = Subject::new(Arc::new(self.command()));
        if let (Some(package), Some((ends_with, sha256))) = (&self.package, &self.result) {
            subject.serves = Serves::Packages(package.clone());
            subject.result = Expected::Named { ends_with: ends_with.into(), sha256: sha256.clone() };
        }
        subject.files = self.files.iter().map(|(path, text)| (path.into(), text.clone())).collect();
        let mut audit = Audit::new(subject);
        audit.promises = self.promises.clone();
        audit.timeout = self.timeout.unwrap_or(audit.timeout);
        audit.claims.clone_from(&self.claims);
        audit.client = Some((self.title.clone(), String::new()));
        audit.options.clone_from(&self.options);
        audit
    }

    fn command(&self) -> Command {
        let filled = self.args.iter().map(|arg| match arg.contains("{sha256}") {
            true => arg.replace("{sha256}", &fixture_sha256()),
            false => arg.clone(),
        });
        self.around(Command::new(&self.program)).args(filled)
    }

    /// The variables that it needs.
    fn around(&self, command: Command) -> Command {
        let home = env::var("HOME").or_else(|_| env::var("USERPROFILE")).unwrap_or_default();
        let inherited = self.inherit.iter().fold(command, |command, (name, otherwise)| match env::var_os(name) {
            Some(_) => command.inherit_env(name),
            None => command.env(name, otherwise.replacen('~', &home, 1)),
        });
        self.env.iter().fold(inherited, |command, (name, value)| command.env(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_left_out() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/clients");
        let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| stem(entry.unwrap().path())).collect();
        files.sort();
        assert_eq!(files, Client::builtins().collect::<Vec<_>>());
    }

    #[test]
    fn each_can_be_read() {
        for name in Client::builtins() {
            let client = Client::find(name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert!(client.promises.retries.is_some(), "{name} has no budget");
            assert!(!client.explain().contains("{sha256}"), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = Client::find("crul").unwrap_err().to_string();
        assert!(error.starts_with("no client is called `crul`; there are aria2c, cargo, curl"), "{error}");
        let text = "title = 'x'\nprogram = 'x'\nversion = []\nargs = []\ninstall = ''\n";
        assert!(Client::parse("x", text).is_ok());
        let error = Client::parse("x", &format!("{text}package = '/a'\n")).unwrap_err().to_string();
        assert_eq!(error, "x: `package` and `result` belong together");
        let error = Client::parse("x", &format!("{text}retires = 3\n")).unwrap_err();
        assert!(crate::report::describe(&error).contains("unknown field `retires`"));
    }

    #[test]
    fn a_version_is_what_it_prints() {
        let text =
            "title = 'x'\nprogram = 'sh'\nversion = ['-c', 'echo tool v1.2.3 of today']\nargs = []\ninstall = ''\n";
        assert_eq!(Client::parse("x", text).unwrap().ask_version().as_deref(), Some("1.2.3"));
        let text = text.replace("of today", "of today; exit 1");
        assert_eq!(Client::parse("x", &text).unwrap().ask_version(), None);
    }
}
