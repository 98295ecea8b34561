//! Dates that a reply tells of.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderValue, header};

use super::reply::Reply;
use crate::decision::{DateForm, RetryDate};

/// Tells when to come again, where that is a date: one that depends on when the reply goes out, which is now. Its
/// `Date` is the same now.
pub(crate) fn stamp(reply: &mut Reply, now: SystemTime) {
    let Some(date) = reply.comes_again else { return };
    let told = written(resolve(date, now), date.form);
    for (name, value) in [(header::RETRY_AFTER, told), (header::DATE, written(now, DateForm::Imf))] {
        if let Ok(value) = HeaderValue::try_from(value) {
            reply.headers.insert(name, value);
        }
    }
}

/// The whole second that is meant: who waits for it has waited long enough, and what is past is past by as much.
fn resolve(date: RetryDate, now: SystemTime) -> SystemTime {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = if date.is_past {
        now.saturating_sub(date.by).as_secs()
    } else {
        let then = now.saturating_add(date.by);
        then.as_secs() + u64::from(then.subsec_nanos() > 0)
    };
    UNIX_EPOCH + Duration::from_secs(seconds.min(LAST))
}

/// The last second that has a date: 9999-12-31 23:59:59.
const LAST: u64 = 253_402_300_799;

/// A date in this form (RFC 9110 §5.6.7).
pub(crate) fn written(date: SystemTime, form: DateForm) -> String {
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let imf = httpdate::fmt_http_date(date);
    let (weekday, day, month, year, time) = (&imf[..3], &imf[5..7], &imf[8..11], &imf[12..16], &imf[17..25]);
    match form {
        DateForm::Asctime => {
            // One digit has a space before it.
            let day = day.strip_prefix('0').unwrap_or(day);
            format!("{weekday} {month} {day:>2} {time} {year}")
        }
        DateForm::Imf => imf,
        DateForm::Rfc850 => {
            let weekday = match weekday {
                "Tue" => "Tuesday".to_owned(),
                "Wed" => "Wednesday".to_owned(),
                "Thu" => "Thursday".to_owned(),
                "Sat" => "Saturday".to_owned(),
                short => format!("{short}day"),
            };
            format!("{weekday}, {day}-{month}-{} {time} GMT", &year[2..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    #[test]
    fn dates_have_three_forms() {
        // The example of RFC 9110 §5.6.7.
        let date = at(784_111_777_000);
        assert_eq!(written(date, DateForm::Imf), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(written(date, DateForm::Rfc850), "Sunday, 06-Nov-94 08:49:37 GMT");
        assert_eq!(written(date, DateForm::Asctime), "Sun Nov  6 08:49:37 1994");
        for day in 0..40 {
            let date = at((1_700_000_000 + day * 86_400) * 1000);
            for form in [DateForm::Imf, DateForm::Rfc850, DateForm::Asctime] {
                assert_eq!(httpdate::parse_http_date(&written(date, form)).unwrap(), date);
            }
        }
    }

    #[test]
    fn a_date_is_at_least_so_far_away() {
        for (date, now, expected) in [
            ("3s", 10_000, 13),
            ("3s", 10_001, 14),
            ("3s", 10_999, 14),
            ("0s", 10_500, 11),
            ("1ms", 10_999, 11),
            ("-3s", 10_000, 7),
            ("-3s", 10_999, 7),
            ("-0s", 10_999, 10),
            ("-1ms", 10_000, 9),
            ("-1m", 10_000, 0),
        ] {
            assert_eq!(resolve(date.parse().unwrap(), at(now)), at(expected * 1000), "{date} {now}");
        }
        assert_eq!(resolve("17885d".parse().unwrap(), at(LAST * 1000)), at(LAST * 1000));
    }
}
