//! What a client does against two scripts: tests, and rows of the page `docs::clients`.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use flaky_harness::{Count, Effort, Outcome, Told, link};

use crate::suite::Named;
use crate::versions::Versions;

/// A client, called in one way.
pub(crate) struct Behaviour {
    /// As the page calls it.
    pub(crate) client: &'static str,
    pub(crate) versions: Versions,
    /// What runs, in short.
    pub(crate) command: &'static str,
    /// The retries that it has; 0 where it has no such thing.
    pub(crate) budget: u64,
    pub(crate) rows: [Row; 2],
}

/// What it does against one script.
pub(crate) struct Row {
    pub(crate) script: &'static str,
    pub(crate) effort: Effort,
    pub(crate) exit: i32,
    /// What each attempt asks for: [`WHOLE`], or a range.
    pub(crate) asks: &'static [&'static str],
    pub(crate) leaves: Leaves,
    pub(crate) cause: Cause,
    pub(crate) tells: Tells,
}

/// No range.
pub(crate) const WHOLE: &str = "whole";

/// What it leaves on disk.
pub(crate) enum Leaves {
    /// The file, byte for byte, and nothing else.
    Whole,
    /// The first bytes of the file, and other files with these names.
    First(u64, &'static [&'static str]),
    /// Fewer bytes than arrived, and none that is wrong.
    LessThan(u64),
    /// Neither a file nor a part of one.
    Nothing,
    /// What it made of the file, below the folder: a file of this name.
    Installed(&'static str),
    /// Nothing of the file, and none of this name: locks and the like.
    Without(&'static str),
}

/// The root cause that it names, in its own words; `*` stands for what differs from run to run.
pub(crate) enum Cause {
    /// It succeeded.
    None,
    /// It names the reset.
    Reset(&'static str),
    /// It names something else.
    Other(&'static str),
}

/// What it says of its retries.
#[derive(Clone, Copy)]
pub(crate) enum Tells {
    Nothing,
    Truth,
}

impl Behaviour {
    /// A test for each row.
    pub(crate) fn tests(
        &'static self,
        play: impl Fn(&str) -> Outcome + Clone + Send + 'static,
    ) -> Vec<Named<Box<dyn FnOnce() + Send>>> {
        let test = |row: &'static Row| {
            let (play, budget) = (play.clone(), self.budget);
            let test: Box<dyn FnOnce() + Send> = Box::new(move || row.check(&play(row.script), budget));
            (row.name(), test)
        };
        self.rows.iter().map(test).collect()
    }
}

impl Row {
    fn name(&self) -> &'static str {
        if self.script.ends_with("x*") { "resets_without_end" } else { "two_resets" }
    }

    fn check(&self, outcome: &Outcome, budget: u64) {
        let attempts = self.asks.len() as u64;
        outcome.assert().exit_code(self.exit).attempts(attempts);
        let asked = outcome.exchanges().iter().map(|exchange| exchange.range.as_deref());
        let asked: Vec<_> = asked.map(|range| range.map_or(WHOLE, |it| it.trim_start_matches("bytes="))).collect();
        assert_eq!(asked, self.asks, "the ranges of its requests\n{}", outcome.table());
        // Who has none skips the one that would help.
        assert_eq!(outcome.effort(budget.max(1)), self.effort, "\n{}", outcome.table());
        match self.effort {
            Effort::Recovered(retries) => outcome.assert().succeeded().retries(retries),
            Effort::Exhausted => outcome.assert().failed().exhausted(budget),
            _ => outcome.assert().failed().did_not_retry(),
        };
        self.leaves.check(outcome);
        match self.cause {
            Cause::None => outcome.assert(),
            Cause::Reset(says) => outcome.assert().root_cause(link::glob(says)).root_cause(link::reset()),
            Cause::Other(says) => outcome.assert().root_cause(link::glob(says)),
        };
        let retries = attempts - 1;
        let told = match self.tells {
            Tells::Nothing => Told::Nothing { saw: retries, at_least: retries },
            Tells::Truth => Told::Truth { retries },
        };
        assert_eq!(outcome.told(), told, "\n{}", outcome.stderr().text());
    }

    /// The retries, in words.
    pub(crate) fn told(&self) -> String {
        let retries = Count::Retries(self.asks.len() as u64 - 1);
        match (self.tells, self.asks.len()) {
            (Tells::Truth, _) => format!("{retries}, which is true"),
            (Tells::Nothing, 1) => "nothing, and there were none".to_owned(),
            (Tells::Nothing, _) => format!("nothing of {retries}"),
        }
    }

    /// What it did about the retries that it has, in a word.
    pub(crate) fn effort(&self) -> &'static str {
        match self.effort {
            Effort::Recovered(_) => "recovered",
            Effort::Exhausted => "exhausted",
            Effort::Skipped => "skipped",
            _ => "other",
        }
    }
}

impl Leaves {
    fn check(&self, outcome: &Outcome) {
        let left = outcome.leftovers();
        let mut names: Vec<_> = left.iter().filter_map(|path| path.file_name()).filter_map(OsStr::to_str).collect();
        names.sort_unstable();
        let content = outcome.content().expect("there is a file under test");
        let (len, differs_at) = (content.len, content.differs_at);
        let itself = content.path.file_name().and_then(OsStr::to_str).expect("it has a name");
        let with = |others: &[&'static str]| {
            let mut all = [&[itself], others].concat();
            all.sort_unstable();
            all.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        match *self {
            Self::Whole => drop(outcome.assert().content_matches().no_leftovers()),
            Self::First(bytes, others) => {
                assert_eq!((len, differs_at), (Some(bytes), Some(bytes)), "{content}");
                assert_eq!(names, with(others));
            }
            Self::LessThan(bytes) => {
                assert!(len.is_some_and(|len| len <= bytes && differs_at == Some(len)), "{content}");
                assert_eq!(names, with(&[]));
            }
            Self::Nothing => drop(outcome.assert().no_leftovers()),
            Self::Installed(name) => assert!(found(&outcome.dir(), name).is_some(), "there is no {name}: {left:?}"),
            Self::Without(name) => assert!(len.is_none() && found(&outcome.dir(), name).is_none(), "{left:?}"),
        }
    }
}

/// A file of this name in a folder, or in a folder of it.
pub(crate) fn found(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut entries = folder.read_dir().into_iter().flatten().flatten();
    entries.find_map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => found(&entry.path(), name),
        _ => (entry.file_name() == name).then(|| entry.path()),
    })
}

impl fmt::Display for Leaves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole"),
            Self::First(bytes, []) => write!(f, "the first {bytes} bytes"),
            Self::First(bytes, others) => write!(f, "the first {bytes} bytes, and `{}`", others.join("`, `")),
            Self::LessThan(bytes) => write!(f, "its beginning, up to {bytes} bytes"),
            Self::Nothing => f.write_str("nothing"),
            Self::Installed(name) => write!(f, "`{name}`"),
            Self::Without(_) => f.write_str("nothing of it"),
        }
    }
}
