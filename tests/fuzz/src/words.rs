//! Words of the grammars.

use flaky_server::decision::reference;
use flaky_server::{Downtime, Rule, ScheduleFile};

use crate::{Rng, entry};

/// What stands between and before terms. Each is the condition of a rule, with a value.
const CONDITIONS: [&str; 15] = [
    "attempts=2..=3",
    "connection=reused",
    "every=2",
    "first=2",
    "for=5s",
    "from=2s",
    "header=range:bytes=*",
    "method=GET",
    "nth=3",
    "path=/a/**/*.gz",
    "probability=0.3",
    "per=path",
    "query=a=*",
    "range=no",
    "resend=yes",
];

const DOWNTIMES: [&str; 4] = ["always", "from=2s for=3s", "from=/a.gz#2", "until=/b.gz#3"];

const SIGNS: [&str; 16] =
    [", ", ": ", " ", "=", "x2", "x*", "\n", "# ", "%", "ms", "MiB", "kB/s", "1m30s", "end-", "*", "\\"];

/// Words of scripts, rules and downtimes: all terms, alone and with values.
///
/// # Panics
///
/// If a condition or a downtime is none any more.
pub fn script_words() -> Vec<String> {
    let mut rng = Rng(0);
    let mut words: Vec<String> = SIGNS.iter().chain(&DOWNTIMES).map(|&word| word.to_owned()).collect();
    assert!(DOWNTIMES.iter().all(|text| text.parse::<Downtime>().is_ok()), "a downtime");
    for condition in CONDITIONS {
        assert!(format!("* {condition}: ok").parse::<Rule>().is_ok(), "{condition} is no condition");
        words.push(format!(" {condition} "));
    }
    for spec in reference() {
        words.push(spec.name().to_owned());
        words.push(spec.example().to_owned());
        words.extend((0..3).map(|_| entry(spec, &mut rng).to_string()));
    }
    words
}

/// What TOML and JSON are made of.
const SYNTAX: [&str; 24] = [
    " = ",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "\n[[rules]]\n",
    "\n[[fixtures]]\n",
    "\n[scripts]\n",
    "\n[matchers]\n",
    "\n[limits]\n",
    ",",
    ": ",
    "\n",
    "\\u0061",
    "true",
    "null",
    "0x10",
    "1979-05-27",
];

/// Words of schedule files: those of scripts, the syntaxes, and all keys.
///
/// # Panics
///
/// If the schema is none.
pub fn file_words() -> Vec<String> {
    let mut words = script_words();
    words.extend(SYNTAX.map(str::to_owned));
    let schema: serde_json::Value = serde_json::from_str(&ScheduleFile::json_schema()).expect("the schema is JSON");
    keys(&schema, &mut words);
    words
}

/// The names of all properties, as keys of both syntaxes.
fn keys(schema: &serde_json::Value, words: &mut Vec<String>) {
    if let Some(properties) = schema.get("properties").and_then(serde_json::Value::as_object) {
        words.extend(properties.keys().flat_map(|key| [format!("{key} = "), format!("\"{key}\": ")]));
    }
    for (_, table) in schema.get("$defs").and_then(serde_json::Value::as_object).into_iter().flatten() {
        keys(table, words);
    }
}

/// Words of requests, and what tells the client to do something.
pub fn http_words() -> Vec<String> {
    let mut words: Vec<String> = [
        "GET /",
        "HEAD /",
        "POST /",
        "OPTIONS *",
        " HTTP/1.1\r\nHost: a\r\n\r\n",
        " HTTP/1.0\r\n\r\n",
        "\r\n",
        "\r\n\r\n",
        "Host: a\r\n",
        "Range: bytes=1-9\r\n",
        "Range: bytes=0-0,-5\r\n",
        "If-Range: \"a\"\r\n",
        "If-None-Match: *\r\n",
        "Connection: close\r\n",
        "Connection: keep-alive\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "Accept-Encoding: gzip\r\n",
        "5\r\nabcde\r\n",
        "0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "%2e%2e/",
    ]
    .map(str::to_owned)
    .into();
    for spec in reference() {
        words.push(format!("/{}", spec.name()));
        words.push(format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", spec.name()));
    }
    words
}
