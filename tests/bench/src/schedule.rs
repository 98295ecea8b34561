//! A schedule file with many rules: how long it takes to load, and a server with it to start and to answer.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::ensure;
use flaky_server::{FlakyServer, ScheduleFile};

use crate::client::{End, fetch};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rules in the file.
    #[arg(long, default_value_t = 10_000)]
    rules: usize,
    /// How many milliseconds loading may take.
    #[arg(long, default_value_t = 1_000)]
    within: u64,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let mut text = String::from("seed = 1\n\n[scripts]\nblip = \"truncate-after=50% x2, ok\"\n");
    for i in 0..args.rules {
        write!(text, "\n[[rules]]\nmatch = \"GET /{i}/*.tar.gz\"\nfirst = 2\n")?;
        writeln!(text, "{}", if i % 2 == 0 { "use-script = \"blip\"" } else { "script = \"reset-after=1MB x2, ok\"" })?;
    }
    text += "\n[[fixtures]]\npath = \"/last/app.bin\"\ntext = \"0123456789\"\n";
    text += "\n[[rules]]\nmatch = \"/last/*\"\nuse-script = \"blip\"\n";
    let mut within = true;
    for (name, text) in [("toml", text.clone()), ("json", json(&text)?)] {
        let path = folder.path().join("many").with_extension(name);
        std::fs::write(&path, &text)?;
        let begun = Instant::now();
        let file = ScheduleFile::load(&path)?;
        let loaded = begun.elapsed();
        ensure!(file.rules().len() == args.rules + 1, "{} rules", file.rules().len());
        let server = FlakyServer::builder().schedule_file(&file).start()?;
        let started = begun.elapsed();
        ensure!(matches!(fetch(server.addr(), "/last/app.bin")?, (5, End::Eof)), "the last rule decides");
        println!(
            "{name}: {} rules, {} bytes: loaded in {} ms, served after {} ms",
            args.rules,
            text.len(),
            loaded.as_millis(),
            started.as_millis()
        );
        within &= loaded <= Duration::from_millis(args.within);
    }
    Ok(if within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same file in JSON.
fn json(text: &str) -> anyhow::Result<String> {
    let table: toml::Table = text.parse()?;
    Ok(serde_json::to_string_pretty(&table)?)
}
