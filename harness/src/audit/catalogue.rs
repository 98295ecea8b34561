//! The cases that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

#[cfg(feature = "cli")]
use super::AuditError;
use super::builtin::BUILTIN;
#[cfg(feature = "cli")]
use super::select::Selection;
use super::{Case, CaseError};

/// The cases that there are: those that are built in, and those of the user.
#[derive(Clone, Debug)]
pub struct Catalogue {
    cases: Vec<Case>,
}

impl Default for Catalogue {
    /// The cases that are built in.
    fn default() -> Self {
        Self::builtin()
    }
}

impl Catalogue {
    /// The cases that are built in, group by group.
    pub fn builtin() -> Self {
        Self::shared().clone()
    }

    /// The same, read once.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Catalogue> = LazyLock::new(Catalogue::read);
        &SHARED
    }

    fn read() -> Self {
        let parse = |(group, name, text): &(&str, &str, &str)| {
            Case::parse(group, name, text).unwrap_or_else(|error| panic!("a case that is built in: {error:?}"))
        };
        Self { cases: BUILTIN.iter().map(parse).collect() }
    }

    /// A single case, which plays this script: a downloader has to come to terms with it, and need not succeed.
    ///
    /// # Errors
    ///
    /// If the script cannot be read.
    pub fn script(script: &str) -> Result<Self, CaseError> {
        Ok(Self { cases: vec![Case::scripted(script)?] })
    }

    /// With all `*.toml` of a folder, and of the folders in it. The name of a folder is that of the group.
    ///
    /// # Errors
    ///
    /// If one of them is no case, or has the name of another one; if there is none.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use flaky_harness::Command;
    /// use flaky_harness::audit::{Audit, Catalogue};
    ///
    /// let catalogue = Catalogue::builtin().with_folder("tests/cases")?;
    /// Audit::of(Command::new("get").args(["{url}", "{out}"])).catalogue(catalogue).retries(3).check();
    /// # Ok::<(), flaky_harness::audit::CaseError>(())
    /// ```
    pub fn with_folder(mut self, folder: impl AsRef<Path>) -> Result<Self, CaseError> {
        let folder = folder.as_ref();
        let before = self.cases.len();
        self.add_folder(folder)?;
        if self.cases.len() == before {
            return Err(CaseError::Empty { path: folder.to_owned() });
        }
        let mut names = BTreeSet::new();
        match self.cases.iter().find(|case| !names.insert(case.name())) {
            Some(case) => Err(CaseError::Again { name: case.name().to_owned() }),
            None => Ok(self),
        }
    }

    fn add_folder(&mut self, folder: &Path) -> Result<(), CaseError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| CaseError::Io { path, source }
        };
        let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(unreadable(folder))?.collect();
        let mut entries = entries.map_err(unreadable(folder))?;
        entries.sort_by_key(fs::DirEntry::path);
        let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let group = folder.canonicalize().map_or_else(|_| name(folder), |folder| name(&folder));
        for entry in entries {
            let path = entry.path();
            // A link to a folder may lead back.
            if entry.file_type().map_err(unreadable(&path))?.is_dir() {
                self.add_folder(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
                let case = Case::parse(&group, &name(&path), &text);
                self.cases.push(case.map_err(|source| CaseError::In { path, source: Box::new(source) })?);
            }
        }
        Ok(())
    }

    /// The cases, in order.
    pub fn cases(&self) -> impl ExactSizeIterator<Item = &Case> + Clone {
        self.cases.iter()
    }

    /// The cases that these patterns name, in whichever mode, without those that others name.
    ///
    /// # Errors
    ///
    /// If a pattern names none.
    #[cfg(feature = "cli")]
    pub(crate) fn selected(&self, cases: &[String], except: &[String]) -> Result<Vec<&Case>, AuditError> {
        let selection = Selection { cases: cases.to_vec(), except: except.to_vec() };
        selection.check(self.cases())?;
        let is_played = |case: &&Case| case.modes().iter().any(|mode| selection.includes(case, *mode));
        Ok(self.cases().filter(is_played).collect())
    }

    /// The case with this name.
    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/catalogue");

    #[test]
    fn no_file_is_left_out() {
        let mut files = BTreeSet::new();
        for group in fs::read_dir(FOLDER).unwrap() {
            let group = group.unwrap().path();
            for file in fs::read_dir(&group).unwrap() {
                let name = file.unwrap().path().with_extension("");
                files.insert(name.strip_prefix(FOLDER).unwrap().display().to_string());
            }
        }
        let builtin = BUILTIN.iter().map(|(group, name, _)| format!("{group}/{name}")).collect();
        assert_eq!(files, builtin);
        let names: BTreeSet<_> = BUILTIN.iter().map(|(_, name, _)| name).collect();
        assert_eq!(names.len(), BUILTIN.len(), "two have the same name");
    }

    #[test]
    fn each_says_all_that_there_is_to_say() {
        for case in Catalogue::builtin().cases() {
            for (what, text) in [("wire", &case.explain()), ("title", &case.title().to_owned())] {
                assert!(!text.is_empty(), "{}: {what}", case.name());
            }
            for section in ["on the wire", "a good downloader", "why it matters", "played", "expected"] {
                assert!(case.explain().contains(&format!("\n{section}\n  ")), "{}: {section}", case.name());
            }
        }
    }

    #[test]
    fn a_folder_may_have_more() {
        let dir = tempfile::tempdir().unwrap();
        let case = "title = 'x'\nlevel = 'policy'\nexpect = 'retry'\nbad = 'drop'\n";
        fs::create_dir(dir.path().join("ours")).unwrap();
        fs::write(dir.path().join("ours/a.toml"), case).unwrap();
        fs::write(dir.path().join("README.md"), "").unwrap();
        let catalogue = Catalogue::builtin().with_folder(dir.path()).unwrap();
        assert_eq!(catalogue.case("a").unwrap().group(), "ours");
        fs::write(dir.path().join("ours/reset-mid-body.toml"), case).unwrap();
        let error = Catalogue::builtin().with_folder(dir.path()).unwrap_err();
        assert_eq!(error.to_string(), "there is a case `reset-mid-body` already: a file needs a name of its own");
    }
}
