//! What a reply means for the part that we have.

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap};
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
}

/// What to do with a reply.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// Its body goes behind what we have.
    Append {
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
    #[error("The server sent a part without saying which")]
    NoContentRange,
    #[error("The server sent bytes from {first} on, where those from {have} on were asked for")]
    OtherPart { first: u64, have: u64 },
    #[error("The server sent a part of a file of another length")]
    OtherTotal,
    #[error("The server sent a part that was not asked for")]
    Unasked,
    #[error("The server has nothing behind byte {have}, where the file is not complete")]
    Unsatisfied { have: u64 },
}

impl Reply {
    pub(crate) fn of(response: &Response) -> Self {
        let headers = response.headers();
        Self {
            status: response.status().as_u16(),
            etag: text(headers, ETAG).and_then(StrongEtag::parse),
            length: text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            range: text(headers, CONTENT_RANGE).and_then(ContentRange::parse),
        }
    }

    /// What to do with it: 200, 206 or 416. `None` for any other status.
    pub(crate) fn judge(&self, asked: Option<&Asked>, policy: &Resuming) -> Option<Verdict> {
        match (StatusCode::from_u16(self.status).ok()?, asked) {
            (StatusCode::OK, Some(_)) if policy.on_whole == OnWhole::Append => Some(Verdict::Append { total: None }),
            // The range was ignored, or `If-Range` said that the file is another one by now (RFC 9110 §14.2).
            (StatusCode::OK, _) => Some(Verdict::StartOver { total: self.length }),
            (StatusCode::PARTIAL_CONTENT, Some(asked)) => Some(match self.part(asked, policy) {
                Ok(total) => Verdict::Append { total },
                Err(refused) => Verdict::Refuse(refused),
            }),
            (StatusCode::PARTIAL_CONTENT, None) => Some(Verdict::Refuse(Refused::Unasked)),
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(asked)) => self.unsatisfied(asked, policy),
            _ => None,
        }
    }

    /// Whether a 206 goes on where we are: the client has to look (RFC 9110 §15.3.7), the server may send something else.
    fn part(&self, asked: &Asked, policy: &Resuming) -> Result<Option<u64>, Refused> {
        // Parts of two versions make a file that never was (RFC 9110 §15.3.7.3).
        if policy.check_validator && self.etag != asked.etag {
            return Err(Refused::Changed);
        }
        if !policy.check_range {
            return Ok(None);
        }
        let Some(ContentRange::Part { first, total: Some(total), .. }) = self.range else {
            return Err(Refused::NoContentRange);
        };
        if first != asked.have {
            return Err(Refused::OtherPart { first, have: asked.have });
        }
        if asked.total.is_some_and(|known| known != total) {
            return Err(Refused::OtherTotal);
        }
        Ok(Some(total))
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
        Reply { status, etag: tag(r#""a""#), length: Some(4_000), range: ContentRange::parse(range) }
    }

    #[track_caller]
    fn check(reply: &Reply, asked: Option<Asked>, expected: Verdict) {
        assert_eq!(reply.judge(asked.as_ref(), &Resuming::default()), Some(expected));
    }

    #[test]
    fn a_part_that_goes_on_is_appended() {
        let part = reply(206, "bytes 1000-4999/5000");
        check(&part, Some(asked(Some(5_000))), Verdict::Append { total: Some(5_000) });
        check(&part, Some(asked(None)), Verdict::Append { total: Some(5_000) });
        // The server may send less than what was asked for; then the rest is asked for.
        check(&reply(206, "bytes 1000-1999/5000"), Some(asked(None)), Verdict::Append { total: Some(5_000) });
    }

    #[test]
    fn any_other_part_is_refused() {
        let refused = |range, refused| check(&reply(206, range), Some(asked(Some(5_000))), Verdict::Refuse(refused));
        refused("bytes 0-4999/5000", Refused::OtherPart { first: 0, have: 1_000 });
        refused("bytes 2000-4999/5000", Refused::OtherPart { first: 2_000, have: 1_000 });
        refused("bytes 1000-4999/6000", Refused::OtherTotal);
        refused("bytes 1000-4999/*", Refused::NoContentRange);
        refused("", Refused::NoContentRange);
        check(&reply(206, "bytes 1000-4999/5000"), None, Verdict::Refuse(Refused::Unasked));
        let mut changed = reply(206, "bytes 1000-4999/5000");
        for etag in [tag(r#""b""#), None] {
            changed.etag = etag;
            check(&changed, Some(asked(None)), Verdict::Refuse(Refused::Changed));
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
