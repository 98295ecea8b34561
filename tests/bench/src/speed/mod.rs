//! The speed table: ours beside others, in one run on one machine.

mod build;
mod crowd;
mod large;
mod many;
mod measure;
mod resets;
mod small;
mod start;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;

pub(crate) use many::{Args as StartsArgs, starts};
use table::{Row, Table};

use crate::peer::{Flaky, Site, StaticWebServer};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Measure this row alone; may be repeated. [default: all but `build`]
    #[arg(long, value_enum)]
    only: Vec<What>,
    /// Runs of each measurement, interleaved; the table has their medians.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Print the table as Markdown.
    #[arg(long)]
    markdown: bool,
    /// The static-web-server to compare with. [default: the one in PATH]
    #[arg(long)]
    static_web_server: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum What {
    Large,
    Huge,
    Small,
    Resets,
    Start,
    Many,
    Crowd,
    /// Cold builds: minutes, and the network.
    Build,
}

impl What {
    const DEFAULT: [Self; 7] =
        [Self::Large, Self::Huge, Self::Small, Self::Resets, Self::Start, Self::Many, Self::Crowd];
}

/// What all rows have in common.
struct Bench {
    runs: u32,
    site: Site,
    flaky: Flaky,
    static_web_server: Result<StaticWebServer, String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    // Where the limit stays low, the row that needs it says so.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let flaky = match Flaky::build() {
        Ok(flaky) => flaky,
        Err(reason) => bail!(reason),
    };
    let bench = Bench {
        runs: args.runs,
        site: Site::new()?,
        flaky,
        static_web_server: StaticWebServer::find(args.static_web_server.as_deref()),
    };
    let mut table = Table::default();
    let rows = if args.only.is_empty() { &What::DEFAULT[..] } else { &args.only };
    for what in rows {
        let started = Instant::now();
        let measured: anyhow::Result<Vec<Row>> = match what {
            What::Large => large::large(&bench),
            What::Huge => large::huge(&bench),
            What::Small => small::small(&bench),
            What::Resets => resets::resets(&bench),
            What::Start => start::start(&bench),
            What::Many => many::many(&bench),
            What::Crowd => crowd::crowd(&bench),
            What::Build => build::build(&bench),
        };
        // One row that cannot be measured does not cost the others.
        let rows = measured.unwrap_or_else(|error| vec![Row::failed(what, &error)]);
        // As it comes: the rest may take minutes.
        eprintln!("{what:?}, {:.0?}", started.elapsed());
        rows.iter().for_each(|row| eprintln!("  {}", row.line()));
        table.add(rows);
    }
    table.print(args.markdown);
    Ok(ExitCode::SUCCESS)
}
