//! Command lines that people already have.

use std::path;
use std::process;

use super::{Command, Downloader, Job, Ran, RunError};

/// The program, its arguments, variables (those that it removes, too) and folder.
///
/// Placeholders in them are filled as in any other. What cannot be read back is not taken over: stdin, stdout and stderr,
/// user and group, what is done before the program starts. The environment is [clean](Command#environment), whether or
/// not `env_clear` was called. A relative folder starts at the caller's current one, as it did.
///
/// # Examples
///
/// ```
/// use flaky_harness::Command;
///
/// let mut curl = std::process::Command::new("curl");
/// curl.args(["-fO", "--retry", "3", "{url}"]);
/// let curl = Command::from(&curl).file("/app.tar.gz");
/// ```
impl From<&process::Command> for Command {
    fn from(command: &process::Command) -> Self {
        let adopted = Self::new(command.get_program()).args(command.get_args());
        let adopted = command.get_envs().fold(adopted, |adopted, (name, value)| match value {
            Some(value) => adopted.env(name, value),
            None => adopted.env_remove(name),
        });
        match command.get_current_dir() {
            // It fails where there is no current folder, and there it would not have been found either.
            Some(dir) => adopted.current_dir(path::absolute(dir).unwrap_or_else(|_| dir.to_owned())),
            None => adopted,
        }
    }
}

/// As from a reference to it.
impl From<process::Command> for Command {
    fn from(command: process::Command) -> Self {
        Self::from(&command)
    }
}

/// As from the standard library's.
impl From<&tokio::process::Command> for Command {
    fn from(command: &tokio::process::Command) -> Self {
        Self::from(command.as_std())
    }
}

/// As from the standard library's.
impl From<tokio::process::Command> for Command {
    fn from(command: tokio::process::Command) -> Self {
        Self::from(command.as_std())
    }
}

/// As from the standard library's. Its stdin and its timeout cannot be read back: see [`Command::stdin`] and
/// [`Job::timeout`](crate::Job::timeout).
#[cfg(feature = "assert_cmd")]
impl From<&assert_cmd::Command> for Command {
    fn from(command: &assert_cmd::Command) -> Self {
        let mut same = process::Command::new(command.get_program());
        same.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => same.env(name, value),
                None => same.env_remove(name),
            };
        }
        if let Some(dir) = command.get_current_dir() {
            same.current_dir(dir);
        }
        Self::from(same)
    }
}

/// As from a reference to it.
#[cfg(feature = "assert_cmd")]
impl From<assert_cmd::Command> for Command {
    fn from(command: assert_cmd::Command) -> Self {
        Self::from(&command)
    }
}

/// It runs as [`Command::from`] a reference to it does.
macro_rules! runs_as_command {
    ($($(#[$cfg:meta])* $kind:ty;)*) => {
        $(
            $(#[$cfg])*
            impl Downloader for $kind {
                fn describe(&self, job: &Job) -> String {
                    Command::from(self).describe(job)
                }

                fn run(&self, job: &Job) -> Result<Ran, RunError> {
                    Command::from(self).run(job)
                }

                fn shell(&self) -> Option<String> {
                    Command::from(self).shell()
                }
            }
        )*
    };
}

runs_as_command! {
    process::Command;
    tokio::process::Command;
    #[cfg(feature = "assert_cmd")]
    assert_cmd::Command;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(command: impl Into<Command>) -> String {
        command.into().shell().unwrap()
    }

    #[test]
    fn words_and_variables_are_taken_over() {
        let mut command = process::Command::new("curl");
        command.args(["-o", "a b", "{url}"]).env("B", "2").env("A", "1").env_remove("TERM");
        assert_eq!(line(&command), "env A=1 B=2 curl -o 'a b' {url}");
        assert!(format!("{:?}", Command::from(command)).contains(r#""TERM": Removed"#));
    }

    #[test]
    fn a_folder_stays_what_it_was() {
        let mut command = process::Command::new("x");
        command.current_dir("src");
        let here = std::env::current_dir().unwrap().join("src");
        assert!(format!("{:?}", Command::from(command)).contains(&format!("{here:?}")));
    }

    #[test]
    fn it_may_be_tokios() {
        let mut command = tokio::process::Command::new("x");
        command.arg("y").env("A", "1");
        assert_eq!(line(&command), "env A=1 x y");
        assert_eq!(line(command), "env A=1 x y");
    }

    #[cfg(feature = "assert_cmd")]
    #[test]
    fn it_may_be_that_of_assert_cmd() {
        let mut command = assert_cmd::Command::new("x");
        command.arg("y").env("A", "1").env_remove("TERM").current_dir("src");
        assert_eq!(line(&command), "env A=1 x y");
        assert!(format!("{:?}", Command::from(command)).contains("Removed"));
    }
}
