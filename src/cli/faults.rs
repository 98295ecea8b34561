//! One flag for each term of the vocabulary.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::decision::reference;

const HEADING: &str = "Faults (without --script: on every attempt)";

/// Adds a flag for each term: `--reset-after 1MB` is `reset-after=1MB`.
pub(super) fn add_flags(command: Command) -> Command {
    command.args(reference().map(|term| {
        let arg = Arg::new(term.name())
            .long(term.name())
            .help(term.summary())
            .help_heading(HEADING)
            .conflicts_with("script")
            // The parser of scripts reports what is said twice, with the place.
            .action(ArgAction::Append);
        match term.value() {
            Some(value) => arg.value_name(value),
            None => arg.num_args(0).default_missing_value(""),
        }
    }))
}

/// The flags as the text of one entry, in the order in which they were typed.
pub(super) fn entry(matches: &ArgMatches) -> Option<String> {
    let mut terms: Vec<(usize, String)> = Vec::new();
    for term in reference() {
        let (Some(values), Some(indices)) = (matches.get_many::<String>(term.name()), matches.indices_of(term.name()))
        else {
            continue;
        };
        for (index, value) in indices.zip(values) {
            let text = match term.value() {
                Some(_) => format!("{}={value}", term.name()),
                None => term.name().to_owned(),
            };
            terms.push((index, text));
        }
    }
    terms.sort();
    let terms: Vec<String> = terms.into_iter().map(|(_, text)| text).collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}
