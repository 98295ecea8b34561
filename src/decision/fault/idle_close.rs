//! `idle-close`.

use std::time::Duration;

use crate::decision::plan::Step;

use super::{
    Fault,
    draft::After,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "idle-close",
    area: Area::Connection,
    takes: Takes::Duration(|duration, draft| draft.afterwards(After::Idle(duration, Step::Fin))),
    sets: Sets::Other("what becomes of the connection"),
    summary: "close the connection if it has been idle for this long behind the reply",
    example: "idle-close=5s",
    shows: &[
        Show { entry: "idle-close=20ms", wire: "GET head body ~20ms FIN" },
        Show { entry: "idle-close=30s", wire: "GET head body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `idle-close=DURATION`: closes a kept connection in order when it has been idle for so long.
    ///
    /// It is about the time behind this reply; a request that comes earlier is answered, and has an entry of its own. Then, and on
    /// a connection that is to be closed anyway, it does not apply. The exchange is complete, and its record comes when that
    /// is known; that the server closed is a matter of the connection's record.
    ///
    /// # On the wire
    ///
    /// A whole reply. When the client has acknowledged it, and sent nothing for so long, a FIN. A client that sends a request at
    /// that moment loses it (RFC 9112 §9.3.1, §9.5).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::idle_close(Duration::from_secs(5)).to_string(), "idle-close=5s");
    /// ```
    pub fn idle_close(duration: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{check, whole};
    use crate::{
        Entry,
        decision::plan::Step::{Drain, End, Fin, Head, Idle},
    };

    #[test]
    fn it_waits_for_the_whole_message() {
        check("idle-close=1s", whole(9), &[Head, End, Drain, Idle(Duration::from_secs(1)), Fin], true);
    }

    #[test]
    fn a_connection_ends_in_one_way() {
        let error = "idle-close=1s stale-reset".parse::<Entry>().unwrap_err();
        assert_eq!(
            error.message(),
            "`idle-close` and `stale-reset` cannot stand together: each sets what becomes of the connection"
        );
    }
}
