//! Which terms may stand in one entry.

use super::{
    Area, Fault, TermKind,
    spec::{Role, Sets},
};
use crate::decision::suggest::one_of;

/// What is wrong with the company of a term.
#[derive(Debug)]
pub(in crate::decision) struct Clash {
    /// The position of the term in its entry.
    pub(in crate::decision) term: usize,
    pub(in crate::decision) message: String,
}

/// Checks that all terms can happen in one exchange.
pub(in crate::decision) fn check(terms: &[Fault]) -> Result<(), Clash> {
    let resumes = terms.iter().any(|t| t.spec.name == "stall-for");
    for (term, second) in terms.iter().enumerate() {
        for first in &terms[..term] {
            if let Some(why) = clash(first, second, resumes) {
                return Err(Clash { term, message: why });
            }
        }
    }
    for (term, modifier) in terms.iter().enumerate() {
        let needs = modifier.spec.needs();
        if !needs.is_empty() && !terms.iter().any(|t| needs.contains(&t.spec.name)) {
            let message = format!("`{}` needs {} beside it", modifier.spec.name, one_of(&needs));
            return Err(Clash { term, message });
        }
    }
    Ok(())
}

/// Why two terms cannot stand in one entry; both names are in it.
fn clash(first: &Fault, second: &Fault, resumes: bool) -> Option<String> {
    let framing = [first, second].into_iter().find(|term| term.spec.name == "framing");
    let has_chunks = framing.is_none_or(Fault::makes_chunks);
    let again = !first.spec.repeats || first.value == second.value;
    let against = (first.spec.against)(second).or_else(|| (second.spec.against)(first));
    let sets = (first.sets(), second.sets());
    let (first, second) = (first.spec, second.spec);
    let (a, b) = (first.name, second.name);
    if a == b {
        return again.then(|| format!("`{a}` stands here twice"));
    }
    let together = |why: &str| Some(format!("`{a}` and `{b}` cannot stand together: {why}"));
    let (ok, other) = if first.role == Role::Nothing { (a, second) } else { (b, first) };
    if [first.role, second.role].contains(&Role::Nothing) && other.kind == TermKind::Fault {
        return together(&format!("`{ok}` means that nothing goes wrong"));
    }
    let (early, late) = if first.role == Role::Connection { (first, second) } else { (second, first) };
    if early.role == Role::Connection && !matches!(late.role, Role::Connection | Role::Wait) {
        return together(&format!("`{}` happens before there is a request", early.name));
    }
    if late.role == Role::Connection {
        return together("each decides about the connection");
    }
    if sets.0 != Sets::Nothing && sets.0 == sets.1 {
        return together(&format!("each sets {}", sets.0));
    }
    if let Some(why) = against {
        return together(why);
    }
    for one in [first, second] {
        if one.area == Area::Chunked && !has_chunks {
            return together(&format!("`{}` needs `framing=chunked`", one.name));
        }
    }
    let ends = |role| match role {
        Role::Break | Role::NoReply => true,
        Role::Stall => !resumes,
        Role::Connection | Role::MadeUp | Role::Nothing | Role::Range | Role::Reply | Role::Revision | Role::Wait => {
            false
        }
    };
    if ends(first.role) && ends(second.role) {
        return together("each ends the exchange");
    }
    match (first.role, second.role) {
        (Role::MadeUp, Role::Range | Role::Revision) => together(&format!("`{a}` sends nothing of the file")),
        (Role::Range | Role::Revision, Role::MadeUp) => together(&format!("`{b}` sends nothing of the file")),
        (Role::Range, Role::Range) => together("each decides about the range"),
        (Role::Stall, Role::Stall) => together("a reply stalls once"),
        (Role::NoReply, Role::MadeUp | Role::Range | Role::Reply | Role::Stall | Role::Revision) => {
            together(&format!("`{a}` sends no reply"))
        }
        (Role::MadeUp | Role::Range | Role::Reply | Role::Stall | Role::Revision, Role::NoReply) => {
            together(&format!("`{b}` sends no reply"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::decision::{Entry, reference};

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<Entry>().unwrap_err().message(), expected);
    }

    #[test]
    fn what_cannot_happen_together_is_an_error() {
        check_error(
            "reset-after=1 truncate-after=2",
            "`reset-after` and `truncate-after` cannot stand together: each ends the exchange",
        );
        check_error(
            "stall-after=1 reset-at=2",
            "`stall-after` and `reset-at` cannot stand together: each ends the exchange",
        );
        check_error("drop hang", "`drop` and `hang` cannot stand together: each ends the exchange");
        check_error(
            "stall-after=1 stall-at=2 stall-for=1s",
            "`stall-after` and `stall-at` cannot stand together: a reply stalls once",
        );
        check_error("status=503 drop", "`status` and `drop` cannot stand together: `drop` sends no reply");
        check_error("reset framing=chunked", "`reset` and `framing` cannot stand together: `reset` sends no reply");
        check_error(
            "hang stall-after=1 stall-for=1s",
            "`hang` and `stall-after` cannot stand together: `hang` sends no reply",
        );
        check_error("ok delay=1s", "`ok` and `delay` cannot stand together: `ok` means that nothing goes wrong");
        check_error("delay=1s ok", "`delay` and `ok` cannot stand together: `ok` means that nothing goes wrong");
        check_error("delay=1s delay=2s", "`delay` stands here twice");
        check_error("header-line=a:b header-line=a:b", "`header-line` stands here twice");
        check_error(
            "ignore-range unsatisfiable",
            "`ignore-range` and `unsatisfiable` cannot stand together: each decides about the range",
        );
        check_error(
            "revision=2 status=503",
            "`revision` and `status` cannot stand together: `status` sends nothing of the file",
        );
        check_error(
            "reset-on-accept accept",
            "`reset-on-accept` and `accept` cannot stand together: each decides about the connection",
        );
        for other in ["status=503", "drop", "reset-after=1", "framing=close", "throttle=1B/s"] {
            let name = other.split('=').next().unwrap();
            let why = "cannot stand together: `hang-on-accept` happens before there is a request";
            check_error(&format!("{other} hang-on-accept"), &format!("`{name}` and `hang-on-accept` {why}"));
        }
        check_error("accept ok", "`accept` and `ok` cannot stand together: `accept` happens before there is a request");
        check_error(
            "throttle=1kB/s drip=1kB/1s",
            "`throttle` and `drip` cannot stand together: each sets the pace of the body",
        );
        check_error(
            "zeros-after=1 splice=/a@5",
            "`zeros-after` and `splice` cannot stand together: each sets what is sent from there on",
        );
        check_error(
            "gzip=1 status=503",
            "`gzip` and `status` cannot stand together: `status` sends nothing of the file",
        );
        check_error("range-start=0 drop", "`range-start` and `drop` cannot stand together: `drop` sends no reply");
    }

    #[test]
    fn modifiers_need_something_to_modify() {
        check_error("burst=1kB", "`burst` needs `throttle` beside it");
        check_error("retry-after=1s", "`retry-after` needs `status` beside it");
        check_error(
            "stall-for=1s delay=1s",
            "`stall-for` needs `stall-after`, `stall-at`, `stall-in-head` or `stall-in-trailer` beside it",
        );
        check_error(
            "hang pause=1s",
            "`pause` needs `drop`, `reset`, `reset-after`, `reset-at`, `reset-in-head`, `reset-in-trailer`, \
             `truncate-after`, `truncate-at`, `truncate-in-head` or `truncate-in-trailer` beside it",
        );
    }

    #[test]
    fn what_can_happen_together_is_an_entry() {
        for text in [
            "stall-after=1MB stall-for=5s reset-after=2MB",
            "delay=1s pause=1s drop",
            "delay=1s hang",
            "reset-on-accept delay=1s",
            "accept",
            "ok framing=chunked",
            "framing=close",
            "revision=2 ignore-range reset-after=50%",
            "status=302 location=/a",
            "redirects=3 revision=2 ignore-range reset-after=50%",
            "status=200 content-type=text/html body=a header-line=a:b",
            "header-line=a:b header-line=a:c",
            "status=503 content-type=text/html content-encoding=gzip",
            "gzip=2 short-body=50% revision=2 zeros-after=1 corrupt-bytes=2 corrupt-after=1 corrupt-at=1",
            "splice=/a@1 drip=1kB/1s reset-after=2",
            "status=503 retry-after=2s throttle=1kB/s corrupt-at=5 delay=1s truncate-after=10 pause=1s",
        ] {
            assert_eq!(text.parse::<Entry>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_order_of_two_terms_does_not_matter() {
        let examples: Vec<&str> = reference().map(|spec| spec.example()).collect();
        for a in &examples {
            for b in &examples {
                let ab = format!("{a} {b}").parse::<Entry>().is_ok();
                let ba = format!("{b} {a}").parse::<Entry>().is_ok();
                assert_eq!(ab, ba, "{a} {b}");
            }
        }
    }
}
