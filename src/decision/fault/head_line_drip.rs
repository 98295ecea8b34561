//! `head-line-drip`.

use std::time::Duration;

use crate::decision::form::Pace;

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "head-line-drip",
    area: Area::Head,
    takes: Takes::Duration(|every, draft| draft.form.head_pace = Some(Pace { piece: None, every })),
    sets: Sets::Other("the pace of the head"),
    summary: "send the head line by line, the lines this far apart",
    example: "head-line-drip=100ms",
    shows: &[Show { entry: "head-line-drip=50ms", wire: "GET head[..17] ~50ms head[17..] body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `head-line-drip=DURATION`: sends the head line by line, with a pause between one and the next.
    ///
    /// # On the wire
    ///
    /// A correct reply. Each line of its head, and the empty one behind them, comes when the time since the one before it is
    /// over. The body follows at full speed.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::head_line_drip(Duration::from_millis(100)).to_string(), "head-line-drip=100ms");
    /// ```
    pub fn head_line_drip(every: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(every))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{plan, whole};
    use crate::decision::{Entry, Pace};

    #[test]
    fn the_lines_have_a_pace() {
        let pace = plan("head-line-drip=20ms", whole(9)).form().head_pace();
        assert_eq!(pace, Some(Pace { piece: None, every: Duration::from_millis(20) }));
    }

    #[test]
    fn a_head_has_one_pace() {
        let error = "head-line-drip=1s head-drip=1/1s".parse::<Entry>().unwrap_err();
        assert_eq!(
            error.message(),
            "`head-line-drip` and `head-drip` cannot stand together: each sets the pace of the head"
        );
    }
}
