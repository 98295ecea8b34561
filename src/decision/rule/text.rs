//! The text of a rule: `[METHOD] PATTERN [CONDITION...]: SCRIPT`.

use std::{fmt, ops::Range, str::FromStr};

use super::{
    Body, Rule,
    defect::never_met,
    early,
    words::{condition, separator, words},
};
use crate::{
    decision::{
        entry::join,
        error::ParseError,
        glob::Glob,
        matchers::{Header, METHODS, check_method, path_glob},
        script::Script,
        suggest::{did_you_mean, nearest},
    },
    units::quoted,
};

/// The names of the conditions: those that count or draw, and those that look at the request.
pub(crate) const CONDITIONS: [&str; 15] = [
    "attempts",
    "every",
    "first",
    "nth",
    "per",
    "probability",
    "connection",
    "for",
    "from",
    "header",
    "method",
    "path",
    "query",
    "range",
    "resend",
];

impl Rule {
    /// Method, pattern and conditions: what stands before the script.
    fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let matcher = &self.matcher;
        let (prefix, methods) = match matcher.methods.split_first() {
            Some((first, rest)) if is_upper_case(first) && !self.is_mistakable() => (Some(first), rest),
            _ => (None, &matcher.methods[..]),
        };
        if let Some(method) = prefix {
            write!(f, "{method} ")?;
        }
        match matcher.paths.split_first() {
            Some((path, rest)) => {
                write!(f, "{path}")?;
                rest.iter().try_for_each(|path| write!(f, " path={path}"))?;
            }
            None => f.write_str("*")?,
        }
        methods.iter().try_for_each(|method| write!(f, " method={method}"))?;
        write!(f, "{}", self.when)?;
        matcher.queries.iter().try_for_each(|query| write!(f, " query={query}"))?;
        matcher.headers.iter().try_for_each(|header| write!(f, " header={header}"))?;
        write!(f, "{}{}", matcher.facts, self.window)?;
        matcher.closures.iter().try_for_each(|closure| write!(f, " {closure:?}"))
    }

    /// Adds the condition of this name, one of [`CONDITIONS`]; the error is about its value.
    pub(crate) fn add_condition(&mut self, name: &str, value: &str) -> Result<(), ParseError> {
        let wrong = |message: String| ParseError::new(value, 0..value.len(), message);
        let set = match name {
            "path" => return add_path(self, value, 0..value.len()),
            "method" => {
                check_method(value).map_err(wrong)?;
                self.matcher.methods.push(value.to_owned());
                return Ok(());
            }
            "query" => {
                self.matcher.queries.push(Glob::parse(value).map_err(|e| wrong(e.to_owned()))?);
                return Ok(());
            }
            "header" => {
                self.matcher.headers.push(Header::parse(value).map_err(wrong)?);
                return Ok(());
            }
            "connection" | "range" | "resend" => self.matcher.facts.set(name, value),
            "for" | "from" => self.window.set(name, value),
            _ => self.when.set(name, value),
        };
        set.map_err(|e| wrong(e.message().to_owned()).with_help(e.help()))
    }

    /// Reads a head without its script: `[METHOD] PATTERN [CONDITION...]`.
    #[cfg(feature = "schedule-file")]
    pub(crate) fn parse_head(text: &str) -> Result<Self, ParseError> {
        if let Some(colon) = separator(text) {
            let message = "a script stands by itself, not behind the requests that it is for";
            return Err(ParseError::new(text, colon..text.trim_end().len(), message));
        }
        parse_head(text, &words(text))
    }

    /// Where the script stands in the text of a rule.
    pub(crate) fn script_of(text: &str) -> Range<usize> {
        separator(text).map_or(0, |colon| colon + 1)..text.len()
    }

    /// Whether there is a condition of this name, and no room for another.
    pub(crate) fn has_condition(&self, name: &str) -> bool {
        self.when.has(name) || self.matcher.facts.has(name) || self.window.has(name)
    }

    /// Its text with this script, which need not be read for that.
    pub(in crate::decision) fn text_with(&self, script: &str) -> String {
        format!("{self}{script}")
    }

    /// Whether the pattern behind a method would be read as a condition behind a pattern.
    fn is_mistakable(&self) -> bool {
        self.matcher.paths.first().is_some_and(|path| condition(path.as_str()).is_some())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_head(f)?;
        match &self.body {
            Body::Closure(decide) => write!(f, ": {decide:?}"),
            Body::Nothing => f.write_str(": "),
            Body::Script(script) => write!(f, ": {script}"),
            Body::Terms(terms) => write!(f, ": {} x*", join(terms.iter().cloned())),
        }
    }
}

impl FromStr for Rule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let Some(colon) = separator(text) else {
            let end = text.trim_end().len();
            return Err(ParseError::new(text, end..end, "there is no `: ` before a script")
                .with_help("a rule is written as in `*.tar.gz first=2: reset-after=1MB`"));
        };
        let mut rule = parse_head(text, &words(&text[..colon]))?;
        let script = text[colon + 1..].parse();
        let script: Script = script.map_err(|e: ParseError| e.within(text, colon + 1))?;
        if let Some(term) = script.connection_term().filter(|_| !rule.matcher.is_any() || rule.when.has("per")) {
            return Err(early::too_early(text, term));
        }
        rule.body = Body::Script(script);
        Ok(rule)
    }
}

fn parse_head(text: &str, words: &[Range<usize>]) -> Result<Rule, ParseError> {
    let Some((first, mut rest)) = words.split_first() else {
        return Err(
            ParseError::new(text, 0..0, "there is no pattern before the `: `").with_help("`*` matches every path")
        );
    };
    let mut pattern = first;
    let mut rule = Rule::any();
    if let Some((second, after)) = rest.split_first()
        && condition(&text[second.clone()]).is_none()
    {
        let method = &text[first.clone()];
        if !is_upper_case(method) {
            return Err(lower_case(text, first).unwrap_or_else(|| not_a_condition(text, second)));
        }
        rule.matcher.methods.push(method.to_owned());
        (pattern, rest) = (second, after);
    }
    add_path(&mut rule, text, pattern.clone())?;
    let mut counting = None;
    for word in rest {
        let Some((name, value)) = condition(&text[word.clone()]) else {
            return Err(not_a_condition(text, word));
        };
        if rule.has_condition(name) {
            let message = format!("`{name}` stands here twice");
            return Err(ParseError::new(text, word.clone(), message));
        }
        rule.add_condition(name, value).map_err(|e| e.within(text, word.start + name.len() + 1))?;
        if rule.when.has(name) {
            let from = *counting.get_or_insert(word.start);
            if !rule.when.is_possible() {
                return Err(never_met(text, from..word.end));
            }
        }
    }
    Ok(rule)
}

fn add_path(rule: &mut Rule, text: &str, span: Range<usize>) -> Result<(), ParseError> {
    let glob = path_glob(&text[span.clone()]).map_err(|e| ParseError::new(text, span, e))?;
    rule.matcher.paths.extend(glob);
    Ok(())
}

/// Says that a well-known method is written in capitals.
fn lower_case(text: &str, span: &Range<usize>) -> Option<ParseError> {
    let method = &text[span.clone()];
    let upper = method.to_ascii_uppercase();
    METHODS.contains(&upper.as_str()).then(|| {
        ParseError::new(
            text,
            span.clone(),
            format!("{} is in lower case, and methods are case-sensitive", quoted(method)),
        )
        .with_help(format!("did you mean `{upper}`?"))
    })
}

fn not_a_condition(text: &str, span: &Range<usize>) -> ParseError {
    let word = &text[span.clone()];
    let name = word.split('=').next().unwrap_or_default();
    let help = did_you_mean(&nearest(name, CONDITIONS.into_iter())).filter(|_| word.contains('='));
    ParseError::new(text, span.clone(), format!("{} is not a condition", quoted(word)))
        .with_help(help.unwrap_or_else(|| "a rule is written as in `GET *.tar.gz first=2: reset-after=1MB`".to_owned()))
}

/// Whether a word may stand as the method before the pattern.
fn is_upper_case(method: &str) -> bool {
    method.starts_with(|c: char| c.is_ascii_uppercase())
        && method.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::{
        matchers::{
            any, fresh_connection, header, method, no_range_request, no_resend, path, query, range_request, resend,
            reused_connection,
        },
        testing::{any_duration, any_script},
    };

    #[track_caller]
    fn check(text: &str, shown: &str) {
        let rule: Rule = text.parse().unwrap();
        assert_eq!(rule.to_string(), shown);
        assert_eq!(shown.parse::<Rule>().unwrap(), rule);
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<Rule>().unwrap_err().to_string(), expected);
    }

    #[test]
    fn rules_parse_and_display() {
        check("* first=2 from=1s: accept, reset-on-accept x*", "* first=2 from=1s: accept, reset-on-accept x*");
        check("* path=*: drop-on-accept", "*: drop-on-accept");
        check("*.whl: reset-after=1MB x2, ok", "*.whl: reset-after=1MB x2, ok");
        check(
            "GET  /a/*.gz probability=30% first=2:  truncate-after=50% x*",
            "GET /a/*.gz first=2 probability=0.3: truncate-after=50% x*",
        );
    }

    #[test]
    fn the_order_of_conditions_does_not_matter() {
        check(
            "* query=x=* attempts=1..3 every=2 nth=2 first=9: ok",
            "* first=9 nth=2 every=2 attempts=1..=2 query=x=*: ok",
        );
        check("/a method=get path=*.gz: ok", "/a path=*.gz method=get: ok");
        check("/a per=path query=x=* first=2: ok", "/a first=2 per=path query=x=*: ok");
        check("* method=GET: ok", "GET *: ok");
        check("M-SEARCH * method=GET: ok", "M-SEARCH * method=GET: ok");
        check(
            "* for=1m30s resend=no header=b:* from=2s connection=fresh header=A:x\\ y range=yes nth=1 query=q: ok",
            "* nth=1 query=q header=b header=a:x\\ y range=yes connection=fresh resend=no from=2s for=1m30s: ok",
        );
    }

    #[test]
    fn patterns_that_look_like_something_else_are_kept_apart() {
        check("README: ok", "README: ok");
        check("README first=1: ok", "README first=1: ok");
        check("GET README: ok", "GET README: ok");
        check("first=1: ok", "first=1: ok");
        check("first=1 method=GET: ok", "first=1 method=GET: ok");
        check("a\\ b: ok", "a\\ b: ok");
        check("a:: ok", "a\\:: ok");
        check("a:b query=: ok", "a:b query=: ok");
        check("\\#a\\: first=1: ok", "\\#a\\: first=1: ok");
        check("range=yes: ok", "range=yes: ok");
        check("range=no method=GET: ok", "range=no method=GET: ok");
        check("* header=a:b:: ok", "* header=a:b\\:: ok");
        check("* header=a:\\ b: ok", "* header=a:\\ b: ok");
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        check_error(
            "*.gz fist=2: ok",
            "`fist=2` is not a condition\n  *.gz fist=2: ok\n       ^^^^^^\n  did you mean `first`?",
        );
        check_error(
            "GET *.gz fist=2: ok",
            "`fist=2` is not a condition\n  GET *.gz fist=2: ok\n           ^^^^^^\n  did you mean `first`?",
        );
        check_error(
            "get *.gz: ok",
            "`get` is in lower case, and methods are case-sensitive\n  get *.gz: ok\n  ^^^\n  did you mean `GET`?",
        );
        check_error(
            "git *.gz: ok",
            "`*.gz` is not a condition\n  git *.gz: ok\n      ^^^^\n  a rule is written as in `GET *.tar.gz first=2: reset-after=1MB`",
        );
        check_error(
            "*.gz first=0: ok",
            "there is no attempt 0\n  *.gz first=0: ok\n             ^\n  attempts are counted from 1",
        );
        check_error(
            "*.gz first=2 path=/a/* nth=3 query=x: ok",
            "no attempt meets all of these conditions\n  *.gz first=2 path=/a/* nth=3 query=x: ok\n       ^^^^^^^^^^^^^^^^^^^^^^^\n  leave one of them out",
        );
        check_error("*.gz nth=1 nth=2: ok", "`nth` stands here twice\n  *.gz nth=1 nth=2: ok\n             ^^^^^");
        check_error(
            "*.gz:ok",
            "there is no `: ` before a script\n  *.gz:ok\n         ^\n  a rule is written as in `*.tar.gz first=2: reset-after=1MB`",
        );
        check_error(
            "* connection=new: ok",
            "`new` is not a value of `connection`\n  * connection=new: ok\n               ^^^\n  it is `connection=reused` or `connection=fresh`",
        );
        check_error(
            "* range=yes range=no: ok",
            "`range` stands here twice\n  * range=yes range=no: ok\n              ^^^^^^^^",
        );
        check_error(
            "* from=2s for=0s: ok",
            "nothing happens within no time\n  * from=2s for=0s: ok\n                ^^\n  it is at least something, such as `1ms`",
        );
        check_error(
            "* from=5: ok",
            "`5` has no unit\n  * from=5: ok\n         ^\n  did you mean `5s` or `5ms`? (as in `2s` and `250ms`)",
        );
        check_error(
            "* header=a\\ b:x: ok",
            "`a\\ b` is not the name of a header field\n  * header=a\\ b:x: ok\n           ^^^^^^",
        );
        check_error(": ok", "there is no pattern before the `: `\n  : ok\n  ^\n  `*` matches every path");
        check_error("a[: ok", "a `[` is never closed; `\\[` stands for itself\n  a[: ok\n  ^^");
        check_error(
            "*.gz: first=2 drop",
            "`first` is a condition, not a fault\n  *.gz: first=2 drop\n        ^^^^^^^\n  conditions stand before the `: ` of a rule, as in `*.gz first=2: reset-after=1MB`",
        );
        check_error(
            "*.gz: ok, dorp x2",
            "unknown fault `dorp`\n  *.gz: ok, dorp x2\n            ^^^^\n  did you mean `drop`?",
        );
    }

    #[test]
    fn a_closure_has_no_text() {
        let rule = Rule::when(any().and(|_: &crate::decision::Request| true)).script("drop").unwrap();
        assert_eq!(rule.to_string(), "* <closure>: drop");
        assert!(rule.has_closure());
        assert!(rule.to_string().parse::<Rule>().is_err());
        let rule = Rule::any().first(2).decide(|_| None);
        assert_eq!(rule.to_string(), "* first=2: <closure>");
        assert!(rule.has_closure());
        assert!(rule.to_string().parse::<Rule>().is_err());
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(
            paths in prop::collection::vec("([a-c/*?{},:#\\[\\]=% A-Z\\\\]|first=|ä){1,8}", 0..3),
            queries in prop::collection::vec("[a-c*:= ]{0,4}", 0..2),
            methods in prop::collection::vec("GET|get|[A-Z]{1,2}|[a-zA-Z#!*]{1,3}", 0..3),
            (first, every, nth) in (0u64..3, 0u64..3, 0u64..3),
            (from, to, p) in (1u64..9, 0u64..9, 0u32..1000),
            headers in prop::collection::vec(("[a-cA-C!-]{1,3}", "[a-c*:= /#]{0,4}"), 0..3),
            facts in prop::collection::vec(0usize..6, 0..3),
            (start, lasting) in (prop::option::of(any_duration()), prop::option::of(any_duration())),
            script in any_script(),
        ) {
            let mut rule = Rule::any().script(&script.to_string()).unwrap();
            // Connections have nothing to go by.
            let (paths, queries, methods, headers, facts) = match script.connection_term() {
                None => (paths, queries, methods, headers, facts),
                Some(_) => Default::default(),
            };
            for matcher in paths.iter().map(|p| path(p)).chain(queries.iter().map(|q| query(q))).chain(methods.iter().map(|m| method(m))) {
                rule = rule.and(matcher);
            }
            for (name, value) in &headers { rule = rule.and(header(name, value)); }
            for fact in facts {
                let all = [range_request, no_range_request, fresh_connection, reused_connection, resend, no_resend];
                rule = rule.and(all[fact]());
            }
            if let Some(start) = start { rule = rule.from_time(start); }
            if let Some(lasting) = lasting { rule = rule.lasting(lasting); }
            if first > 0 { rule = rule.first(first); }
            if every > 0 { rule = rule.every(every); }
            if nth > 0 { rule = rule.nth(nth); }
            if to >= from { rule = rule.attempts(from..=to); }
            if to == 0 { rule = rule.attempts(from..); }
            if p > 0 { rule = rule.probability(crate::units::Probability::try_new(f64::from(p) / 1e3).unwrap()); }
            if script.connection_term().is_none() {
                if nth == 1 { rule = rule.per_path(); }
                if every == 1 { rule = rule.per_rule(); }
            }
            if rule.check().is_ok() {
                let text = rule.to_string();
                prop_assert_eq!(text.parse::<Rule>(), Ok(rule), "{}", text);
            }
        }

        #[test]
        fn no_text_panics(text in "(?s).{0,60}", near in "([A-Z]{0,4} ?[*a-z/\\\\\\[]{0,5} ?((first|nth|per|query|attempts|path|header|from|for|range)=[0-9.=*:sano]{0,5} ?){0,3}(: )?){0,2}(ok|drop x2|,)?") {
            for text in [text, near] {
                if let Err(error) = text.parse::<Rule>() {
                    prop_assert!(error.to_string().contains('^'));
                }
            }
        }
    }
}
