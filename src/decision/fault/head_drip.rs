//! `head-drip`.

use std::time::Duration;

use crate::{decision::form::Pace, units::ByteSize};

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Drip, Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "head-drip",
    area: Area::Head,
    takes: Takes::Drip(|drip, draft| {
        draft.form.head_pace = Some(Pace { piece: Some(drip.piece.bytes()), every: drip.every });
    }),
    sets: Sets::Other("the pace of the head"),
    summary: "send the head in pieces of this size, so long apart",
    example: "head-drip=1/10ms",
    shows: &[Show { entry: "head-drip=100/50ms", wire: "GET head[..100] ~50ms head[100..] body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `head-drip=SIZE/DURATION`: sends the head in pieces, with a pause between one and the next.
    ///
    /// A piece has a byte at least. The body follows at full speed.
    ///
    /// # On the wire
    ///
    /// A correct reply. Its head comes in segments of so many bytes, each written when the time since the one before it is
    /// over. A client whose timeout begins anew with each byte never gives up.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::head_drip(ByteSize::b(1), Duration::from_millis(10)).to_string(), "head-drip=1/10ms");
    /// ```
    pub fn head_drip(piece: ByteSize, every: Duration) -> Self {
        Self::new(&SPEC, Value::Drip(Drip { piece, every }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{plan, whole};
    use crate::decision::Pace;

    #[test]
    fn the_head_has_a_pace() {
        let pace = plan("head-drip=3/20ms", whole(9)).form().head_pace();
        assert_eq!(pace, Some(Pace { piece: Some(3), every: Duration::from_millis(20) }));
    }
}
