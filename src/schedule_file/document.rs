//! What may stand in a schedule file: the types that files are read into and written from, and that the schema is made
//! from. What they say is checked in `read`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::at::At;
use super::scalar::{Amount, Chance, Connection, Count, Per, Seed, Size, Time, YesNo};
use super::texts::Texts;

/// A schedule of flaky-server: what is served, and what goes wrong with it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, expecting = "a table with the keys of a schedule")]
#[schemars(title = "flaky-server schedule")]
pub(super) struct Document {
    /// Where editors find this schema; of no other meaning.
    #[serde(rename = "$schema", skip_serializing)]
    pub(super) schema: Option<String>,
    /// What the schedule is for. The first two lines are shown in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    /// The seed of all that is left to chance; a random one if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<At<Seed>>,
    /// When the server is down: `always`, or some of `from=`, `for=` and `until=`, as with `--down`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) down: Option<At<Texts>>,
    /// Whether there is a second port, which is never down.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) mirror: bool,
    /// Whether files and directories are served whose names begin with a dot.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) hidden: bool,
    /// Whether directories without an index.html have a page with the names in them; `true` if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) listing: Option<bool>,
    /// Whether FILE.br, FILE.zst and FILE.gz are sent for FILE to clients that accept that coding.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) precompressed: bool,
    /// Limits on what a client can grow, by the names of the options.
    #[serde(skip_serializing_if = "LimitsTable::is_empty")]
    pub(super) limits: LimitsTable,
    /// Which requests a rule is about, `[METHOD] PATTERN [CONDITION...]`, by a name for `use-matcher`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) matchers: BTreeMap<String, At<String>>,
    /// Scripts by a name for `use-script`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) scripts: BTreeMap<String, At<Texts>>,
    /// What is served.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fixtures: Vec<At<FixtureTable>>,
    /// The rules. The first one that matches an attempt decides it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rules: Vec<At<RuleEntry>>,
}

/// Something that is served. It has exactly one of `dir`, `file`, `generate` and `text`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, expecting = "a table with the keys of a fixture")]
#[schemars(rename = "Fixture")]
pub(super) struct FixtureTable {
    /// Where it is served, such as `/app.tar.gz`. A file is served under its name if nothing is said; a directory under
    /// `/` in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<At<String>>,
    /// A directory, whose files are served under their relative paths. It is relative to the folder of the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dir: Option<At<String>>,
    /// A file, relative to the folder of the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<At<String>>,
    /// The size of a file that is computed, as with `--generate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) generate: Option<At<Size>>,
    /// The content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<At<String>>,
    /// The seed of what is computed; 0 if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<At<Seed>>,
    /// Whether each `{base}` is replaced by the base URL, in a text or a file; for a directory the pattern of the files in
    /// which it is, such as `*.html`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) template: Option<At<Template>>,
}

/// Whether, or where, `{base}` is replaced.
#[derive(Clone, Debug)]
pub(super) enum Template {
    Pattern(String),
    Whole(bool),
}

/// A rule: a string, as `--rule` takes it, or a table.
#[derive(Clone, Debug)]
pub(super) enum RuleEntry {
    Table(Box<RuleTable>),
    Text(String),
}

/// A rule. All of its conditions must hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, expecting = "a table with the keys of a rule")]
#[schemars(rename = "Rule")]
pub(super) struct RuleTable {
    /// Which requests it is about: `[METHOD] PATTERN [CONDITION...]`; `*` is all of them, and so is nothing.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub(super) matches: Option<At<String>>,
    /// The name of one of the `matchers`, in the place of `match`.
    #[serde(rename = "use-matcher", skip_serializing_if = "Option::is_none")]
    pub(super) use_matcher: Option<At<String>>,
    /// Only the first so many attempts of each target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first: Option<At<Count>>,
    /// Only this attempt of each target, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nth: Option<At<Count>>,
    /// Only every so many attempts of each target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) every: Option<At<Count>>,
    /// Only these attempts of each target: `"2..=4"`, `"3.."`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attempts: Option<At<String>>,
    /// Only with this probability, drawn for each attempt: `0.3` or `"30%"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<At<Chance>>,
    /// What attempts are counted for: `"path"` for each method and path, whatever the query; `"rule"` for all that the rule is
    /// about, together; else for each method, path and query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) per: Option<At<Per>>,
    /// Only paths that match this pattern, too; several must all match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<At<Texts>>,
    /// Only this method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<At<Texts>>,
    /// Only queries that match this pattern; several must all match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<At<Texts>>,
    /// Only requests with this header, `NAME` or `NAME:PATTERN`; several must all be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<At<Texts>>,
    /// Only requests with a Range header (`"yes"`), or only those without (`"no"`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) range: Option<At<YesNo>>,
    /// Only the first request of each connection (`"fresh"`), or only later ones (`"reused"`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connection: Option<At<Connection>>,
    /// Only resends (`"yes"`), or only what is none (`"no"`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resend: Option<At<YesNo>>,
    /// Only from so long after the start: `"10s"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<At<Time>>,
    /// Only for so long, from the start or from `from` on: `"5s"`.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub(super) lasting: Option<At<Time>>,
    /// What happens on the 1st, 2nd, 3rd ... attempt: a script, or an array of its entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) script: Option<At<Texts>>,
    /// The name of one of the `scripts`, in the place of `script`.
    #[serde(rename = "use-script", skip_serializing_if = "Option::is_none")]
    pub(super) use_script: Option<At<String>>,
}

/// Limits on what a client can grow. What is not said is as the options have it by default.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, expecting = "a table of limits", rename_all = "kebab-case")]
#[schemars(rename = "Limits")]
pub(super) struct LimitsTable {
    /// Connections that are open at once; further ones wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_connections: Option<At<Count>>,
    /// Size of a request head; beyond it the answer is 431.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_head: Option<At<Size>>,
    /// Header fields of a request; beyond it the answer is 431.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_headers: Option<At<Count>>,
    /// Size of a request body; beyond it the answer is 413.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_request_body: Option<At<Size>>,
    /// How long a request's head, and its body, may take: `"5s"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_timeout: Option<At<Time>>,
    /// Records that the journal keeps in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_journal: Option<At<Amount>>,
    /// Size of the cache of file blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_cache: Option<At<Size>>,
    /// How long a break waits for a client that does not read: `"30s"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) drain_deadline: Option<At<Time>>,
}

impl LimitsTable {
    fn is_empty(&self) -> bool {
        let Self {
            max_connections,
            max_head,
            max_headers,
            max_request_body,
            request_timeout,
            max_journal,
            max_cache,
            drain_deadline,
        } = self;
        max_connections.is_none()
            && max_head.is_none()
            && max_headers.is_none()
            && max_request_body.is_none()
            && request_timeout.is_none()
            && max_journal.is_none()
            && max_cache.is_none()
            && drain_deadline.is_none()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PatternOrWhole;

        impl Visitor<'_> for PatternOrWhole {
            type Value = Template;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`true`, or the pattern of files in a directory, such as `\"*.html\"`")
            }

            fn visit_bool<E: de::Error>(self, whole: bool) -> Result<Template, E> {
                Ok(Template::Whole(whole))
            }

            fn visit_str<E: de::Error>(self, pattern: &str) -> Result<Template, E> {
                Ok(Template::Pattern(pattern.to_owned()))
            }
        }

        deserializer.deserialize_any(PatternOrWhole)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Pattern(pattern) => serializer.serialize_str(pattern),
            Self::Whole(whole) => serializer.serialize_bool(*whole),
        }
    }
}

impl JsonSchema for Template {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["boolean", "string"] })
    }
}

impl<'de> Deserialize<'de> for RuleEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTable;

        impl<'de> Visitor<'de> for TextOrTable {
            type Value = RuleEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rule: a table, or a string such as `\"*.whl: reset-after=1MB x2, ok\"`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RuleEntry, E> {
                Ok(RuleEntry::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<RuleEntry, A::Error> {
                RuleTable::deserialize(MapAccessDeserializer::new(entries)).map(Box::new).map(RuleEntry::Table)
            }
        }

        deserializer.deserialize_any(TextOrTable)
    }
}

impl Serialize for RuleEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Table(table) => table.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl JsonSchema for RuleEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RuleEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<RuleTable>();
        json_schema!({ "oneOf": [table, { "type": "string" }] })
    }
}
