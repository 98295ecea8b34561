//! `idle-reset`.

use std::time::Duration;

use crate::decision::plan::Step;

use super::{
    Fault,
    draft::After,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "idle-reset",
    area: Area::Connection,
    takes: Takes::Duration(|duration, draft| draft.afterwards(After::Idle(duration, Step::Rst))),
    sets: Sets::Other("what becomes of the connection"),
    summary: "reset the connection if it has been idle for this long behind the reply",
    example: "idle-reset=5s",
    shows: &[
        Show { entry: "idle-reset=20ms", wire: "GET head body ~20ms RST" },
        Show { entry: "idle-reset=30s", wire: "GET head body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `idle-reset=DURATION`: resets a kept connection when it has been idle for so long.
    ///
    /// As [`idle_close`](Self::idle_close), but for the ending: what a firewall does that has forgotten the connection, as soon
    /// as it is asked.
    ///
    /// # On the wire
    ///
    /// A whole reply. When the client has acknowledged it, and sent nothing for so long, a RST.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::idle_reset(Duration::from_secs(5)).to_string(), "idle-reset=5s");
    /// ```
    pub fn idle_reset(duration: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{check, whole};
    use crate::{
        Entry,
        decision::plan::Step::{Drain, End, Head, Idle, Rst},
    };

    #[test]
    fn it_waits_for_the_whole_message() {
        check("idle-reset=1s", whole(9), &[Head, End, Drain, Idle(Duration::from_secs(1)), Rst], true);
    }

    #[test]
    fn a_connection_ends_in_one_way() {
        let error = "idle-reset=1s stale-reset".parse::<Entry>().unwrap_err();
        assert_eq!(
            error.message(),
            "`idle-reset` and `stale-reset` cannot stand together: each sets what becomes of the connection"
        );
    }
}
