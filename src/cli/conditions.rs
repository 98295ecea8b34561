//! One flag for each condition of a rule: the same name, and the same value.

use clap::Args;

use super::args::WHEN;
use crate::Rule;
use crate::matchers::METHODS;
use crate::units::Probability;

/// Conditions as they were typed.
#[derive(Debug, Default, Args)]
pub(super) struct Conditions {
    /// Only the first N attempts of each target
    ///
    /// A target is method, path and query.
    ///
    /// Example: flaky-server --first 2 --reset-after 1MB
    #[arg(long, value_name = "N", value_parser = attempt, help_heading = WHEN)]
    pub(super) first: Option<u64>,

    /// Only the Nth attempt of each target
    ///
    /// Example: flaky-server --nth 2 --status 503
    #[arg(long, value_name = "N", value_parser = attempt, help_heading = WHEN)]
    pub(super) nth: Option<u64>,

    /// Only every Nth attempt of each target
    ///
    /// Example: flaky-server --every 3 --truncate-after 50%
    #[arg(long, value_name = "N", value_parser = attempt, help_heading = WHEN)]
    pub(super) every: Option<u64>,

    /// Only these attempts of each target
    ///
    /// Example: flaky-server --attempts 2..=4 --drop
    #[arg(long, value_name = "A..=B", help_heading = WHEN)]
    attempts: Option<String>,

    /// Only paths that match
    ///
    /// A pattern without a slash is held against the last segment.
    ///
    /// Example: flaky-server --path '*.tar.gz' --reset-after 1MB
    #[arg(long, value_name = "GLOB", help_heading = WHEN)]
    pub(super) path: Option<String>,

    /// Only queries that match; may be repeated
    ///
    /// Example: flaky-server --query '*token=*' --status 403
    #[arg(long, value_name = "GLOB", help_heading = WHEN)]
    query: Vec<String>,

    /// Only this request method
    ///
    /// Example: flaky-server --method HEAD --status 405
    #[arg(long, value_parser = method, help_heading = WHEN)]
    pub(super) method: Option<String>,

    /// Only requests with this header, and with a value that matches; may be repeated
    ///
    /// Example: flaky-server --header 'authorization:Bearer *' --status 401
    #[arg(long, value_name = "NAME[:GLOB]", help_heading = WHEN)]
    header: Vec<String>,

    /// Only requests with a Range header (yes), or only those without (no)
    ///
    /// Example: flaky-server --range yes --ignore-range
    #[arg(long, value_name = "yes|no", help_heading = WHEN)]
    range: Option<String>,

    /// Only the first request on each connection (fresh), or only later ones (reused)
    ///
    /// Example: flaky-server --connection reused --reset
    #[arg(long, value_name = "fresh|reused", help_heading = WHEN)]
    connection: Option<String>,

    /// Only attempts that are resends (yes), or only those that are not (no)
    ///
    /// A resend repeats a request whose reused connection died before a byte of the response, as HTTP libraries do
    /// silently.
    ///
    /// Example: flaky-server --resend no --first 2 --drop
    #[arg(long, value_name = "yes|no", help_heading = WHEN)]
    resend: Option<String>,

    /// Only from so long after the start
    ///
    /// Example: flaky-server --from 10s --status 503
    #[arg(long, value_name = "DURATION", help_heading = WHEN)]
    from: Option<String>,

    /// Only for so long: from the start, or from --from on
    ///
    /// Example: flaky-server --from 10s --for 5s --status 503
    #[arg(long = "for", value_name = "DURATION", help_heading = WHEN)]
    lasting: Option<String>,

    /// Only with this probability, drawn for each attempt
    ///
    /// What is drawn depends on the seed, the rule, the target and the number of the attempt.
    ///
    /// Example: flaky-server --probability 30% --reset-after 1MB --seed 42
    #[arg(long, value_name = "P", help_heading = WHEN)]
    pub(super) probability: Option<Probability>,

    /// Count attempts for each method and path, whatever the query, or all that the rule is about together
    ///
    /// Otherwise they are counted for each method, path and query. A signed URL has another query each time; a limit on the
    /// rate of requests is about all of them. Both the conditions that count and the script go by that count.
    ///
    /// Example: flaky-server --per rule --every 4 --status 429
    #[arg(long, value_name = "path|rule", help_heading = WHEN)]
    per: Option<String>,
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
            .chain(named("per", &self.per))
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

/// The number of an attempt.
fn attempt(text: &str) -> Result<u64, &'static str> {
    match text.parse() {
        Ok(0) => Err("there is no attempt 0: attempts are counted from 1"),
        Ok(n) => Ok(n),
        Err(_) => Err("it is a whole number from 1 on"),
    }
}

/// Methods are case-sensitive (RFC 9110 §9.1). A rule may ask for any; here a well-known one in lower case is a slip.
fn method(text: &str) -> Result<String, String> {
    let upper = text.to_ascii_uppercase();
    if text != upper && METHODS.contains(&upper.as_str()) {
        return Err(format!("methods are case-sensitive: did you mean `{upper}`?"));
    }
    Ok(text.to_owned())
}
