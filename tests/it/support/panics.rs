//! Notices panics on the server's threads, which would otherwise only cost a connection.

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics on the server's threads from now on.
pub(crate) fn count_panics() {
    static HOOK: Once = Once::new();

    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name().is_some_and(|name| name.starts_with("flaky-server")) {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            before(info);
        }));
    });
}

#[track_caller]
pub(crate) fn no_panics() {
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "panics on the server's threads");
}
