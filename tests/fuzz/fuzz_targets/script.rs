//! Arbitrary text as a script, a rule, rules, an entry, a term, a downtime; what can be read is played against arbitrary
//! requests and replies.
//!
//! The text is what stands before the first byte 0xff, which UTF-8 does not have; what follows it are the facts.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use flaky_fuzz::{mutate, script_words};
use flaky_server::decision::{Ledger, Limits, Plan, ReplyFacts, Step, lower};
use flaky_server::{
    ByteSize, Downtime, Drip, Entry, Fault, Framing, Length, Offset, ParseError, Probability, Rate, Request, Rule,
    Schedule, Script, Target,
};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static WORDS: LazyLock<Vec<String>> = LazyLock::new(script_words);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(&WORDS, data, size, max_size, seed)
});

#[derive(Arbitrary, Debug, Default)]
struct Facts {
    seed: u64,
    targets: u8,
    runs: u8,
    attempts: Vec<Attempt>,
}

#[derive(Arbitrary, Debug)]
struct Attempt {
    method: u8,
    path: u8,
    text: Vec<u8>,
    header: Option<(u8, Vec<u8>)>,
    nth: u8,
    resend: bool,
    elapsed: u16,
    reply: Reply,
    release: bool,
}

/// Any numbers, whether or not they go together.
#[derive(Arbitrary, Debug, Default)]
struct Reply {
    start: u64,
    len: u64,
    total: u64,
    /// Most numbers would be near the largest one.
    shift: u8,
    has_body: bool,
    ranged: bool,
}

impl Reply {
    fn facts(&self) -> ReplyFacts {
        let shift = u32::from(self.shift % 64);
        let Self { start, len, total, has_body, ranged, .. } = *self;
        ReplyFacts { start: start >> shift, len: len >> shift, total: total >> shift, has_body, ranged }
    }
}

impl Attempt {
    fn request(&self) -> Request {
        let methods: [&[u8]; 4] = [b"GET", b"HEAD", b"POST", &self.text];
        let paths: [&[u8]; 4] = [b"/a.gz", b"/a.gz?v=1", b"/b/c", &self.text];
        // No request comes without a method.
        let method = Some(methods[usize::from(self.method) % 4]).filter(|method| !method.is_empty());
        let target = Target::new(method.unwrap_or(b"PUT"), paths[usize::from(self.path) % 4]);
        let request = Request::new(target).with_nth(self.nth.into()).with_resend(self.resend);
        let request = request.with_elapsed(Duration::from_millis(self.elapsed.into()));
        let Some((name, value)) = &self.header else { return request };
        let name = ["range", "authorization", "x"][usize::from(*name) % 3];
        request.clone().with_header(name, value).unwrap_or(request)
    }
}

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|&byte| byte == 0xff).unwrap_or(data.len());
    let text = String::from_utf8_lossy(&data[..end]);
    let facts = data.get(end + 1..).unwrap_or_default();
    let facts = Facts::arbitrary_take_rest(Unstructured::new(facts)).unwrap_or_default();

    words(&text);
    parses::<Fault>(&text);
    parses::<Downtime>(&text);
    let mut entries: Vec<Entry> = parses::<Entry>(&text).into_iter().collect();
    if let Some(script) = parses::<Script>(&text) {
        entries.extend(script.entries().map(|(entry, _)| entry.clone()));
        let n = facts.seed;
        assert_eq!(script.get(0), None);
        let _ = (script.get(n), script.get(u64::MAX));
        play(vec![Rule::any().script(&text).expect("the script was read")], &facts);
    }
    parses::<Rule>(&text);
    match Schedule::parse_rules(&text) {
        Ok(rules) => play(rules, &facts),
        Err(error) => check_error(&error, &text),
    }
    let reply = Reply::default();
    for reply in facts.attempts.iter().map(|attempt| &attempt.reply).chain([&reply]) {
        for entry in &entries {
            check_plan(&lower(entry, &reply.facts()), entry, &reply.facts());
        }
    }
});

/// What parses displays to a text that parses to the same.
fn parses<T: FromStr<Err = ParseError> + Display + Debug + PartialEq>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(value) => {
            same(&value);
            Some(value)
        }
        Err(error) => {
            check_error(&error, text);
            None
        }
    }
}

fn same<T: FromStr<Err: Debug> + Display + Debug + PartialEq>(value: &T) {
    let shown = value.to_string();
    let again = shown.parse::<T>().unwrap_or_else(|error| panic!("{shown:?}: {error:?}"));
    assert_eq!(&again, value, "{shown:?}");
    assert_eq!(again.to_string(), shown);
}

fn check_error(error: &ParseError, text: &str) {
    assert_eq!(error.input(), text, "{error:?}");
    assert!(text.get(error.span()).is_some(), "{error:?}");
    assert!(error.to_string().contains('^'), "{error}");
}

/// Values that stand for themselves.
fn words(text: &str) {
    fn unit<T: FromStr<Err: Debug> + Display + Debug + PartialEq>(word: &str) {
        if let Ok(value) = word.parse::<T>() {
            same(&value);
        }
    }
    for word in text.split(|c: char| c.is_whitespace() || c == '=' || c == ',').take(20) {
        unit::<ByteSize>(word);
        unit::<Drip>(word);
        unit::<Framing>(word);
        unit::<Length>(word);
        unit::<Offset>(word);
        unit::<Probability>(word);
        unit::<Rate>(word);
    }
}

/// Plays rules that were read, and then what was played.
fn play(rules: Vec<Rule>, facts: &Facts) {
    let schedule = Schedule::new(rules, facts.seed).expect("rules that can be read are right");
    let again = Schedule::parse_rules(&schedule.to_string()).unwrap_or_else(|error| panic!("{error}"));
    assert!(again.iter().eq(schedule.rules()), "{schedule}");
    let limits = Limits::default().targets(facts.targets.into()).runs(facts.runs.into());
    let mut ledger = Ledger::new(schedule, limits);
    let mut decided = Vec::new();
    for attempt in &facts.attempts {
        let decision = ledger.decide(&attempt.request());
        let _ = (decision.answer(), decision.framing());
        let facts = attempt.reply.facts();
        let plan = ledger.plan(&decision, &facts);
        check_plan(&plan, decision.entry(), &facts);
        if attempt.release {
            ledger.release(&plan);
        }
        decided.push(decision);
    }
    let played = ledger.played();
    let rules = Schedule::parse_rules(&played.to_string()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rules.len(), played.rules().len());
    if played.is_complete() {
        let schedule = Schedule::new(rules, !facts.seed).expect("rules that can be read are right");
        let mut ledger = Ledger::new(schedule, Limits::default());
        for (attempt, before) in facts.attempts.iter().zip(&decided) {
            let again = ledger.decide(&attempt.request());
            assert_eq!((again.attempt(), again.entry()), (before.attempt(), before.entry()), "{played}");
        }
    }
}

fn check_plan(plan: &Plan, entry: &Entry, facts: &ReplyFacts) {
    let steps = plan.steps();
    let places_of = |is: fn(&Step) -> bool| -> Vec<usize> {
        steps.iter().enumerate().filter(|(_, step)| is(step)).map(|(place, _)| place).collect()
    };
    // A message ends once, or is broken off; a connection ends once, and last.
    let ends = places_of(|step| *step == Step::End);
    let breaks = places_of(|step| matches!(step, Step::Fin | Step::Rst | Step::Stop));
    assert!(ends.len() <= 1 && ends.len() + breaks.len() >= 1, "{plan:?}");
    assert!(breaks.iter().all(|&place| place + 1 == steps.len()), "{plan:?}");
    let message = places_of(|step| matches!(step, Step::Head | Step::Body(_)));
    assert!(message.iter().max().is_none_or(|last| ends.iter().all(|end| last < end)), "{plan:?}");
    let place = |step: &Step| if let Step::Body(place) = step { Some(*place) } else { None };
    let places: Vec<u64> = steps.iter().filter_map(place).collect();
    assert!(places.is_sorted() && places.iter().all(|&place| place <= facts.len), "{facts:?} {plan:?}");
    let flips = plan.flips();
    assert!(flips.is_sorted() && flips.iter().all(|&flip| flip < facts.len), "{facts:?} {plan:?}");
    assert!(facts.has_body || (places.is_empty() && flips.is_empty()), "{facts:?} {plan:?}");
    assert_eq!(plan.text(), entry.as_str());
}
