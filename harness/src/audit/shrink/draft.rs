//! A script that is made up, and can be made smaller.

use std::fmt;

/// A script, in pieces that can be taken away.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Draft(pub(super) Vec<Part>);

/// One entry of it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Part {
    /// The fault, and what stands beside it.
    pub(super) terms: Vec<String>,
    /// How many attempts it is about; `None` is for ever.
    pub(super) times: Option<u32>,
}

impl Draft {
    /// All that is a little smaller, the smallest first: without an entry, with fewer repetitions, without a term, with a
    /// value that is easier to think about.
    pub(super) fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for i in 0..self.0.len() {
            let mut without = self.clone();
            without.0.remove(i);
            if !without.0.is_empty() {
                all.push(without);
            }
        }
        for (i, part) in self.0.iter().enumerate() {
            all.extend(part.smaller().into_iter().map(|part| {
                let mut draft = self.clone();
                draft.0[i] = part;
                draft
            }));
        }
        all
    }
}

impl Part {
    fn smaller(&self) -> Vec<Self> {
        let times = match self.times {
            None => vec![1, 2, 4],
            Some(times) => (1..times).collect(),
        };
        let mut all: Vec<_> = times.into_iter().map(|times| Self { times: Some(times), ..self.clone() }).collect();
        for i in 0..self.terms.len() {
            if self.terms.len() > 1 {
                let mut without = self.clone();
                without.terms.remove(i);
                all.push(without);
            }
            all.extend(simpler(&self.terms[i]).into_iter().map(|term| {
                let mut part = self.clone();
                part.terms[i] = term;
                part
            }));
        }
        all
    }
}

/// The same term with values that are easier to think about, up to the one that it has.
fn simpler(term: &str) -> Vec<String> {
    let Some((name, value)) = term.split_once('=') else { return Vec::new() };
    let simple: &[&str] = match name {
        "status" => &["503"],
        name if name.ends_with("-after") || name.ends_with("-in-head") => &["0", "50%"],
        _ => &[],
    };
    simple.iter().take_while(|simple| **simple != value).map(|simple| format!("{name}={simple}")).collect()
}

impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            f.write_str(if i > 0 { ", " } else { "" })?;
            f.write_str(&part.terms.join(" "))?;
            match part.times {
                None => f.write_str(" x*")?,
                Some(1) => {}
                Some(times) => write!(f, " x{times}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(terms: &str, times: Option<u32>) -> Part {
        Part { terms: terms.split(' ').map(str::to_owned).collect(), times }
    }

    #[track_caller]
    fn check(parts: &[Part], expected: &[&str]) {
        let smaller: Vec<_> = Draft(parts.to_vec()).smaller().iter().map(ToString::to_string).collect();
        assert_eq!(smaller, expected);
    }

    #[test]
    fn everything_can_be_made_smaller() {
        check(&[part("reset", Some(1))], &[]);
        check(&[part("reset", Some(2)), part("drop", Some(1))], &["drop", "reset x2", "reset, drop"]);
        check(&[part("reset", None)], &["reset", "reset x2", "reset x4"]);
        check(
            &[part("delay=1s reset-after=77%", Some(1))],
            &["reset-after=77%", "delay=1s", "delay=1s reset-after=0", "delay=1s reset-after=50%"],
        );
        check(&[part("reset-after=50%", Some(1))], &["reset-after=0"]);
        check(&[part("status=503", Some(1))], &[]);
        check(&[part("status=500", Some(1))], &["status=503"]);
    }

    /// What is made smaller comes to an end.
    #[test]
    fn nothing_gets_smaller_for_ever() {
        let mut draft = Draft(vec![part("delay=1s reset-after=7%", None), part("status=418", Some(3))]);
        for _ in 0..100 {
            match draft.smaller().pop() {
                Some(smaller) => draft = smaller,
                None => return,
            }
        }
        panic!("{draft}");
    }
}
