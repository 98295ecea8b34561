//! `zeros-after`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "zeros-after",
    area: Area::Body,
    takes: Takes::Byte(|offset, draft| draft.zeros_after(offset)),
    sets: Sets::Other("what is sent from there on"),
    changes_content: |_| true,
    summary: "send zeros from this byte of the reply's body on; the length stays right",
    example: "zeros-after=50%",
    shows: &[Show { entry: "zeros-after=50%", wire: "GET head body[..500] \"\\0\"*500 open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `zeros-after=OFFSET`: sends zeros in the place of the data, from this byte of this response's body to its end.
    ///
    /// So does a disk whose file was given its length before its content. It does not apply where the body is shorter, or
    /// another fault breaks it off before this byte. A byte that another term inverts is 255 there.
    ///
    /// # On the wire
    ///
    /// A correct reply of the right length, in which all bytes from this one on are 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::zeros_after(ByteSize::kb(1)).to_string(), "zeros-after=1kB");
    /// ```
    pub fn zeros_after(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part, plan, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Head, Rst, Stop};

    #[test]
    fn zeros_begin_at_a_byte() {
        for (n, from) in [("0", 0), ("50%", 1_000), ("1999", 1_999)] {
            let facts = part(4_000, 2_000, 9_000);
            check(&format!("zeros-after={n}"), facts, &[Head, End], true);
            assert_eq!(plan(&format!("zeros-after={n}"), facts).zeros(), Some(from));
        }
    }

    #[test]
    fn there_are_none_outside_the_body() {
        for (n, facts) in [(2_000, whole(2_000)), (0, whole(0)), (0, bodiless(10))] {
            check_missed(&format!("zeros-after={n}"), facts);
            assert_eq!(plan(&format!("zeros-after={n}"), facts).zeros(), None);
        }
    }

    #[test]
    fn there_are_none_behind_a_break() {
        check("zeros-after=400 reset-after=400", whole(1_000), &[Head, Body(400), Drain, Rst], false);
        check("zeros-after=399 stall-after=400", whole(1_000), &[Head, Body(400), Drain, Stop], true);
        assert_eq!(plan("zeros-after=400 reset-after=400", whole(1_000)).zeros(), None);
    }
}
