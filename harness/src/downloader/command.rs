//! A command line.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process;

use flaky_server::ByteSize;

use super::environment::Environment;
use super::{Downloader, Job, Ran, RunError, placeholders, process as running, quote};

/// A command line as [`Downloader`].
///
/// Placeholders in the program, its arguments, its folder and the values of its variables are filled for each run:
///
/// | placeholder | value |
/// |---|---|
/// | `{base}` | the server's base URL, without a trailing slash |
/// | `{url}` | the URL of the file under test; an error if there is none |
/// | `{out}` | where the downloaded file is expected |
/// | `{dir}` | the folder that it runs in, empty at the start |
/// | `{home}` | its home folder |
/// | `{tmp}` | its folder for temporary files |
///
/// All else in braces stays as it is: JSON, curl's `%{http_code}`, a shell's `${tmp}`.
///
/// # Environment
///
/// A program sees the same on each machine. Of the caller's environment it gets `PATH`, and nothing else: no proxies, no
/// credentials, no caches, no settings. `HOME`, `TMPDIR` and the like, and the folders of the XDG base directories are
/// folders of the trial; the locale is `C.UTF-8` (on macOS `en_US.UTF-8`), and `TERM` is `dumb`. `NO_PROXY` has the loopback addresses, in
/// case that the system knows a proxy. `FLAKY_BASE`, `FLAKY_URL` and `FLAKY_OUT` say what the placeholders say, and
/// `FLAKY_TRIAL` marks the processes of the run.
///
/// Tools behind shims (pyenv, rustup, volta) look for their folders below the home folder, and may need
/// [`inherit_env("RUSTUP_HOME")`](Self::inherit_env) or its like. What a program reads from `/etc`, or from the home
/// folder that the user database names, cannot be kept from it; nor can it be kept from writing elsewhere.
///
/// # Processes
///
/// It runs in a process group of its own. At the [timeout](Job::timeout) the group is asked to end (`SIGTERM`), and
/// killed when half a second later it has not. When it has ended, in whatever way, what it has left running is ended
/// as well, and noted. On Linux that includes daemons, as long as they keep the variable `FLAKY_TRIAL`; on other Unix
/// systems it is the process group; on Windows it is the program alone.
///
/// Of stdout, and of stderr, the beginning and the end are kept, to the job's [limit](Job::output_limit).
///
/// # Examples
///
/// ```
/// use flaky_harness::Command;
///
/// let curl = Command::new("curl").args(["-f", "--retry", "3", "--retry-all-errors", "-O"]).url("/app.tar.gz");
/// let pip = Command::new("pip")
///     .args(["download", "demo", "--index-url", "{base}/simple", "--dest", "{dir}"])
///     .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
///     .file("/simple/demo/demo-1.0.tar.gz");
/// ```
#[derive(Clone, Debug)]
pub struct Command {
    program: OsString,
    args: Vec<OsString>,
    variables: BTreeMap<OsString, Variable>,
    current_dir: Option<PathBuf>,
    stdin: Option<Vec<u8>>,
    file: Option<String>,
}

/// What becomes of a variable.
#[derive(Clone, Debug)]
enum Variable {
    Inherited,
    Removed,
    Set(OsString),
}

impl Command {
    /// This program, without arguments.
    ///
    /// A name is looked up in `PATH`. A relative path, such as `target/debug/get`, starts at the caller's current folder,
    /// and not at the one that the program runs in. For a binary of the package under test, there is
    /// `env!("CARGO_BIN_EXE_get")`.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            variables: BTreeMap::new(),
            current_dir: None,
            stdin: None,
            file: None,
        }
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// With more arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// With the URL of this file as one more argument, `{url}`; the file is the one under test.
    ///
    /// The path is a path of the server; that it starts with a slash goes without saying.
    #[must_use]
    pub fn url(self, path: impl AsRef<str>) -> Self {
        self.arg("{url}").file(path)
    }

    /// With this file under test, which the arguments mention in their own way, or not at all.
    ///
    /// The path is a path of the server; that it starts with a slash goes without saying.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<str>) -> Self {
        self.file = Some(rooted(path.as_ref()));
        self
    }

    /// With this variable.
    #[must_use]
    pub fn env(self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variable(name.as_ref(), Variable::Set(value.as_ref().to_owned()))
    }

    /// With this variable as the caller has it, if the caller has it.
    #[must_use]
    pub fn inherit_env(self, name: impl AsRef<OsStr>) -> Self {
        self.variable(name.as_ref(), Variable::Inherited)
    }

    /// Without this variable, which every program gets otherwise. See [Environment](Self#environment).
    #[must_use]
    pub fn env_remove(self, name: impl AsRef<OsStr>) -> Self {
        self.variable(name.as_ref(), Variable::Removed)
    }

    /// In this folder. The default is `{dir}`, and there a relative path starts; such a folder is created.
    #[must_use]
    pub fn current_dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.current_dir = Some(dir.as_ref().to_owned());
        self
    }

    /// With these bytes on stdin, and then its end. The default is the end at once.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    fn variable(mut self, name: &OsStr, variable: Variable) -> Self {
        self.variables.insert(name.to_owned(), variable);
        self
    }

    /// The command line, each word as `fill` has it.
    fn line(&self, fill: impl Fn(&OsStr) -> OsString) -> String {
        let set = self.variables.iter().filter_map(|(name, variable)| match variable {
            Variable::Set(value) => Some([name, OsStr::new("="), &fill(value)].into_iter().collect::<OsString>()),
            Variable::Inherited | Variable::Removed => None,
        });
        let mut words: Vec<_> = set.collect();
        if !words.is_empty() {
            words.insert(0, "env".into());
        }
        words.push(fill(&self.program));
        words.extend(self.args.iter().map(|arg| fill(arg)));
        quote::line(words)
    }

    fn environment(&self, job: &Job) -> Result<Environment, RunError> {
        let mut environment = Environment::clean(job, |name| env::var_os(name));
        for (name, variable) in &self.variables {
            match variable {
                Variable::Inherited => {
                    if let Some(value) = env::var_os(name) {
                        environment.set(name, value);
                    }
                }
                Variable::Removed => environment.remove(name),
                Variable::Set(value) => environment.set(name, placeholders::fill(value, job)?),
            }
        }
        Ok(environment)
    }

    /// The folder to run in, which is there.
    fn folder(&self, job: &Job) -> Result<PathBuf, RunError> {
        let dir = match &self.current_dir {
            Some(dir) => PathBuf::from(placeholders::fill(dir.as_os_str(), job)?),
            None => return Ok(job.dir()),
        };
        let failed =
            |dir: &Path, source| RunError::Io { what: format!("cannot run in the folder `{}`", dir.display()), source };
        if dir.is_absolute() {
            // Otherwise it would look as if the program were missing.
            fs::read_dir(&dir).map_err(|error| failed(&dir, error))?;
            return Ok(dir);
        }
        let dir = job.dir().join(dir);
        fs::create_dir_all(&dir).map_err(|error| failed(&dir, error))?;
        Ok(dir)
    }
}

impl Downloader for Command {
    fn describe(&self, job: &Job) -> String {
        self.line(|word| placeholders::fill(word, job).unwrap_or_else(|_| word.to_owned()))
    }

    fn run(&self, job: &Job) -> Result<Ran, RunError> {
        let program = located(&placeholders::fill(&self.program, job)?);
        let mut command = match job.file_limit() {
            None => process::Command::new(program),
            Some(limit) => limited(&program, limit)?,
        };
        for arg in &self.args {
            command.arg(placeholders::fill(arg, job)?);
        }
        self.environment(job)?.apply(&mut command);
        command.current_dir(self.folder(job)?);
        running::run(command, self.stdin.clone(), job)
    }

    fn shell(&self) -> Option<String> {
        Some(self.line(OsStr::to_owned))
    }

    fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }
}

/// A path of the server, with its leading slash.
pub(crate) fn rooted(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// A program that can write no file longer than this, and gets an error and no signal if it does.
fn limited(program: &OsStr, limit: ByteSize) -> Result<process::Command, RunError> {
    if cfg!(not(unix)) {
        return Err(RunError::FileLimit { why: "that is possible on Unix only" });
    }
    let blocks = limit.bytes().div_ceil(512);
    let mut command = process::Command::new("sh");
    command.args(["-c", &format!(r#"trap '' XFSZ; ulimit -f {blocks}; exec "$@""#), "sh"]).arg(program);
    Ok(command)
}

/// A program that is more than a name, as absolute path: it runs in another folder than ours.
fn located(program: &OsStr) -> OsString {
    let path = Path::new(program);
    let is_name = path.file_name() == Some(program);
    match path::absolute(path) {
        Ok(absolute) if !is_name => absolute.into(),
        _ => program.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(file: Option<&str>) -> Job {
        Job::new("http://h:1".to_owned(), file.map(str::to_owned), "/t".into())
    }

    #[test]
    fn the_command_line_can_be_pasted() {
        let command = Command::new("curl").args(["-w", "%{http_code} {out}"]).env("A", "{base} b").url("a.gz");
        assert_eq!(command.shell().unwrap(), "env 'A={base} b' curl -w '%{http_code} {out}' {url}");
        let out = job(Some("/a.gz")).out().display().to_string();
        let line = format!("env 'A=http://h:1 b' curl -w '%{{http_code}} {out}' http://h:1/a.gz");
        assert_eq!(command.describe(&job(Some("/a.gz"))), line);
        assert_eq!(Command::new("curl").arg("{url}").describe(&job(None)), "curl {url}");
    }

    #[test]
    fn it_says_which_file_it_is_about() {
        assert_eq!(Downloader::file(&Command::new("x")), None);
        assert_eq!(Downloader::file(&Command::new("x").url("a")), Some("/a"));
        assert_eq!(Downloader::file(&Command::new("x").file("/a")), Some("/a"));
        assert_eq!(Command::new("x").file("/a").shell().unwrap(), "x");
    }

    #[test]
    fn only_names_are_looked_up() {
        let here = env::current_dir().unwrap();
        assert_eq!(located("curl".as_ref()), "curl");
        assert_eq!(located("a/b".as_ref()), here.join("a").join("b"));
        assert_eq!(located("./b".as_ref()), here.join("b"));
        assert_eq!(located(here.as_os_str()), here);
    }

    #[test]
    fn a_url_that_there_is_not_is_an_error() {
        let error = Command::new("x").arg("{url}").run(&job(None)).unwrap_err();
        assert!(matches!(error, RunError::Placeholder { .. }));
        let error = Command::new("x").env("A", "{url}").run(&job(None)).unwrap_err();
        assert!(matches!(error, RunError::Placeholder { .. }));
    }
}
