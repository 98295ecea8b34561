//! The server process.

use std::io::Read as _;
use std::process::ExitCode;

use flaky_server::{End, FlakyServer, Limits, Rule, matchers::path};

/// Bytes before the reset; the path that is reset there is named after the number.
pub(crate) const OFFSETS: [u64; 6] = [0, 1, 1_000, 65_536, 100_000, 262_144];

/// Bytes of the fixture.
const LEN: usize = 262_144;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Records that the journal keeps.
    #[arg(long)]
    journal: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let limits = Limits { journal: args.journal, ..Limits::default() };
    let mut builder = FlakyServer::builder().limits(limits);
    for offset in OFFSETS {
        let url = format!("/{offset}");
        builder = builder
            .rule(Rule::when(path(&url)).script(&format!("reset-after={offset} x*"))?)
            .serve_bytes(url, vec![b'x'; LEN]);
    }
    let server = builder.start()?;
    println!("{}", server.addr());
    std::io::stdin().read_to_end(&mut Vec::new())?;

    let exchanges = server.shutdown().exchanges();
    let inexact = exchanges.iter().filter(|exchange| {
        let planned = exchange.path_and_query().trim_start_matches('/').parse().ok();
        exchange.end != Some(End::Rst) || exchange.body_acked != planned
    });
    println!("{} {}", exchanges.len(), inexact.count());
    Ok(ExitCode::SUCCESS)
}
