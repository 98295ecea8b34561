//! One run of the model, or of one of its flaws.

use std::sync::LazyLock;
use std::time::Duration;

use flaky_harness::{Command, Outcome, Trial};
use flaky_server::{FlakyServer, Rule};

const MODEL: &str = env!("CARGO_BIN_EXE_model-downloader");

/// An archive to unpack, of 1,289,334 bytes.
const ARCHIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/files/app.tar.gz");

const PATH: &str = "/fixture.bin";

/// How many clients are a crowd.
const CROWD: usize = 12;

/// No file can be longer than 102,400 bytes; whoever writes more gets an error, and no signal.
const FULL_DISK: &str = r#"trap '' XFSZ; ulimit -f 200; exec "$@""#;

/// One run: of what, against which schedule.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    schedule: &'static str,
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

/// To a file, of 2,000,000 bytes.
pub(crate) fn file(schedule: &'static str) -> Case {
    let args = ["--backoff", "5ms"].map(str::to_owned).into();
    Case { schedule, shape: Shape::File, args, timeout: Duration::from_secs(30) }
}

/// Unpacked to the folder `app`.
pub(crate) fn folder(schedule: &'static str) -> Case {
    Case { shape: Shape::Folder, ..file(schedule) }
}

/// To stdout, which goes to the file.
pub(crate) fn stdout(schedule: &'static str) -> Case {
    Case { shape: Shape::Stdout, ..file(schedule) }
}

/// To a file, where a file can have 102,400 bytes at most.
pub(crate) fn full_disk(schedule: &'static str) -> Case {
    Case { shape: Shape::FullDisk, ..file(schedule) }
}

/// Unpacked to the folder `app`, where a file can have 102,400 bytes at most.
pub(crate) fn full_disk_folder(schedule: &'static str) -> Case {
    Case { shape: Shape::FullDiskFolder, ..file(schedule) }
}

/// To a file, twice. The schedule goes on from the first run to the second one, whose outcome it is.
pub(crate) fn twice(schedule: &'static str) -> Case {
    Case { shape: Shape::Twice, ..file(schedule) }
}

/// Twelve clients at once, each with a target of its own.
pub(crate) fn crowd(schedule: &'static str) -> Case {
    Case { shape: Shape::Crowd, ..file(schedule) }
}

impl Case {
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

    /// Whoever takes longer counts as hung.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Runs it.
    #[track_caller]
    pub(crate) fn run(&self, flaws: &[&str]) -> Outcome {
        let model = self.command(flaws);
        let trial = Trial::with(self.schedule);
        match self.shape {
            Shape::Folder | Shape::FullDiskFolder => trial.serve_file(ARCHIVE).timeout(self.timeout).run(&model),
            Shape::Twice => {
                let server = FlakyServer::builder().serve_bytes(PATH, FIXTURE.clone());
                let server = server.rule(Rule::any().script(self.schedule).unwrap()).start().unwrap();
                let first = Trial::new(&server).timeout(self.timeout).run(&model);
                Trial::new(&server).timeout(self.timeout).after(&first).run(&model)
            }
            Shape::Crowd | Shape::File | Shape::FullDisk | Shape::Stdout => {
                trial.serve_bytes(PATH, FIXTURE.clone()).timeout(self.timeout).run(&model)
            }
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
                let one = |client| format!(r#""$@" --output {client} "$FLAKY_URL?client={client}" & "#);
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
