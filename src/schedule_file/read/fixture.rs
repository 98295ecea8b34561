//! What is served.

use std::ops::Range;

use super::Reader;
use crate::content::Fixtures;
use crate::decision::ParseError;
use crate::schedule_file::aside::Aside;
use crate::schedule_file::at::At;
use crate::schedule_file::document::{FixtureTable, Template};
use crate::schedule_file::fixture::{FileFixture, Source};
use crate::{MountError, matchers};

/// Each fixture is held against all others.
const MAX_FIXTURES: usize = 10_000;

impl Reader<'_> {
    pub(super) fn fixtures(self, tables: &[At<FixtureTable>]) -> Result<Vec<FileFixture>, ParseError> {
        if let Some(table) = tables.get(MAX_FIXTURES) {
            return Err(self.wrong(&table.span, format!("there are more than {MAX_FIXTURES} fixtures")));
        }
        // Mounted for its errors.
        let mut mounted = Fixtures::new();
        let mut fixtures = Vec::new();
        // Fixtures stand in the order of the text, which is gone through once.
        let (mut line, mut counted) = (1, 0);
        for table in tables {
            let (mut fixture, source) = self.fixture(table)?;
            line += self.text.get(counted..source.start).map_or(0, |passed| passed.matches('\n').count());
            counted = source.start;
            fixture.line = Aside(Some(line));
            let mount = match (fixture.generated(), &fixture.path, &fixture.source) {
                (Some((path, generated)), ..) => mounted.generated(path, generated),
                (None, Some(path), Source::Text { .. } | Source::File { .. }) => mounted.memory(path, ""),
                (None, ..) => Ok(mounted),
            };
            mounted = mount.map_err(|error| {
                let path = table.value.path.as_ref().map_or(&table.span, |path| &path.span);
                let sized = matches!(error, MountError::TooLarge { .. } | MountError::TooSmall { .. });
                self.wrong(if sized { &source } else { path }, error.to_string())
            })?;
            fixtures.push(fixture);
        }
        Ok(fixtures)
    }

    /// A fixture, and the place of what it comes from.
    fn fixture(self, table: &At<FixtureTable>) -> Result<(FileFixture, Range<usize>), ParseError> {
        let (name, span) = self.origin(table)?;
        self.check_path(table)?;
        let template = self.template(&table.value, name)?;
        let FixtureTable { path, dir, file, generate, text, seed, template: _ } = &table.value;
        if let Some(seed) = seed.as_ref().filter(|_| generate.is_none()) {
            return Err(self.wrong(&seed.span, "only what is generated has a seed"));
        }
        let source = match (dir, file, generate, text) {
            (Some(dir), ..) => {
                let template = match template {
                    Some(Template::Pattern(glob)) => Some(glob),
                    _ => None,
                };
                Source::Dir { path: self.name(dir)?, template }
            }
            (_, Some(file), ..) => Source::File { path: self.name(file)?, template: template.is_some() },
            (_, _, Some(size), _) => Source::Generate {
                size: self.value(size, str::parse)?,
                seed: seed.as_ref().map(|seed| self.seed(seed)).transpose()?,
            },
            _ => {
                let text = text.as_ref().map(|text| text.value.clone()).unwrap_or_default();
                Source::Text { text, template: template.is_some() }
            }
        };
        let path = path.as_ref().map(|path| match path.value.starts_with('/') {
            true => path.value.clone(),
            false => format!("/{}", path.value),
        });
        Ok((FileFixture { path, source, line: Aside::default() }, span))
    }

    /// The one key that says where the bytes are from, and the place of its value.
    fn origin(self, table: &At<FixtureTable>) -> Result<(&'static str, Range<usize>), ParseError> {
        let FixtureTable { dir, file, generate, text, .. } = &table.value;
        let origins = [
            dir.as_ref().map(|dir| ("dir", &dir.span)),
            file.as_ref().map(|file| ("file", &file.span)),
            generate.as_ref().map(|generate| ("generate", &generate.span)),
            text.as_ref().map(|text| ("text", &text.span)),
        ];
        let mut origins = origins.into_iter().flatten();
        let error = match (origins.next(), origins.next()) {
            (Some((name, span)), None) => return Ok((name, span.clone())),
            (Some((name, _)), Some((other, span))) => {
                self.wrong(span, format!("`{name}` and `{other}` cannot stand together"))
            }
            (None, _) => self.wrong(&table.span, "the fixture does not say what is served"),
        };
        Err(error.with_help("a fixture has one of `dir`, `file`, `generate` and `text`"))
    }

    /// Whether it says where it is served, as far as it has to and may.
    fn check_path(self, table: &At<FixtureTable>) -> Result<(), ParseError> {
        let FixtureTable { path, dir, generate, text, .. } = &table.value;
        match path {
            Some(path) if path.value.is_empty() => {
                Err(self.wrong(&path.span, "the path is empty").with_help("it is one such as `/app.tar.gz`"))
            }
            Some(path) if path.value.contains(['?', '#']) => {
                let error = self.wrong(&path.span, "a path has no query, and no fragment");
                Err(error.with_help("a fixture is served whatever the query is; a rule goes by that with `query`"))
            }
            Some(path) if dir.is_some() => {
                Err(self.wrong(&path.span, "a directory is served under `/`: it has no `path`"))
            }
            None if generate.is_some() || text.is_some() => {
                let error = self.wrong(&table.span, "the fixture does not say where it is served");
                Err(error.with_help("`path = \"/app.tar.gz\"` says it"))
            }
            _ => Ok(()),
        }
    }

    /// What of it is a template: files that match a pattern, or all of it; `name` is where its bytes are from.
    fn template(self, table: &FixtureTable, name: &str) -> Result<Option<Template>, ParseError> {
        let Some(template) = &table.template else { return Ok(None) };
        match (&template.value, name) {
            (Template::Whole(false), _) => Ok(None),
            (Template::Whole(true), "file" | "text") => Ok(Some(Template::Whole(true))),
            (Template::Pattern(glob), "dir") => {
                let place = At { span: template.span.clone(), value: glob.as_str() };
                matchers::path(glob).check().map_err(|error| self.inside(place, error))?;
                Ok(Some(Template::Pattern(glob.clone())))
            }
            _ => {
                let error = self.wrong(&template.span, format!("this is no template for a fixture with `{name}`"));
                Err(error.with_help(
                    "it is `true` beside `file` and `text`, and a pattern such as `\"*.html\"` beside `dir`",
                ))
            }
        }
    }

    /// The name of a file or a directory.
    fn name(self, name: &At<String>) -> Result<String, ParseError> {
        match name.value.is_empty() || name.value.contains('\0') {
            true => Err(self.wrong(&name.span, "this is not the name of a file")),
            false => Ok(name.value.clone()),
        }
    }
}
