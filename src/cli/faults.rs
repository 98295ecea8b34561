//! One flag for each term of the vocabulary.

use std::collections::BTreeMap;
use std::fmt;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::decision::{Area, Entry, Fault, ParseError, Spec, reference};

/// Adds a flag for each term: `--reset-after 1MB` is `reset-after=1MB`.
pub(super) fn add_flags(command: Command) -> Command {
    let mut terms: Vec<&Spec> = reference().collect();
    // One area after the other, in the order of the reference.
    terms.sort_by_key(|term| term.area());
    command.args(terms.into_iter().map(|term| {
        let arg = Arg::new(term.name())
            .long(term.name())
            .help(term.summary())
            .long_help(details(term))
            .help_heading(heading(term.area()))
            .conflicts_with("script")
            // The parser of scripts reports what is said twice, with the place.
            .action(ArgAction::Append);
        match term.value() {
            // A length may be negative.
            Some(value) => arg.value_name(value).allow_negative_numbers(true),
            None => arg.num_args(0).default_missing_value(""),
        }
    }))
}

fn heading(area: Area) -> &'static str {
    match area {
        Area::Connection => "Faults: connections (without --script, faults happen on every attempt)",
        Area::Head => "Faults: heads",
        Area::Chunked => "Faults: chunks",
        Area::Body => "Faults: bodies",
        Area::Range => "Faults: ranges",
        Area::Reply => "Faults: replies",
    }
}

/// What there is to say of a term, with an example.
fn details(term: &Spec) -> String {
    let needs = match term.needs().as_slice() {
        [] => String::new(),
        names => format!(
            "\n\nIt stands beside {}.",
            names.iter().map(|name| format!("--{name}")).collect::<Vec<_>>().join(" or ")
        ),
    };
    let flags: String = term.example().split(' ').map(|term| format!(" --{}", term.replacen('=', " ", 1))).collect();
    format!("{}{needs}\n\nExample: flaky-server{flags}", term.summary())
}

/// A fault flag as it was typed.
#[derive(Debug)]
pub(super) struct FaultFlag {
    spec: &'static Spec,
    value: Option<String>,
}

/// The flags in the order in which they were typed.
pub(super) fn flags(matches: &ArgMatches) -> Vec<FaultFlag> {
    let mut flags = BTreeMap::new();
    for spec in reference() {
        let (Some(values), Some(indices)) = (matches.get_many::<String>(spec.name()), matches.indices_of(spec.name()))
        else {
            continue;
        };
        for (index, value) in indices.zip(values) {
            flags.insert(index, FaultFlag { spec, value: spec.value().map(|_| value.clone()) });
        }
    }
    flags.into_values().collect()
}

/// What the flags say: the terms of one entry. What is wrong is shown as it was typed.
pub(super) fn terms(flags: &[FaultFlag]) -> Result<Vec<Fault>, ParseError> {
    let (mut typed, mut places) = (String::new(), Vec::new());
    for flag in flags {
        typed += if typed.is_empty() { "" } else { " " };
        let start = typed.len();
        typed += &flag.to_string();
        places.push(start..typed.len());
    }
    let mut terms = Vec::new();
    for (flag, place) in flags.iter().zip(&places) {
        let term = flag.spec.parse(flag.value.as_deref());
        // `--name value` is as long as `name=value`, but for the dashes.
        terms.push(term.map_err(|error| error.within(&typed, place.start + DASHES.len()))?);
    }
    if let Err(error) = Entry::new(terms.iter().cloned()).map(drop)
        && !terms.is_empty()
    {
        let term = error.input()[..error.span().start].matches(' ').count();
        return Err(error.seen_as(&typed, places[term].clone()));
    }
    Ok(terms)
}

const DASHES: &str = "--";

impl fmt::Display for FaultFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{DASHES}{}", self.spec.name())?;
        self.value.iter().try_for_each(|value| write!(f, " {value}"))
    }
}
