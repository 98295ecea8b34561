//! What a client of an entry sees, as text: the notation that is described at [`Show`](crate::decision::Show).

mod bytes;
mod cursor;
mod lines;
mod steps;

use std::{ops::Range, time::Duration};

pub(crate) use self::{
    bytes::{Bytes, Kind, Slice},
    lines::Edit,
};
use self::{cursor::Cursor, steps::step};
use crate::ParseError;

/// A wire text, read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Wire {
    steps: Vec<(Step, Range<usize>)>,
}

/// One thing that goes to or fro.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Ask(Ask),
    /// At least so much time has passed since the client last asked, when the next thing comes.
    AtLeast(Duration),
    Bytes(Bytes),
    End(End),
    Head {
        edits: Vec<Edit>,
        slice: Option<Slice>,
    },
    /// A head without its status line.
    Headers(Vec<Edit>),
    /// A whole message.
    Reply {
        code: u16,
        body: Option<Vec<Bytes>>,
        edits: Vec<Edit>,
    },
}

/// A request for the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    /// Header lines beside the usual ones.
    pub(crate) lines: Vec<String>,
}

/// How it goes on in the end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    Fin,
    Open,
    Rst,
    Silence,
}

impl Wire {
    /// Reads a wire text.
    ///
    /// # Errors
    ///
    /// If there is something else in it than the notation has, or it does not say how the connection ends.
    pub(crate) fn parse(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(text);
        let mut steps: Vec<(Step, Range<usize>)> = Vec::new();
        while cursor.skip_space() {
            let start = cursor.place();
            let step = step(&mut cursor)?;
            let span = start..cursor.place();
            let error = match steps.last() {
                Some((Step::End(_), _)) => "nothing comes behind the end",
                Some((Step::AtLeast(_), _)) if !step.comes() => "the time is that of something that comes",
                _ if cursor.is_between() => {
                    steps.push((step, span));
                    continue;
                }
                _ => return Err(cursor.error_here("there is a space between two steps")),
            };
            return Err(ParseError::new(text, span, error));
        }
        match steps.last() {
            Some((Step::End(_), _)) => Ok(Self { steps }),
            _ => Err(cursor.error_here("how does it end?").with_help("with `RST`, `FIN`, `silence` or `open`")),
        }
    }

    /// The steps, with their places in the text.
    pub(crate) fn steps(&self) -> &[(Step, Range<usize>)] {
        &self.steps
    }

    /// The first request, if there is one.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only other clients ask the same"))]
    pub(crate) fn first_ask(&self) -> Option<&Ask> {
        self.steps.iter().find_map(|(step, _)| match step {
            Step::Ask(ask) => Some(ask),
            _ => None,
        })
    }
}

impl Step {
    /// Whether it is the server's doing.
    fn comes(&self) -> bool {
        !matches!(self, Self::Ask(_) | Self::AtLeast(_) | Self::End(End::Open | End::Silence))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn steps(text: &str) -> Vec<Step> {
        let wire = Wire::parse(text).unwrap_or_else(|error| panic!("{error}"));
        wire.steps.into_iter().map(|(step, _)| step).collect()
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(Wire::parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn steps_stand_in_their_order() {
        let steps = steps("GET{range: bytes=5-; x: y} ~200ms head body[..5] RST");
        let ask = Ask { method: "GET", lines: vec!["range: bytes=5-".to_owned(), "x: y".to_owned()] };
        assert_eq!(steps[0], Step::Ask(ask));
        assert_eq!(steps[1], Step::AtLeast(Duration::from_millis(200)));
        assert_eq!(steps[2], Step::Head { edits: vec![], slice: None });
        assert!(matches!(&steps[3], Step::Bytes(Bytes { kind: Kind::Body, slice: Some(_), times: 1 })), "{steps:?}");
        assert_eq!(steps[4], Step::End(End::Rst));
    }

    #[test]
    fn all_that_a_server_may_do_can_be_written() {
        for text in [
            "RST",
            "GET \"HTTP/1.1 103 Early Hints\\r\\nlink: </a>\\r\\n\\r\\n\"*2 head body open",
            "GET head{-content-length; transfer-encoding: chunked} chunk(body[..500]) \"ZZZ\\r\\n\" body[500..] \"\\r\\n\" \
             last-chunk open",
            "GET head body ~100ms FIN",
            "GET head body GET RST",
            "GET head[..9] FIN",
            "GET \"garbage\\r\\n\" headers body open",
            "GET head{content-length: 1000; content-length: 900} body open",
            "GET head \"x\"*100 body silence",
            "GET head body[..500] other[500..] open",
            "GET head{\"content-type: text/html; charset=utf-8\"; content-range: bytes */1000; \"no colon\"} body open",
            "GET head{content-encoding: gzip; -etag} gzip(body[..500])[..50%] FIN",
            "\"SSH-2.0\\r\\n\" GET chunk(gzip(body) \"x\"*5)*2 open",
        ] {
            steps(text);
        }
    }

    #[test]
    fn places_are_those_in_the_text() {
        let text = "GET  head{-etag}\nchunk(body \"\\n\")*2 FIN";
        let wire = Wire::parse(text).unwrap();
        let places: Vec<_> = wire.steps().iter().map(|(_, span)| &text[span.clone()]).collect();
        assert_eq!(places, ["GET", "head{-etag}", "chunk(body \"\\n\")*2", "FIN"]);
    }

    #[test]
    fn a_reply_may_have_a_body() {
        let [_, Step::Reply { code: 206, body: Some(body), edits }, _] =
            &steps("GET reply(206 body[..5] \"x\"){a: b} open")[..]
        else {
            panic!("another reply")
        };
        assert_eq!((body.len(), edits.len()), (2, 1));
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        check_error("GET hea body open", "unknown step `hea`\n  GET hea body open\n      ^^^\n  did you mean `head`?");
        check_error(
            "GET head body",
            "how does it end?\n  GET head body\n               ^\n  with `RST`, `FIN`, `silence` or `open`",
        );
        check_error("FIN body", "nothing comes behind the end\n  FIN body\n      ^^^^");
        check_error("GET ~1s open", "the time is that of something that comes\n  GET ~1s open\n          ^^^^");
        check_error("GET \"ab", "the bytes have no end\n  GET \"ab\n      ^^^\n  write `\"` behind them");
        check_error(
            r#"GET "\q" FIN"#,
            "unknown escape\n  GET \"\\q\" FIN\n       ^^\n  there are `\\r`, `\\n`, `\\t`, `\\0`, `\\\\`, `\\\"` and `\\xFF`",
        );
        check_error("GET body[5] FIN", "a slice is `[from..to]`\n  GET body[5] FIN\n          ^^^");
        check_error(
            "GET body[x..] FIN",
            "`x` is not an offset\n  GET body[x..] FIN\n           ^\n  an offset is a size such as `1MB`, a percentage such as `50%`, `end`, or `end-1kB`",
        );
        check_error("GET head{-etag FIN", "the brace is not closed\n  GET head{-etag FIN\n          ^^^^^^^^^^");
        check_error(
            "GET ~5 FIN",
            "`5` has no unit\n  GET ~5 FIN\n       ^\n  did you mean `5s` or `5ms`? (as in `2s` and `250ms`)",
        );
        check_error(
            "GET reply(503){retry-after: date(3s/rfc)} FIN",
            "`rfc` is not the form of a date\n  GET reply(503){retry-after: date(3s/rfc)} FIN\n                                   ^^^^^^\n  did you mean `rfc850`?",
        );
        check_error("GET chunk(body FIN", "unknown bytes `FIN`\n  GET chunk(body FIN\n                 ^^^");
        check_error("GET reply(1) FIN", "a status has three digits\n  GET reply(1) FIN\n            ^");
        check_error("banana FIN", "unknown step `banana`\n  banana FIN\n  ^^^^^^");
        check_error("body\"x\" FIN", "there is a space between two steps\n  body\"x\" FIN\n      ^");
        check_error(
            "\"x\"*9999999 FIN",
            "`9999999` is not a number from 1 to 1000000\n  \"x\"*9999999 FIN\n      ^^^^^^^",
        );
    }

    #[test]
    fn nothing_is_nested_without_end() {
        let text = format!("{}body{} FIN", "chunk(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(Wire::parse(&text).unwrap_err().message(), "nested too deeply");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,80}") {
            let _ = Wire::parse(&text).map_err(|error| error.to_string());
        }

        #[test]
        fn no_text_of_these_words_panics(words in prop::collection::vec(prop::sample::select(vec![
            "GET", "HEAD", "head", "headers", "body", "other", "flipped", "chunk(", "gzip(", ")", "last-chunk", "[..", "..]",
            "[", "]", "5", "50%", "end-1", "end-", "{", "}", "-etag", ": ", ";", "\"", "\\x", "\\", "*", "~", "100ms", "reply(",
            "503", "RST", "FIN", "silence", "open", " ", "\u{e4}", "(", ",",
        ]), 0..20)) {
            let text = words.concat();
            if let Err(error) = Wire::parse(&text) {
                prop_assert!(error.to_string().contains('^'));
            }
        }
    }
}
