//! `interim`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Interims, Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "interim",
    area: Area::Head,
    takes: Takes::Interims(|interims, draft| draft.interims(interims.status, interims.count)),
    summary: "send interim responses with this status first, so many of them",
    example: "interim=103x20",
    shows: &[
        Show {
            entry: "interim=100",
            wire: r#"GET "HTTP/1.1 100 Continue\r\nflaky-interim: yes\r\n\r\n" head body open"#,
        },
        Show {
            entry: "interim=102x2",
            wire: r#"GET "HTTP/1.1 102 Processing\r\nflaky-interim: yes\r\n\r\n"*2 head body open"#,
        },
        Show {
            entry: "interim=103x3",
            wire: r#"GET "HTTP/1.1 103 Early Hints\r\nflaky-interim: yes\r\nlink: </style.css>; rel=preload; as=style\r\n\r\n"*3 head body open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `interim=CODE[xN]`: sends so many interim responses before the reply.
    ///
    /// The status is 100 or one from 102 to 199; 101 would be the end of HTTP. From 1, which is the default, to 1,000,000 of them.
    ///
    /// # On the wire
    ///
    /// So many heads with this status and a header or two, 103 with a `Link` (RFC 8297), and then a correct reply. A client must
    /// be able to parse them, even if it does not expect them (RFC 9110 §15.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::interim(103, 20).to_string(), "interim=103x20");
    /// ```
    pub fn interim(status: u16, count: u32) -> Self {
        Self::new(&SPEC, Value::Interims(Interims { status, count }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{check, whole};
    use crate::{
        decision::plan::Step::{Drain, End, Head, HeadTo, Interim, Rst, Wait},
        units::Offset,
    };

    #[test]
    fn they_come_before_the_head() {
        check("interim=103x20", whole(9), &[Interim { status: 103, count: 20 }, Head, End], true);
        let steps =
            [Wait(Duration::from_secs(1)), Interim { status: 100, count: 1 }, HeadTo(Offset::bytes(1)), Drain, Rst];
        check("delay=1s reset-in-head=1 interim=100", whole(9), &steps, true);
    }
}
