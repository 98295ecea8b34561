//! What files say, how they are written, and what is said of those that cannot be right.

use std::time::Instant;

use proptest::prelude::*;

use super::fixture::{FileFixture, Source};
use super::rule::FileRule;
use super::write::document;
use super::{BUILTINS, FileLimits, ScheduleFile, Syntax, read};
use crate::decision::testing::{any_duration, any_script};
use crate::units::{ByteSize, Probability};
use crate::{Downtime, Rule};

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = ScheduleFile::parse(text).unwrap_err();
    assert_eq!(error.to_string(), expected, "\n{error}");
}

/// What it is in the canonical form.
#[track_caller]
fn check(text: &str, canonical: &str) {
    let file = ScheduleFile::parse(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(file.to_string(), canonical);
    assert_eq!(canonical.parse(), Ok(file));
}

/// The same file in JSON.
fn json(file: &ScheduleFile) -> String {
    serde_json::to_string_pretty(&document(file)).unwrap()
}

#[test]
fn every_key_has_its_place_in_the_canonical_form() {
    let canonical = r#"why = """
One.
Two.
"""
seed = "18446744073709551615"
down = [
    "from=2s for=3s",
    "until=/b#3",
]
mirror = true
hidden = true
listing = false
precompressed = true

[limits]
max-connections = 100
max-head = "8KiB"
max-headers = 20
max-request-body = 0
request-timeout = "5s"
max-journal = 0
max-cache = "1GiB"
drain-deadline = "500ms"

[matchers]
wheels = "GET *.whl first=2"

[scripts]
blip = "reset-after=50% x2, ok"

[[fixtures]]
dir = "dist"
template = "*.html"

[[fixtures]]
file = "app.tar.gz"

[[fixtures]]
path = "/b"
file = "../b"
template = true

[[fixtures]]
path = "/c.tar.gz"
generate = "100MB"
seed = 7

[[fixtures]]
path = "/d"
text = """
{base}/c.tar.gz
"""
template = true

[[rules]]
match = "GET *.gz"
first = 2
nth = 2
every = 2
attempts = "1..=2"
probability = 0.3
path = [
    "/a/*",
    "/*/b*",
]
method = "get"
query = "a=b c"
header = "authorization:Bearer *"
range = "yes"
connection = "fresh"
resend = "no"
from = "10s"
for = "1m30s"
script = "drop x*"

[[rules]]
use-matcher = "wheels"
query = "x"
use-script = "blip"
"#;
    check(canonical, canonical);
}

#[test]
fn there_is_more_than_one_way_to_say_it_and_one_to_write_it() {
    let canonical = "[[rules]]\nmatch = \"GET *.whl\"\nfirst = 2\nprobability = 0.3\nscript = \"drop x2, ok\"\n";
    for text in [
        "rules = ['GET *.whl probability=30% first=2: drop x2,ok']",
        "rules = [{ match = 'GET *.whl first=2', probability = '30%', script = ['drop x2', 'ok'] }]",
        "[[rules]]\nmatch = '*.whl'\nmethod = 'GET'\nfirst = 2\nprobability = 0.3\nscript = '''\n  drop x2,\n  ok\n'''",
        r#"{ "rules": ["GET *.whl first=2 probability=0.3: drop x2, ok"] }"#,
        r#" { "$schema": "schema.json", "rules": [{ "match": "GET *.whl", "first": 2, "probability": 0.3, "script": "drop x2, ok" }] }"#,
    ] {
        check(text, canonical);
    }
    check("", "");
    check("{}", "");
    check("why = '  '\nmirror = false\nlisting = true\nrules = []\n[limits]", "");
    check("seed = '7'", "seed = 7\n");
    check("seed = 0x10", "seed = 16\n");
    check("[limits]\nmax-head = 8193", "[limits]\nmax-head = 8193\n");
    check("[limits]\nmax-head = 8192", "[limits]\nmax-head = \"8KiB\"\n");
    check("down = ['for=2000ms']", "down = \"for=2s\"\n");
    check("rules = [{ script = 'ok' }]", "[[rules]]\nmatch = \"*\"\nscript = \"ok\"\n");
    check("fixtures = [{ path = 'a', generate = 1000 }]", "[[fixtures]]\npath = \"/a\"\ngenerate = \"1kB\"\n");
}

#[test]
fn patterns_that_look_like_conditions_stay_patterns() {
    for head in ["first=1", "GET README", "range=no method=GET", "a\\ b", "GET a\\:"] {
        let text = format!("rules = ['''{head}: ok''']");
        let file = ScheduleFile::parse(&text).unwrap();
        assert_eq!(file.to_string().parse(), Ok(file), "{head}");
    }
}

#[test]
fn unknown_keys_have_a_place_and_a_suggestion() {
    check_error("sed = 1", "unknown key `sed`\n  sed = 1\n  ^^^\n  did you mean `seed`?");
    check_error(
        "[[rules]]\nmatch = '*'\nscrip = 'ok'",
        "line 3: unknown key `scrip`\n  scrip = 'ok'\n  ^^^^^\n  did you mean `script`?",
    );
    check_error(
        "{\n  \"limits\": {\"max-heads\": 1}\n}",
        "line 2: unknown key `max-heads`\n    \"limits\": {\"max-heads\": 1}\n               ^^^^^^^^^^^\n  did you mean `max-head`?",
    );
    check_error(
        "[[fixtures]]\npath = '/a'\nbananas = 1",
        "line 3: unknown key `bananas`\n  bananas = 1\n  ^^^^^^^\n  the keys here are path, dir, file, generate, text, seed, template",
    );
}

#[test]
fn errors_in_texts_point_into_the_file() {
    let help = "did you mean `drop`?";
    check_error(
        "scripts.a = \"ok, dorp x2\"",
        &format!("unknown fault `dorp`\n  scripts.a = \"ok, dorp x2\"\n                   ^^^^\n  {help}"),
    );
    check_error(
        "[[rules]]\nscript = '''\n  ok,\n  dorp'''",
        &format!("line 4: unknown fault `dorp`\n    dorp'''\n    ^^^^\n  {help}"),
    );
    check_error(
        "rules = [{ script = ['ok', 'dorp'] }]",
        &format!(
            "unknown fault `dorp`\n  rules = [{{ script = ['ok', 'dorp'] }}]\n                              ^^^^\n  {help}"
        ),
    );
    // Where something is escaped, it is somewhere in the text.
    check_error(
        "scripts.a = \"o\\u006b, dorp\"",
        &format!("unknown fault `dorp`\n  scripts.a = \"o\\u006b, dorp\"\n              ^^^^^^^^^^^^^^^\n  {help}"),
    );
    check_error(
        "{\"rules\": [\"*.gz fist=2: ok\"]}",
        "`fist=2` is not a condition\n  {\"rules\": [\"*.gz fist=2: ok\"]}\n                   ^^^^^^\n  did you mean `first`?",
    );
    check_error(
        "rules = [{ script = ['drop x*', 'ok'] }]",
        "`ok` is never reached\n  rules = [{ script = ['drop x*', 'ok'] }]\n                                  ^^^^\n  `drop x*` before it goes on for ever",
    );
}

#[test]
fn what_cannot_be_right_is_pointed_at() {
    #[track_caller]
    fn at(text: &str, place: &str, message: &str) {
        let error = ScheduleFile::parse(text).unwrap_err();
        assert_eq!((&text[error.span()], error.message()), (place, message), "{error}");
    }

    let no_query = "a path has no query, and no fragment";
    at("fixtures = [{ path = '/a?x=1', text = '' }]", "'/a?x=1'", no_query);
    at("fixtures = [{ path = '/a#y', text = '' }]", "'/a#y'", no_query);
    const RULE: &str = "here stands an array, and it should be a rule: a table, or a string such as `\"*.whl: reset-after=1MB x2, ok\"`";

    at("seed = -1", "-1", "`-1` is not a seed");
    at("seed = true", "true", "here stands `true`, and it should be a whole number");
    at("seed = 1979-05-27", "1979-05-27", "a date has no place here");
    at("{\"seed\": null}", "null", "null has no place here");
    at("{\"seed\": 1, \"seed\": 2}", "\"seed\"", "the key `seed` stands here twice");
    at("why = 3", "3", "here stands the number 3, and it should be a string");
    at("mirror = 'yes'", "'yes'", "here stands a string, and it should be `true` or `false`");
    at("rules = 'x'", "'x'", "here stands a string, and it should be an array");
    at("down = 'until=/a#1'", "'until=/a#1'", "no attempt arrives at a server that is down");
    at("down = ['for=2s', 'for=0s']", "0s", "it would be over before it began");
    at("[limits]\nmax-headers = 20001", "20001", "`20001` is out of range");
    at("[limits]\nmax-head = 0", "0", "a limit of 0 would serve nobody");
    at("[limits]\nrequest-timeout = '5'", "'5'", "`5` has no unit");
    at("matchers.a = '*.gz: drop'", ": drop", "a script stands by itself, not behind the requests that it is for");
    at("rules = [{ match = '*', first = 0, script = 'ok' }]", "0", "there is no attempt 0");
    at(
        "rules = [{ first = 1.5, script = 'ok' }]",
        "1.5",
        "here stands the number 1.5, and it should be a whole number",
    );
    at("rules = [{ first = 2, nth = 3, script = 'ok' }]", "3", "no attempt meets all of these conditions");
    at(
        "rules = [{ match = '* first=2', first = 2, script = 'ok' }]",
        "2",
        "the rule has the condition `first` already",
    );
    at("rules = [{ match = '*' }]", "{ match = '*' }", "the rule does not say what happens");
    at(
        "rules = [{ match = '*.gz', script = 'reset-on-accept' }]",
        "'reset-on-accept'",
        "`reset-on-accept` happens before there is a request: the rule cannot go by a path",
    );
    at("rules = [{ use-script = 'blop' }]\nscripts.blip = 'ok'", "'blop'", "there is no script `blop`");
    at("rules = [{ script = 'blip' }]\nscripts.blip = 'ok'", "blip", "unknown fault `blip`");
    at(
        "rules = [{ match = 'a', script = 'ok' }]\nmatchers.a = '*'",
        "'a'",
        "`a` is the name of a matcher, and `match` takes a pattern",
    );
    at(
        "rules = [{ match = '*', use-matcher = 'a', script = 'ok' }]\nmatchers.a = '*'",
        "'a'",
        "`match` and `use-matcher` say the same thing",
    );
    at("fixtures = [{ path = '/a' }]", "{ path = '/a' }", "the fixture does not say what is served");
    at("fixtures = [{ generate = '1MB' }]", "{ generate = '1MB' }", "the fixture does not say where it is served");
    at(
        "fixtures = [{ path = '/a', generate = '1MB', text = 'x' }]",
        "'x'",
        "`generate` and `text` cannot stand together",
    );
    at("fixtures = [{ path = '/a', dir = 'b' }]", "'/a'", "a directory is served under `/`: it has no `path`");
    at("fixtures = [{ path = '/a', text = 'b', seed = 1 }]", "1", "only what is generated has a seed");
    at(
        "fixtures = [{ path = '/a.tgz', generate = 100 }]",
        "100",
        "`/a.tgz` cannot have 100 bytes: the smallest file of its kind has 3096",
    );
    at(
        "fixtures = [{ path = '/a', text = '' }, { path = 'a', text = '' }]",
        "'a'",
        "`/a` is served already: every fixture needs a path of its own",
    );
    at("fixtures = [{ dir = 'a', template = '[' }]", "[", "a `[` is never closed; `\\[` stands for itself");
    at("fixtures = [{ dir = 'a', template = true }]", "true", "this is no template for a fixture with `dir`");
    let limits = "an array, and it should be a table of limits";
    at("limits = [7, '8KiB']", "[7, '8KiB']", &format!("here stands {limits}"));
    at("limits = []", "[]", &format!("here stands {limits}"));
    at("{\"limits\": [5]}", "[5]", &format!("here stands {limits}"));
    at("fixtures = [[]]", "[]", "here stands an array, and it should be a table with the keys of a fixture");
    at("rules = [['*']]", "['*']", RULE);
    let error = ScheduleFile::parse("a = ").unwrap_err();
    assert!(error.to_string().contains('^'), "{error}");
    let error = ScheduleFile::parse("{\"a\": 1,}").unwrap_err();
    assert_eq!(error.message(), "trailing commas are not allowed");
}

#[test]
fn what_is_of_another_kind_is_told_what_would_be_right() {
    check_error(
        "[rules]\nscript = 'ok'",
        "line 1: here stands a table, and it should be an array\n  [rules]\n  ^^^^^^^\n  \
         in TOML, a table in an array has two brackets around the name, as in `[[rules]]`",
    );
    for (key, should) in [
        ("range = true", "here stands `true`, and it should be `\"yes\"` or `\"no\"`"),
        ("resend = 1", "here stands the number 1, and it should be `\"yes\"` or `\"no\"`"),
        ("connection = true", "here stands `true`, and it should be `\"fresh\"` or `\"reused\"`"),
        ("per = ['path']", "here stands an array, and it should be `\"path\"` or `\"rule\"`"),
        ("from = 5", "here stands the number 5, and it should be a string such as `\"5s\"`"),
        ("for = 0.5", "here stands the number 0.5, and it should be a string such as `\"5s\"`"),
    ] {
        let error = ScheduleFile::parse(&format!("[[rules]]\n{key}\nscript = 'ok'")).unwrap_err();
        assert_eq!(error.message(), should);
    }
    let error = ScheduleFile::parse("limits = { request-timeout = 5 }").unwrap_err();
    assert!(error.message().ends_with("a string such as `\"5s\"`"), "{error}");
}

#[test]
fn what_is_wrong_first_is_told_first() {
    for text in [
        "zeed = 1\nabc = 1",
        "zeed = 1\n\nfixturs = []",
        "seed = -1\nrules = ['*: dorp']",
        "limits = { max-head = 0 }\nseed = -1",
        "down = 'for=0s'\nscripts.a = 'dorp'",
        "scripts.b = 'dorp'\nscripts.a = 'dorp'\nrules = [{ use-script = 'a' }]",
        "fixtures = [{}]\nmatchers.a = '['",
        "{\"zeed\": 1,\n\"abc\": 1}",
        "{\"seed\": -1,\n\"rules\": [\"x\"]}",
    ] {
        let error = ScheduleFile::parse(text).unwrap_err().to_string();
        assert!(error.starts_with("line 1: "), "{text}\n{error}");
    }
}

#[test]
fn a_mirror_that_there_is_not_is_pointed_at() {
    let place = |text: &str| {
        let file = ScheduleFile::parse(text).unwrap();
        file.check_without_mirror().err().map(|error| (error.to_string(), error.span()))
    };
    for text in [
        "rules = ['/{mirror}*: status=503 body={mirror}, status=302 location=!!/ x*']",
        "[[rules]]\nmatch='/{mirror}*'\nscript = ['ok', 'status=503 body={mirror}', 'status=302 location=!!/']",
        "scripts.away = \"ok, status=302 location=!!/\"\nrules = [{ use-script = 'away' }]",
        "{\"rules\": [{\"script\": \"status=302 location=!!{path}\"}]}",
    ] {
        let start = text.find("!!").unwrap();
        let text = text.replace("!!", "{mirror}");
        let (error, span) = place(&text).unwrap();
        assert_eq!(span, start..start + "{mirror}".len(), "{error}");
        assert!(error.ends_with("`mirror = true` adds one"), "{error}");
        let text = text.replacen("\"rules\":", "\"mirror\": true, \"rules\":", 1);
        let text = if text.starts_with('{') { text } else { format!("mirror = true\n{text}") };
        assert_eq!(place(&text), None);
    }
    assert_eq!(place("rules = ['/{mirror}: status=503 body={mirror}']"), None);
    // One that is not used sends nobody anywhere.
    assert_eq!(place("scripts.away = 'status=302 location={mirror}/'"), None);
}

#[test]
fn a_byte_order_mark_says_nothing() {
    for text in ["seed = 1", "{\"seed\": 1}", " {}"] {
        let marked = format!("\u{feff}{text}");
        assert_eq!(ScheduleFile::parse(&marked), ScheduleFile::parse(text));
    }
    let json = read::read("\u{feff}{\"seed\": 1}", Syntax::Json).unwrap();
    assert_eq!(json.seed(), Some(1));
    let error = ScheduleFile::parse("\u{feff}{\"sed\": 1}").unwrap_err();
    assert_eq!(&error.input()[error.span()], "\"sed\"");
}

#[test]
fn a_json_file_is_an_object() {
    for text in ["[]", r#"["why", "because", "7"]"#, "1", "\"rules\"", "null"] {
        let error = read::read(text, Syntax::Json).unwrap_err();
        assert_eq!(error.span(), 0..text.len(), "{error}");
    }
}

#[test]
fn every_condition_is_a_key() {
    let schema: serde_json::Value = serde_json::from_str(&ScheduleFile::json_schema()).unwrap();
    let keys = &schema["$defs"]["Rule"]["properties"];
    for name in crate::decision::CONDITIONS {
        assert!(keys.get(name).is_some(), "{name}");
    }
}

#[test]
fn what_is_built_in_is_canonical_and_says_why_in_two_lines() {
    for builtin in BUILTINS {
        let file = read::read(builtin.text, Syntax::Toml).unwrap_or_else(|error| panic!("{}: {error}", builtin.name));
        assert_eq!(file.to_string(), builtin.text, "{}", builtin.name);
        assert_eq!(file.why().unwrap_or_default().lines().count(), 2, "{}", builtin.name);
        assert!(file.rules().len() > 0 && file.fixtures().is_empty(), "{}", builtin.name);
    }
    let names: Vec<_> = ScheduleFile::builtins().collect();
    assert!(names.is_sorted(), "{names:?}");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schedules");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(files, names);
}

#[test]
fn ten_thousand_rules_are_all_there() {
    let mut text = String::from("seed = 1\n");
    for i in 0..10_000 {
        text += &format!("[[rules]]\nmatch = \"GET /{i}/*.tar.gz\"\nfirst = 2\nscript = \"reset-after={i} x2, ok\"\n");
    }
    let begun = Instant::now();
    let file = ScheduleFile::parse(&text).unwrap();
    assert_eq!(file.rules().len(), 10_000);
    assert_eq!(
        file.rules().last().map(ToString::to_string).as_deref(),
        Some("GET /9999/*.tar.gz first=2: reset-after=9999 x2, ok")
    );
    let elapsed = begun.elapsed();
    // Without optimisation and beside others; what is promised is measured by `flaky-bench`.
    assert!(elapsed.as_secs() < 60, "{elapsed:?}");
}

#[test]
fn a_file_that_is_too_deep_is_an_error() {
    for (text, depth) in [("{\"a\":", 100_000), ("[", 100_000), ("why = [", 1), ("a.", 100_000), ("a = {b = ", 1)] {
        assert!(ScheduleFile::parse(&text.repeat(depth)).is_err());
    }
    assert!(ScheduleFile::parse(&format!("why = {}", "[".repeat(100_000))).is_err());
    assert!(ScheduleFile::parse(&format!("why = {}", "{a=".repeat(100_000))).is_err());
}

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

#[test]
fn every_key_of_a_document_is_in_the_schema_and_in_the_docs() {
    let schema: serde_json::Value = serde_json::from_str(&ScheduleFile::json_schema()).unwrap();
    let docs = include_str!("../docs/schedule_files.md");
    let tables = [&schema, &schema["$defs"]["Fixture"], &schema["$defs"]["Rule"], &schema["$defs"]["Limits"]];
    let mut keys = 0;
    for table in tables {
        assert_eq!(table["additionalProperties"], false);
        for key in table["properties"].as_object().unwrap().keys() {
            let is_told = [format!("`{key}`"), format!("`[{key}]`"), format!("`[[{key}]]`")];
            assert!(is_told.iter().any(|key| docs.contains(key)), "`{key}` is not in the docs");
            keys += 1;
        }
    }
    assert!(keys > 40, "{keys}");
}
