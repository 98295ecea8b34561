//! A chain against patterns, link by link.

use std::fmt;

use super::{Chain, LinkPattern};

/// Whether the links match, in their order, each one pattern.
pub(super) fn compare(chain: &Chain, patterns: &[LinkPattern]) -> Result<(), ChainMismatch> {
    let reachable = reachable(chain, patterns);
    if reachable[patterns.len()].contains(&chain.links().len()) {
        return Ok(());
    }
    // The first pattern that cannot be matched, however those before it are.
    let stuck = reachable.iter().position(Vec::is_empty).map(|after| after - 1);
    let candidates = &reachable[stuck.unwrap_or(patterns.len())];
    let nearest = match stuck {
        Some(stuck) => nearest(chain, &patterns[stuck..], candidates),
        None => candidates.last().copied(),
    };
    Err(ChainMismatch { chain: chain.clone(), patterns: patterns.to_vec(), stuck, nearest })
}

/// For each number of patterns, counted from the first one: how many of the links they can match.
fn reachable(chain: &Chain, patterns: &[LinkPattern]) -> Vec<Vec<usize>> {
    let links = chain.links();
    let mut all = vec![vec![0]];
    for pattern in patterns {
        let before = all.last().map_or(&[][..], Vec::as_slice);
        let after = match before.first() {
            Some(&first) if pattern.is_rest() => (first..=links.len()).collect(),
            _ => {
                let matches = |&&at: &&usize| links.get(at).is_some_and(|link| pattern.matches(link));
                before.iter().filter(matches).map(|at| at + 1).collect()
            }
        };
        all.push(after);
    }
    all
}

/// Of the links where the first pattern could be, the one whose text is the most like it.
///
/// Where none is, the last one for the last pattern, since that is about the root cause; or the first one.
fn nearest(chain: &Chain, patterns: &[LinkPattern], candidates: &[usize]) -> Option<usize> {
    let links = chain.links();
    let words = patterns.first().and_then(LinkPattern::words).unwrap_or_default();
    let likeness = |&at: &usize| common_words(words, links[at].text());
    let existing = || candidates.iter().copied().filter(|&at| at < links.len());
    if patterns.len() == 1 { existing().max_by_key(likeness) } else { existing().rev().max_by_key(likeness) }
}

fn common_words(left: &str, right: &str) -> usize {
    let left: Vec<&str> = left.split_whitespace().collect();
    right.split_whitespace().filter(|word| left.contains(word)).count()
}

/// The links of a chain are not those that were expected.
///
/// It shows what was expected, the whole chain, the first pattern that no link matches, and the link that is the nearest
/// to it.
#[derive(Clone, Debug)]
pub struct ChainMismatch {
    chain: Chain,
    patterns: Vec<LinkPattern>,
    /// The first pattern that cannot be matched; `None` if there are links too many.
    stuck: Option<usize>,
    nearest: Option<usize>,
}

impl std::error::Error for ChainMismatch {}

impl ChainMismatch {
    /// The chain that was compared.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    fn reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let links = self.chain.links();
        match (self.stuck, self.nearest) {
            (None, at) => {
                let more = links.len() - at.unwrap_or(0);
                write!(
                    f,
                    "expected no more links, there {}",
                    if more == 1 { "is 1".to_owned() } else { format!("are {more}") }
                )
            }
            (Some(stuck), None) if links.is_empty() => {
                write!(f, "expected {}, the chain is empty", self.patterns[stuck])
            }
            (Some(stuck), None) => write!(f, "expected {}, the chain ends before it", self.patterns[stuck]),
            (Some(stuck), Some(at)) => self.difference(&self.patterns[stuck], at, f),
        }
    }

    fn difference(&self, pattern: &LinkPattern, at: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = &self.chain.links()[at];
        let Some(exact) = pattern.exact() else {
            return write!(f, "expected {pattern}, link {} {}", at + 1, pattern.answer(link));
        };
        let said = link.text();
        let same = exact.chars().zip(said.chars()).take_while(|(expected, said)| expected == said).count();
        let column = in_line(&exact.chars().take(same).collect::<String>()).chars().count();
        let label = format!("link {} says", at + 1);
        let width = label.len().max("expected".len());
        writeln!(f, "{:width$} `{}`", "expected", in_line(exact))?;
        writeln!(f, "{label:width$} `{}`", in_line(said))?;
        write!(f, "{:width$}  {}^ here they differ", "", " ".repeat(column))
    }
}

impl fmt::Display for ChainMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the error chain is not the expected one")?;
        self.reason(f)?;
        f.write_str("\nexpected:")?;
        for (at, pattern) in self.patterns.iter().enumerate() {
            let mark = if self.stuck == Some(at) { ">" } else { " " };
            write!(f, "\n{mark} {:3} {}", at + 1, indented(&pattern.to_string()))?;
        }
        if self.patterns.is_empty() {
            f.write_str("\n      no link")?;
        }
        f.write_str("\nthe chain:")?;
        for (at, link) in self.chain.links().iter().enumerate() {
            let is_too_much = self.stuck.is_none() && self.nearest.is_some_and(|first| at >= first);
            let mark = if is_too_much || self.nearest == Some(at) { ">" } else { " " };
            write!(f, "\n{mark} {:3} {}", at + 1, indented(link.text()))?;
        }
        if self.chain.is_empty() {
            f.write_str("\n      no link")?;
        }
        Ok(())
    }
}

fn in_line(text: &str) -> String {
    text.replace('\n', "\\n")
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n      ")
}
