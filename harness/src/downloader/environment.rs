//! What a program sees of the world: the same on each machine.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::process;

use super::Job;

/// Hosts that no proxy may swallow.
const LOOPBACK: &str = "127.0.0.1,localhost,::1";

/// UTF-8, and nobody's language. macOS has no `C.UTF-8`.
const LOCALE: &str = if cfg!(target_os = "macos") { "en_US.UTF-8" } else { "C.UTF-8" };

/// Variables of the caller's without which no program is found, or none starts.
const NECESSARY: &[&str] = if cfg!(windows) { &["ComSpec", "PATH", "PATHEXT", "SystemRoot"] } else { &["PATH"] };

/// All variables of a program.
#[derive(Clone, Debug)]
pub(super) struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// What every program gets: folders of the job's own, and nothing of the caller's but the search path.
    pub(super) fn clean(job: &Job, caller: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut all = Self(BTreeMap::new());
        for name in NECESSARY {
            if let Some(value) = caller(name) {
                all.set(name.as_ref(), value);
            }
        }
        for name in ["LANG", "LC_ALL"] {
            all.set(name.as_ref(), LOCALE);
        }
        for name in ["NO_PROXY", "no_proxy"] {
            all.set(name.as_ref(), LOOPBACK);
        }
        // No colours, no progress bars.
        all.set("TERM".as_ref(), "dumb");
        all.folders(job);
        all.set("FLAKY_BASE".as_ref(), job.base());
        all.set("FLAKY_OUT".as_ref(), job.out());
        if job.file().is_some() {
            all.set("FLAKY_URL".as_ref(), job.url());
        }
        all
    }

    fn folders(&mut self, job: &Job) {
        let (home, tmp) = (job.home(), job.tmp());
        for name in ["TEMP", "TMP", "TMPDIR", "XDG_RUNTIME_DIR"] {
            self.set(name.as_ref(), &tmp);
        }
        self.set("HOME".as_ref(), &home);
        self.set("XDG_CACHE_HOME".as_ref(), home.join(".cache"));
        self.set("XDG_CONFIG_HOME".as_ref(), home.join(".config"));
        self.set("XDG_DATA_HOME".as_ref(), home.join(".local").join("share"));
        self.set("XDG_STATE_HOME".as_ref(), home.join(".local").join("state"));
        if cfg!(windows) {
            self.set("USERPROFILE".as_ref(), &home);
            self.set("APPDATA".as_ref(), home.join("AppData").join("Roaming"));
            self.set("LOCALAPPDATA".as_ref(), home.join("AppData").join("Local"));
        }
    }

    pub(super) fn set(&mut self, name: &OsStr, value: impl AsRef<OsStr>) {
        self.0.insert(key(name), value.as_ref().to_owned());
    }

    pub(super) fn remove(&mut self, name: &OsStr) {
        self.0.remove(&key(name));
    }

    /// Makes them all that the program sees.
    pub(super) fn apply(&self, command: &mut process::Command) {
        command.env_clear().envs(&self.0);
    }
}

/// On Windows, `Path` and `PATH` are one variable.
fn key(name: &OsStr) -> OsString {
    if cfg!(windows) { name.to_ascii_uppercase() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn job(file: Option<&str>) -> Job {
        Job::new("http://h:1".to_owned(), file.map(str::to_owned), "/t".into())
    }

    /// A caller that has a value for each variable that anybody asks for.
    fn polluted(name: &str) -> Option<OsString> {
        Some(format!("the caller's {name}").into())
    }

    #[test]
    fn nothing_of_the_callers_gets_in_but_what_is_necessary() {
        let all = Environment::clean(&job(Some("/a")), polluted);
        let callers: Vec<_> = all
            .0
            .iter()
            .filter(|(_, value)| value.to_string_lossy().contains("caller"))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            callers,
            NECESSARY.iter().map(|name| key(name.as_ref())).collect::<Vec<_>>().iter().collect::<Vec<_>>()
        );
    }

    #[test]
    fn all_folders_are_the_jobs() {
        let (job, all) = (job(None), Environment::clean(&job(None), polluted));
        let inside = all.0.values().map(Path::new).filter(|path| path.is_absolute() || path.starts_with("/t"));
        let root = job.home().parent().unwrap().to_owned();
        assert!(inside.clone().count() >= 9);
        inside.for_each(|path| assert!(path.starts_with(&root), "{path:?}"));
    }

    #[test]
    fn there_is_a_url_only_where_there_is_a_file() {
        let url = |file| Environment::clean(&job(file), |_| None).0.get(OsStr::new("FLAKY_URL")).cloned();
        assert_eq!(url(Some("/a")), Some("http://h:1/a".into()));
        assert_eq!(url(None), None);
    }

    #[test]
    fn the_program_sees_these_and_no_others() {
        let mut command = process::Command::new("x");
        command.env("A", "1");
        let mut all = Environment::clean(&job(None), |_| None);
        all.set("B".as_ref(), "2");
        all.remove("TERM".as_ref());
        all.apply(&mut command);
        let value = |name: &str| command.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value);
        assert_eq!((value("A"), value("B"), value("TERM")), (None, Some("2".as_ref()), None));
        assert_eq!(value("no_proxy").or_else(|| value("NO_PROXY")), Some(LOOPBACK.as_ref()));
    }
}
