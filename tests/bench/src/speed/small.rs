//! A small file over persistent connections, with everything recorded.

use std::time::Duration;

use super::Bench;
use super::large::row;
use super::measure::{Subject, interleave};
use super::table::{Row, Target, Unit};
use crate::load::keep_alive;
use crate::peer::{Mock, Site, nginx};

const CONNECTIONS: usize = 32;

/// Threads of the client.
const THREADS: usize = 1;

const RUN: Duration = Duration::from_millis(700);

pub(super) fn small(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let root = bench.site.root();
    let written = root.with_extension("journal");
    let arguments = ["--journal", &written.to_string_lossy()];
    let mut subjects = [
        Subject::new("ours", Ok(bench.flaky.start(root, &[])?)),
        Subject::new("nginx", nginx(root)),
        Subject::new(Mock::Wiremock.name(), Mock::Wiremock.start()),
        Subject::new(Mock::Httpmock.name(), Mock::Httpmock.start()),
        Subject::new("ours, with --journal FILE", Ok(bench.flaky.start(root, &arguments)?)),
    ];
    let measured = interleave(&mut subjects, bench.runs, |server| {
        Ok(vec![keep_alive(server.addr(), Site::SMALL, CONNECTIONS, THREADS, RUN)?])
    });
    let [ours, nginx, wiremock, httpmock, written_too] = &subjects;
    let what = "1 KiB file, keep-alive, 32 connections, journal on: requests per second";
    let rows = measured.map(|()| {
        vec![
            row(what, Unit::PerSecond, 0, (ours, nginx), Target::AtLeast(1.0)),
            row("the same", Unit::PerSecond, 0, (ours, wiremock), Target::AtLeast(3.0)),
            row("the same", Unit::PerSecond, 0, (ours, httpmock), Target::AtLeast(1.1)),
            row(
                "the same, the journal also written to a file",
                Unit::PerSecond,
                0,
                (written_too, nginx),
                Target::AtLeast(1.0),
            ),
        ]
    });
    drop(subjects);
    // It is beside the site, and goes with it.
    let _ = std::fs::remove_file(written);
    rows
}
