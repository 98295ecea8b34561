//! One way in which a download goes wrong, and what a good downloader makes of it.

mod document;
mod error;
mod explain;
mod play;

use flaky_server::units::parse_duration;
use flaky_server::{ByteSize, Entry, Script};
use serde::Deserialize;

use self::document::Document;
pub use self::error::CaseError;
pub(crate) use self::play::{Down, Play};
use super::{Level, Mode};

/// One way in which a download goes wrong, and what a good downloader makes of it.
///
/// A case is a file in TOML, `GROUP/NAME.toml`; [the page on cases](crate::docs::cases) has its keys.
#[derive(Clone, Debug)]
pub struct Case {
    name: String,
    group: String,
    number: Option<String>,
    title: String,
    level: Level,
    pub(crate) expect: Expect,
    pub(crate) play: Play,
    pub(crate) down: Option<Down>,
    pub(crate) mirror: bool,
    pub(crate) credentials: bool,
    pub(crate) disk: Option<ByteSize>,
    pub(crate) crowd: Option<u32>,
    pub(crate) undetectable: bool,
    pub(crate) slow: bool,
    pub(crate) resumes: bool,
    pub(crate) connections: bool,
    pub(crate) circles: bool,
    uncounted: bool,
    later: bool,
    pub(crate) never: Option<Never>,
    clauses: Vec<String>,
    issues: Vec<String>,
    wire: String,
    good: String,
    why: String,
}

/// The name of a case that plays a script.
const SCRIPTED: &str = "script";

/// Of fewer nobody can say whether they come back together.
pub(crate) const LEAST_IN_A_CROWD: u32 = 4;

/// All of them run at the same time.
const MOST_IN_A_CROWD: u32 = 100;

/// What a good downloader comes to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expect {
    /// To fail, and to have the file, are both right.
    Any,
    /// It has the file, without a retry if need be.
    Complete,
    /// It fails at once: to repeat the request helps nobody.
    Final,
    /// It does not take this for the file: it fails, or asks again.
    Reject,
    /// It asks again, until it has the file or its budget is used up.
    Retry,
}

/// What a good downloader never sends.
#[derive(Clone, Debug)]
pub(crate) struct Never {
    /// The plan of the exchange that shows it.
    pub(crate) plan: Entry,
    /// What it has done then.
    pub(crate) says: String,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    ///
    /// If a key is unknown, missing or wrong; if what it plays cannot be played.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_harness::audit::Case;
    ///
    /// let case = Case::parse("ours", "slow-start", r#"
    ///     title = "the first byte comes late"
    ///     level = "policy"
    ///     expect = "complete"
    ///     script = "delay=2s, ok"
    /// "#)?;
    /// assert_eq!(case.name(), "slow-start");
    /// # Ok::<(), flaky_harness::audit::CaseError>(())
    /// ```
    pub fn parse(group: &str, name: &str, text: &str) -> Result<Self, CaseError> {
        let wrong = |source| CaseError::Syntax { name: name.to_owned(), source: Box::new(source) };
        let document: Document = toml::from_str(text).map_err(wrong)?;
        let together = |what| CaseError::Together { name: name.to_owned(), what };
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(is_plain) {
            return Err(together("the name of a case, and of its file, has letters, digits, `-`, `_` and `.` only"));
        }
        let play = match (document.bad, document.script, document.rules) {
            (Some(bad), None, None) => Play::Entry { before: document.before, bad },
            (None, ..) if document.before.is_some() => {
                return Err(together("`before` is for what stands beside `bad`"));
            }
            (None, Some(script), None) => Play::Script(script),
            (None, None, Some(rules)) => Play::Rules(rules),
            _ => return Err(together("it needs `bad`, `script` or `rules`, and one of them only")),
        };
        let unplayable = |source| CaseError::Play { name: name.to_owned(), source };
        if let Play::Entry { before, bad } = &play {
            // A script would do as well where it stands, and be miscounted.
            for entry in before.iter().chain([bad]) {
                let parsed = entry.parse::<Entry>();
                if parsed.is_err() && entry.parse::<Script>().is_ok() {
                    return Err(together("`bad` and `before` are one entry each: for several there is `script`"));
                }
                parsed.map_err(unplayable)?;
            }
        }
        let down = match document.down.as_deref() {
            None => None,
            Some("always") => Some(Down::Always),
            Some(time) => match parse_duration(time) {
                Ok(time) => Some(Down::For(time)),
                Err(_) => return Err(together("`down` is `always`, or a time such as 500ms")),
            },
        };
        if document.crowd.is_some_and(|crowd| !(LEAST_IN_A_CROWD..=MOST_IN_A_CROWD).contains(&crowd)) {
            return Err(together("`crowd` is a number from 4 to 100"));
        }
        let never = match document.never {
            None => None,
            Some(never) => Some(Never { plan: never.plan.parse().map_err(unplayable)?, says: never.says }),
        };
        let disk = document.disk.as_deref().map(str::parse::<ByteSize>).transpose();
        let disk = disk.map_err(|_| together("`disk` is a size such as 100kB"))?;
        let case = Self {
            name: name.to_owned(),
            group: group.to_owned(),
            number: document.number,
            title: document.title,
            level: document.level,
            expect: document.expect,
            play,
            down,
            mirror: document.mirror,
            credentials: document.credentials,
            disk,
            crowd: document.crowd,
            undetectable: document.undetectable,
            slow: document.slow,
            resumes: document.resumes,
            connections: document.connections,
            circles: document.circles,
            uncounted: document.uncounted,
            later: document.later,
            never,
            clauses: document.clauses,
            issues: document.issues,
            wire: document.wire.trim().to_owned(),
            good: document.good.trim().to_owned(),
            why: document.why.trim().to_owned(),
        };
        if let Play::Rules(rules) = &case.play {
            let unknown = |name: &&str| !["file", "base", "mirror", "dead", "path", "target", "attempt"].contains(name);
            let mut names = rules.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
            if !rules.contains("{file}") || names.any(|name| unknown(&name)) {
                return Err(together(
                    "`rules` is about `{file}`, and knows no other word in braces than `location` does",
                ));
            }
        }
        if case.play.contains("{mirror}") && !case.mirror {
            return Err(together("`{mirror}` needs a second port: `mirror = true`"));
        }
        for mode in case.modes() {
            case.rules(*mode, 1, "/file").map_err(unplayable)?;
        }
        Ok(case)
    }

    /// A case that plays a script, of which nothing is known but that a downloader has to come to terms with it.
    ///
    /// # Errors
    ///
    /// If the script cannot be read.
    pub(crate) fn scripted(script: &str) -> Result<Self, CaseError> {
        let name = SCRIPTED.to_owned();
        // A TOML string would have to be escaped: the script takes the place of another one.
        let text = "title = 'a script'\nlevel = 'policy'\nexpect = 'any'\nscript = 'ok'\n";
        let case = Self { play: Play::Script(script.to_owned()), ..Self::parse(SCRIPTED, SCRIPTED, text)? };
        case.rules(Mode::Once, 1, "/file").map_err(|source| CaseError::Play { name, source })?;
        Ok(case)
    }

    /// The script, if it is a case that plays one and nothing else.
    pub(crate) fn script(&self) -> Option<&str> {
        match &self.play {
            Play::Script(script) if self.name == SCRIPTED && self.group == SCRIPTED => Some(script),
            _ => None,
        }
    }

    /// Its name, which is that of its file: `reset-mid-body`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What to call it when it is played like this: `reset-mid-body:then-good`.
    pub(crate) fn run_name(&self, mode: Mode) -> String {
        format!("{}:{mode}", self.name)
    }

    /// The group that it belongs to, which is the folder of its file: `body`.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// Its number among the schedules of the conformance folder, if it is there.
    pub fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// What happens, in a few words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How binding it is what it is about.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Whether attempts are made where nobody can count them: at a port that refuses them.
    pub(crate) fn is_uncounted(&self) -> bool {
        self.uncounted || self.down.is_some()
    }

    /// The clauses of standards behind it: `RFC 9112 §8`.
    pub fn clauses(&self) -> &[String] {
        &self.clauses
    }

    /// Where it has happened: `pypa/pip#11153`.
    pub fn issues(&self) -> &[String] {
        &self.issues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, keys: &str, expected: &str) {
        let text = format!("title = 't'\nlevel = 'policy'\nexpect = 'retry'\n{keys}");
        let error = Case::parse("ours", name, &text).expect_err("this is no case");
        let shown = crate::report::describe(&error);
        assert!(shown.contains(expected), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_said_before_anything_is_played() {
        let several = "`bad` and `before` are one entry each: for several there is `script`";
        check("a", "bad = 'reset x2'", several);
        check("a", "before = 'drop, drop'\nbad = 'reset'", several);
        check("a", "bad = 'rest'", "rest\n");
        check("a", "bad = 'status=302 location={mirror}{path}'", "`{mirror}` needs a second port: `mirror = true`");
        check("a", "bad = 'reset'\nbefore = 'status=302 location={mirror}/'", "`{mirror}` needs a second port");
        check("a", "bad = 'reset'\ncrowd = 3", "`crowd` is a number from 4 to 100");
        check("a", "script = 'ok'\nbefore = 'drop'", "`before` is for what stands beside `bad`");
        for name in ["a b", "a:b", "a[1]", "a*", ""] {
            check(name, "bad = 'reset'", "letters, digits, `-`, `_` and `.` only");
        }
    }
}
