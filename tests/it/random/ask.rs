//! What is asked for, and what is to happen then.

use std::fmt;
use std::sync::OnceLock;

use flaky_server::{Entry, Rule, Schedule, decision::reference};

use crate::support::{Request, Rng, content, vocabulary};

const KIB: usize = 1024;

/// The fixtures, and how often each is asked for.
const FIXTURES: [(&str, usize, usize); 6] = [
    ("/empty", 0, 1),
    ("/byte", 1, 1),
    ("/kilo", 1000, 8),
    ("/some", 20 * KIB, 6),
    ("/more", 300 * KIB, 3),
    ("/most", KIB * KIB, 1),
];

/// Paths, and what is served there.
pub(super) fn fixtures() -> &'static [(&'static str, &'static [u8])] {
    static BODIES: OnceLock<Vec<(&str, &[u8])>> = OnceLock::new();

    BODIES.get_or_init(|| FIXTURES.iter().map(|&(path, len, _)| (path, content(len))).collect())
}

/// With these terms a message does not end where its head says so: what comes behind it may look like the next one.
const LIES: [&str; 5] = ["content-length", "extra-bytes", "header-line", "second-response", "short-body"];

/// What one client asks for.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) request: Request,
    pub(super) target: String,
    pub(super) range: Option<String>,
    /// What happens to the request; `None` where something happens to a connection instead.
    pub(super) entry: Option<Entry>,
    /// What happens to some new connection.
    pub(super) on_connect: Option<Entry>,
    /// Leaves the connection to the next request, if the reply does.
    pub(super) keeps: bool,
    /// Resets the connection where it has to leave by itself.
    pub(super) resets: bool,
    /// Opens another connection before, and leaves it without a word.
    pub(super) idles: bool,
}

impl Ask {
    /// The `i`th of the run with this seed.
    pub(super) fn new(seed: u64, i: u64) -> Self {
        let mut rng = Rng(seed);
        let mut rng = Rng(rng.next() ^ i);
        let terms = reference().len() as u64;
        let spec = reference().nth((i % terms) as usize).expect("a term");
        let paths: Vec<&str> = FIXTURES.iter().map(|(path, ..)| *path).collect();
        let about = vocabulary::About { paths: &paths, len: (KIB * KIB) as u64 };
        let planned = vocabulary::entry(spec, about, &mut |end| rng.below(end));
        let (entry, on_connect) =
            if is_about_requests(&planned) { (Some(planned), None) } else { (None, Some(planned)) };

        let all: Vec<usize> = (0..FIXTURES.len()).flat_map(|n| vec![n; FIXTURES[n].2]).collect();
        let (path, len, _) = FIXTURES[all[rng.below(all.len() as u64) as usize]];
        let method = if rng.below(8) == 0 { "HEAD" } else { "GET" };
        let target = format!("{path}?i={i}");
        let mut request = Request::new(method, &target);
        let range = (rng.below(3) == 0).then(|| range(len as u64, &mut rng));
        if let Some(range) = &range {
            request = request.range(range);
        }
        if rng.below(10) == 0 {
            request = request.header("Connection", "close");
        }
        if rng.below(20) == 0 {
            request = request.http10();
        }
        let target = format!("{method} {target}");
        let (keeps, resets, idles) = (rng.below(2) == 0, rng.below(8) == 0, rng.below(50) == 0);
        Self { request, target, range, entry, on_connect, keeps, resets, idles }
    }

    /// Whether something is to go wrong with the request.
    pub(super) fn is_faulty(&self) -> bool {
        self.entry.as_ref().is_some_and(Entry::has_fault)
    }

    /// Whether the reply is to lie about its end.
    pub(super) fn is_lied_to(&self) -> bool {
        let terms = self.entry.as_ref().map(Entry::terms).unwrap_or_default();
        terms.iter().any(|term| LIES.contains(&term.spec().name()))
    }

    /// The text of its plan.
    pub(super) fn plan(&self) -> &str {
        self.entry.as_ref().map_or("ok", Entry::as_str)
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request.head().escape_ascii(), self.plan())
    }
}

/// Whether this can happen to some requests only: a connection has none of what rules go by.
fn is_about_requests(entry: &Entry) -> bool {
    let rule = format!("GET /empty query=i=1: {entry}").parse::<Rule>();
    rule.is_ok_and(|rule| Schedule::new([rule], 0).is_ok())
}

/// One or two ranges, not all of which are there.
fn range(len: u64, rng: &mut Rng) -> String {
    let mut one = || {
        let from = rng.below(len + 2);
        match rng.below(4) {
            0 => format!("-{}", rng.below(len + 2)),
            1 => format!("{from}-"),
            _ => format!("{from}-{}", from + rng.below(len + 2)),
        }
    };
    let first = one();
    let second = one();
    if rng.below(6) == 0 { format!("bytes={first},{second}") } else { format!("bytes={first}") }
}
