//! What is said of files that cannot be right.

use super::check_error;
use crate::schedule_file::ScheduleFile;

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
