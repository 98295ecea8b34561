//! How long a decision takes.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use flaky_server::decision::{Ledger, Limits, ReplyFacts};
use flaky_server::{Request, Schedule, Target};

/// A decision with so many rules ...
const RULES: u64 = 100;

/// ... takes no longer than this.
const MOST: Duration = Duration::from_micros(2);

/// Decisions that are measured at a time: so few that hardly any batch is interrupted by another process.
const BATCH: u32 = 200;

/// Targets that they are about.
const TARGETS: u64 = 100;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How often each is measured; the median counts
    #[arg(long, default_value_t = 2_001)]
    rounds: usize,

    /// How many times as much as promised is tolerated, on a machine that has other things to do
    #[arg(long, default_value_t = 1)]
    slack: u32,
}

/// Prints the medians; fails if one is above its limit.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let rounds = args.rounds.max(1);
    let mut held = true;
    for (name, rules) in [("of names", by_name as fn(u64) -> String), ("of all kinds", of_all_kinds)] {
        let took = decisions(&rules(RULES), rounds).context(name)?;
        held &= took <= MOST * args.slack;
        println!("decision and plan, {RULES} rules {name}: {took:?}, at most {MOST:?}");
    }
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Rules about one file each.
fn by_name(count: u64) -> String {
    (0..count).map(|n| format!("/file-{n}.tar.gz: reset-after=50% x2, status=503 retry-after=1s, ok\n")).collect()
}

/// Rules with patterns, conditions and chance; most of them let an attempt pass.
fn of_all_kinds(count: u64) -> String {
    let rule = |n| match n % 5 {
        0 => format!("*.whl first={}: truncate-after=1MB x*", n + 1),
        1 => format!("GET /dir-{n}/** query=v=*: status=503"),
        2 => format!("* header=x-client:client-{n}: delay=1s"),
        3 => format!("*-{n}.tar.gz probability=0.5: reset-after=50% x*"),
        _ => format!("* range=yes nth={n}: range-start=0"),
    };
    (0..count).map(|n| rule(n) + "\n").collect()
}

/// How long one decision takes, its plan included.
fn decisions(rules: &str, rounds: usize) -> anyhow::Result<Duration> {
    let schedule = Schedule::new(Schedule::parse_rules(rules)?, 42)?;
    let mut ledger = Ledger::new(schedule, Limits::default());
    let requests = (0..TARGETS).map(request).collect::<Result<Vec<_>, _>>()?;
    let facts = ReplyFacts { start: 0, len: 4_000_000, total: 4_000_000, has_body: true, ranged: false };
    let mut took = Vec::new();
    for _ in 0..rounds {
        let begun = Instant::now();
        for request in requests.iter().cycle().take(BATCH as usize) {
            let decision = ledger.decide(request);
            black_box(ledger.plan(&decision, &facts));
        }
        took.push(begun.elapsed() / BATCH);
    }
    Ok(median(took))
}

/// One with the usual header fields, and a query as a signed URL has it.
fn request(n: u64) -> Result<Request, flaky_server::ParseError> {
    let request = Request::new(Target::new("GET", format!("/file-{n}.tar.gz?expires=1700000000&signature=a%2Fb%2Bc")));
    [
        ("host", "127.0.0.1:8000"),
        ("user-agent", "a-downloader/1.0 (linux; x86_64)"),
        ("accept", "*/*"),
        ("accept-encoding", "gzip, br"),
        ("x-client", "client-7000"),
        ("range", "bytes=1000000-"),
        ("if-range", "\"a-tag\""),
    ]
    .into_iter()
    .try_fold(request, |request, (name, value)| request.with_header(name, value))
}

fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations[durations.len() / 2]
}
