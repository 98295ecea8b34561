//! Rules that happen before there is a request, and go by one.

use std::ops::Range;

use super::words::{condition, separator, words};
use crate::decision::{error::ParseError, fault::Fault};

/// Says that the rule of this text cannot go by what a request has: this term of it happens before there is one.
pub(super) fn too_early(text: &str, term: &Fault) -> ParseError {
    let head = &text[..separator(text).unwrap_or(text.len())];
    let (span, test) = test_of_request(head).unwrap_or((0..head.len(), "a request"));
    let name = term.spec().name();
    let message = format!("`{name}` happens before there is a request: the rule cannot go by {test}");
    ParseError::new(text, span, message).with_help(format!("a rule about everything can have it, as in `*: {name}`"))
}

/// The first test of a request in the head of a rule's text, and what it goes by.
fn test_of_request(head: &str) -> Option<(Range<usize>, &'static str)> {
    let words = words(head);
    let has_method =
        words.get(1).is_some_and(|word| condition(&head[word.clone()]).is_none() && !is_closure(head, word));
    words.into_iter().enumerate().find_map(|(i, word)| {
        let test = match (i, condition(&head[word.clone()])) {
            (0, _) if has_method => "a method",
            (0, _) => path_test(&head[word.clone()])?,
            (1, _) if has_method => path_test(&head[word.clone()])?,
            (_, Some(("path", pattern))) => path_test(pattern)?,
            (_, Some(("method", _))) => "a method",
            (_, Some(("query", _))) => "a query",
            (_, Some(("header", _))) => "a header",
            (_, Some(("range", _))) => "a range",
            (_, Some(("connection", _))) => "requests before it",
            (_, Some(("resend", _))) => "resends",
            (_, Some(("per", _))) => "what is counted together",
            (_, None) if is_closure(head, &word) => "a closure",
            _ => return None,
        };
        Some((word, test))
    })
}

/// What a pattern goes by, if not every path matches it.
fn path_test(pattern: &str) -> Option<&'static str> {
    (pattern != "*").then_some("a path")
}

fn is_closure(head: &str, word: &Range<usize>) -> bool {
    head[word.clone()] == *"<closure>"
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use crate::decision::{
        fault::Fault,
        matchers::{any, method, path},
    };

    #[test]
    fn connections_have_nothing_to_go_by() {
        for (head, test, place) in [
            ("*.gz", "a path", "*.gz"),
            ("GET *", "a method", "GET"),
            ("GET *.gz", "a method", "GET"),
            ("* first=2 method=get", "a method", "method=get"),
            ("* path=* path=/a nth=1", "a path", "path=/a"),
            ("* every=2 query=x", "a query", "query=x"),
            ("* header=a:b\\ c", "a header", "header=a:b\\ c"),
            ("* range=no", "a range", "range=no"),
            ("* connection=fresh", "requests before it", "connection=fresh"),
            ("* from=1s resend=no", "resends", "resend=no"),
            ("* first=2 per=path", "what is counted together", "per=path"),
        ] {
            let text = format!("{head}: ok, delay=1s hang-on-accept x2, reset-on-accept");
            let error = text.parse::<Rule>().unwrap_err();
            let message = format!("`hang-on-accept` happens before there is a request: the rule cannot go by {test}");
            assert_eq!((error.message(), &text[error.span()]), (&*message, place), "{text}");
            assert!(error.help().unwrap().contains("`*: hang-on-accept`"));
        }
        let built = Rule::when(method("GET").and(path("*.gz"))).script("drop-on-accept").unwrap_err();
        assert_eq!((built.input(), built.span()), ("GET *.gz: drop-on-accept", 0..3));
        let built = Rule::when(any().and(|_: &crate::decision::Request| true)).fault(Fault::accept()).check();
        let error = built.unwrap_err();
        assert_eq!((error.input(), error.span()), ("* <closure>: accept x*", 2..11));
        assert!(error.message().ends_with("cannot go by a closure"));
        // What comes behind the script is found when the schedule is built.
        let late = Rule::any().script("drop-on-accept").unwrap().and(path("*.gz"));
        assert_eq!(late.check().unwrap_err().span(), 0..4);
    }
}
