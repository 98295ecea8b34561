//! `corrupt-after`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "corrupt-after",
    area: Area::Body,
    takes: Takes::Byte(|offset, draft| draft.flip_after(offset)),
    changes_content: |_| true,
    summary: "invert this byte of the reply's body, each time; the length stays right",
    example: "corrupt-after=50%",
    shows: &[Show { entry: "corrupt-after=50%", wire: "GET head body[..500] flipped[500..501] body[501..] open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `corrupt-after=OFFSET`: inverts this byte of this response's body.
    ///
    /// The offset counts from the start of the body, as by [`reset_after`](Self::reset_after), and on every attempt that the
    /// entry decides there is such a byte; [`corrupt_at`](Self::corrupt_at) inverts a byte of the fixture, once. It does
    /// not apply where the body is shorter, or another fault breaks it off before this byte.
    ///
    /// # On the wire
    ///
    /// A correct reply of the right length, in which all 8 bits of one byte are inverted.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::corrupt_after(Offset::percent(50)).to_string(), "corrupt-after=50%");
    /// ```
    pub fn corrupt_after(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
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
    fn a_byte_of_this_body_is_inverted() {
        for (n, flip) in [("0", 0), ("50%", 1_000), ("1999", 1_999), ("end-1", 1_999)] {
            let facts = part(4_000, 2_000, 9_000);
            check(&format!("corrupt-after={n}"), facts, &[Head, End], true);
            assert_eq!(plan(&format!("corrupt-after={n}"), facts).flips(), [flip]);
        }
    }

    #[test]
    fn there_is_no_byte_outside_the_body() {
        check_missed("corrupt-after=2000", part(4_000, 2_000, 9_000));
        check_missed("corrupt-after=end-2001", part(4_000, 2_000, 9_000));
        check_missed("corrupt-after=0", whole(0));
        check_missed("corrupt-after=0", bodiless(10));
        assert!(Entry::new([Fault::corrupt_after(Offset::END)]).is_err());
    }

    #[test]
    fn a_byte_behind_the_break_is_missed() {
        let steps = [Head, Body(400), Drain, Rst];
        check("corrupt-after=400 reset-after=400", whole(1_000), &steps, false);
        check("corrupt-after=399 reset-after=400", whole(1_000), &steps, true);
    }

    #[test]
    fn a_byte_that_two_terms_invert_is_inverted() {
        let plan = plan("corrupt-after=5 corrupt-at=5", whole(10));
        assert_eq!((plan.flips(), plan.applied()), ([5].as_slice(), true));
    }
}
