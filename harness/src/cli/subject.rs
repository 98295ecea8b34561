//! What is audited, from what was typed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::Unavailable;
use super::args::{AuditArgs, Which};
use crate::audit::{Audit, Catalogue, Client, fixture_sha256, sha256_of};
use crate::{Command, Downloader as _};

/// The audit that these arguments ask for.
pub(super) fn audit(args: &AuditArgs) -> anyhow::Result<Audit> {
    let mut audit = match (&args.client, args.downloader.as_slice()) {
        (Some(_), [_, ..]) => bail!("it is either --client or a command behind `--`, and not both"),
        (None, []) => bail!("nothing to audit: give a command behind `--`, or --client NAME (--list-clients)"),
        (Some(name), []) => of_client(name, args)?,
        (None, [program, words @ ..]) => of_command(program, words, args)?,
    };
    if let Some(retries) = args.retries {
        audit = audit.retries(retries);
    }
    if let Some(retries) = args.body_retries {
        audit = audit.body_retries(retries);
    }
    if !args.statuses.is_empty() {
        audit = audit.statuses(args.statuses.iter().copied());
    }
    if args.resumes {
        audit = audit.resumes();
    }
    if args.verifies {
        audit = audit.verifies();
    }
    if args.aborts_slow {
        audit = audit.aborts_slow();
    }
    if let Some(timeout) = args.timeout {
        audit = audit.timeout(timeout);
    }
    if let Some(jobs) = args.jobs {
        audit = audit.jobs(usize::from(jobs));
    }
    Ok(audit)
}

/// The same with these cases only.
pub(super) fn select(audit: Audit, which: &Which) -> anyhow::Result<Audit> {
    if let Some(script) = &which.script {
        return Ok(audit.with_catalogue(Catalogue::script(script)?));
    }
    let catalogue = catalogue(&which.catalogue)?;
    let audit = which.catalogue.iter().fold(audit.with_catalogue(catalogue), |audit, folder| {
        audit.option("--catalogue").option(folder.display().to_string())
    });
    let audit = which.cases.iter().fold(audit, Audit::cases);
    Ok(which.except.iter().fold(audit, Audit::except))
}

pub(super) fn catalogue(folders: &[impl AsRef<Path>]) -> anyhow::Result<Catalogue> {
    folders.iter().try_fold(Catalogue::builtin(), |catalogue, folder| Ok(catalogue.with_folder(folder)?))
}

/// The version of a client, which is there then.
pub(super) fn ask_version(client: &Client) -> anyhow::Result<String> {
    client.ask_version().ok_or_else(|| {
        let (name, install) = (client.name(), client.install());
        Unavailable(format!("`{name}` is not there, or cannot be asked for its version; to get it: {install}")).into()
    })
}

fn of_client(name: &str, args: &AuditArgs) -> anyhow::Result<Audit> {
    let mut client = Client::find(name)?;
    check_placeholders(client.args())?;
    if let Some(program) = &args.program {
        client = client.program(program);
    }
    for (name, value) in &args.env {
        client = client.env(name, value);
    }
    let version = ask_version(&client)?;
    Ok(client.audit().version(version))
}

/// What is nearly a placeholder is a slip; all else in braces is the downloader's own.
fn check_placeholders(words: &[impl AsRef<OsStr>]) -> anyhow::Result<()> {
    const KNOWN: [&str; 7] = ["url", "out", "base", "dir", "home", "tmp", "sha256"];
    for word in words.iter().filter_map(|word| word.as_ref().to_str()) {
        for piece in word.split('{').skip(1).filter_map(|piece| piece.split_once('}').map(|(name, _)| name)) {
            let is_name = (2..=7).contains(&piece.len()) && piece.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let meant = KNOWN.iter().find(|known| is_slip(piece, known));
            if let (true, false, Some(meant)) = (is_name, KNOWN.contains(&piece), meant) {
                bail!("`{{{piece}}}` in `{word}` is no placeholder: did you mean `{{{meant}}}`?");
            }
        }
    }
    Ok(())
}

/// The same letters in another order or case, or one too many or too few.
fn is_slip(name: &str, known: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<_> = text.to_ascii_lowercase().into_bytes();
        letters.sort_unstable();
        letters
    };
    let without = |text: &str, other: &str| {
        text.len() == other.len() + 1 && (0..text.len()).any(|i| [&text[..i], &text[i + 1..]].concat() == other)
    };
    sorted(name) == sorted(known) || without(name, known) || without(known, name)
}

/// What the digest of the file is put in the place of.
const DIGEST: &str = "{sha256}";

fn of_command(program: &OsString, words: &[OsString], args: &AuditArgs) -> anyhow::Result<Audit> {
    let verifies = words.iter().any(|word| word.to_string_lossy().contains(DIGEST));
    let unreadable = |path: &Path| format!("cannot serve `{}`", path.display());
    if let Some(path) = &args.serve {
        File::open(path).with_context(|| unreadable(path))?;
    }
    let digest = match &args.serve {
        None => fixture_sha256(),
        Some(path) if verifies => sha256_of(path).with_context(|| unreadable(path))?,
        Some(_) => String::new(),
    };
    let filled = words.iter().map(|word| match word.to_str() {
        Some(text) => OsString::from(text.replace(DIGEST, &digest)),
        None => word.clone(),
    });
    check_placeholders(words)?;
    let command = Command::new(program).args(filled);
    // With its digest as a placeholder, and without its variables, which have an option.
    let line = Command::new(program).args(words).shell().unwrap_or_default();
    let command = args.env.iter().fold(command, |command, (name, value)| command.env(name, value));
    let mut audit = Audit::of(command).line(line);
    for (name, value) in &args.env {
        audit = audit.option("--env").option(format!("{name}={value}"));
    }
    if let Some(path) = &args.serve {
        audit = audit.serve_file(path);
    }
    Ok(if verifies { audit.verifies() } else { audit })
}
