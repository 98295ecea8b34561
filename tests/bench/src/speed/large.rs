//! Large files: one client that reads to nowhere.

use super::Bench;
use super::measure::{Subject, interleave};
use super::table::{Row, Target, Unit};
use crate::load::pour;
use crate::peer::{Site, nginx, usage};

/// 128 MiB, which caches hold.
pub(super) fn large(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    // So often that processor time, told in hundredths of a second, says something.
    let times = 16;
    bench.site.add(Site::LARGE, 128)?;
    let flaky = bench.flaky.start(bench.site.root(), &[])?;
    let mut subjects = [Subject::new("ours", Ok(flaky)), Subject::new("nginx", nginx(bench.site.root()))];
    interleave(&mut subjects, bench.runs, |server| {
        let before = usage(server.pid()).cpu;
        let rate = pour(server.addr(), Site::LARGE, times)?;
        let cpu = usage(server.pid()).cpu - before;
        Ok(vec![rate, cpu.as_secs_f64() / (f64::from(times) / 8.0)])
    })?;
    let [ours, nginx] = &subjects;
    Ok(vec![
        row("128 MiB, one client: bytes per second", Unit::BytesPerSecond, 0, (ours, nginx), Target::AtLeast(1.3)),
        row("the same: server CPU per GiB", Unit::Seconds, 1, (ours, nginx), Target::AtMost(0.8)),
    ])
}

/// 1 GiB, which our cache does not hold.
pub(super) fn huge(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    bench.site.add(Site::HUGE, 1024)?;
    let root = bench.site.root();
    let flaky = bench.flaky.start(root, &[])?;
    let static_web_server = bench.static_web_server.as_ref().map_err(Clone::clone).and_then(|it| it.start(root));
    let mut subjects = [
        Subject::new("ours", Ok(flaky)),
        Subject::new("nginx", nginx(root)),
        Subject::new("static-web-server", static_web_server),
    ];
    interleave(&mut subjects, bench.runs, |server| Ok(vec![pour(server.addr(), Site::HUGE, 1)?]))?;
    let [ours, nginx, static_web_server] = &subjects;
    let what = "1 GiB, beyond the cache: bytes per second";
    Ok(vec![
        row(what, Unit::BytesPerSecond, 0, (ours, nginx), Target::AtLeast(0.9)),
        row(what, Unit::BytesPerSecond, 0, (ours, static_web_server), Target::AtLeast(1.4)),
    ])
}

/// A row of one measurement of two subjects.
pub(super) fn row(what: &str, unit: Unit, index: usize, (ours, peer): (&Subject, &Subject), target: Target) -> Row {
    match &peer.server {
        Ok(_) => Row::ratio(what, unit, ours.median(index), (peer.name, peer.median(index)), target),
        Err(reason) => Row::missing(what, unit, ours.median(index), peer.name, reason, target),
    }
}
