//! Scripts that are made up, from a seed.

use fastrand::Rng;

use super::draft::{Draft, Part};

/// Entries of a script, at most.
const ENTRIES: u32 = 5;

/// The script of this number, of those of this seed: the same wherever it is asked for.
pub(super) fn draft(seed: u64, number: u64, verifies: bool) -> Draft {
    // Seeds that lie side by side are to have nothing in common.
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    let entries = rng.u32(1..=ENTRIES);
    let mut parts: Vec<_> = (0..entries).map(|_| part(&mut rng, verifies)).collect();
    // Nothing can stand behind what lasts for ever.
    if let Some(last) = parts.last_mut().filter(|_| rng.u32(..3) == 0) {
        last.times = None;
    }
    Draft(parts)
}

fn part(rng: &mut Rng, verifies: bool) -> Part {
    let mut terms = fault(rng, verifies);
    if rng.u32(..6) == 0 {
        terms.push("delay=200ms".to_owned());
    }
    Part { terms, times: Some(if rng.u32(..3) == 0 { rng.u32(2..=4) } else { 1 }) }
}

/// Faults that a client can notice; those that it cannot, where it verifies.
fn fault(rng: &mut Rng, verifies: bool) -> Vec<String> {
    let at = match rng.u32(..4) {
        0 => "0".to_owned(),
        1 => "end-1".to_owned(),
        2 => format!("{}%", rng.u32(1..100)),
        _ => rng.u32(1..1_000_000).to_string(),
    };
    let share = format!("{}%", rng.u32(1..100));
    let status = rng.choice([404, 408, 429, 500, 502, 503, 504]).unwrap_or(503);
    let one = |term: String| vec![term];
    let pick = rng.u32(..if verifies { 23 } else { 20 });
    match pick {
        0 | 1 => one(format!("reset-after={at}")),
        2 | 3 => one(format!("truncate-after={at}")),
        4 => vec!["framing=chunked".to_owned(), format!("truncate-after={at}")],
        5 => vec!["framing=close".to_owned(), format!("reset-after={at}")],
        6 => one("reset".to_owned()),
        7 => one("drop".to_owned()),
        8 => one(format!("status={status}")),
        9 => vec![format!("status={status}"), "retry-after=1s".to_owned()],
        10 => one(format!("reset-in-head={share}")),
        11 => one(format!("truncate-in-head={share}")),
        12 => one("ignore-range".to_owned()),
        13 => one("range-start=0".to_owned()),
        14 => one("range-earlier=1kB".to_owned()),
        15 => one("range-later=1".to_owned()),
        16 => one(format!("range-shorter={share}")),
        17 => one("unsatisfiable".to_owned()),
        18 => vec!["revision=2".to_owned(), "ignore-if-range".to_owned()],
        19 => one("interim=103".to_owned()),
        20 => one(format!("corrupt-after={share}")),
        21 => one(format!("short-body={share}")),
        _ => one("login-page".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use flaky_server::Script;

    use super::*;

    #[test]
    fn each_can_be_played_and_is_always_the_same() {
        for number in 0..2_000 {
            let text = draft(7, number, true).to_string();
            assert!(text.parse::<Script>().is_ok(), "{text}");
            assert_eq!(text, draft(7, number, true).to_string());
        }
        assert_ne!(draft(7, 0, true), draft(8, 0, true));
    }
}
