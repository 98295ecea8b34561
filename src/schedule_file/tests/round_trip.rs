//! What is written is read as the same, whatever it is.

use proptest::prelude::*;

use super::json;
use crate::decision::testing::{any_duration, any_script};
use crate::schedule_file::fixture::{FileFixture, Source};
use crate::schedule_file::rule::FileRule;
use crate::schedule_file::{FileLimits, ScheduleFile};
use crate::units::{ByteSize, Probability};
use crate::{Downtime, Rule};

fn any_rule() -> impl Strategy<Value = Rule> {
    let words = |pattern: &'static str, n| prop::collection::vec(pattern, 0..n);
    let counts = (0u64..3, 0u64..3, 0u64..3, 1u64..9, 0u64..9, 0u32..1000);
    let facts = prop::collection::vec(prop::sample::select(vec!["range=yes", "connection=fresh", "resend=no"]), 0..2);
    let window = (prop::option::of(any_duration()), prop::option::of(any_duration()));
    let texts = (
        words("[a-c/*?{},:#%A-Zä \\\\'\"=]{1,8}", 3),
        words("[a-c*:= '\"\\\\]{0,4}", 3),
        words("GET|get|[A-Z]{1,2}|[a-zA-Z#!]{1,3}", 3),
        words("[a-cA-C-]{1,3}(:[a-c*:= /#\\\\]{1,4})?", 3),
    );
    (texts, counts, facts, window, any_script()).prop_filter_map(
        "not everything goes together",
        |((paths, queries, methods, headers), (first, every, nth, from, to, p), facts, (start, lasting), script)| {
            let mut rule = Rule::any();
            let mut add = |name: &str, value: &str| {
                let mut with = rule.clone();
                // What cannot be right is left out.
                if !(with.has_condition(name))
                    && with.add_condition(name, value).is_ok()
                    && with.head_defect().is_none()
                {
                    rule = with;
                }
            };
            paths.iter().for_each(|path| add("path", path));
            queries.iter().for_each(|query| add("query", query));
            methods.iter().for_each(|method| add("method", method));
            headers.iter().for_each(|header| add("header", header));
            facts.iter().filter_map(|fact| fact.split_once('=')).for_each(|(name, value)| add(name, value));
            for (name, n) in [("first", first), ("every", every), ("nth", nth)] {
                add(name, &n.to_string());
            }
            add("attempts", &format!("{from}..={to}"));
            if p > 0 {
                let probability = Probability::try_new(f64::from(p) / 1e3).unwrap();
                add("probability", &probability.to_string());
            }
            if every == 1 {
                add("per", if nth == 1 { "rule" } else { "path" });
            }
            if let Some(start) = start {
                rule = rule.from_time(start);
            }
            if let Some(lasting) = lasting {
                rule = rule.lasting(lasting);
            }
            rule.clone().plays(script.clone()).or_else(|_| Rule::any().plays(script)).ok()
        },
    )
}

fn any_fixture() -> impl Strategy<Value = (Option<String>, Source)> {
    let seed = || prop::option::of(any::<u64>());
    prop_oneof![
        ("[a-z/.ä]{1,9}", prop::option::of("[a-z*.]{1,5}"))
            .prop_map(|(path, template)| (None, Source::Dir { path, template })),
        (prop::option::of("/[a-z]{3,9}"), "[a-z/.'\"]{1,9}", any::<bool>())
            .prop_map(|(at, path, template)| (at, Source::File { path, template })),
        ("/[a-z]{3,9}", 0u64..1 << 62, seed())
            .prop_map(|(at, n, seed)| (Some(at), Source::Generate { size: ByteSize::b(n), seed })),
        ("/[a-z]{3,9}", "(?s).{0,40}", any::<bool>())
            .prop_map(|(at, text, template)| (Some(at), Source::Text { text, template })),
    ]
}

fn any_file() -> impl Strategy<Value = ScheduleFile> {
    let name = "[a-z.\"' ]{0,6}";
    let limits = (any::<[Option<u32>; 4]>(), prop::option::of(any_duration()), any::<[Option<u64>; 2]>()).prop_map(
        |([connections, head, headers, journal], time, [body, cache])| FileLimits {
            connections: connections.map(|n| n.max(1) as usize),
            head: head.map(|n| ByteSize::b(u64::from(n.max(1)))),
            headers: headers.map(|n| n.clamp(1, 20_000) as usize),
            request_body: body.map(ByteSize::b),
            request_timeout: time.filter(|time| !time.is_zero()),
            journal: journal.map(|n| n as usize),
            cache: cache.map(ByteSize::b),
            drain_deadline: time,
        },
    );
    let downtimes =
        prop::collection::vec((any_duration(), any_duration(), "/[a-z]{1,3}", 1u64..9), 0..3).prop_map(|all| {
            let downtime = |(from, lasting, path, n): (_, std::time::Duration, String, u64)| match n {
                1 => Downtime::always(),
                2 => Downtime::always().from_time(from),
                3 => Downtime::always().from_attempt(&path, n).until_attempt(&path, n),
                _ => Downtime::always().from_attempt(&path, n).lasting(lasting.max(std::time::Duration::from_nanos(1))),
            };
            all.into_iter().map(downtime).collect::<Vec<_>>()
        });
    (
        (prop::option::of("(?s).{1,60}"), prop::option::of(any::<u64>()), any::<[bool; 3]>()),
        limits,
        downtimes,
        prop::collection::btree_map(name, any_rule(), 0..3),
        prop::collection::btree_map(name, any_script(), 0..3),
        prop::collection::vec(any_fixture(), 0..4),
        prop::collection::vec((any_rule(), any::<[prop::sample::Index; 2]>(), 0..4u8), 0..4),
    )
        .prop_map(
            |((why, seed, [hidden, listing, precompressed]), limits, downtimes, matchers, scripts, fixtures, rules)| {
                let mut taken = std::collections::BTreeSet::new();
                let fixtures =
                    fixtures.into_iter().filter(|(at, _)| at.as_ref().is_none_or(|at| taken.insert(at.clone())));
                let heads: std::collections::BTreeMap<_, _> = matchers
                    .into_iter()
                    .map(|(name, rule)| (name, Rule::parse_head(&rule.parts().head()).unwrap()))
                    .collect();
                let names: Vec<_> = heads.keys().cloned().collect();
                let script_names: Vec<_> = scripts.keys().cloned().collect();
                let rules = rules.into_iter().map(|(rule, [matcher, script], kind)| {
                    let (named, head) = match kind & 1 {
                        1 if !names.is_empty() => {
                            let name = matcher.get(&names).clone();
                            (Some((name.clone(), Rule::any())), heads[&name].clone())
                        }
                        _ => (None, Rule::parse_head(&rule.parts().head()).unwrap()),
                    };
                    let (script_name, script) = match kind & 2 {
                        2 if !script_names.is_empty() => {
                            let name = script.get(&script_names).clone();
                            (Some(name.clone()), scripts[&name].clone())
                        }
                        _ => (None, rule.parts().script.parse().unwrap()),
                    };
                    match head.plays(script) {
                        Ok(rule) => FileRule { rule, matcher: named, script: script_name },
                        Err(_) => FileRule::from(rule),
                    }
                });
                // A pattern must not be the name of a matcher.
                let rules = rules
                    .filter(|rule| rule.matcher.is_some() || !heads.contains_key(&rule.rule.parts().pattern))
                    .collect();
                ScheduleFile {
                    why: why.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty()),
                    seed,
                    downtimes,
                    mirror: true,
                    hidden,
                    listing,
                    precompressed,
                    limits,
                    matchers: heads.clone(),
                    scripts: scripts.clone(),
                    fixtures: fixtures.map(|(path, source)| FileFixture::new(path, source)).collect(),
                    rules,
                    ..ScheduleFile::default()
                }
            },
        )
}

proptest! {
    #[test]
    fn display_is_the_inverse_of_parse(file in any_file()) {
        let text = file.to_string();
        let read = ScheduleFile::parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&file), "{}", text);
        prop_assert_eq!(read.unwrap().to_string(), text);
    }

    #[test]
    fn toml_and_json_say_the_same(file in any_file()) {
        let json = json(&file);
        prop_assert_eq!(ScheduleFile::parse(&json), Ok(file), "{}", json);
    }

    #[test]
    fn no_text_panics(
        text in "(?s).{0,80}",
        near in "(((why|seed|rules|fixtures|\\[\\[rules\\]\\]|\\[limits\\]|match|script|first|down|\\[scripts\\]|a|text|path) ?=? ?(\"[a-z*=: ,0-9\\\\\"]{0,9}\"|'[a-z* :=]{0,9}'|[0-9.e-]{1,4}|\\[|\\]|\\{|\\}|true|,)?)\n?){0,8}",
        json in "\\{?(\"(seed|rules|match|script|limits|why)\": ?(\\{|\\[|\"[a-z*: =]{0,9}\"|null|[0-9.e-]{1,5})[\\]}]?,? ?){0,6}\\}?",
    ) {
        for text in [text, near, json] {
            if let Err(error) = ScheduleFile::parse(&text) {
                prop_assert!(error.to_string().contains('^'));
                prop_assert!(error.input().get(error.span()).is_some());
            }
        }
    }
}
