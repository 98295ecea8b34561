//! Schedules as files, on the wire.

mod builtins;
mod days;
mod refused;
mod schema;

use std::io::ErrorKind;
use std::net::TcpStream;

use flaky_server::{FlakyServer, ScheduleFile};

use crate::support::{Raw, get, start};

/// What stands in blocks of this language on the page about schedule files, each with the heading that it is under.
fn blocks(language: &str) -> Vec<(&'static str, String)> {
    let page = include_str!("../../../src/docs/schedule_files.md");
    let (mut blocks, mut heading, mut block) = (Vec::new(), "", None::<String>);
    for line in page.lines() {
        match &mut block {
            Some(text) if line == "```" => {
                blocks.push((heading, std::mem::take(text)));
                block = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line.strip_prefix("```") == Some(language) => block = Some(String::new()),
            None if line.starts_with('#') => heading = line.trim_start_matches(['#', ' ']),
            None => {}
        }
    }
    blocks
}

fn serve(file: &ScheduleFile) -> FlakyServer {
    start(FlakyServer::builder().schedule_file(file))
}

#[test]
fn what_stands_on_the_page_can_be_read() {
    let (toml, json) = (blocks("toml"), blocks("json"));
    assert!(toml.len() >= 6 && !json.is_empty(), "{toml:?}");
    for (heading, text) in toml.iter().chain(&json) {
        ScheduleFile::parse(text).unwrap_or_else(|error| panic!("under {heading:?}: {error}"));
    }
}

#[test]
fn the_page_has_the_error_that_it_shows() {
    let (_, shown) = blocks("text").into_iter().next().unwrap();
    let (_, first) = blocks("toml").into_iter().next().unwrap();
    let wrong = first.replace("reset-after", "reset-afer");
    let error = ScheduleFile::parse(&wrong).unwrap_err();
    assert_eq!(shown.trim_end(), format!("error: in `bad-day.toml`: {error}"));
}

#[test]
fn a_server_is_down_when_the_file_says_so() {
    let file = "down = 'always'\nmirror = true\nfixtures = [{ path = '/a', text = 'content' }]";
    let server = serve(&file.parse().unwrap());
    assert_eq!(TcpStream::connect(server.addr()).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    let mirror = server.mirror().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
    assert_eq!(Raw::connect(mirror).ask(&get("/a")).text(), "content");
}
