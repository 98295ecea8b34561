//! Thousands of slow readers, and a fault for half of them.

use std::fs;
use std::path::Path;

use anyhow::ensure;

use super::Bench;
use super::measure::median;
use super::table::{Row, Target, Unit};
use crate::load::{self, Crowd};
use crate::peer::{Running, Site, nginx, socket_memory, usage};

const CONNECTIONS: usize = 5_000;

/// Where half of the replies are reset.
const RESET_AT: u64 = 700_001;

pub(super) fn crowd(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let files = rlimit::getrlimit(rlimit::Resource::NOFILE)?.0;
    ensure!(files > CONNECTIONS as u64 + 100, "the limit of open files is {files}");
    let root = bench.site.root();
    let journal = root.with_extension("journal");
    let rule = format!("{}: reset-after={RESET_AT} x*", Site::BROKEN);
    let arguments = ["--journal", &journal.to_string_lossy(), "--rule", &rule];
    let (mut ours, mut theirs, mut missing) = (Vec::new(), Vec::new(), None);
    let (mut our_sockets, mut their_sockets) = (Vec::new(), Vec::new());
    let (mut exact, mut whole, mut recorded, mut failures) = (0, 0, 0, Vec::new());
    for _ in 0..bench.runs {
        let server = bench.flaky.start(root, &arguments)?;
        let (memory, sockets, crowd) = peak(&server, [(Site::SLOW, None), (Site::BROKEN, Some(RESET_AT))])?;
        server.stop()?;
        ours.push(memory);
        our_sockets.push(sockets);
        recorded += exact_in_journal(&journal)?;
        exact += crowd.exact;
        whole += crowd.whole;
        failures.extend(crowd.failures);
        match nginx(root) {
            Ok(server) => {
                let (memory, sockets, _) = peak(&server, [(Site::SLOW, None), (Site::BROKEN, None)])?;
                theirs.push(memory);
                their_sockets.push(sockets);
            }
            Err(reason) => missing = Some(reason),
        }
    }
    fs::remove_file(&journal)?;
    for failure in failures.iter().take(5) {
        eprintln!("crowd: {failure}");
    }
    let (what, target) = ("5,000 slow readers of 1 MiB, a reset for half: memory", Target::AtMost(1.2));
    let half = CONNECTIONS / 2 * usize::try_from(bench.runs)?;
    let text = format!("{exact} exact resets, {recorded} in the journal, {whole} whole, {} failures", failures.len());
    let holds = exact == half && recorded == half && whole == half && failures.is_empty();
    let sockets = format!("the kernel's sockets, both ends: {:.0} MB", median(our_sockets) / 1e6);
    let their_sockets = format!("nginx: {:.0} MB", median(their_sockets) / 1e6);
    Ok(vec![
        match missing {
            None => Row::ratio(what, Unit::Bytes, median(ours), ("nginx, no resets", median(theirs)), target),
            Some(reason) => Row::missing(what, Unit::Bytes, median(ours), "nginx", &reason, target),
        },
        Row::told("the same: not in the memory above", sockets, their_sockets),
        Row::check("the same: exactness, of all runs", text, &format!("{half} of each, 0 failures"), holds),
    ])
}

/// The most memory that the server had meanwhile, and the kernel for sockets; and what a crowd got.
fn peak(server: &Running, wishes: [load::Wish<'_>; 2]) -> anyhow::Result<(f64, f64, Crowd)> {
    let (mut most, mut sockets) = (0, 0);
    let crowd = load::crowd(server.addr(), CONNECTIONS, wishes, Site::SLOW_LEN, || {
        most = most.max(usage(server.pid()).memory);
        sockets = sockets.max(socket_memory());
    })?;
    Ok((most as f64, sockets as f64, crowd))
}

/// How many exchanges the journal has that were reset by the server behind exactly the right byte.
fn exact_in_journal(journal: &Path) -> anyhow::Result<usize> {
    let text = fs::read_to_string(journal)?;
    let mut exact = 0;
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let is = |key: &str, value: serde_json::Value| record[key] == value;
        exact += usize::from(
            is("kind", "exchange".into())
                && is("end", "rst".into())
                && is("by", "server".into())
                && is("applied", true.into())
                && is("body_acked", RESET_AT.into()),
        );
    }
    Ok(exact)
}
