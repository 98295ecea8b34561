//! What the reference shows is on the wire.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flaky_server::verify::{self, Row};

/// So many are checked at once.
const THREADS: usize = 8;

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
