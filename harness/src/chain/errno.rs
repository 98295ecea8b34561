//! Numbers and names of the operating system's errors.

use std::io;
use std::sync::LazyLock;

use regex::Regex;

use super::table::regex;

/// An error of the operating system.
#[derive(Debug)]
pub(super) struct Errno {
    pub(super) name: &'static str,
    /// On Linux; that is what texts are taken to mean.
    number: i32,
    pub(super) kind: Option<io::ErrorKind>,
}

const fn errno(name: &'static str, number: i32, kind: io::ErrorKind) -> Errno {
    Errno { name, number, kind: Some(kind) }
}

const fn without_kind(name: &'static str, number: i32) -> Errno {
    Errno { name, number, kind: None }
}

/// Those that a download can meet.
static ERRNOS: &[Errno] = &[
    errno("EPERM", 1, io::ErrorKind::PermissionDenied),
    errno("ENOENT", 2, io::ErrorKind::NotFound),
    errno("EINTR", 4, io::ErrorKind::Interrupted),
    without_kind("EIO", 5),
    errno("EAGAIN", 11, io::ErrorKind::WouldBlock),
    errno("ENOMEM", 12, io::ErrorKind::OutOfMemory),
    errno("EACCES", 13, io::ErrorKind::PermissionDenied),
    errno("EEXIST", 17, io::ErrorKind::AlreadyExists),
    errno("ENOTDIR", 20, io::ErrorKind::NotADirectory),
    errno("EISDIR", 21, io::ErrorKind::IsADirectory),
    errno("EINVAL", 22, io::ErrorKind::InvalidInput),
    without_kind("ENFILE", 23),
    without_kind("EMFILE", 24),
    errno("EFBIG", 27, io::ErrorKind::FileTooLarge),
    errno("ENOSPC", 28, io::ErrorKind::StorageFull),
    errno("EROFS", 30, io::ErrorKind::ReadOnlyFilesystem),
    errno("EPIPE", 32, io::ErrorKind::BrokenPipe),
    without_kind("EPROTO", 71),
    errno("EADDRINUSE", 98, io::ErrorKind::AddrInUse),
    errno("EADDRNOTAVAIL", 99, io::ErrorKind::AddrNotAvailable),
    errno("ENETDOWN", 100, io::ErrorKind::NetworkDown),
    errno("ENETUNREACH", 101, io::ErrorKind::NetworkUnreachable),
    errno("ECONNABORTED", 103, io::ErrorKind::ConnectionAborted),
    errno("ECONNRESET", 104, io::ErrorKind::ConnectionReset),
    without_kind("ENOBUFS", 105),
    errno("ENOTCONN", 107, io::ErrorKind::NotConnected),
    errno("ETIMEDOUT", 110, io::ErrorKind::TimedOut),
    errno("ECONNREFUSED", 111, io::ErrorKind::ConnectionRefused),
    errno("EHOSTUNREACH", 113, io::ErrorKind::HostUnreachable),
    errno("EDQUOT", 122, io::ErrorKind::QuotaExceeded),
];

/// `os error 104` (Rust), `[Errno 104]` (Python), `errno: -104` (Node.js), `ConnectionResetError(104, ...)` (Python), and
/// names.
static IN_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:\b(?:os error|[Ee]rrno:?) -?|\b[A-Z]\w*Error\()(?P<number>\d{1,3})\b|\b(?P<name>E[A-Z]{2,12})\b")
});

/// The first error that a text names, or that it gives the Linux number of.
pub(super) fn in_text(text: &str) -> Option<&'static Errno> {
    IN_TEXT.captures_iter(text).find_map(|found| match found.name("number") {
        Some(number) => by_number(number.as_str().parse().ok()?),
        None => by_name(&found["name"]),
    })
}

/// That of an error of this machine.
pub(super) fn of(error: &io::Error) -> Option<&'static Errno> {
    let number = error.raw_os_error().filter(|_| cfg!(unix))?;
    if cfg!(any(target_os = "linux", target_os = "android")) {
        return by_number(number);
    }
    // Elsewhere the numbers are others, and the kinds are not.
    ERRNOS.iter().find(|errno| errno.kind == Some(error.kind()))
}

fn by_number(number: i32) -> Option<&'static Errno> {
    ERRNOS.iter().find(|errno| errno.number == number)
}

pub(super) fn by_name(name: &str) -> Option<&'static Errno> {
    ERRNOS.iter().find(|errno| errno.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_numbers_and_names() {
        let name = |text| in_text(text).map(|errno| errno.name);
        assert_eq!(name("Connection reset by peer (os error 104)"), Some("ECONNRESET"));
        assert_eq!(name("ConnectionRefusedError: [Errno 111] Connection refused"), Some("ECONNREFUSED"));
        assert_eq!(name("('x', ConnectionResetError(104, 'Connection reset by peer'))"), Some("ECONNRESET"));
        assert_eq!(name("TypeError: EOF, read ETIMEDOUT"), Some("ETIMEDOUT"));
        assert_eq!(name("errno: -104"), Some("ECONNRESET"));
        assert_eq!(name("HTTPError: 104, os error 1040, port 111"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn kinds_are_those_of_the_standard_library() {
        for errno in ERRNOS {
            let kind = io::Error::from_raw_os_error(errno.number).kind();
            assert!(errno.kind.is_none_or(|expected| expected == kind), "{errno:?}: {kind:?}");
        }
    }
}
