//! When to come again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::ask;
use crate::support::{Framing, PATIENCE, Request, content, get, serve, settled};

/// The second that a date is, and the form that it has, by its punctuation alone.
#[track_caller]
fn read(date: &str) -> (u64, &'static str) {
    let words: Vec<&str> = date.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let (form, day, month, year, time) = match words[..] {
        [weekday, day, month, year, time, "GMT"] if weekday.len() == 4 && day.len() == 2 && year.len() == 4 => {
            assert_eq!(date.matches('-').count(), 0);
            ("imf", day, month, year.to_owned(), time)
        }
        [weekday, day, month, year, time, "GMT"] if weekday.ends_with("day,") && day.len() == 2 && year.len() == 2 => {
            assert_eq!(date.matches('-').count(), 2);
            ("rfc850", day, month, format!("20{year}"), time)
        }
        [weekday, month, day, time, year] if weekday.len() == 3 && date.len() == 24 => {
            ("asctime", day, month, year.to_owned(), time)
        }
        _ => panic!("a date: {date}"),
    };
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month).expect("a month") as u64 + 1;
    let (year, day): (u64, u64) = (year.parse().unwrap(), day.parse().unwrap());
    // The days since 1970 of a date of the proleptic Gregorian calendar; years begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719_468;
    let [hours, minutes, seconds] = time.split(':').map(|n| n.parse::<u64>().unwrap()).collect::<Vec<_>>()[..] else {
        panic!("a time: {time}")
    };
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    assert!(date.starts_with(weekday), "{date} is no {weekday}");
    (days * 86_400 + hours * 3600 + minutes * 60 + seconds, form)
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

/// What `Date` and `Retry-After` say, the latter in this form.
#[track_caller]
fn dates(entry: &str, request: &Request, form: &str) -> [u64; 2] {
    let server = serve(entry, content(10));
    let before = now();
    let reply = ask(server.addr(), request);
    let behind = now();
    assert_eq!((reply.status(), reply.complete), (503, true));
    let (date, imf) = read(reply.header("date").expect("a date"));
    let (retry_after, came) = read(reply.header("retry-after").expect("a Retry-After"));
    assert_eq!((imf, came), ("imf", form), "{entry}");
    assert!((before.as_secs()..=behind.as_secs()).contains(&date), "{entry}: {date}");
    assert!(settled(server.journal(), 1)[0].applied);
    [date, retry_after]
}

#[test]
fn so_long_after_now_in_three_forms() {
    for form in ["imf", "rfc850", "asctime"] {
        for framing in ["length", "close"] {
            // hyper writes the one, and we the other.
            let entry = format!("status=503 retry-after-date=3s/{form} framing={framing}");
            let [date, retry_after] = dates(&entry, &get("/f"), form);
            assert!((3..=4).contains(&(retry_after - date)), "{entry}: {date} {retry_after}");
        }
    }
}

#[test]
fn so_long_before_now() {
    for (before, most) in [("1h", 3600), ("1s500ms", 2)] {
        let [date, retry_after] = dates(&format!("status=503 retry-after-date=-{before}"), &get("/f"), "imf");
        let least = most - u64::from(most == 2);
        assert!((least..=most).contains(&(date - retry_after)), "{before}: {date} {retry_after}");
    }
}

#[test]
fn a_date_without_a_body() {
    let [date, retry_after] = dates("status=503 retry-after-date=1d/asctime", &Request::new("HEAD", "/f"), "asctime");
    assert!((86_400..=86_401).contains(&(retry_after - date)));
}

#[test]
fn who_waits_for_it_has_waited_long_enough() {
    let server = serve("status=503 retry-after-date=1s", content(10));
    let asked = Instant::now();
    let reply = ask(server.addr(), &get("/f"));
    let (retry_after, _) = read(reply.header("retry-after").unwrap());
    let came = now();
    let wait = Duration::from_secs(retry_after).saturating_sub(came);
    assert!(asked.elapsed() + wait >= Duration::from_secs(1), "{wait:?}");
    assert!(wait <= Duration::from_secs(2));
}

#[test]
fn now_is_when_the_reply_goes_out() {
    let server = serve("delay=1500ms status=503 retry-after-date=0s", content(10));
    let before = now();
    let reply = ask(server.addr(), &get("/f"));
    let (date, _) = read(reply.header("date").unwrap());
    let (retry_after, _) = read(reply.header("retry-after").unwrap());
    assert!(Duration::from_secs(retry_after) >= before + Duration::from_millis(1500));
    assert!((0..=1).contains(&(retry_after - date)), "{date} {retry_after}");
}

#[test]
fn what_is_no_time() {
    for (text, value) in [
        ("-5", &b"-5"[..]),
        ("soon", b"soon"),
        ("99999999999999999999", b"99999999999999999999"),
        ("1e9", b"1e9"),
        ("a%FF%2C%20b", b"a\xff, b"),
    ] {
        let server = serve(&format!("status=429 retry-after-text={text}"), content(10));
        let mut socket = TcpStream::connect(server.addr()).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.write_all(&get("/f").header("connection", "close").to_bytes()).unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).unwrap();
        let line = [b"\r\nretry-after: ".as_slice(), value, b"\r\n"].concat();
        let count = bytes.windows(line.len()).filter(|window| *window == line).count();
        assert_eq!(count, 1, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_number_is_still_one() {
    let server = serve("status=503 retry-after=1000000000s", content(10));
    let reply = ask(server.addr(), &get("/f"));
    assert_eq!((reply.header("retry-after"), reply.framing), (Some("1000000000"), Framing::Length(24)));
}
