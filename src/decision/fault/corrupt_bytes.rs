//! `corrupt-bytes`.

use crate::units::UnitError;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

/// The most bytes: a plan has the place of each.
const MOST: u32 = 10_000;

pub(super) static SPEC: Spec = Spec {
    name: "corrupt-bytes",
    area: Area::Body,
    takes: Takes::Number(|count, draft| draft.flip_bytes(count)),
    valid: |value| match value {
        Value::Number(MOST..) if *value != Value::Number(MOST) => {
            Err(UnitError::new(format!("`{value}` are too many bytes"), format!("{MOST} are the most")))
        }
        _ => Ok(()),
    },
    chance: true,
    changes_content: |_| true,
    summary: "invert this many bytes of the reply's body, which ones depends on the seed",
    example: "corrupt-bytes=3",
    shows: &[Show { entry: "corrupt-bytes=3", wire: "GET reply(200){content-length: 1000} open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `corrupt-bytes=N`: inverts so many different bytes of this response's body.
    ///
    /// Which ones depends on the seed of the schedule, the target, the number of the attempt for that target and the length
    /// of the body, and on nothing else: the same rules, or the schedule that was played, corrupt the same bytes again with
    /// the same seed. More than 10,000 are an error when the schedule is built. It does not apply to a body of fewer bytes.
    /// Bytes that lie behind the place where another fault breaks the body off are missed, and then not all of it applies.
    ///
    /// # On the wire
    ///
    /// A correct reply of the right length, in which all 8 bits of each of these bytes are inverted.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::corrupt_bytes(3).to_string(), "corrupt-bytes=3");
    /// ```
    pub fn corrupt_bytes(count: u32) -> Self {
        Self::new(&SPEC, Value::Number(count))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, plan, whole};
    use crate::{
        Entry, Fault,
        decision::plan::Step::{End, Head},
    };

    #[test]
    fn so_many_different_bytes_are_inverted() {
        for (count, len) in [(1, 1), (3, 1_000), (999, 1_000), (1_000, 1_000), (10_000, 1 << 40)] {
            let entry = format!("corrupt-bytes={count}");
            check(&entry, whole(len), &[Head, End], true);
            let plan = plan(&entry, whole(len));
            assert_eq!(plan.flips().len(), count);
            assert!(plan.flips().is_sorted_by(|a, b| a < b) && plan.flips().iter().all(|&at| at < len));
        }
    }

    #[test]
    fn there_have_to_be_as_many() {
        check_missed("corrupt-bytes=11", whole(10));
        check_missed("corrupt-bytes=1", whole(0));
        check_missed("corrupt-bytes=1", bodiless(10));
    }

    #[test]
    fn there_is_a_limit() {
        let error = "corrupt-bytes=10001".parse::<Entry>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`10001` are too many bytes\n  corrupt-bytes=10001\n                ^^^^^\n  10000 are the most"
        );
        assert!(Entry::new([Fault::corrupt_bytes(10_000)]).is_ok());
        for count in [0, 10_001] {
            assert!(Entry::new([Fault::corrupt_bytes(count)]).is_err());
        }
    }
}
