//! What only the kernel knows: how many bytes the peer has not acknowledged yet.

use tokio::net::TcpStream;

/// How many sequence numbers of this socket the peer has not acknowledged, a FIN counting one; `None` where the
/// platform does not tell.
///
/// Linux: `SIOCOUTQ`, tcp(7).
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "neither rustix nor socket2 has this ioctl")]
pub(super) fn unacknowledged(stream: &TcpStream) -> Option<u64> {
    use std::os::fd::AsRawFd as _;

    let mut queued: libc::c_int = 0;
    // SAFETY: the descriptor is open for as long as `stream` is borrowed, and TIOCOUTQ (the same number as SIOCOUTQ)
    // writes one int to the pointer, which is valid for the call.
    let result = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCOUTQ, &raw mut queued) };
    (result == 0).then(|| u64::try_from(queued).unwrap_or(0))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn unacknowledged(_stream: &TcpStream) -> Option<u64> {
    None
}
