//! Schedules from files, and what was played as one.

use std::fs;
use std::path::Path;

use flaky_server::ScheduleFile;
use serde_json::Value;
use tempfile::TempDir;

use super::client::send;
use super::program::{Serving, flaky, run, serve};
use super::{get, root};

/// A directory with `a.bin`, and a schedule file of this name.
fn with_file(name: &str, text: &str) -> (TempDir, String) {
    let root = root();
    let file = root.path().join(name);
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (root, file)
}

/// What `--check` prints.
#[track_caller]
fn check(args: &[&str]) -> String {
    let ended = run(flaky().arg("--check").args(args));
    ended.assert_code(0);
    ended.stdout
}

/// That it is an error of usage, which says this.
#[track_caller]
fn check_error(args: &[&str], parts: &[&str]) {
    let ended = run(flaky().args(["--port", "0"]).args(args));
    ended.assert_code(2);
    for part in parts {
        ended.assert_stderr(part);
    }
}

#[test]
fn the_list_has_each_with_two_lines_of_why() {
    let list = run(flaky().arg("--list-schedules")).stdout;
    let names: Vec<_> = list.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(names, ScheduleFile::builtins().collect::<Vec<_>>());
    assert_eq!(list.lines().count(), 3 * names.len(), "{list}");
}

#[test]
fn a_name_is_enough() {
    let root = root();
    let serving = serve(root.path(), &["--schedule", "captive-portal"]);
    let replies = [(); 3].map(|()| get(serving.addr(), "/a.bin"));
    assert!(replies[0].head.contains(&"content-type: text/html; charset=utf-8".to_owned()), "{:?}", replies[0]);
    assert_eq!(replies[2].body, [7; 1000]);
    serving.finish();
}

#[test]
fn a_name_that_there_is_not_is_an_error_with_the_nearest() {
    check_error(&["--schedule", "flaky-wify"], &["there is no schedule `flaky-wify`", "did you mean `flaky-wifi`?"]);
    check_error(&["--schedule", "monday"], &["there are captive-portal, "]);
    check_error(&["--schedule", "./flaky-wifi"], &["cannot read the schedule in `./flaky-wifi`"]);
    check_error(&["--schedule", "flaky-wifi.toml"], &["cannot read the schedule in `flaky-wifi.toml`"]);
}

#[test]
fn a_file_of_that_name_is_one() {
    let (root, _) = with_file("flaky-wifi", "rules = ['*: status=418 x*']");
    let ended = run(flaky().current_dir(root.path()).args(["--check", "--schedule", "flaky-wifi"]));
    assert_eq!(ended.stdout, "[[rules]]\nmatch = \"*\"\nscript = \"status=418 x*\"\n");
}

#[test]
fn what_is_wrong_has_its_place() {
    let (_root, file) = with_file("a.toml", "seed = 1\n[[rules]]\nmatch = '*.gz'\nscript = 'ok, dorp'\n");
    let expected =
        "a.toml`: line 4: unknown fault `dorp`\n  script = 'ok, dorp'\n                ^^^^\n  did you mean `drop`?";
    check_error(&["--schedule", &file], &[expected]);
    let (_root, file) = with_file("a.json", "{ \"rules\": [],\n  \"seeds\": 1 }");
    check_error(&["--schedule", &file, "--check"], &["line 2: unknown key `seeds`", "did you mean `seed`?"]);
}

#[test]
fn what_is_not_there_is_known_before_anything_is_served() {
    for (fixture, wrong) in [
        ("dir = 'nowhere'", "nowhere` does not exist"),
        ("file = 'nowhere'", "nowhere` does not exist"),
        ("file = '.'", "` is not a regular file: a directory is served with `dir`"),
        ("dir = 'a.bin'", "a.bin` is not a directory: one file is served with `file`"),
    ] {
        let text = format!("[[fixtures]]\nfile = 'a.bin'\n\n[[fixtures]]\n{fixture}\n");
        let (_root, file) = with_file("b.toml", &text);
        for args in [&["--schedule", &*file][..], &["--schedule", &file, "--check"]] {
            check_error(args, &["error: in `", "b.toml`: line 5: `", wrong]);
        }
    }
}

#[test]
fn a_mirror_that_a_file_does_not_have_is_pointed_at() {
    let (_root, file) =
        with_file("a.toml", "[[rules]]\nmatch = '/{mirror}*'\nscript = 'ok, status=302 location={mirror}/'\n");
    let expected = "a.toml`: line 3: `{mirror}` is the second port, and there is none\n  \
                    script = 'ok, status=302 location={mirror}/'\n                                    ^^^^^^^^\n  \
                    `mirror = true` adds one, and so does `--mirror`";
    check_error(&["--schedule", &file], &[expected]);
    check_error(&["--schedule", &file, "--check"], &[expected]);
    assert!(check(&["--schedule", &file, "--mirror"]).starts_with("mirror = true\n"));
}

#[test]
fn rules_that_are_never_reached_are_told() {
    let (root, file) =
        with_file("a.toml", "[[rules]]\nscript = 'ok'\n\n[[rules]]\nmatch = '*.gz'\nscript = 'drop x*'\n");
    let told = "never reached, as `*: ok` before it decides everything: the rule *.gz: drop x*\n";
    let printed = check(&["--schedule", &file]);
    assert!(printed.starts_with(&format!("# {told}[[rules]]\n")), "{printed}");
    assert_eq!(ScheduleFile::parse(&printed).unwrap().to_string(), printed.split_once('\n').unwrap().1);
    let stderr = serve(root.path(), &["--schedule", &file]).finish();
    assert!(stderr.contains(told), "{stderr}");
    let rules = ["--rule", "*: ok", "--rule", "*.gz: drop x*"];
    assert_eq!(check(&rules), format!("# {told}*: ok\n*.gz: drop x*\n"));
    // What is typed comes before the rules of the file.
    let printed = check(&["--schedule", &file, "--drop"]);
    assert_eq!(printed.matches("# never reached, as `*: drop x*` before it").count(), 2, "{printed}");
    assert!(!check(&["--schedule", &file, "--drop", "--first", "1"]).contains("# never reached, as `*: drop"));

    let many = "*: ok\n".repeat(20);
    fs::write(root.path().join("rules"), many).unwrap();
    let rules = format!("@{}", root.path().join("rules").display());
    let stderr = serve(root.path(), &["--rule", &rules]).finish();
    assert_eq!(stderr.matches("never reached, as").count(), 5, "{stderr}");
    assert!(stderr.contains("14 other rules are in doubt"), "{stderr}");
}

#[test]
fn a_script_that_ends_under_a_condition_that_goes_on_is_told() {
    let told =
        "# happens once, whatever `first` says, and with `x*` behind its script as long as that holds: the rule ";
    assert_eq!(check(&["--rule", "* first=2: drop"]), format!("{told}* first=2: drop\n* first=2: drop\n"));
    assert_eq!(check(&["--first", "2", "--script", "drop"]), format!("{told}* first=2: drop\n* first=2: drop\n"));
    assert_eq!(check(&["--first", "2", "--drop"]), "* first=2: drop x*\n");
}

#[test]
fn a_template_stands_where_it_is_written() {
    let (root, file) = with_file("a.toml", "seed = 1\n");
    let text = root.path().to_str().unwrap();
    let a = root.path().join("a.bin");
    let a = a.to_str().unwrap();
    let printed = |args: &[&str]| {
        let ended = run(flaky().current_dir(root.path()).args(["--check", "--schedule", &file]).args(args));
        ended.assert_code(0);
        ended.stdout
    };
    let dir = format!("seed = 1\n\n[[fixtures]]\ndir = \"{text}\"\ntemplate = \"*.html\"\n");
    assert_eq!(printed(&["--template", "*.html"]), dir);
    assert_eq!(printed(&[".", "--template", "*.html"]), dir);
    let single = |template| format!("seed = 1\n\n[[fixtures]]\nfile = \"{a}\"\n{template}");
    assert_eq!(printed(&[a, "--template", "*.html", "--template", "a.*"]), single("template = true\n"));
    assert_eq!(printed(&[a, "--template", "*.html"]), single(""));

    let two = ["--template", "*.html", "--template", "*.txt"];
    let message = "`--template *.txt` cannot stand in a schedule: there, a directory has one pattern";
    let record = root.path().join("record.toml");
    let record = record.to_str().unwrap();
    check_error(&[&[text, "--record", record], &two[..]].concat(), &[message]);
    check_error(&[&[text, "--schedule", &file, "--check"], &two[..]].concat(), &[message]);
    assert!(!root.path().join("record.toml").exists());
    // What a directory of the file has already is said once.
    let (_other, file) = with_file("b.toml", "fixtures = [{ dir = '.', template = '*.html' }]");
    let printed = check(&["--schedule", &file, text, "--template", "*.html", "--template", "*.txt"]);
    assert_eq!(printed.matches("template = ").count(), 2, "{printed}");
}

#[test]
fn what_is_typed_comes_first_and_wins() {
    let text = "seed = 1\nrules = ['*: status=418 x*']\nlimits = { max-headers = 3, max-connections = 7 }\n";
    let (root, file) = with_file("a.toml", text);
    let checked = check(&[
        "--schedule",
        &file,
        "--seed",
        "5",
        "--max-headers",
        "9",
        "--rule",
        "a.*: status=404",
        "--first",
        "1",
        "--status",
        "503",
        "--down",
        "from=1h",
        "--mirror",
    ]);
    assert_eq!(
        checked,
        "seed = 5\ndown = \"from=1h\"\nmirror = true\n\n[limits]\nmax-connections = 7\nmax-headers = 9\n\n\
         [[rules]]\nmatch = \"a.*\"\nscript = \"status=404\"\n\n\
         [[rules]]\nmatch = \"*\"\nfirst = 1\nscript = \"status=503 x*\"\n\n\
         [[rules]]\nmatch = \"*\"\nscript = \"status=418 x*\"\n"
    );
    // What is printed is read again, and is the same.
    let again = root.path().join("again.toml");
    fs::write(&again, &checked).unwrap();
    assert_eq!(check(&["--schedule", again.to_str().unwrap()]), checked);

    let serving = serve(root.path(), &["--schedule", &file, "--rule", "a.bin: status=404"]);
    assert_eq!([(); 2].map(|()| get(serving.addr(), "/a.bin").status()), [404, 200]);
    assert_eq!(get(serving.addr(), "/b.bin").status(), 418);
    let many = b"GET /a.bin HTTP/1.1\r\nhost: a\r\na: b\r\nc: d\r\ne: f\r\n\r\n";
    assert_eq!(send(serving.addr(), many).status(), 431);
    assert!(serving.finish().contains(", seed 1\n"));
    let serving = serve(root.path(), &["--schedule", &file, "--max-headers", "100", "--rule", "*: ok x*"]);
    let closing = b"GET /a.bin HTTP/1.1\r\nhost: a\r\na: b\r\nc: d\r\ne: f\r\nconnection: close\r\n\r\n";
    assert_eq!(send(serving.addr(), closing).status(), 200);
    serving.finish();
}

/// A schedule that serves one of each, from a folder beside.
const FIXTURES: &str = "
fixtures = [
    { file = '../a.bin' },
    { path = '/named.bin', file = '../a.bin' },
    { path = '/g.tar.gz', generate = '5kB', seed = 3 },
    { path = '/page', text = 'see {base}/named.bin', template = true },
    { path = '/raw', text = 'see {base}' },
]
";

#[test]
fn fixtures_are_relative_to_the_file_and_nothing_else_is_served() {
    let root = root();
    fs::create_dir(root.path().join("schedules")).unwrap();
    let file = root.path().join("schedules/a.toml");
    fs::write(&file, FIXTURES).unwrap();
    let mut command = flaky();
    command.current_dir(root.path()).args(["--port", "0", "--schedule", "schedules/a.toml"]);
    let serving = Serving::start(&mut command);
    let addr = serving.addr();
    assert_eq!(get(addr, "/a.bin").body, [7; 1000]);
    assert_eq!(get(addr, "/named.bin").body, [7; 1000]);
    assert_eq!(get(addr, "/g.tar.gz").body.len(), 5000);
    assert_eq!(get(addr, "/page").body, format!("see http://{addr}/named.bin").into_bytes());
    assert_eq!(get(addr, "/raw").body, b"see {base}");
    // The current directory is not.
    assert_eq!(get(addr, "/schedules/a.toml").status(), 404);
    serving.finish();
    // Unless it is named.
    let serving = serve(root.path(), &["--schedule", file.to_str().unwrap()]);
    assert_eq!(get(serving.addr(), "/schedules/a.toml").status(), 200);
    assert_eq!(get(serving.addr(), "/g.tar.gz").body.len(), 5000);
    serving.finish();
}

#[test]
fn a_directory_has_its_templates() {
    let root = root();
    fs::create_dir(root.path().join("dist")).unwrap();
    fs::write(root.path().join("dist/a.html"), "{base}").unwrap();
    fs::write(root.path().join("dist/a.txt"), "{base}").unwrap();
    let file = root.path().join("a.toml");
    fs::write(&file, "listing = false\n[[fixtures]]\ndir = 'dist'\ntemplate = '*.html'\n").unwrap();
    let serving = Serving::start(flaky().args(["--port", "0", "--schedule"]).arg(&file));
    let addr = serving.addr();
    assert_eq!(get(addr, "/a.html").body, format!("http://{addr}").into_bytes());
    assert_eq!(get(addr, "/a.txt").body, b"{base}");
    assert_eq!(get(addr, "/").status(), 404);
    serving.finish();
}

#[test]
fn the_url_is_that_of_the_one_fixture() {
    let (_root, file) = with_file("a.toml", "fixtures = [{ path = '/app.tar.gz', generate = '5kB' }]");
    let ended = run(flaky().args(["--schedule", &file, "--", "echo", "{url}"]));
    ended.assert_code(0);
    assert!(ended.stdout.ends_with("/app.tar.gz\n"), "{ended:?}");
    let (_root, file) = with_file("a.toml", "fixtures = [{ path = '/a', text = '' }, { path = '/b', text = '' }]");
    check_error_of_command(&file);
}

#[track_caller]
fn check_error_of_command(file: &str) {
    run(flaky().args(["--schedule", file, "--", "echo", "{url}"])).assert_code(2).assert_stderr("{base}");
}

/// The plans for each target in the order of its attempts, with what became of them.
fn plans(journal: &Path) -> Vec<(String, u64, String, Value, Value)> {
    let text = fs::read_to_string(journal).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let exchanges = lines.filter(|line| line["kind"] == "exchange");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut plans: Vec<_> = exchanges
        .map(|line| {
            let attempt = line["attempt"].as_u64().unwrap();
            (text(&line["target"]), attempt, text(&line["plan"]), line["body_acked"].clone(), line["applied"].clone())
        })
        .collect();
    plans.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    plans
}

const CHANCE: &str = "
[matchers]
bin = '*.bin'

[scripts]
wrong = ['corrupt-bytes=3', 'reset-after=50% x*']

[[fixtures]]
path = '/g.bin'
generate = '5kB'

[[fixtures]]
path = '/page'
text = '{base}'
template = true

[[rules]]
use-matcher = 'bin'
probability = 0.5
use-script = 'wrong'

[[rules]]
match = '/page'
probability = 0.5
script = 'status=503 x*'

[limits]
max-headers = 50
";

#[test]
fn what_was_recorded_plays_the_same() {
    let (root, file) = with_file("a.toml", CHANCE);
    let path = |name: &str| root.path().join(name);
    let play = |args: &[&str], journal: &Path, record: &Path| {
        let mut command = flaky();
        command.args(["--port", "0", "--journal"]).arg(journal).arg("--record").arg(record).args(args);
        let serving = Serving::start(&mut command);
        let addr = serving.addr();
        let received: Vec<_> = (0..12)
            .flat_map(|_| ["/a.bin", "/g.bin", "/page"])
            .map(|target| {
                let mut received = get(addr, target);
                // Templates name the port, and so do the tags of what they come to.
                let body = String::from_utf8_lossy(&received.body).replace(&addr.to_string(), "ADDR");
                if body.contains("ADDR") {
                    received.body = body.into_bytes();
                }
                received.head.retain(|line| !line.starts_with("etag") && !line.starts_with("content-length"));
                received
            })
            .collect();
        serving.finish();
        received
    };
    let root_arg = root.path().to_str().unwrap();
    let recorded = path("recorded.toml");
    let first = play(&[root_arg, "--schedule", &file], &path("first.jsonl"), &recorded);
    let statuses: Vec<_> = first.iter().map(|received| (received.status(), received.ending)).collect();
    assert!(statuses.iter().any(|one| *one != statuses[0]), "{statuses:?}");

    let text = fs::read_to_string(&recorded).unwrap();
    let file = ScheduleFile::load(&recorded).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    assert_eq!(file.to_string(), text, "it is canonical");
    assert!(file.seed().is_some() && text.contains("max-headers = 50") && text.contains(root_arg), "{text}");

    let second = play(&["--schedule", recorded.to_str().unwrap()], &path("second.jsonl"), &path("again.toml"));
    assert_eq!(first, second);
    let (first, second) = (plans(&path("first.jsonl")), plans(&path("second.jsonl")));
    assert_eq!(first.len(), 36);
    assert_eq!(first, second);
    // And so on.
    assert_eq!(fs::read_to_string(path("again.toml")).unwrap(), text);
}

#[test]
fn a_record_may_lie_anywhere() {
    let root = root();
    fs::create_dir(root.path().join("schedules")).unwrap();
    fs::write(root.path().join("schedules/a.toml"), FIXTURES).unwrap();
    let mut command = flaky();
    command.current_dir(root.path().join("schedules")).args(["--port", "0", "--schedule", "a.toml"]);
    Serving::start(command.args(["--record", "../b.toml"])).finish();
    let record = root.path().join("b.toml");
    let serving = Serving::start(flaky().args(["--port", "0", "--schedule"]).arg(&record));
    assert_eq!(get(serving.addr(), "/a.bin").body, [7; 1000]);
    assert_eq!(get(serving.addr(), "/named.bin").body, [7; 1000]);
    assert_eq!(get(serving.addr(), "/raw").body, b"see {base}");
    serving.finish();
}

#[test]
fn what_need_not_be_the_same_is_said() {
    let (root, file) = with_file("a.toml", "rules = ['* connection=fresh nth=1: status=418', '*: reset-at=5 x*']");
    let record = root.path().join("recorded.toml");
    let record_arg = record.to_str().unwrap();
    let serving = serve(root.path(), &["--schedule", &file, "--seed", "1", "--record", record_arg]);
    assert_eq!(get(serving.addr(), "/a.bin").status(), 418);
    assert_eq!(get(serving.addr(), "/a.bin").body.len(), 5);
    serving.finish();
    let text = fs::read_to_string(&record).unwrap();
    let comments = "# `-at` terms depend on what earlier attempts received\n\
                    # order-dependent: connection, in the rule * nth=1 connection=fresh: status=418\n\
                    # order-dependent: reset-at, in the rule *: reset-at=5 x*\n";
    assert!(text.starts_with(&format!("{comments}seed = 1\n")), "{text}");
    assert!(text.contains("script = \"status=418, reset-at=5\""), "{text}");
    ScheduleFile::load(&record).unwrap();
}

#[test]
fn a_record_may_go_to_stderr_and_be_of_nothing() {
    let root = root();
    let stderr = serve(root.path(), &["--seed", "3", "--quiet", "--record", "-"]).finish();
    let dir = root.path().display();
    assert!(stderr.ends_with(&format!("seed = 3\n\n[[fixtures]]\ndir = \"{dir}\"\n")), "{stderr}");
}

#[test]
fn the_schema_is_printed() {
    let printed = run(flaky().arg("--print-schema")).stdout;
    assert_eq!(printed.trim_end(), ScheduleFile::json_schema());
}
