//! One run of the model, or of one of its flaws.

use std::fs;
use std::sync::LazyLock;
use std::time::Duration;

use flaky_harness::{Command, Outcome, Trial};
use flaky_server::{FlakyServer, Schedule};

const MODEL: &str = env!("CARGO_BIN_EXE_model-downloader");

/// An archive to unpack, of 1,289,334 bytes.
const ARCHIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/files/app.tar.gz");

const PATH: &str = "/fixture.bin";

/// The schedules that say what a good downloader makes of them.
const CONFORMANCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/schedules/conformance");

/// How many clients are a crowd.
const CROWD: usize = 20;

/// No file can be longer than 102,400 bytes; whoever writes more gets an error, and no signal.
const FULL_DISK: &str = r#"trap '' XFSZ; ulimit -f 200; exec "$@""#;

/// One run: of what, against which schedule.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// One rule a line.
    schedule: String,
    /// There is a second port, which is another origin.
    mirror: bool,
    shape: Shape,
    args: Vec<String>,
    timeout: Duration,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Crowd,
    File,
    Folder,
    FullDisk,
    FullDiskFolder,
    Stdout,
    Twice,
}

/// What is served, unless it is the archive: a byte says where it is.
static FIXTURE: LazyLock<Vec<u8>> = LazyLock::new(|| (0..500_000_u32).flat_map(u32::to_le_bytes).collect());

/// Its digest.
static SHA256: LazyLock<String> = LazyLock::new(|| {
    let outcome = file("ok").run(&[]);
    outcome.assert().succeeded().content_matches();
    outcome.content().and_then(|content| content.sha256.clone()).unwrap()
});

/// To a file, of 2,000,000 bytes, whatever is asked for.
pub(crate) fn file(script: &str) -> Case {
    rules(&format!("*: {script}"))
}

/// To a file, with several rules.
pub(crate) fn rules(schedule: &str) -> Case {
    let args = ["--backoff", "5ms"].map(str::to_owned).into();
    let timeout = Duration::from_secs(30);
    Case { schedule: schedule.to_owned(), mirror: false, shape: Shape::File, args, timeout }
}

/// To a file, with one of the schedules that say what a good downloader makes of them.
#[track_caller]
pub(crate) fn conformance(name: &str) -> Case {
    rules(&fs::read_to_string(format!("{CONFORMANCE}/{name}.rules")).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// Unpacked to the folder `app`.
pub(crate) fn folder(script: &str) -> Case {
    Case { shape: Shape::Folder, ..file(script) }
}

/// To stdout, which goes to the file.
pub(crate) fn stdout(script: &str) -> Case {
    Case { shape: Shape::Stdout, ..file(script) }
}

/// To a file, where a file can have 102,400 bytes at most.
pub(crate) fn full_disk(script: &str) -> Case {
    Case { shape: Shape::FullDisk, ..file(script) }
}

/// Unpacked to the folder `app`, where a file can have 102,400 bytes at most.
pub(crate) fn full_disk_folder(script: &str) -> Case {
    Case { shape: Shape::FullDiskFolder, ..file(script) }
}

/// To a file, twice. The schedule goes on from the first run to the second one, whose outcome it is.
pub(crate) fn twice(script: &str) -> Case {
    Case { shape: Shape::Twice, ..file(script) }
}

impl Case {
    /// By twenty clients at once, each with a target of its own.
    pub(crate) fn crowd(mut self) -> Self {
        self.shape = Shape::Crowd;
        self
    }

    /// With these arguments.
    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|&arg| arg.to_owned()));
        self
    }

    /// With a cache, which a second run finds as the first has left it.
    pub(crate) fn cached(self) -> Self {
        self.args(&["--cache", "{home}/cache"])
    }

    /// With this first pause.
    pub(crate) fn backoff(self, time: &str) -> Self {
        self.args(&["--backoff", time])
    }

    /// With the digest of the file.
    pub(crate) fn sha256(self) -> Self {
        self.args(&["--sha256", &SHA256])
    }

    /// With a second port: `{mirror}` in a redirect.
    pub(crate) fn mirrored(mut self) -> Self {
        self.mirror = true;
        self
    }

    /// Whoever takes longer counts as hung.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Runs it.
    #[track_caller]
    pub(crate) fn run(&self, flaws: &[&str]) -> Outcome {
        let model = self.command(flaws);
        let rules = Schedule::parse_rules(&self.schedule).unwrap_or_else(|error| panic!("{error}"));
        if matches!(self.shape, Shape::Folder | Shape::FullDiskFolder) {
            return Trial::with(rules).serve_file(ARCHIVE).timeout(self.timeout).run(&model);
        }
        let server = FlakyServer::builder().serve_bytes(PATH, FIXTURE.clone()).mirror(self.mirror);
        let server = server.rules(rules).start().unwrap();
        let outcome = Trial::new(&server).timeout(self.timeout).run(&model);
        match self.shape {
            Shape::Twice => Trial::new(&server).timeout(self.timeout).after(&outcome).run(&model),
            _ => outcome,
        }
    }

    fn command(&self, flaws: &[&str]) -> Command {
        let (script, target): (Option<String>, &[&str]) = match self.shape {
            Shape::File | Shape::Twice => (None, &["--output", "{out}", "{url}"]),
            Shape::Folder => (None, &["--extract", "app", "{url}"]),
            Shape::FullDisk => (Some(FULL_DISK.to_owned()), &["--output", "{out}", "{url}"]),
            Shape::FullDiskFolder => (Some(FULL_DISK.to_owned()), &["--extract", "app", "{url}"]),
            Shape::Stdout => (Some(r#"exec "$@" >"$FLAKY_OUT""#.to_owned()), &["--output", "-", "{url}"]),
            Shape::Crowd => {
                let one = |client| format!(r#""$@" --output "$HOME/{client}" "$FLAKY_URL?client={client}" & "#);
                (Some((1..=CROWD).map(one).chain(["wait".to_owned()]).collect()), &[])
            }
        };
        let command = match script {
            None => Command::new(MODEL),
            Some(script) => Command::new("sh").args(["-c", &script, "sh", MODEL]),
        };
        command.args(&self.args).args(flaws.iter().flat_map(|flaw| ["--flaw", flaw])).args(target)
    }
}
