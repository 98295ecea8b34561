//! The nearest right spelling.

/// The candidates that `word` may have been meant to be, the best first, at most three.
///
/// They are those that it is the beginning of (`stall` for `stall-after`), or else the one that is spelt alike.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    const ALIKE: f64 = 0.8;
    // To compare takes as long as both are, multiplied; nothing that is longer was meant to be one word.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return Vec::new();
    }
    let word = word.to_ascii_lowercase().replace('_', "-");
    let (mut begun, mut best) = (Vec::new(), None::<(f64, &str)>);
    for candidate in candidates.filter(|candidate| candidate.len() <= LONGEST) {
        if candidate == word {
            return vec![candidate];
        }
        if candidate.strip_prefix(&word).is_some_and(|rest| rest.starts_with('-')) {
            begun.push(candidate);
        }
        let alike = strsim::jaro_winkler(&word, candidate);
        if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, candidate));
        }
    }
    if begun.is_empty() {
        begun.extend(best.map(|(_, candidate)| candidate));
    }
    begun.truncate(3);
    begun
}

/// ``did you mean `a` or `b`?``, or nothing if there is nothing to suggest.
pub(crate) fn did_you_mean(candidates: &[impl AsRef<str>]) -> Option<String> {
    (!candidates.is_empty()).then(|| format!("did you mean {}?", one_of(candidates)))
}

/// `` `a`, `b` or `c` ``.
pub(super) fn one_of(words: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{}`", w.as_ref())).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["reset", "reset-after", "reset-at", "stall-after", "stall-at"];

    #[track_caller]
    fn check(word: &str, expected: &[&str]) {
        assert_eq!(nearest(word, NAMES.into_iter()), expected);
    }

    #[test]
    fn near_misses_are_found() {
        check("reset-afer", &["reset-after"]);
        check("RESET_AFTER", &["reset-after"]);
        check("stall", &["stall-after", "stall-at"]);
        check("rset", &["reset"]);
        check("banana", &[]);
    }

    #[test]
    fn nothing_is_suggested_for_what_is_no_word() {
        let long = "reset-after".repeat(6);
        check(&long, &[]);
        assert_eq!(nearest("reset-after", [&*long].into_iter()), [""; 0]);
        assert_eq!(nearest(&long[1..], [&*long].into_iter()), [""; 0]);
    }

    #[test]
    fn suggestions_read_as_a_sentence() {
        assert_eq!(did_you_mean(&["a", "b", "c"]).unwrap(), "did you mean `a`, `b` or `c`?");
        assert_eq!(did_you_mean(&[""; 0]), None);
    }
}
