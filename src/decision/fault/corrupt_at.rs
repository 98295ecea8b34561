//! `corrupt-at`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "corrupt-at",
    area: Area::Body,
    takes: Takes::Byte(|offset, draft| draft.flip_at(offset)),
    role: Role::Reply,
    once: true,
    changes_content: |_| true,
    summary: "invert this byte of the fixture, once; the length stays right",
    example: "corrupt-at=50%",
    shows: &[
        Show { entry: "corrupt-at=500", wire: "GET head body[..500] flipped[500..501] body[501..] open" },
        Show { entry: "corrupt-at=end-1", wire: "GET{range: bytes=500-} head body[500..999] flipped[999..] open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `corrupt-at=OFFSET`: inverts this byte of the fixture, once per offset and target.
    ///
    /// The offset counts from the start of the fixture, as by [`reset_at`](Self::reset_at). It applies to the response
    /// that has this byte, unless another fault breaks the body off before it. There is no byte at the end: the last
    /// one is at `end-1`; `end` and `100%` are errors when the schedule is built.
    ///
    /// # On the wire
    ///
    /// A correct reply of the right length, in which all 8 bits of one byte are inverted. Only a checksum can tell.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::corrupt_at(ByteSize::kb(1)).to_string(), "corrupt-at=1kB");
    /// ```
    pub fn corrupt_at(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part, plan, whole};
    use crate::{
        Entry, Fault, Offset,
        decision::plan::Step::{Body, Drain, End, Head, Rst, Stop},
    };

    #[test]
    fn one_byte_is_inverted() {
        let facts = part(4_000, 2_000, 9_000);
        check("corrupt-at=5kB", facts, &[Head, End], true);
        assert_eq!(plan("corrupt-at=5kB", facts).flips(), [1_000]);
        assert_eq!(plan("corrupt-at=4kB", facts).flips(), [0]);
        assert_eq!(plan("corrupt-at=5999", facts).flips(), [1_999]);
    }

    #[test]
    fn there_is_no_byte_outside_the_body() {
        check_missed("corrupt-at=3999", part(4_000, 2_000, 9_000));
        check_missed("corrupt-at=6kB", part(4_000, 2_000, 9_000));
        check_missed("corrupt-at=0", whole(0));
        check_missed("corrupt-at=0", bodiless(10));
    }

    #[test]
    fn there_is_no_byte_at_the_end() {
        for text in ["end", "end-0", "100%"] {
            let error = format!("corrupt-at={text}").parse::<Entry>().unwrap_err();
            assert_eq!((error.span(), error.help()), (11..11 + text.len(), Some("the last byte is at `end-1`")));
        }
        assert!(Entry::new([Fault::corrupt_at(Offset::END)]).is_err());
        assert_eq!(plan("corrupt-at=end-1", whole(9)).flips(), [8]);
    }

    #[test]
    fn a_byte_behind_the_break_is_missed_and_the_rest_is_done() {
        let steps = [Head, Body(400), Drain, Rst];
        check("corrupt-at=400 reset-after=400", whole(1_000), &steps, false);
        check("corrupt-at=399 reset-after=400", whole(1_000), &steps, true);
        assert_eq!(plan("corrupt-at=400 reset-after=400", whole(1_000)).flips(), [0_u64; 0]);
        assert_eq!(plan("reset-after=400 corrupt-at=399", whole(1_000)).flips(), [399]);
        check("corrupt-at=400 stall-after=400", whole(1_000), &[Head, Body(400), Drain, Stop], false);
    }

    #[test]
    fn a_byte_behind_a_stall_that_ends_is_inverted() {
        let entry = "corrupt-at=400 stall-after=400 stall-for=1s";
        assert_eq!(plan(entry, whole(1_000)).flips(), [400]);
        assert!(plan(entry, whole(1_000)).applied());
    }
}
