//! What is wrong with a rule.

use std::ops::Range;

use super::{Body, Rule, early, play::Play, when};
use crate::{
    decision::{entry::Entry, error::ParseError, script::Script},
    units::UnitError,
};

impl Rule {
    /// What it plays, if nothing is wrong with that or with the rule.
    pub(in crate::decision) fn check(&self) -> Result<Play, ParseError> {
        if let Some(defect) = self.defect() {
            return Err(defect);
        }
        let play = self.play()?;
        match &play {
            Play::Script(script) => self.check_subject(script).map(|()| play),
            Play::Closure(_) => Ok(play),
        }
    }

    /// What is probably not meant, though nothing is wrong with it: a script that is over after one attempt, under a
    /// condition that is about several.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Rule;
    ///
    /// let rule: Rule = "* first=2: status=503".parse()?;
    /// assert!(rule.doubt().is_some_and(|doubt| doubt.starts_with("happens once, whatever `first` says")));
    /// assert_eq!("* first=2: status=503 x*".parse::<Rule>()?.doubt(), None);
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn doubt(&self) -> Option<String> {
        let Ok(Play::Script(script)) = self.play() else { return None };
        // Behind its end all is well: that `ok` ends makes no difference.
        let ends = script.is_single() && script.get(1) != Some(&Entry::ok());
        let condition = self.when.repeats().or_else(|| self.window.names().next()).filter(|_| ends)?;
        Some(format!(
            "happens once, whatever `{condition}` says, and with `x*` behind its script as long as that holds"
        ))
    }

    fn play(&self) -> Result<Play, ParseError> {
        match &self.body {
            Body::Nothing => {
                let text = self.to_string();
                Err(ParseError::new(&text, text.len()..text.len(), "the rule has neither a script nor a fault")
                    .with_help("`.script(\"ok\")` lets all be well"))
            }
            Body::Closure(decide) => Ok(Play::Closure(decide.clone())),
            Body::Script(script) => Ok(Play::Script(script.clone())),
            Body::Terms(terms) => Entry::new(terms.iter().cloned()).map(Script::forever).map(Play::Script),
        }
    }

    /// What is wrong with its matchers and conditions, if anything is.
    #[cfg(feature = "schedule-file")]
    pub(crate) fn head_defect(&self) -> Option<ParseError> {
        self.defect()
    }

    pub(super) fn defect(&self) -> Option<ParseError> {
        let known = self.matcher.defect.as_ref().or(self.defect.as_ref());
        known.cloned().or_else(|| (!self.when.is_possible()).then(|| self.contradiction()))
    }

    /// A script about connections is for rules about everything: nothing else is known of a connection.
    fn check_subject(&self, script: &Script) -> Result<(), ParseError> {
        match script.connection_term() {
            Some(term) if !self.matcher.is_any() || self.when.has("per") => {
                Err(early::too_early(&self.to_string(), term))
            }
            _ => Ok(()),
        }
    }

    fn contradiction(&self) -> ParseError {
        let text = self.when.to_string();
        let text = text.trim_start();
        never_met(text, 0..text.len())
    }

    pub(super) fn counted(&mut self, name: &str, n: u64) -> Option<u64> {
        when::check_count(n).map_err(|e| self.blame(name, &e)).ok()
    }

    pub(super) fn blame(&mut self, name: &str, error: &UnitError) {
        let message = format!("`{name}`: {}", error.message());
        let defect = ParseError::new(name, 0..name.len(), message).with_help(error.help());
        self.defect.get_or_insert(defect);
    }

    pub(super) fn blame_body(&mut self) {
        let text = self.to_string();
        let defect = ParseError::new(&text, text.len()..text.len(), "the rule has a script already")
            .with_help("a rule has either one script or faults");
        self.defect.get_or_insert(defect);
    }
}

/// What is wrong with the conditions at this place.
pub(super) fn never_met(text: &str, span: Range<usize>) -> ParseError {
    ParseError::new(text, span, "no attempt meets all of these conditions").with_help("leave one of them out")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::decision::{fault::Fault, matchers::path};

    #[track_caller]
    fn check_error(rule: &Rule, message: &str) {
        assert_eq!(rule.check().unwrap_err().message(), message);
    }

    #[test]
    fn faults_combine_into_one_entry() {
        let rule =
            Rule::any().fault(Fault::status(503)).modifier(Fault::retry_after(std::time::Duration::from_secs(2)));
        assert_eq!(rule.check().unwrap().to_string(), "status=503 retry-after=2s x*");
    }

    #[test]
    fn what_cannot_be_right_is_reported_in_the_end() {
        check_error(&Rule::any(), "the rule has neither a script nor a fault");
        check_error(
            &Rule::any().fault(Fault::drop()).fault(Fault::hang()),
            "`drop` and `hang` cannot stand together: each ends the exchange",
        );
        check_error(&Rule::any().fault(Fault::status(99)), "`99` is not the status of a reply");
        check_error(&Rule::any().first(0).fault(Fault::drop()), "`first`: there is no attempt 0");
        check_error(&Rule::any().first(2).nth(3).fault(Fault::drop()), "no attempt meets all of these conditions");
        check_error(&Rule::any().attempts(..1).fault(Fault::drop()), "`attempts`: there is no attempt in this range");
        check_error(&Rule::any().lasting(Duration::ZERO).fault(Fault::drop()), "`for`: nothing happens within no time");
        check_error(&Rule::when(path("[")).fault(Fault::drop()), "a `[` is never closed; `\\[` stands for itself");
        check_error(&Rule::any().script("drop").unwrap().fault(Fault::hang()), "the rule has a script already");
        check_error(&Rule::any().fault(Fault::hang()).decide(|_| None), "the rule has a script already");
        check_error(&Rule::any().decide(|_| Entry::ok()).fault(Fault::hang()), "the rule has a script already");
    }

    #[test]
    fn a_script_that_ends_under_a_condition_that_goes_on_is_doubtful() {
        let doubt = |text: &str| text.parse::<Rule>().unwrap().doubt();
        assert_eq!(
            doubt("* first=2: status=503").unwrap(),
            "happens once, whatever `first` says, and with `x*` behind its script as long as that holds"
        );
        for text in
            ["* every=2: drop", "* attempts=2..: drop", "* probability=0.5: drop", "* for=5s: drop", "* from=1s: drop"]
        {
            assert!(doubt(text).is_some(), "{text}");
        }
        for text in [
            "*: drop",
            "* first=2: ok",
            "* first=2: drop x*",
            "* first=2: drop x2",
            "* first=2: drop, ok",
            "* nth=2: drop",
            "* first=1: drop",
            "* attempts=2..=2: drop",
            "* nth=2 probability=0.5: drop",
        ] {
            assert_eq!(doubt(text), None, "{text}");
        }
    }

    #[test]
    fn a_script_reports_what_was_wrong_before() {
        assert!(Rule::when(path("[")).script("drop").is_err());
        assert!(Rule::any().fault(Fault::drop()).script("drop").is_err());
        assert!(Rule::any().script("dorp").is_err());
        assert!(Rule::any().first(2).nth(3).script("drop").is_err());
    }
}
