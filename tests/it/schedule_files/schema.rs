//! The schema takes what is right, and not what is wrong.

use std::fs;
use std::path::Path;

use flaky_server::ScheduleFile;
use serde_json::{Value, json};

use super::blocks;

fn schema() -> Value {
    serde_json::from_str(&ScheduleFile::json_schema()).unwrap()
}

/// What is wrong with a value, by as much of JSON Schema as is used.
fn wrong(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    let resolved = schema.get("$ref").map(|reference| {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        root.pointer(pointer).unwrap()
    });
    let also = resolved.and_then(|schema| wrong(root, schema, value));
    let Some(keywords) = schema.as_object() else {
        return (*schema == false).then(|| "nothing may be here".to_owned());
    };
    let mut complaints = keywords.iter().filter_map(|(keyword, says)| match &**keyword {
        "$ref" | "$schema" | "$defs" | "title" | "description" | "default" | "writeOnly" => None,
        "additionalProperties" => {
            let known = &schema["properties"];
            let mut others = value.as_object()?.iter().filter(|(key, _)| known.get(key).is_none());
            others.find_map(|(key, value)| wrong(root, says, value).map(|error| format!("{key}: {error}")))
        }
        "enum" => (!says.as_array().unwrap().contains(value)).then(|| format!("{value} is none of {says}")),
        "items" => value.as_array()?.iter().find_map(|element| wrong(root, says, element)),
        "maximum" => (value.as_f64()? > says.as_f64().unwrap()).then(|| format!("{value} is too large")),
        "minimum" => (value.as_f64()? < says.as_f64().unwrap()).then(|| format!("{value} is too small")),
        "oneOf" => {
            let right = says.as_array().unwrap().iter().filter(|one| wrong(root, one, value).is_none()).count();
            (right != 1).then(|| format!("{value} is {right} of {says}"))
        }
        "pattern" => {
            assert_eq!(says, "^[0-9]+$", "no other pattern is known here");
            let text = value.as_str()?;
            (text.is_empty() || !text.bytes().all(|digit| digit.is_ascii_digit()))
                .then(|| format!("{text} is no number"))
        }
        "properties" => says
            .as_object()
            .unwrap()
            .iter()
            .find_map(|(key, schema)| wrong(root, schema, value.get(key)?).map(|error| format!("{key}: {error}"))),
        "type" => {
            let names: Vec<_> = says.as_array().map_or_else(|| vec![says], |names| names.iter().collect());
            (!names.iter().any(|name| is(value, name.as_str().unwrap()))).then(|| format!("{value} is no {says}"))
        }
        other => panic!("the keyword {other} is not known here"),
    });
    also.or_else(|| complaints.next())
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        other => panic!("the type {other} is not known here"),
    }
}

#[test]
fn it_takes_what_the_page_shows_and_what_is_built_in() {
    let schema = schema();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schedules");
    let builtins = ScheduleFile::builtins()
        .map(|name| (name, fs::read_to_string(folder.join(name).with_extension("toml")).unwrap()));
    for (name, text) in blocks("toml").into_iter().chain(builtins) {
        let value: toml::Table = text.parse().unwrap();
        let value = serde_json::to_value(value).unwrap();
        assert_eq!(wrong(&schema, &schema, &value), None, "{name}");
    }
    for (name, text) in blocks("json") {
        assert_eq!(wrong(&schema, &schema, &serde_json::from_str(&text).unwrap()), None, "{name}");
    }
}

#[test]
fn it_takes_no_more_than_the_reader() {
    let schema = schema();
    for right in [
        json!({ "$schema": "x", "seed": 1, "down": ["for=1s"], "limits": { "max-journal": 0 } }),
        json!({ "rules": [{ "script": "ok", "range": "no", "resend": "yes", "connection": "fresh", "per": "rule" }] }),
        json!({ "rules": ["*: ok", { "probability": 0.3, "script": ["ok"], "query": ["a", "b"] }] }),
        json!({ "fixtures": [{ "path": "/a", "generate": 100, "seed": "18446744073709551615" }] }),
    ] {
        assert_eq!(wrong(&schema, &schema, &right), None, "{right}");
        ScheduleFile::parse(&right.to_string()).unwrap_or_else(|error| panic!("{error}"));
    }
    for wrongs in [
        json!({ "sed": 1 }),
        json!({ "seed": null }),
        json!({ "seed": "x" }),
        json!({ "seed": -1 }),
        json!({ "why": 1 }),
        json!({ "rules": "*: ok" }),
        json!({ "rules": [1] }),
        json!({ "rules": [{ "scrip": "ok" }] }),
        json!({ "rules": [{ "script": "ok", "first": 0 }] }),
        json!({ "rules": [{ "script": "ok", "first": "2" }] }),
        json!({ "rules": [{ "script": "ok", "probability": 2 }] }),
        json!({ "rules": [{ "script": "ok", "range": true }] }),
        json!({ "rules": [{ "script": "ok", "range": "maybe" }] }),
        json!({ "rules": [{ "script": "ok", "resend": "fresh" }] }),
        json!({ "rules": [{ "script": "ok", "connection": "yes" }] }),
        json!({ "rules": [{ "script": "ok", "per": "query" }] }),
        json!({ "fixtures": [{ "path": "/a", "text": "a", "template": 1 }] }),
        json!({ "fixtures": [{ "dirs": "a" }] }),
        json!({ "limits": { "max-head": -1 } }),
        json!({ "limits": { "max-heads": 1 } }),
        json!({ "limits": { "request-timeout": 5 } }),
        json!({ "scripts": { "a": 1 } }),
        json!({ "matchers": { "a": ["*"] } }),
        json!({ "limits": [5] }),
        json!({ "limits": [] }),
        json!({ "fixtures": [[]] }),
        json!({ "rules": [["*", "ok"]] }),
    ] {
        assert!(wrong(&schema, &schema, &wrongs).is_some(), "{wrongs}");
        assert!(ScheduleFile::parse(&wrongs.to_string()).is_err(), "{wrongs}");
    }
    // What begins otherwise is JSON by its name alone.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    for wrongs in [json!([]), json!(["why", "because", "7"]), json!("rules"), json!(null)] {
        assert!(wrong(&schema, &schema, &wrongs).is_some(), "{wrongs}");
        fs::write(&file, wrongs.to_string()).unwrap();
        assert!(ScheduleFile::load(&file).is_err(), "{wrongs}");
    }
}

#[test]
fn the_copy_for_editors_is_current() {
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schedules/schema.json");
    let copy = fs::read_to_string(copy).unwrap();
    assert_eq!(
        copy.trim_end(),
        ScheduleFile::json_schema(),
        "write it again: cargo run -q -- --print-schema > fixtures/schedules/schema.json"
    );
}
