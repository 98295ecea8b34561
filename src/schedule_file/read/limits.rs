//! Limits on what a client can grow.

use std::ops::RangeInclusive;

use super::Reader;
use crate::decision::ParseError;
use crate::limits::MAX_HEADERS;
use crate::schedule_file::document::LimitsTable;
use crate::schedule_file::limits::FileLimits;
use crate::units::{UnitError, parse_duration, quoted, some_bytes, some_time};

impl Reader<'_> {
    pub(super) fn limits(self, table: &LimitsTable) -> Result<FileLimits, ParseError> {
        let LimitsTable {
            max_connections,
            max_head,
            max_headers,
            max_request_body,
            request_timeout,
            max_journal,
            max_cache,
            drain_deadline,
        } = table;
        Ok(FileLimits {
            connections: self.optional(max_connections, |text| number(text, 1..=usize::MAX))?,
            head: self.optional(max_head, some_bytes)?,
            headers: self.optional(max_headers, |text| number(text, 1..=MAX_HEADERS))?,
            request_body: self.optional(max_request_body, str::parse)?,
            request_timeout: self.optional(request_timeout, some_time)?,
            journal: self.optional(max_journal, |text| number(text, 0..=usize::MAX))?,
            cache: self.optional(max_cache, str::parse)?,
            drain_deadline: self.optional(drain_deadline, parse_duration)?,
        })
    }
}

fn number(text: &str, range: RangeInclusive<usize>) -> Result<usize, UnitError> {
    text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        let help = match *range.end() {
            usize::MAX => format!("it is a whole number from {} on", range.start()),
            end => format!("it is a whole number from {} to {end}", range.start()),
        };
        UnitError::new(format!("{} is out of range", quoted(text)), help)
    })
}
