//! Which cases are meant.

use super::{AuditError, Case, Mode};

/// Which cases are meant: all, or those that these patterns name, and none of those that others name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) cases: Vec<String>,
    pub(crate) except: Vec<String>,
}

impl Selection {
    /// Whether this is one of them, when it is played like that.
    pub(crate) fn includes(&self, case: &Case, mode: Mode) -> bool {
        let named = |patterns: &[String]| patterns.iter().any(|pattern| is_named(pattern, case, mode));
        (self.cases.is_empty() || named(&self.cases)) && !named(&self.except)
    }

    /// Each of the patterns has to name something.
    pub(crate) fn check<'a>(&self, cases: impl Iterator<Item = &'a Case> + Clone) -> Result<(), AuditError> {
        let means = |pattern: &String, case: &Case| case.modes().iter().any(|mode| is_named(pattern, case, *mode));
        for pattern in self.cases.iter().chain(&self.except) {
            if !cases.clone().any(|case| means(pattern, case)) {
                let name = pattern.split(':').next().unwrap_or_default();
                return Err(AuditError::NoCase { pattern: pattern.clone(), help: help(name, cases) });
            }
        }
        let is_left = |case: &Case| case.modes().iter().any(|mode| self.includes(case, *mode));
        let mut cases = cases;
        if cases.any(is_left) { Ok(()) } else { Err(AuditError::NothingLeft) }
    }
}

/// The name, the name and the mode, or the group.
fn is_named(pattern: &str, case: &Case, mode: Mode) -> bool {
    let full = case.run_name(mode);
    [case.name(), case.group(), full.as_str()].iter().any(|name| fast_glob::glob_match(pattern, name))
}

fn help<'a>(name: &str, mut cases: impl Iterator<Item = &'a Case> + Clone) -> String {
    if let Some(case) = cases.clone().find(|case| case.name() == name) {
        let runs: Vec<_> = case.modes().iter().map(|mode| case.run_name(*mode)).collect();
        return format!("there is {}", runs.join(", and "));
    }
    let cases = cases.by_ref();
    let similar: Vec<_> = cases
        .map(Case::name)
        .filter(|known| name.len() > 2 && (known.contains(name) || name.contains(*known)))
        .collect();
    if similar.is_empty() {
        "`--list` has all of them; `range-*` and groups such as `body` will do as well".to_owned()
    } else {
        format!("there are {}", similar.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Catalogue;
    use super::*;

    #[track_caller]
    fn check(cases: &[&str], except: &[&str], included: bool) {
        let strings = |all: &[&str]| all.iter().map(|&it| it.to_owned()).collect();
        let selection = Selection { cases: strings(cases), except: strings(except) };
        let catalogue = Catalogue::builtin();
        let case = catalogue.case("fin-mid-body").unwrap();
        assert_eq!(selection.includes(case, Mode::Always), included, "{selection:?}");
    }

    #[test]
    fn a_case_has_three_names() {
        check(&[], &[], true);
        check(&["fin-*"], &[], true);
        check(&["body"], &[], true);
        check(&["fin-mid-body:always"], &[], true);
        check(&["fin-mid-body:then-good"], &[], false);
        check(&["range-*"], &[], false);
        check(&["*"], &["body"], false);
        check(&[], &["fin-mid-body:always"], false);
    }

    #[test]
    fn what_names_nothing_is_an_error() {
        let selection = Selection { cases: vec!["fin-mid".to_owned()], except: Vec::new() };
        let error = selection.check(Catalogue::builtin().cases()).unwrap_err();
        assert!(error.to_string().contains("there are fin-mid-headers, fin-mid-body"), "{error}");
        let nothing =
            Selection { cases: vec!["fin-*".to_owned()], except: vec!["body".to_owned(), "connection".to_owned()] };
        assert!(matches!(nothing.check(Catalogue::builtin().cases()), Err(AuditError::NothingLeft)));
        let selection = Selection { cases: vec!["fin-mid-body:once".to_owned()], except: Vec::new() };
        let error = selection.check(Catalogue::builtin().cases()).unwrap_err();
        assert!(error.to_string().ends_with("there is fin-mid-body:always, and fin-mid-body:then-good"), "{error}");
        let selection = Selection { cases: vec!["nonsense".to_owned()], except: Vec::new() };
        assert!(selection.check(Catalogue::builtin().cases()).unwrap_err().to_string().contains("`--list`"));
    }
}
