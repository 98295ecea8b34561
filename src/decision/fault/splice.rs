//! `splice`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Splice, Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "splice",
    area: Area::Body,
    takes: Takes::Splice(|splice, draft| draft.splice(splice)),
    valid: |value| match value {
        Value::Splice(splice) => Takes::Byte(|_, _| {}).parse(&splice.at.to_string()).map(drop),
        _ => Ok(()),
    },
    sets: Sets::Other("what is sent from there on"),
    changes_content: |_| true,
    summary: "send bytes of another fixture from this byte of the body on; the length stays right",
    example: "splice=/other.tar.gz@50%",
    shows: &[
        Show { entry: "splice=/other@50%", wire: "GET head body[..500] other[500..] open" },
        Show { entry: "splice=/absent@50%", wire: "GET head body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `splice=PATH@OFFSET`: sends bytes of another fixture, from this byte of this response's body to its end.
    ///
    /// The byte at place `i` of the body is byte `i` of the fixture under this path; if that one is shorter, it is sent
    /// over and over. So does a cache or a mirror that mixes two files up. The path is one as for
    /// [`location`](Self::location); a query counts for nothing. Where there is no such fixture, or nothing in it, the reply
    /// is correct, and the exchange's note says why. It does not apply where the body is shorter, or another fault breaks
    /// it off before this byte.
    ///
    /// # On the wire
    ///
    /// A reply of the right length and with the right headers, whose bytes are another fixture's from this one on.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// let fault = Fault::splice("/other.tar.gz", Offset::percent(50));
    /// assert_eq!(fault.to_string(), "splice=/other.tar.gz@50%");
    /// ```
    pub fn splice(path: &str, offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Splice(Splice { path: path.into(), at: offset.into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part, plan, whole};
    use crate::{
        Entry, Fault, Offset,
        decision::plan::Step::{Body, Drain, End, Head, Rst},
    };

    #[test]
    fn another_fixture_begins_at_a_byte() {
        for (n, from) in [("0", 0), ("50%", 1_000), ("1999", 1_999)] {
            let facts = part(4_000, 2_000, 9_000);
            check(&format!("splice=/b@{n}"), facts, &[Head, End], true);
            assert_eq!(plan(&format!("splice=/b@{n}"), facts).splice(), Some(("/b", from)));
        }
    }

    #[test]
    fn there_is_none_outside_the_body() {
        for (n, facts) in [(2_000, whole(2_000)), (0, whole(0)), (0, bodiless(10))] {
            check_missed(&format!("splice=/b@{n}"), facts);
            assert_eq!(plan(&format!("splice=/b@{n}"), facts).splice(), None);
        }
        let behind = "splice=/b@400 reset-after=400";
        check(behind, whole(1_000), &[Head, Body(400), Drain, Rst], false);
        assert_eq!(plan(behind, whole(1_000)).splice(), None);
    }

    #[test]
    fn a_path_and_a_byte() {
        for fault in
            [Fault::splice("b", 1), Fault::splice("/b", Offset::END), Fault::splice("/b", Offset::percent(100))]
        {
            assert!(Entry::new([fault]).is_err());
        }
        let error = "splice=/b@end".parse::<Entry>().unwrap_err();
        assert_eq!((error.message(), error.help()), ("there is no byte at `end`", Some("the last byte is at `end-1`")));
    }
}
