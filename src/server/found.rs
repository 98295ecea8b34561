//! What is found under a path, and what it has become.

use crate::content::{Fixtures, OpenError, Opened};
use crate::decision::{Answer, Version};
use crate::respond;

/// What is found under a path, and what there is to take its place.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) opened: Result<Opened, OpenError>,
    by: Option<Opened>,
    /// The content coding that was asked for cannot be had.
    pub(super) missed: bool,
}

impl Found {
    /// What an answer is made from. Where something of it cannot be had, `note` is told why.
    ///
    /// A version that is coded as a whole is taken out of the answer: what is found is that version.
    pub(super) async fn under(path: &str, fixtures: &Fixtures, answer: &mut Answer, note: impl Fn(String)) -> Self {
        let opened = fixtures.open_all(path).await;
        if let Err(error) = &opened {
            note(describe(error));
        }
        let by = match (answer.version().replaced_by(), &opened) {
            (Some(path), Ok(_)) => open(fixtures, path).await.map_err(|why| note(format!("`{path}` {why}"))).ok(),
            _ => None,
        };
        let found = Self { opened, by, missed: false };
        match answer.gzip() {
            Some(times) => found.coded(times, fixtures, answer, note).await,
            None => found,
        }
    }

    async fn coded(self, times: u32, fixtures: &Fixtures, answer: &mut Answer, note: impl Fn(String)) -> Self {
        let Ok(now) = self.version(answer.version()) else { return Self { missed: true, ..self } };
        let version = answer.take_version();
        let fixture = respond::revised(now.fixture, &version);
        let (fixture, missed) = match fixtures.gzip(&fixture, times).await {
            Ok(gzipped) => (gzipped, version.replaced_by().is_some() && self.by.is_none()),
            Err(error) => {
                note(describe(&error));
                (fixture, true)
            }
        };
        Self { opened: Ok(fixture.into()), by: None, missed }
    }

    /// What it is for this version; what it is revised to comes later, when one of its variants has been chosen.
    pub(super) fn version(&self, version: &Version) -> Result<Opened, &OpenError> {
        let found = self.opened.as_ref()?;
        Ok(match self.by.as_ref().filter(|_| version.replaced_by().is_some()) {
            Some(by) => respond::replaced(found, by.clone(), version),
            None => found.clone(),
        })
    }
}

async fn open(fixtures: &Fixtures, path: &str) -> Result<Opened, String> {
    let opened = fixtures.open_all(without_query(path)).await;
    opened.map_err(|error| format!("cannot take its place: {}", describe(&error)))
}

/// A path that may have been written with a query, which counts for nothing.
pub(super) fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _query)| path)
}

/// An error with its causes. The reply does not tell them: they name paths of this machine.
pub(super) fn describe(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
