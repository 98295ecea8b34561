//! What another attempt may mend.

use std::error::Error;
use std::io;

/// What another attempt may mend: the network, and a server that says so. All else is final.
///
/// The reason is rarely on top. A reset in the body of an archive is an `io::Error`, in one of hyper's, in one of
/// reqwest's, in an `io::Error` again (because that is what readers return), in two of the archive's. So all links are
/// asked, from the outside in, and the first that knows decides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Transient {
    /// Replies that say: later perhaps. RFC 9110 §15.5.9 and §15.6, RFC 8470 §5.2, RFC 6585 §4.
    pub statuses: Vec<u16>,
    /// Whether failures of our own, such as a full disk, are taken for the network's. They are not.
    pub local: bool,
}

impl Transient {
    /// Whether this status may be another one next time.
    pub fn is_status(&self, status: u16) -> bool {
        self.statuses.contains(&status)
    }

    /// Whether this error may not come next time. What says nothing about it is final.
    pub fn is_transient(&self, error: &(dyn Error + 'static)) -> bool {
        self.judge(error).unwrap_or(false)
    }

    /// What the outermost link that knows has to say.
    fn judge(&self, error: &(dyn Error + 'static)) -> Option<bool> {
        links(error).find_map(|link| self.judge_link(link))
    }

    /// What one link has to say; `None` if the decision is for those below it.
    fn judge_link(&self, link: &(dyn Error + 'static)) -> Option<bool> {
        if let Some(error) = link.downcast_ref::<reqwest::Error>() {
            return self.judge_client(error);
        }
        if let Some(error) = link.downcast_ref::<hyper::Error>() {
            let broken = error.is_incomplete_message() || error.is_canceled() || error.is_closed();
            return (broken || error.is_timeout()).then_some(true);
        }
        self.judge_kind(link.downcast_ref::<io::Error>()?.kind())
    }

    fn judge_client(&self, error: &reqwest::Error) -> Option<bool> {
        if let Some(status) = error.status() {
            return Some(self.is_status(status.as_u16()));
        }
        if error.is_redirect() || error.is_builder() {
            return Some(false);
        }
        if error.is_timeout() {
            return Some(true);
        }
        // A connection that does not come about is worth another try, unless what is below knows better: a certificate
        // stays wrong.
        error.is_connect().then(|| error.source().and_then(|source| self.judge(source)).unwrap_or(true))
    }

    fn judge_kind(&self, kind: io::ErrorKind) -> Option<bool> {
        use io::ErrorKind as Kind;
        match kind {
            Kind::BrokenPipe
            | Kind::ConnectionAborted
            | Kind::ConnectionRefused
            | Kind::ConnectionReset
            | Kind::HostUnreachable
            | Kind::NetworkDown
            | Kind::NetworkUnreachable
            | Kind::NotConnected
            | Kind::TimedOut
            | Kind::UnexpectedEof => Some(true),
            Kind::AlreadyExists
            | Kind::DirectoryNotEmpty
            | Kind::FileTooLarge
            | Kind::IsADirectory
            | Kind::NotADirectory
            | Kind::NotFound
            | Kind::PermissionDenied
            | Kind::QuotaExceeded
            | Kind::ReadOnlyFilesystem
            | Kind::StorageFull => Some(self.local),
            // A certificate that does not verify, bytes that are no archive.
            Kind::InvalidData | Kind::InvalidInput | Kind::Unsupported => Some(false),
            // What has no kind of its own is often only the wrapping of something that has.
            _ => None,
        }
    }
}

impl Default for Transient {
    fn default() -> Self {
        Self { statuses: vec![408, 425, 429, 500, 502, 503, 504], local: false }
    }
}

/// All links of an error, the outermost first.
///
/// `source()` alone misses some: an `io::Error` that wraps another error displays as that one and goes on with *its*
/// source, so the wrapped error itself never comes up. `get_ref` has it.
pub fn links<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&link| {
        let wrapped = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => link.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use reqwest::dns::{Name, Resolve, Resolving};

    use super::*;

    /// An error with a source, as those of an archive are.
    #[derive(Debug, thiserror::Error)]
    #[error("failed to unpack `app`")]
    struct Unpack(#[source] io::Error);

    /// One that shows what it wraps, and hides it.
    #[derive(Debug, thiserror::Error)]
    #[error(transparent)]
    struct Hides(io::Error);

    fn is_transient(error: impl Error + 'static) -> bool {
        Transient::default().is_transient(&error)
    }

    fn os(errno: i32) -> io::Error {
        io::Error::from_raw_os_error(errno)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_network_is_transient_and_our_own_disk_is_not() {
        for (errno, name, expected) in [
            (104, "ECONNRESET", true),
            (103, "ECONNABORTED", true),
            (111, "ECONNREFUSED", true),
            (110, "ETIMEDOUT", true),
            (113, "EHOSTUNREACH", true),
            (101, "ENETUNREACH", true),
            (32, "EPIPE", true),
            (28, "ENOSPC", false),
            (27, "EFBIG", false),
            (122, "EDQUOT", false),
            (30, "EROFS", false),
            (13, "EACCES", false),
            (1, "EPERM", false),
            (2, "ENOENT", false),
            (5, "EIO", false),
        ] {
            assert_eq!(is_transient(os(errno)), expected, "{name}");
            // Wherever it hides: in an error, in an `io::Error` of another kind, in both.
            assert_eq!(is_transient(Unpack(os(errno))), expected, "{name}");
            let wrapped = io::Error::other(Unpack(io::Error::other(Unpack(os(errno)))));
            assert_eq!(is_transient(wrapped), expected, "{name}");
        }
    }

    #[test]
    fn a_wrapped_error_is_not_passed_over() {
        let error = io::Error::other(Unpack(io::ErrorKind::ConnectionReset.into()));
        let texts: Vec<_> = links(&error).map(ToString::to_string).collect();
        assert_eq!(texts, ["failed to unpack `app`", "failed to unpack `app`", "connection reset"]);
    }

    #[test]
    fn one_that_hides_what_it_wraps_is_final() {
        assert!(!is_transient(Hides(io::ErrorKind::ConnectionReset.into())));
    }

    #[test]
    fn the_outermost_that_knows_decides() {
        let error = io::Error::new(io::ErrorKind::UnexpectedEof, Unpack(io::ErrorKind::InvalidData.into()));
        assert!(is_transient(error));
        let error = io::Error::new(io::ErrorKind::InvalidData, Unpack(io::ErrorKind::UnexpectedEof.into()));
        assert!(!is_transient(error));
    }

    #[test]
    fn a_kind_that_says_it_all_says_it_whatever_is_inside() {
        use io::ErrorKind as Kind;
        let network = [
            Kind::BrokenPipe,
            Kind::ConnectionAborted,
            Kind::ConnectionRefused,
            Kind::ConnectionReset,
            Kind::HostUnreachable,
            Kind::NetworkDown,
            Kind::NetworkUnreachable,
            Kind::NotConnected,
            Kind::TimedOut,
            Kind::UnexpectedEof,
        ];
        let ours = [
            Kind::AlreadyExists,
            Kind::DirectoryNotEmpty,
            Kind::FileTooLarge,
            Kind::IsADirectory,
            Kind::NotADirectory,
            Kind::NotFound,
            Kind::PermissionDenied,
            Kind::QuotaExceeded,
            Kind::ReadOnlyFilesystem,
            Kind::StorageFull,
        ];
        let neither = [Kind::InvalidData, Kind::InvalidInput, Kind::Unsupported];
        let blames_network = Transient { local: true, ..Transient::default() };
        let check = |kinds: &[Kind], inside: Kind, expected, expected_if_blamed| {
            for &kind in kinds {
                let error = io::Error::new(kind, Unpack(inside.into()));
                let got = (Transient::default().is_transient(&error), blames_network.is_transient(&error));
                assert_eq!(got, (expected, expected_if_blamed), "{kind:?}");
            }
        };
        check(&network, Kind::InvalidData, true, true);
        check(&ours, Kind::ConnectionReset, false, true);
        check(&ours, Kind::InvalidData, false, true);
        check(&neither, Kind::ConnectionReset, false, false);
    }

    /// A connection on which nothing ever happens.
    struct Silent;

    impl hyper::rt::Read for Silent {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: hyper::rt::ReadBufCursor<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl hyper::rt::Write for Silent {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Pending
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    /// A connection may go while a request is on its way to it.
    #[tokio::test]
    async fn a_request_that_its_connection_did_not_take_is_worth_another() {
        let (mut sender, connection) = hyper::client::conn::http1::handshake::<_, String>(Silent).await.unwrap();
        drop(connection);
        let closed = sender.ready().await.unwrap_err();
        assert!(closed.is_closed() && is_transient(closed));
        let canceled = sender.send_request(hyper::Request::new(String::new())).await.unwrap_err();
        assert!(canceled.is_canceled() && is_transient(canceled));
    }

    /// Knows no host, for this reason.
    struct NoHost(io::ErrorKind);

    impl Resolve for NoHost {
        fn resolve(&self, _: Name) -> Resolving {
            let error = io::Error::new(self.0, "no such host");
            Box::pin(async { Err(error.into()) })
        }
    }

    #[tokio::test]
    async fn a_connection_that_does_not_come_about_is_worth_another_unless_it_is_known_why() {
        for (why, expected) in [
            (io::ErrorKind::Other, true),
            (io::ErrorKind::ConnectionRefused, true),
            (io::ErrorKind::InvalidData, false),
        ] {
            let client = reqwest::Client::builder().no_proxy().dns_resolver(Arc::new(NoHost(why))).build().unwrap();
            let error = client.get("http://h/").send().await.unwrap_err();
            assert!(error.is_connect(), "{error:?}");
            assert_eq!(is_transient(error), expected, "{why:?}");
        }
    }

    #[test]
    fn statuses() {
        let rules = Transient::default();
        let transient: Vec<_> = (100..600).filter(|status| rules.is_status(*status)).collect();
        assert_eq!(transient, [408, 425, 429, 500, 502, 503, 504]);
    }

    #[test]
    fn a_status_that_has_become_an_error_is_judged_as_a_status() {
        for (status, expected) in [(404, false), (501, false), (503, true)] {
            let reply = reqwest::Response::from(hyper::Response::builder().status(status).body("").unwrap());
            assert_eq!(is_transient(reply.error_for_status().unwrap_err()), expected, "{status}");
        }
    }

    #[test]
    fn nothing_known_is_final() {
        assert!(!is_transient(io::Error::other("something")));
    }
}
