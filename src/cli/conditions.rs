//! One flag for each condition of a rule that goes by more than a number: the same name, and the same value.

use clap::Args;

use super::args::SCHEDULE;
use crate::Rule;

/// Conditions as they were typed.
#[derive(Debug, Default, Args)]
pub(super) struct Conditions {
    /// Only these attempts of each target: `2..=4`, `3..`.
    #[arg(long, value_name = "A..=B", help_heading = SCHEDULE)]
    attempts: Option<String>,

    /// Only queries that match; may be repeated.
    #[arg(long, value_name = "GLOB", help_heading = SCHEDULE)]
    query: Vec<String>,

    /// Only requests with this header, and with a value that matches; may be repeated.
    #[arg(long, value_name = "NAME[:GLOB]", help_heading = SCHEDULE)]
    header: Vec<String>,

    /// Only requests with a Range header (yes), or only those without (no).
    #[arg(long, value_name = "yes|no", help_heading = SCHEDULE)]
    range: Option<String>,

    /// Only the first request on each connection (fresh), or only those behind it (reused).
    #[arg(long, value_name = "fresh|reused", help_heading = SCHEDULE)]
    connection: Option<String>,

    /// Only attempts that repeat a request whose reused connection died unanswered (yes), as HTTP libraries do
    /// silently; or only the others (no).
    #[arg(long, value_name = "yes|no", help_heading = SCHEDULE)]
    resend: Option<String>,

    /// Only from so long after the start.
    #[arg(long, value_name = "DURATION", help_heading = SCHEDULE)]
    from: Option<String>,

    /// Only for so long: from the start, or from --from on.
    #[arg(long = "for", value_name = "DURATION", help_heading = SCHEDULE)]
    lasting: Option<String>,
}

impl Conditions {
    /// The names and values that were typed; what counts comes first.
    pub(super) fn typed(&self) -> impl Iterator<Item = (&'static str, &str)> {
        fn named<'a>(
            name: &'static str,
            values: impl IntoIterator<Item = &'a String>,
        ) -> impl Iterator<Item = (&'static str, &'a str)> {
            values.into_iter().map(move |value| (name, value.as_str()))
        }
        named("attempts", &self.attempts)
            .chain(named("query", &self.query))
            .chain(named("header", &self.header))
            .chain(named("range", &self.range))
            .chain(named("connection", &self.connection))
            .chain(named("resend", &self.resend))
            .chain(named("from", &self.from))
            .chain(named("for", &self.lasting))
    }

    /// Adds them to a rule; `counting` is what was typed of the conditions that it has, with a space behind each.
    pub(super) fn add_to(&self, mut rule: Rule, counting: &str) -> anyhow::Result<Rule> {
        for (name, value) in self.typed() {
            let flag = format!("--{name} {value}");
            rule.add_condition(name, value).map_err(|error| error.within(&flag, name.len() + 3))?;
            let typed = if name == "attempts" { format!("{counting}{flag}") } else { flag };
            rule.clone().script("ok").map(drop).map_err(|error| error.seen_as(&typed, 0..typed.len()))?;
        }
        Ok(rule)
    }
}
