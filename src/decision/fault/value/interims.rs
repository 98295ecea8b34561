//! Responses before the response.

use std::{fmt, str::FromStr};

use crate::units::{UnitError, quoted};

/// So many interim responses (RFC 9110 §15.2) with this status: `103`, `103x2000`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::decision) struct Interims {
    /// From 100 to 199, but for 101: that one would be the end of HTTP.
    pub(in crate::decision) status: u16,
    pub(in crate::decision) count: u32,
}

/// More than any client has patience for.
const MOST: u32 = 1_000_000;

impl FromStr for Interims {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (status_text, count_text) = text.split_once('x').unwrap_or((text, "1"));
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let Some(status @ (100 | 102..=199)) = number(status_text) else {
            let message = format!("{} is not the status of an interim response", quoted(status_text));
            return Err(UnitError::new(message, "it is `100`, or goes from 102 to 199"));
        };
        let Some(count @ 1..=MOST) = number(count_text) else {
            let message = format!("{} is not a number of interim responses", quoted(count_text));
            return Err(UnitError::new(message, format!("it goes from 1 to {MOST}, as in `103x20`")));
        };
        Ok(Self { status: status as u16, count })
    }
}

impl fmt::Display for Interims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => self.status.fmt(f),
            count => write!(f, "{}x{count}", self.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_and_a_count() {
        for (text, status, count, shown) in
            [("103", 103, 1, "103"), ("100x1", 100, 1, "100"), ("102x2000", 102, 2000, "102x2000")]
        {
            let interims: Interims = text.parse().unwrap();
            assert_eq!((interims.status, interims.count, &*interims.to_string()), (status, count, shown));
        }
        for (text, message) in [
            ("101", "`101` is not the status of an interim response"),
            ("200", "`200` is not the status of an interim response"),
            ("+103", "`+103` is not the status of an interim response"),
            ("", "`` is not the status of an interim response"),
            ("103x0", "`0` is not a number of interim responses"),
            ("103x", "`` is not a number of interim responses"),
            ("103x1000001", "`1000001` is not a number of interim responses"),
        ] {
            assert_eq!(text.parse::<Interims>().unwrap_err().message(), message);
        }
    }
}
