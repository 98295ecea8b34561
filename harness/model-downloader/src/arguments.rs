//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::Arg::{Long, Short, Value};
use lexopt::{Parser, ValueExt as _};
use model_downloader::{Field, Flaw, Policy, Request, Target, Url};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Downloads a file, with retries.

Usage: model-downloader [OPTIONS] (--output FILE | --extract DIR) URL

Options:
  -o, --output FILE       write to FILE; `-` is stdout
      --extract DIR       unpack a tar.gz into the new folder DIR, while it arrives
      --header FIELD      send `NAME: VALUE` to the origin of URL; may be repeated
      --sha256 HEX        the digest of the whole file
      --retries N         retries at most, all in all [default: 3]
      --backoff TIME      the first pause, doubled each time [default: 500ms]
      --max-backoff TIME  the longest of these pauses [default: 30s]
      --max-wait TIME     the most that `Retry-After` can ask for [default: 60s]
      --timeout TIME      how long nothing may arrive [default: 10s]
      --min-rate N        how many bytes must come a second, over that time [default: 10]
      --cache DIR         keep in DIR what a later run can go on with (with --output)
      --fsync             write through to the disk before the file gets its name (with --output)
      --flaw NAME         be wrong in this way; may be repeated
      --list-flaws        list the ways to be wrong
  -h, --help              print this
      --version           print the version

TIME is a number of ms, s or m: `500ms`, `10s`, `2m`.
Exit status: 0 success, 1 failure, 2 wrong arguments.
";

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Arguments {
    Download(Box<Request>, Box<Policy>),
    Help,
    ListFlaws,
    Version,
}

/// The command line cannot be understood.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsageError {
    #[error(transparent)]
    Arguments(#[from] lexopt::Error),
    #[error("there is no {0}")]
    Missing(&'static str),
    #[error("{0} cannot stand with {1}")]
    Together(&'static str, &'static str),
}

/// Reads the command line.
pub(crate) fn read(mut parser: Parser) -> Result<Arguments, UsageError> {
    let mut policy = Policy::default();
    let mut flaws: Vec<&'static Flaw> = Vec::new();
    let mut fields: Vec<Field> = Vec::new();
    let (mut url, mut target, mut sha256, mut cache, mut fsync) = (None::<Url>, None, None, None, false);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("backoff") => policy.retrying.backoff.base = parser.value()?.parse_with(time)?,
            Long("cache") => cache = Some(PathBuf::from(parser.value()?)),
            Long("extract") => one(&mut target, Target::Folder(parser.value()?.into()))?,
            Long("flaw") => flaws.push(parser.value()?.parse()?),
            Long("fsync") => fsync = true,
            Long("header") => fields.push(parser.value()?.parse()?),
            Long("help") | Short('h') => return Ok(Arguments::Help),
            Long("list-flaws") => return Ok(Arguments::ListFlaws),
            Long("max-backoff") => policy.retrying.backoff.cap = parser.value()?.parse_with(time)?,
            Long("max-wait") => policy.retrying.max_wait = parser.value()?.parse_with(time)?,
            Long("min-rate") => policy.reading.min_rate = parser.value()?.parse()?,
            Long("output") | Short('o') => one(&mut target, output(parser.value()?))?,
            Long("retries") => policy.retrying.retries = parser.value()?.parse()?,
            Long("sha256") => sha256 = Some(parser.value()?.parse()?),
            Long("timeout") => policy.reading.timeout = Some(parser.value()?.parse_with(time)?),
            Long("version") => return Ok(Arguments::Version),
            Value(value) if url.is_none() => url = Some(value.parse()?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let url = url.ok_or(UsageError::Missing("URL"))?;
    let target = target.ok_or(UsageError::Missing("--output and no --extract"))?;
    if matches!(target, Target::Folder(_)) {
        if cache.is_some() {
            return Err(UsageError::Together("--cache", "--extract"));
        }
        if fsync {
            return Err(UsageError::Together("--fsync", "--extract"));
        }
    }
    // At last: a flaw is a change of what was asked for.
    flaws.iter().for_each(|flaw| flaw.spoil(&mut policy));
    Ok(Arguments::Download(
        Box::new(Request { fields, sha256, cache, fsync, ..Request::new(url, target) }),
        Box::new(policy),
    ))
}

fn output(value: OsString) -> Target {
    if value == "-" { Target::Stdout } else { Target::File(value.into()) }
}

fn one(target: &mut Option<Target>, value: Target) -> Result<(), UsageError> {
    match target.replace(value) {
        None => Ok(()),
        Some(_) => Err(UsageError::Together("two targets", "each other")),
    }
}

/// `500ms`, `10s`, `2m`.
fn time(text: &str) -> Result<Duration, &'static str> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text[..text.len() - unit.len()].parse().map_err(|_| "a time is a number of ms, s or m")?;
    match unit {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs).ok_or("that is too long"),
        _ => Err("a time is a number of ms, s or m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, UsageError> {
        read(Parser::from_args(line.split_whitespace()))
    }

    #[track_caller]
    fn check_wrong(line: &str, expected: &str) {
        let error = parse(line).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_download() {
        let line = "-o f --retries 5 --backoff 20ms --max-backoff 1s --header A:b --header c:d --timeout 2m --min-rate 1 \
                    --flaw one-too-few --fsync http://h/f";
        let Ok(Arguments::Download(request, policy)) = parse(line) else { panic!("not understood") };
        assert_eq!((&request.target, request.fsync), (&Target::File("f".into()), true));
        assert_eq!(policy.retrying.retries, 4);
        assert_eq!(policy.retrying.backoff.base, Duration::from_millis(20));
        assert_eq!(policy.retrying.backoff.cap, Duration::from_secs(1));
        assert_eq!(request.fields.len(), 2);
        assert_eq!((policy.reading.timeout, policy.reading.min_rate), (Some(Duration::from_secs(120)), 1));
    }

    #[test]
    fn stdout_is_a_dash() {
        let Ok(Arguments::Download(request, _)) = parse("http://h/f -o -") else { panic!("not understood") };
        assert_eq!(request.target, Target::Stdout);
    }

    #[test]
    fn what_is_wrong() {
        check_wrong("http://h/f", "no --output");
        check_wrong("-o f", "no URL");
        check_wrong("-o f http://h/f http://h/g", "unexpected argument");
        check_wrong("-o f --extract d http://h/f", "two targets");
        check_wrong("--extract d --cache c http://h/f", "--cache cannot stand with --extract");
        check_wrong("-o f /f", "no URL of http");
        check_wrong("-o f --sha256 abc http://h/f", "64 hexadecimal digits");
        check_wrong("-o f --backoff 5 http://h/f", "a number of ms, s or m");
        check_wrong("-o f --flaw none http://h/f", "no flaw `none`");
        check_wrong("-o f --retries -1 http://h/f", "\"-1\"");
        check_wrong("-o f --header Range:0 http://h/f", "not for the user to set");
        check_wrong("-o f --what http://h/f", "--what");
    }
}
