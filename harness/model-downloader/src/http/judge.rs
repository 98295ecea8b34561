//! What a reply means for the part that we have.

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, TRANSFER_ENCODING};
use reqwest::{Response, StatusCode};

use super::{ContentRange, StrongEtag};
use crate::policy::{OnUnsatisfied, OnWhole, Resuming};

/// What we asked to be resumed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Asked {
    /// How many bytes we have.
    pub(crate) have: u64,
    /// What they are of. Without one nothing is resumed, as long as validators are checked.
    pub(crate) etag: Option<StrongEtag>,
    /// How many there are to be, as far as an earlier reply has said so.
    pub(crate) total: Option<u64>,
}

/// What matters of the head of a reply.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) etag: Option<StrongEtag>,
    pub(crate) length: Option<u64>,
    pub(crate) range: Option<ContentRange>,
    /// Its body is made of several parts, each with a head of its own (RFC 9110 §14.6).
    pub(crate) multipart: bool,
}

/// What to do with a reply.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// Its body goes behind what we have.
    Append {
        /// From this byte on. What we have behind it comes again, and is thrown away.
        first: u64,
        /// How many bytes there are to be when all of the body is there.
        end: Option<u64>,
        /// How many bytes the file is to have.
        total: Option<u64>,
    },
    /// We have everything already.
    Complete,
    /// It cannot be used, and neither can what we have: ask for the whole, with another attempt.
    Refuse(Refused),
    /// It is the whole: what we have is thrown away.
    StartOver {
        /// How many bytes the file is to have.
        total: Option<u64>,
    },
}

/// Why a reply cannot be used.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("The server sent a part of another version of the file")]
    Changed,
    #[error("The server sent several parts, where one was asked for")]
    Multipart,
    #[error("The server sent a part without saying which")]
    NoContentRange,
    #[error("The server sent a part without saying how long the file is")]
    NoTotal,
    #[error("The server sent a part of {length} bytes, where its range has {range}")]
    OtherLength { length: u64, range: u64 },
    #[error("The server sent bytes {first} to {last}, where those from {have} on were asked for")]
    OtherPart { first: u64, last: u64, have: u64 },
    #[error("The server sent a part of a file of another length")]
    OtherTotal,
    #[error("The server sent a part that was not asked for")]
    Unasked,
    #[error("The server has nothing behind byte {have}, where the file is not complete")]
    Unsatisfied { have: u64 },
}

impl Reply {
    pub(crate) fn of(response: &Response, policy: &Resuming) -> Self {
        let headers = response.headers();
        let etag = if policy.trust_weak { StrongEtag::parse_even_if_weak } else { StrongEtag::parse };
        Self {
            status: response.status().as_u16(),
            etag: text(headers, ETAG).and_then(etag),
            length: length(headers),
            range: text(headers, CONTENT_RANGE).and_then(ContentRange::parse),
            multipart: text(headers, CONTENT_TYPE).is_some_and(is_multipart),
        }
    }

    /// What to do with it: 200, 206 or 416. `None` for any other status.
    pub(crate) fn judge(&self, asked: Option<&Asked>, policy: &Resuming) -> Option<Verdict> {
        match (StatusCode::from_u16(self.status).ok()?, asked) {
            (StatusCode::OK, Some(asked)) if policy.on_whole == OnWhole::Append => Some(asked.unchecked()),
            // The range was ignored, or `If-Range` said that the file is another one by now (RFC 9110 §14.2).
            (StatusCode::OK, _) => Some(Verdict::StartOver { total: self.length }),
            (StatusCode::PARTIAL_CONTENT, Some(asked)) => {
                Some(self.part(asked, policy).unwrap_or_else(Verdict::Refuse))
            }
            (StatusCode::PARTIAL_CONTENT, None) => Some(Verdict::Refuse(Refused::Unasked)),
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(asked)) => self.unsatisfied(asked, policy),
            _ => None,
        }
    }

    /// Where a 206 goes on: the client has to look (RFC 9110 §15.3.7), the server may send something else.
    fn part(&self, asked: &Asked, policy: &Resuming) -> Result<Verdict, Refused> {
        // Parts of two versions make a file that never was (RFC 9110 §15.3.7.3).
        if policy.check_validator && self.etag != asked.etag {
            return Err(Refused::Changed);
        }
        if !policy.check_range {
            return Ok(asked.unchecked());
        }
        if self.multipart {
            return Err(Refused::Multipart);
        }
        let Some(ContentRange::Part { first, last, total }) = self.range else {
            return Err(Refused::NoContentRange);
        };
        // It may begin earlier, as that of a cache that keeps blocks does. Later would leave a hole.
        if first > asked.have || last < asked.have {
            return Err(Refused::OtherPart { first, last, have: asked.have });
        }
        let range = last - first + 1;
        if let Some(length) = self.length.filter(|length| *length != range) {
            return Err(Refused::OtherLength { length, range });
        }
        match (total, asked.total) {
            (Some(total), Some(known)) if total != known => Err(Refused::OtherTotal),
            // A server need not know it. But nothing is complete whose length nobody has told.
            (None, None) => Err(Refused::NoTotal),
            (total, known) => Ok(Verdict::Append { first, end: Some(last + 1), total: total.or(known) }),
        }
    }

    /// A 416 is the end only if the file is exactly as long as what we have. In mid file it says that something is wrong.
    fn unsatisfied(&self, asked: &Asked, policy: &Resuming) -> Option<Verdict> {
        let length = match self.range {
            Some(ContentRange::Unsatisfied { total }) => Some(total),
            _ => None,
        };
        let fits = length == Some(asked.have) && asked.total.is_none_or(|total| total == asked.have);
        match policy.on_unsatisfied {
            OnUnsatisfied::Succeed => Some(Verdict::Complete),
            OnUnsatisfied::Fail => None,
            OnUnsatisfied::Check if fits => Some(Verdict::Complete),
            OnUnsatisfied::Check => Some(Verdict::Refuse(Refused::Unsatisfied { have: asked.have })),
        }
    }
}

impl Asked {
    /// Behind what we have, whatever it is.
    fn unchecked(&self) -> Verdict {
        Verdict::Append { first: self.have, end: None, total: None }
    }
}

/// Beside `Transfer-Encoding`, `Content-Length` means nothing (RFC 9112 §6.3).
fn length(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(TRANSFER_ENCODING) { None } else { text(headers, CONTENT_LENGTH)?.parse().ok() }
}

/// Types know no case, and may have parameters (RFC 9110 §8.3.1).
fn is_multipart(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("multipart/byteranges")
}

fn text(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(tag: &str) -> Option<StrongEtag> {
        StrongEtag::parse(tag)
    }

    fn asked(total: Option<u64>) -> Asked {
        Asked { have: 1_000, etag: tag(r#""a""#), total }
    }

    fn reply(status: u16, range: &str) -> Reply {
        let range = ContentRange::parse(range);
        Reply { status, etag: tag(r#""a""#), length: Some(4_000), range, multipart: false }
    }

    fn sized(length: u64, range: &str) -> Reply {
        Reply { length: Some(length), ..reply(206, range) }
    }

    #[track_caller]
    fn check(reply: &Reply, asked: Option<Asked>, expected: Verdict) {
        assert_eq!(reply.judge(asked.as_ref(), &Resuming::default()), Some(expected));
    }

    fn append(first: u64, end: u64) -> Verdict {
        Verdict::Append { first, end: Some(end), total: Some(5_000) }
    }

    #[test]
    fn a_part_that_goes_on_is_appended() {
        let part = reply(206, "bytes 1000-4999/5000");
        check(&part, Some(asked(Some(5_000))), append(1_000, 5_000));
        check(&part, Some(asked(None)), append(1_000, 5_000));
        // Chunks have no length.
        check(&Reply { length: None, ..part }, Some(asked(None)), append(1_000, 5_000));
        // The server may send less than what was asked for; then the rest is asked for.
        check(&sized(1_000, "bytes 1000-1999/5000"), Some(asked(None)), append(1_000, 2_000));
        // And it need not know the length, if we do.
        check(&reply(206, "bytes 1000-4999/*"), Some(asked(Some(5_000))), append(1_000, 5_000));
    }

    #[test]
    fn a_part_that_begins_earlier_replaces_what_we_have() {
        check(&sized(5_000, "bytes 0-4999/5000"), Some(asked(Some(5_000))), append(0, 5_000));
        check(&sized(4_001, "bytes 999-4999/5000"), Some(asked(None)), append(999, 5_000));
        check(&sized(2, "bytes 999-1000/5000"), Some(asked(None)), append(999, 1_001));
    }

    #[test]
    fn any_other_part_is_refused() {
        let refused = |length, range, refused| {
            check(&sized(length, range), Some(asked(Some(5_000))), Verdict::Refuse(refused));
        };
        refused(4_000, "bytes 1001-4999/5000", Refused::OtherPart { first: 1_001, last: 4_999, have: 1_000 });
        refused(1_000, "bytes 0-999/5000", Refused::OtherPart { first: 0, last: 999, have: 1_000 });
        refused(4_001, "bytes 1000-4999/5000", Refused::OtherLength { length: 4_001, range: 4_000 });
        refused(3_999, "bytes 1000-4999/5000", Refused::OtherLength { length: 3_999, range: 4_000 });
        refused(4_000, "bytes 1000-4999/6000", Refused::OtherTotal);
        refused(4_000, "", Refused::NoContentRange);
        refused(4_000, "bytes */5000", Refused::NoContentRange);
        check(&reply(206, "bytes 1000-4999/*"), Some(asked(None)), Verdict::Refuse(Refused::NoTotal));
        check(&reply(206, "bytes 1000-4999/5000"), None, Verdict::Refuse(Refused::Unasked));
        let multipart = Reply { multipart: true, ..reply(206, "bytes 1000-4999/5000") };
        check(&multipart, Some(asked(None)), Verdict::Refuse(Refused::Multipart));
        let mut changed = reply(206, "bytes 1000-4999/5000");
        for etag in [tag(r#""b""#), None] {
            changed.etag = etag;
            check(&changed, Some(asked(None)), Verdict::Refuse(Refused::Changed));
        }
    }

    #[test]
    fn beside_chunks_a_length_is_none() {
        let field = |name, value: &str| (name, value.parse().unwrap());
        let (said, chunked) = (field(CONTENT_LENGTH, "5"), field(TRANSFER_ENCODING, "chunked"));
        assert_eq!(length(&HeaderMap::from_iter([said.clone()])), Some(5));
        assert_eq!(length(&HeaderMap::from_iter([said, chunked])), None);
        assert_eq!(length(&HeaderMap::new()), None);
    }

    #[test]
    fn the_type_of_several_parts() {
        for of_several in
            ["multipart/byteranges; boundary=x", "Multipart/ByteRanges;boundary=x", "multipart/byteranges"]
        {
            assert!(is_multipart(of_several), "{of_several}");
        }
        for other in ["", "multipart/form-data", "application/gzip", "text/plain; a=multipart/byteranges"] {
            assert!(!is_multipart(other), "{other}");
        }
    }

    #[test]
    fn the_whole_starts_over() {
        let whole = reply(200, "");
        check(&whole, None, Verdict::StartOver { total: Some(4_000) });
        check(&whole, Some(asked(Some(5_000))), Verdict::StartOver { total: Some(4_000) });
    }

    #[test]
    fn nothing_behind_the_end_is_the_end_and_in_mid_file_it_is_not() {
        check(&reply(416, "bytes */1000"), Some(asked(None)), Verdict::Complete);
        check(&reply(416, "bytes */1000"), Some(asked(Some(1_000))), Verdict::Complete);
        let refused = || Verdict::Refuse(Refused::Unsatisfied { have: 1_000 });
        check(&reply(416, "bytes */5000"), Some(asked(Some(5_000))), refused());
        check(&reply(416, "bytes */5000"), Some(asked(None)), refused());
        check(&reply(416, "bytes */1000"), Some(asked(Some(5_000))), refused());
        check(&reply(416, ""), Some(asked(None)), refused());
    }

    #[test]
    fn other_statuses_are_not_for_here() {
        for status in [204, 304, 404, 416, 503] {
            assert_eq!(reply(status, "").judge(None, &Resuming::default()), None);
        }
    }
}
