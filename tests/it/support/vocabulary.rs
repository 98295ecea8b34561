//! Entries of the whole vocabulary, with values that make for short tests. Nothing here knows what is around it: the
//! fuzz targets have this file, too.

use flaky_server::decision::{Spec, reference};
use flaky_server::{Entry, Fault};

/// Gives a number below another one.
pub(crate) type Below<'a> = &'a mut dyn FnMut(u64) -> u64;

/// What values are about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// Paths that are served.
    pub(crate) paths: &'a [&'a str],
    /// The length of the longest fixture.
    pub(crate) len: u64,
}

/// An entry that has this term, and perhaps one or two others that go with it.
pub(crate) fn entry(spec: &'static Spec, about: About<'_>, below: Below<'_>) -> Entry {
    let specs: Vec<&'static Spec> = reference().collect();
    let mut candidates = vec![term(spec, about, below)];
    let needs = spec.needs();
    if !needs.is_empty() {
        let needed = needs[below(needs.len() as u64) as usize];
        candidates.extend(specs.iter().find(|spec| spec.name() == needed).map(|spec| term(spec, about, below)));
    }
    // Company that it does not have to have comes last, so that it does not take the place of what it needs.
    for _ in 0..below(3) {
        candidates.push(term(specs[below(specs.len() as u64) as usize], about, below));
    }
    let mut kept: Vec<Fault> = Vec::new();
    // What stands alone only beside another one gets a second chance when that one is there.
    for term in candidates.iter().chain(&candidates) {
        let with = || kept.iter().chain([term]).cloned();
        if kept.len() < 3 && Entry::new(with()).is_ok() {
            kept = with().collect();
        } else if kept.is_empty() && candidates.len() > 1 && Entry::new(candidates[..2].iter().cloned()).is_ok() {
            kept = candidates[..2].to_vec();
        }
    }
    // What has terms that nobody foresaw is at least shown by its example.
    Entry::new(kept).unwrap_or_else(|_| spec.example().parse().expect("an example is an entry"))
}

/// The term with a value of its kind.
pub(crate) fn term(spec: &'static Spec, about: About<'_>, below: Below<'_>) -> Fault {
    let Some(syntax) = spec.value() else { return spec.parse(None).expect("it takes no value") };
    // Each chunk has them: with small chunks they would come to terabytes.
    let about = if spec.name() == "chunk-extension" { About { len: 64, ..about } } else { about };
    for _ in 0..10 {
        // A kind of value may have exceptions: the offset of a byte is not the end.
        if let Some(term) = value(syntax, about, below).and_then(|value| spec.parse(Some(&value)).ok()) {
            return term;
        }
    }
    // A kind that is not known here.
    let example: Entry = spec.example().parse().expect("an example is an entry");
    let own = example.terms().iter().find(|term| term.spec().name() == spec.name());
    own.expect("an example has its term").clone()
}

/// A value of this kind, as the reference writes it.
fn value(syntax: &str, about: About<'_>, below: Below<'_>) -> Option<String> {
    let of = |options: &[&str], below: Below<'_>| options[below(options.len() as u64) as usize].to_owned();
    Some(match syntax {
        "CODE" => (200 + below(400)).to_string(),
        "CODE[xN]" => of(&["100", "102", "103", "103x3", "199x20"], below),
        // Some only come in whole seconds: those are told, not waited for.
        "DURATION" => of(&["0ms", "1ms", "2ms", "5ms", "1s", "1ms", "2ms", "3ms"], below),
        "LENGTH" => match below(4) {
            0 => of(&["-1", "+1", "007", "99999999999999999999", "end+1", "end+1kB"], below),
            _ => offset(about, below),
        },
        "LOCATION" => {
            let location =
                of(&["{base}{path}", "{target}", "{dead}/", "{path}?n={attempt}", "https://example.org/"], below);
            if below(2) == 0 { of(about.paths, below) } else { location }
        }
        "N" => (1 + below(4)).to_string(),
        "OFFSET" => offset(about, below),
        "PATH@OFFSET" => format!("{}@{}", of(about.paths, below), offset(about, below)),
        "RATE" => format!("{}MB/s", 20 + below(1000)),
        "[-]DURATION[/FORM]" => of(&["1s", "-1s", "3s/rfc850", "-1m/asctime", "0s", "1ms/imf"], below),
        "SIZE" => size(about, below).max(1).to_string(),
        "SIZE/DURATION" => format!("{}/{}ms", 65_536 + below(about.len), 1 + below(2)),
        "TEXT" => of(&["x", "hello", "a%20b", "%0D%0A", "%00%FF", "ZZZ%0D%0A", "HTTP/1.1%20200"], below),
        choice if choice.contains('|') => of(&choice.split('|').collect::<Vec<_>>(), below),
        _ => return None,
    })
}

/// Small ones as often as large ones.
fn size(about: About<'_>, below: Below<'_>) -> u64 {
    let bits = u64::from(about.len.max(1).ilog2() + 1);
    let end = 2 << below(bits);
    below(end)
}

fn offset(about: About<'_>, below: Below<'_>) -> String {
    match below(6) {
        0 => "end".to_owned(),
        1 => format!("end-{}", size(about, below)),
        2 => format!("{}%", below(101)),
        3 => "0".to_owned(),
        _ => size(about, below).to_string(),
    }
}
