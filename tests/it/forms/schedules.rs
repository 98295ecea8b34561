//! The conformance schedules: each says what is on the wire, and is held against it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flaky_server::{FlakyServer, Schedule, Script, verify::check};

use crate::meaning::{ask, resolved};
use crate::support::{content, get, settled, start};

type Play = fn(&FlakyServer);

/// Those that come to more than one rule, or one reply, says; each is played here.
const PLAYED: [(&str, Play); 4] = [
    ("44-signed-url-expired.rules", signed_url_expired),
    ("52-redirect-chain.rules", redirect_chain),
    ("52-redirect-cross-host.rules", redirect_cross_host),
    ("52-redirect-dead.rules", redirect_dead),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schedules/conformance")
}

fn files() -> impl Iterator<Item = PathBuf> {
    let mut files: Vec<_> = folder().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter()
}

/// The cases are those of the suite that the project holds downloaders against; 19 to 23 are about TLS, 53 to 55 about HTTP/2.
#[test]
fn every_case_of_http_1_1_is_there() {
    let numbers: BTreeSet<u32> = files()
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            name.split_once('-').and_then(|(number, _)| number.parse().ok()).unwrap_or_else(|| panic!("{name}"))
        })
        .collect();
    let expected: BTreeSet<u32> = (1..=18).chain(24..=52).chain([56]).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn they_do_what_they_say() {
    // Those of servers that are down are schedule files, and read where there are such.
    for file in files().filter(|file| file.extension().is_some_and(|extension| extension == "rules")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let rules = Schedule::parse_rules(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let is_played = PLAYED.iter().any(|(played, _)| *played == name);
        assert!(rules.len() == 1 || is_played, "{name} has several rules, of which only the last one is looked at");
        let rule = rules.last().expect("there is a rule").to_string();
        let script = rule.strip_prefix("*: ").unwrap_or_else(|| panic!("{name}: {rule}"));
        let script: Script = script.parse().expect("it is that of a rule");
        let shown: Vec<_> = text.lines().filter_map(shown).collect();
        assert!(!shown.is_empty(), "{name} does not say what is on the wire");
        for (place, wire) in shown {
            let entry = script.get(place).unwrap_or_else(|| panic!("{name} has no entry {place}")).as_str();
            if let Err(mismatch) = check(entry, wire) {
                panic!("{name}: {mismatch}");
            }
        }
    }
}

#[test]
fn they_lead_where_they_say() {
    for (name, play) in PLAYED {
        let rules = Schedule::parse_rules(&std::fs::read_to_string(folder().join(name)).unwrap()).unwrap();
        let server = FlakyServer::builder().rules(rules).mirror(true).serve_bytes("/f", body());
        play(&start(server));
    }
}

fn body() -> &'static [u8] {
    static BODY: std::sync::OnceLock<&[u8]> = std::sync::OnceLock::new();
    BODY.get_or_init(|| content(1000))
}

fn signed_url_expired(server: &FlakyServer) {
    let addr = server.addr();
    let signed = |n: u32| {
        let redirect = ask(addr, &get("/f"));
        assert_eq!((redirect.status(), redirect.header("location")), (302, Some(&*format!("/f?signature={n}"))));
        format!("/f?signature={n}")
    };
    let first = signed(1);
    let cut = ask(addr, &get(&first));
    assert_eq!((cut.status(), cut.body.as_slice(), cut.complete), (200, &body()[..500], false));
    // It has expired, however often it is tried.
    for _ in 0..3 {
        assert_eq!(ask(addr, &get(&first).range("bytes=500-")).status(), 403);
    }
    let resumed = ask(addr, &get(&signed(2)).range("bytes=500-"));
    assert_eq!((resumed.status(), resumed.body.as_slice(), resumed.complete), (206, &body()[500..], true));
    assert_eq!(ask(addr, &get(&signed(3))).body, body());
    let exchanges = settled(server.journal(), 9);
    let plans = ["status=302 location={path}?signature={attempt}", "reset-after=50%", "status=403"];
    assert_eq!([0, 1, 2].map(|i| exchanges[i].plan.as_str()), plans);
    assert!(exchanges.iter().all(|exchange| exchange.applied));
}

fn redirect_chain(server: &FlakyServer) {
    let mut target = "/f".to_owned();
    for hop in 1..=30 {
        let reply = ask(server.addr(), &get(&target));
        assert_eq!(reply.status(), 302);
        target = reply.header("location").unwrap().to_owned();
        assert_eq!(target, format!("/f?flaky-hop={hop}"));
    }
    assert_eq!(ask(server.addr(), &get(&target)).body, body());
}

fn redirect_cross_host(server: &FlakyServer) {
    let redirect = ask(server.addr(), &get("/f").header("authorization", "Bearer a").header("cookie", "a=b"));
    let (addr, target) = resolved(redirect.header("location").unwrap(), server.addr());
    assert_eq!(format!("http://{addr}"), server.mirror().unwrap());
    for leaked in ["authorization", "cookie"] {
        assert_eq!(ask(addr, &get(&target).header(leaked, "a=b")).status(), 400);
    }
    assert_eq!(ask(addr, &get(&target)).body, body());
}

fn redirect_dead(server: &FlakyServer) {
    for _ in 0..2 {
        let redirect = ask(server.addr(), &get("/f"));
        let (addr, target) = resolved(redirect.header("location").unwrap(), server.addr());
        assert_eq!(target, "/f");
        let refused = std::net::TcpStream::connect(addr).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    }
    assert_eq!(ask(server.addr(), &get("/f")).body, body());
}

/// A line that says what is on the wire: `# wire: ` for the first entry of the last rule, `# wire 2: ` for the second.
fn shown(line: &str) -> Option<(u64, &str)> {
    let line = line.strip_prefix("# wire")?;
    match line.strip_prefix(": ") {
        Some(wire) => Some((1, wire)),
        None => line.trim_start().split_once(": ").and_then(|(place, wire)| Some((place.parse().ok()?, wire))),
    }
}
