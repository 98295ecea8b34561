//! What the reference shows is on the wire, and on its page.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flaky_server::verify::{self, Row};

/// So many are checked at once.
const THREADS: usize = 8;

const PAGE: &str = include_str!("../../src/docs/reference.md");

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn every_show_holds() {
    let rows: Vec<Row> = verify::all().collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = row.check() {
                        wrong.lock().unwrap().push(format!("{}: {error}", row.spec().name()));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(rows.len() > 40, "{}", rows.len());
    assert!(wrong.is_empty(), "{} of {} do not hold:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Fault, spelling and wire of a row of the page.
fn cells(line: &str) -> Option<[String; 3]> {
    let mut cells = line.strip_prefix("| `")?.split(" | ");
    // Behind the fault there may be words.
    let fault = cells.next()?.split('`').next()?.replace("\\|", "|");
    let mut typed = || Some(cells.next()?.trim_matches(['`', ' ']).replace("\\|", "|"));
    Some([fault, typed()?, typed()?])
}

#[test]
fn the_page_has_every_show() {
    let mut rows: Vec<Row> = verify::all().collect();
    rows.sort_by_key(|row| row.spec().area());
    let expected: Vec<[String; 3]> = rows
        .iter()
        .map(|row| {
            let (spec, show) = (row.spec(), row.show());
            let value = spec.value().map(|value| format!("={value}")).unwrap_or_default();
            [spec.name().to_owned() + &value, show.entry.to_owned(), show.wire.to_owned()]
        })
        .collect();
    let found: Vec<[String; 3]> = PAGE.lines().skip_while(|line| !line.starts_with("# ")).filter_map(cells).collect();
    let missing: Vec<_> = expected.iter().filter(|row| !found.contains(row)).collect();
    let surplus: Vec<_> = found.iter().filter(|row| !expected.contains(row)).collect();
    let anew = "make src/docs/reference.md anew: its first lines say how";
    assert!(missing.is_empty() && surplus.is_empty(), "{anew}; missing: {missing:?}, surplus: {surplus:?}");
    assert!(found == expected, "{anew}; the order is another one");
}
