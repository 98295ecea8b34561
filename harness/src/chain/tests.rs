//! Chains of errors, comparisons, and what they show.

use std::error::Error;
use std::{fmt, io};

use proptest::prelude::*;

use super::{Chain, LinkPattern, Meaning};
use crate::link;

#[derive(Debug)]
struct Outer(&'static str, Box<dyn Error + Send + Sync>);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.1)
    }
}

fn texts(chain: &Chain) -> Vec<&str> {
    chain.links().iter().map(|link| link.text()).collect()
}

fn chain(links: &[&str]) -> Chain {
    let causes: String = links[1..].iter().map(|link| format!("\n  Caused by: {link}")).collect();
    Chain::from_output(format!("error: {}{causes}", links[0]).as_bytes())
}

#[cfg(unix)]
#[test]
fn an_io_error_and_what_it_wraps_are_one_link() {
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let os = io::Error::other(io::Error::from_raw_os_error(2));
    let wrapped = io::Error::new(io::ErrorKind::InvalidData, Outer("bad archive", Box::new(os)));
    let chain = Chain::from_error(&Outer("could not install", Box::new(wrapped)));
    let not_found = io::Error::from_raw_os_error(2).to_string();
    assert_eq!(texts(&chain), ["could not install", "bad archive", not_found.as_str()]);
    let kinds: Vec<_> = chain.links().iter().map(|link| (link.kind(), link.errno())).collect();
    let expected =
        [(None, None), (Some(io::ErrorKind::InvalidData), None), (Some(io::ErrorKind::NotFound), Some("ENOENT"))];
    assert_eq!(kinds, expected);
    assert_eq!(chain.format(), None);
    assert!(Chain::from_error(&reset).links()[0].means(Meaning::Reset));
}

#[test]
fn an_error_of_anyhow_has_a_chain() {
    let error =
        anyhow::Error::from(io::Error::from(io::ErrorKind::TimedOut)).context("after 3 retries").context("no app");
    let chain = Chain::from_error(error.as_ref());
    chain.compare(&["no app".into(), "after 3 retries".into(), io::ErrorKind::TimedOut.into()]).unwrap();
    assert_eq!(Chain::from_output(format!("Error: {error:?}").as_bytes()).links().len(), 3);
    assert_eq!(texts(&Chain::from_output(format!("Error: {error:#}").as_bytes())), texts(&chain));
}

#[test]
fn an_empty_chain_shows_nothing() {
    let empty = Chain::from_output(b"Downloaded 3 files\n");
    assert!(empty.is_empty() && empty.root_cause().is_none() && empty.format().is_none());
    assert_eq!(empty, Chain::default());
    assert_eq!(empty.to_string(), "");
}

#[test]
fn further_lines_are_indented() {
    let chain = Chain::from_output(b"Error: a\nb\n\nCaused by:\n    0: c\n       d\n    1: e\n");
    assert_eq!(chain.to_string(), "error: a\n       b\n  caused by: c\n             d\n  caused by: e");
    assert_eq!(texts(&chain.map_text(str::to_uppercase)), ["A\nB", "C\nD", "E"]);
}

#[test]
fn redaction_leaves_the_kind() {
    let chain = chain(&["a", "Connection reset by peer (os error 104)"]).map_text(|_| "[ERROR]".to_owned());
    assert_eq!(chain.root_cause().and_then(|link| link.errno()), Some("ECONNRESET"));
    chain.compare(&[link::any(), link::reset()]).unwrap();
}

#[test]
fn an_error_without_words_is_none() {
    assert!(Chain::from_output(b"Error: \nError:\n").is_empty());
    assert_eq!(texts(&Chain::from_output(b"Error: \n\nCaused by:\n    a\n")), ["a"]);
}

#[test]
fn an_error_before_a_retry_is_not_the_last() {
    assert!(Chain::from_output(b"error: connection reset\nRetrying in 2s\nall is well\n").is_empty());
    assert_eq!(texts(&Chain::from_output(b"Retrying in 2s\nerror: connection reset\n")), ["connection reset"]);
}

#[test]
fn patterns_match_link_by_link() {
    let chain = chain(&["a", "b", "c", "b", "connection refused"]);
    let matches = |patterns: &[LinkPattern]| chain.compare(patterns).is_ok();
    assert!(matches(&["a".into(), "b".into(), "c".into(), "b".into(), link::refused()]));
    assert!(matches(&["a".into(), "..".into(), "b".into(), (..).into(), Meaning::Refused.into()]));
    assert!(matches(&["..".into(), "b".into(), link::contains("refused")]), "the second b");
    assert!(matches(&["..".into(), "..".into()]));
    assert!(matches(&[link::any(), link::rest(), link::regex("^c$"), link::rest(), link::glob("*refused")]));
    assert!(!matches(&["a".into(), "..".into()].map(|pattern: LinkPattern| pattern)[..1]));
    assert!(!matches(&[link::errno("ECONNREFUSED"), link::rest()]));
    assert!(!matches(&[]));
    assert!(Chain::default().compare(&["..".into()]).is_ok() && Chain::default().compare(&[]).is_ok());
}

#[track_caller]
fn check_mismatch(chain: &Chain, patterns: &[LinkPattern], message: &str) {
    let mismatch = chain.compare(patterns).unwrap_err();
    assert_eq!(mismatch.to_string(), message);
}

#[test]
fn a_mismatch_says_where_and_why() {
    let chain = chain(&["could not install", "after 3 retries", "operation timed out"]);
    check_mismatch(
        &chain,
        &["could not install".into(), "after 2 retries".into(), "..".into()],
        "the error chain is not the expected one\n\
         expected    `after 2 retries`\n\
         link 2 says `after 3 retries`\n\
         \x20                  ^ here they differ\n\
         expected:\n    1 the text `could not install`\n>   2 the text `after 2 retries`\n    3 ..\n\
         the chain:\n    1 could not install\n>   2 after 3 retries\n    3 operation timed out",
    );
    check_mismatch(
        &chain,
        &["..".into(), link::contains("after 4 retries")],
        "the error chain is not the expected one\n\
         expected a text with `after 4 retries` in it, link 2 says `after 3 retries`\n\
         expected:\n    1 ..\n>   2 a text with `after 4 retries` in it\n\
         the chain:\n    1 could not install\n>   2 after 3 retries\n    3 operation timed out",
    );
    check_mismatch(
        &chain,
        &[link::any()],
        "the error chain is not the expected one\n\
         expected no more links, there are 2\n\
         expected:\n    1 any link\n\
         the chain:\n    1 could not install\n>   2 after 3 retries\n>   3 operation timed out",
    );
    check_mismatch(
        &Chain::default(),
        &[link::reset()],
        "the error chain is not the expected one\n\
         expected a reset, the chain is empty\n\
         expected:\n>   1 a reset\n\
         the chain:\n      no link",
    );
}

#[test]
fn what_was_matched_before_may_be_too_far_ahead() {
    let chain = chain(&["a", "b"]);
    let mismatch = chain.compare(&["..".into(), "b".into(), "..".into(), "a".into()]).unwrap_err();
    assert!(mismatch.to_string().contains("expected the text `a`, the chain ends before it"), "{mismatch}");
    let mismatch = chain.compare(&["..".into(), "a".into()]).unwrap_err();
    assert!(mismatch.to_string().contains("expected no more links, there is 1"), "{mismatch}");
}

/// The definition, which takes its time.
fn is_match(patterns: &[LinkPattern], links: &[super::Link]) -> bool {
    match (patterns, links) {
        ([], links) => links.is_empty(),
        ([first, more @ ..], links) if first.is_rest() => {
            (0..=links.len()).any(|skipped| is_match(more, &links[skipped..]))
        }
        ([first, more @ ..], [link, links @ ..]) => first.matches(link) && is_match(more, links),
        (_, []) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comparisons_are_as_defined(
        links in proptest::collection::vec(proptest::sample::select(&["a", "b"][..]), 1..8),
        patterns in proptest::collection::vec(proptest::sample::select(&["a", "b", "..", "any"][..]), 0..6),
    ) {
        let chain = chain(&links);
        let patterns: Vec<LinkPattern> =
            patterns.into_iter().map(|pattern| if pattern == "any" { link::any() } else { pattern.into() }).collect();
        let result = chain.compare(&patterns);
        prop_assert_eq!(result.is_ok(), is_match(&patterns, chain.links()));
        if let Err(mismatch) = result {
            prop_assert!(mismatch.to_string().contains("\n> "), "{}", mismatch);
        }
    }
}
