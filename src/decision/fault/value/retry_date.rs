//! A date that is so far away when it is told.

use std::{fmt, str::FromStr, time::Duration};

use crate::{
    decision::suggest::{did_you_mean, nearest},
    units::{UnitError, display_duration, parse_duration, quoted},
};

/// A date that is so far away when it is told: `3s`, `-1m` before now, `3s/rfc850`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use flaky_server::{DateForm, RetryDate};
///
/// let date = RetryDate::before(Duration::from_secs(60)).form(DateForm::Asctime);
/// assert_eq!(date.to_string(), "-1m/asctime");
/// assert_eq!("-1m/asctime".parse::<RetryDate>()?, date);
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RetryDate {
    pub(crate) by: Duration,
    pub(crate) is_past: bool,
    pub(crate) form: DateForm,
}

/// How a date is written (RFC 9110 §5.6.7). A recipient has to read all three.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum DateForm {
    /// `Sun Nov  6 08:49:37 1994`
    Asctime,
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, which is the one to send. The default.
    #[default]
    Imf,
    /// `Sunday, 06-Nov-94 08:49:37 GMT`
    Rfc850,
}

const FORMS: [(&str, DateForm); 3] =
    [("imf", DateForm::Imf), ("rfc850", DateForm::Rfc850), ("asctime", DateForm::Asctime)];

/// A year of two digits that seems to be more than 50 years ahead is one of the past (RFC 9110 §5.6.7).
const MOST: Duration = Duration::from_secs(49 * 365 * 86_400);

impl RetryDate {
    /// So long after now; at most 49 years, or an error when the schedule is built.
    pub fn after(by: Duration) -> Self {
        Self { by, is_past: false, form: DateForm::Imf }
    }

    /// So long before now.
    pub fn before(by: Duration) -> Self {
        Self { is_past: true, ..Self::after(by) }
    }

    /// The same, written in this form.
    #[must_use]
    pub fn form(self, form: DateForm) -> Self {
        Self { form, ..self }
    }
}

impl From<Duration> for RetryDate {
    fn from(after: Duration) -> Self {
        Self::after(after)
    }
}

impl FromStr for RetryDate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (distance, form) = match text.split_once('/') {
            Some((distance, form)) => (distance, form.parse()?),
            None => (text, DateForm::Imf),
        };
        let (is_past, by) = match distance.strip_prefix('-') {
            Some(by) => (true, parse_duration(by)?),
            None => (false, parse_duration(distance)?),
        };
        if by > MOST {
            let message = format!("{} is too far away", quoted(distance));
            return Err(UnitError::new(message, format!("{} are the most", display_duration(MOST))));
        }
        Ok(Self { by, is_past, form })
    }
}

impl fmt::Display for RetryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_past { "-" } else { "" };
        write!(f, "{sign}{}", display_duration(self.by))?;
        if self.form == DateForm::default() { Ok(()) } else { write!(f, "/{}", self.form) }
    }
}

impl FromStr for DateForm {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        if let Some((_, form)) = FORMS.iter().find(|(name, _)| *name == text) {
            return Ok(*form);
        }
        let near = nearest(text, FORMS.iter().map(|(name, _)| *name));
        let help = did_you_mean(&near).unwrap_or_else(|| "it is `imf`, `rfc850` or `asctime`".to_owned());
        Err(UnitError::new(format!("{} is not the form of a date", quoted(text)), help))
    }
}

impl fmt::Display for DateForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = FORMS.iter().find(|(_, form)| form == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_and_a_form() {
        for (text, is_past, millis, form, shown) in [
            ("3s", false, 3000, DateForm::Imf, "3s"),
            ("3s/imf", false, 3000, DateForm::Imf, "3s"),
            ("-1m30s/rfc850", true, 90_000, DateForm::Rfc850, "-1m30s/rfc850"),
            ("0.5s/asctime", false, 500, DateForm::Asctime, "500ms/asctime"),
            ("-0s", true, 0, DateForm::Imf, "-0s"),
        ] {
            let date: RetryDate = text.parse().unwrap();
            assert_eq!(date, RetryDate { by: Duration::from_millis(millis), is_past, form });
            assert_eq!((date.to_string(), shown.parse()), (shown.to_owned(), Ok(date)));
        }
        assert!("17885d".parse::<RetryDate>().is_ok());
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, error) in [
            ("3", "`3` has no unit: did you mean `3s` or `3ms`? (as in `2s` and `250ms`)"),
            ("17885d1ns", "`17885d1ns` is too far away: 17885d are the most"),
            ("3s/rfc580", "`rfc580` is not the form of a date: did you mean `rfc850`?"),
            ("3s/", "`` is not the form of a date: it is `imf`, `rfc850` or `asctime`"),
            ("--3s", "`-3s` is not a duration: a duration is a number with a unit, such as `250ms`, `2s` or `1m30s`"),
        ] {
            assert_eq!(text.parse::<RetryDate>().unwrap_err().to_string(), error);
        }
    }
}
