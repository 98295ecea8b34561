//! `gzip`.

use crate::units::UnitError;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "gzip",
    area: Area::Reply,
    takes: Takes::Number(|times, draft| draft.gzip(times)),
    valid: |value| match value {
        Value::Number(1..=3) => Ok(()),
        _ => Err(UnitError::new(
            format!("nothing is coded `{value}` times over"),
            "it goes from `1`, which is a correct coding, to `3`",
        )),
    },
    role: Role::Revision,
    summary: "gzip-code the whole this many times over, and say so once; 1 is a correct coding",
    example: "gzip=2",
    shows: &[
        Show { entry: "gzip=1", wire: "GET reply(200 gzip(body)){content-encoding: gzip} open" },
        Show { entry: "gzip=2", wire: "GET reply(200 gzip(gzip(body))){content-encoding: gzip} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `gzip=N`: sends the representation gzip-coded so many times over, and says so once.
    ///
    /// `gzip=1` is a correct coding (RFC 9110 §8.4.1.3), to be broken by the terms beside it; `gzip=2` and `gzip=3` are the
    /// bug of two or three layers that compress, each without knowing of the other. It is another representation, with another
    /// entity tag: lengths, ranges, preconditions and offsets are those of what is sent. It does not ask what
    /// `Accept-Encoding` says. It applies to fixtures of up to 16 MiB; to what is no fixture, and to larger ones, it does
    /// not. Other numbers than these are an error when the schedule is built.
    ///
    /// # On the wire
    ///
    /// A reply with `Content-Encoding: gzip`, and the bytes of the coded representation. What is in them besides the
    /// content is not fixed: another version of this program may code it in other bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::gzip(2).to_string(), "gzip=2");
    /// ```
    pub fn gzip(times: u32) -> Self {
        Self::new(&SPEC, Value::Number(times))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_missed, plan, whole};
    use crate::decision::{
        Entry,
        plan::Step::{End, Head},
    };

    #[test]
    fn the_answer_is_coded() {
        check("gzip=2", whole(20), &[Head, End], true);
        assert_eq!(plan("gzip=2", whole(20)).answer().gzip(), Some(2));
        assert_eq!(plan("ok", whole(20)).answer().gzip(), None);
    }

    #[test]
    fn what_is_no_fixture_is_not_coded() {
        check_missed("gzip=1", whole(20).elsewhere());
    }

    #[test]
    fn once_to_thrice() {
        for (times, valid) in [(0, false), (1, true), (3, true), (4, false)] {
            assert_eq!(format!("gzip={times}").parse::<Entry>().is_ok(), valid, "{times}");
        }
        let error = "gzip=4".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "nothing is coded `4` times over");
    }
}
