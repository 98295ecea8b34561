//! Tests of what is known of a request beside its target and its headers.

use std::fmt;

use crate::{
    decision::request::Request,
    units::{UnitError, quoted},
};

/// Tests of what is known of a request beside its target and its headers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(in crate::decision) struct Facts {
    /// Whether it has a `Range` header.
    pub(super) range: Option<bool>,
    /// Whether its connection has had a request before.
    pub(super) reused: Option<bool>,
    pub(super) resend: Option<bool>,
}

impl Facts {
    pub(super) fn hold(&self, request: &Request) -> bool {
        self.range.is_none_or(|range| range == request.is_range())
            && self.reused.is_none_or(|reused| reused == request.is_reused())
            && self.resend.is_none_or(|resend| resend == request.is_resend())
    }

    /// The tests of both; the name and the two values of one that no request passes.
    pub(super) fn and(&mut self, other: Self) -> Result<(), String> {
        let tests =
            [(&mut self.range, other.range), (&mut self.reused, other.reused), (&mut self.resend, other.resend)];
        for ((name, values), (mine, theirs)) in SPELLINGS.iter().zip(tests) {
            if mine.is_some() && theirs.is_some() && *mine != theirs {
                return Err(format!("{name}={} {name}={}", values[0], values[1]));
            }
            *mine = mine.or(theirs);
        }
        Ok(())
    }

    /// Whether there is a test of this name already.
    pub(in crate::decision) fn has(&self, name: &str) -> bool {
        self.tests().any(|(of, _, test)| of == name && test.is_some())
    }

    /// Sets the test of this name.
    pub(in crate::decision) fn set(&mut self, name: &str, value: &str) -> Result<(), UnitError> {
        let values = SPELLINGS.iter().find(|(of, _)| *of == name).map_or(["", ""], |(_, values)| *values);
        let Some(at) = values.iter().position(|it| *it == value) else {
            let [yes, no] = values;
            return Err(UnitError::new(
                format!("{} is not a value of `{name}`", quoted(value)),
                format!("it is `{name}={yes}` or `{name}={no}`"),
            ));
        };
        let test = match name {
            "connection" => &mut self.reused,
            "range" => &mut self.range,
            _ => &mut self.resend,
        };
        *test = Some(at == 0);
        Ok(())
    }

    /// The names of those that are about what happened before, and not about the request alone.
    pub(in crate::decision) fn recorded(&self) -> impl Iterator<Item = &'static str> {
        self.tests().filter(|(name, _, test)| *name != "range" && test.is_some()).map(|(name, ..)| name)
    }

    fn tests(&self) -> impl Iterator<Item = (&'static str, [&'static str; 2], Option<bool>)> {
        SPELLINGS
            .iter()
            .zip([self.range, self.reused, self.resend])
            .map(|((name, values), test)| (*name, *values, test))
    }
}

/// The names of the tests, and their values: the one that holds first.
const SPELLINGS: [(&str, [&str; 2]); 3] =
    [("range", ["yes", "no"]), ("connection", ["reused", "fresh"]), ("resend", ["yes", "no"])];

impl fmt::Display for Facts {
    /// Each test with a space before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, [yes, no], test) in self.tests() {
            if let Some(test) = test {
                write!(f, " {name}={}", if test { yes } else { no })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Target;

    fn facts(name: &str, value: &str) -> Facts {
        let mut facts = Facts::default();
        facts.set(name, value).unwrap();
        facts
    }

    #[test]
    fn each_test_is_about_its_fact() {
        let plain = || Request::new(Target::new("GET", "/"));
        for (name, yes, no, other) in [
            ("range", "yes", "no", plain().with_header("range", "lines=1").unwrap()),
            ("connection", "reused", "fresh", plain().with_nth(2)),
            ("resend", "yes", "no", plain().with_resend(true)),
        ] {
            assert!(facts(name, yes).hold(&other) && !facts(name, yes).hold(&plain()), "{name}={yes}");
            assert!(!facts(name, no).hold(&other) && facts(name, no).hold(&plain()), "{name}={no}");
            assert_eq!(facts(name, yes).to_string(), format!(" {name}={yes}"));
            assert_eq!(facts(name, no).to_string(), format!(" {name}={no}"));
            assert!(facts(name, no).has(name));
        }
        assert!(!facts("range", "no").has("resend"));
    }

    #[test]
    fn a_wrong_value_is_an_error() {
        let error = Facts::default().set("connection", "yes").unwrap_err();
        assert_eq!(error.message(), "`yes` is not a value of `connection`");
        assert_eq!(error.help(), "it is `connection=reused` or `connection=fresh`");
    }

    #[test]
    fn tests_that_exclude_each_other_are_found() {
        let mut both = facts("range", "yes");
        both.and(facts("resend", "no")).unwrap();
        both.and(facts("range", "yes")).unwrap();
        assert_eq!(both.to_string(), " range=yes resend=no");
        assert_eq!(both.and(facts("resend", "yes")), Err("resend=yes resend=no".to_owned()));
    }
}
