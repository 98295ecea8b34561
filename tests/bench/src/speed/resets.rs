//! Exact resets, beside complete replies.

use std::time::Duration;

use super::Bench;
use super::large::row;
use super::measure::{Subject, interleave};
use super::table::{Row, Target, Unit};
use crate::client::End;
use crate::load::fresh;
use crate::peer::Site;

const CLIENTS: usize = 32;

const RUN: Duration = Duration::from_secs(1);

/// Resets behind 1 KiB of a larger file, and complete replies of 1 KiB, each on a new connection.
pub(super) fn resets(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let root = bench.site.root();
    let mut subjects = [
        Subject::new("resets", Ok(bench.flaky.start(root, &["--reset-after", "1KiB"])?)),
        Subject::new("complete replies", Ok(bench.flaky.start(root, &[])?)),
    ];
    let broken = subjects[0].server.as_ref().map(crate::peer::Running::addr).ok();
    interleave(&mut subjects, bench.runs, |server| {
        let is_broken = Some(server.addr()) == broken;
        let (path, end) = if is_broken { (Site::BROKEN, End::Reset) } else { (Site::SMALL, End::Eof) };
        Ok(vec![fresh(server.addr(), path, (Site::SMALL_LEN, end), CLIENTS, RUN)?])
    })?;
    let [resets, complete] = &subjects;
    let what = "exact resets behind 1 KiB, a new connection each";
    Ok(vec![row(what, Unit::PerSecond, 0, (resets, complete), Target::AtLeast(0.85))])
}
